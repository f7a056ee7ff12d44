/**
 * The points of one metric of one run, read in pages and kept. While a run logs, only what is new is read: a page that
 * is asked for with exactly the known number of points says, by its cursor, where the new ones begin.
 *
 * Framework-free: views subscribe and read `snapshot`.
 */
import type { MetricPoint, Page } from '../api/types.ts';
import type { Points } from './line-data.ts';

const pageSize = 10_000;
/** Points a chart reads before it asks. */
export const readAtOnce = 100_000;

export type FetchPoints = (
  request: { limit: number; cursor: string | undefined },
  signal: AbortSignal,
) => Promise<Page<MetricPoint>>;

export interface SeriesSnapshot {
  readonly phase: 'waiting' | 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  readonly points: Points;
  /** There are more than `limit` let it read. */
  readonly more: boolean;
}

export class RunSeries {
  readonly #fetch: FetchPoints;
  readonly #listeners = new Set<() => void>();
  #abort = new AbortController();
  #step: number[] = [];
  #time: number[] = [];
  #value: number[] = [];
  /** The cursor and the index from which the last page was read. */
  #cursor: string | undefined;
  #start = 0;
  #limit: number;
  #working = false;
  #again = false;
  #snapshot: SeriesSnapshot = {
    phase: 'waiting',
    error: undefined,
    points: { step: [], time: [], value: [] },
    more: false,
  };

  /** `limit`: points it reads before it is asked for more. */
  constructor(fetch: FetchPoints, limit = readAtOnce) {
    this.#fetch = fetch;
    this.#limit = limit;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): SeriesSnapshot => this.#snapshot;

  /** Reads on, one chunk of `readAtOnce` points farther. */
  more(): void {
    this.#limit += readAtOnce;
    void this.refresh();
  }

  /** Ends what is under way; what is read can still be drawn, and refreshed. */
  dispose(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /** Reads what is not there yet. `expected`: how many points there are; fewer read means some came in between. */
  async refresh(expected = 0): Promise<void> {
    if (this.#working) {
      this.#again = true;
      return;
    }
    this.#working = true;
    const { signal } = this.#abort;
    try {
      if (this.#snapshot.phase !== 'ready') this.#set('loading', false);
      do {
        this.#again = false;
        const more = await this.#read(signal);
        if (!more && expected > this.#value.length && this.#value.length > 0) {
          // Points with earlier times were logged: the order before the cursor is another now.
          this.#cursor = undefined;
          this.#start = 0;
          await this.#read(signal);
        }
      } while (this.#again);
    } catch (error) {
      if (!signal.aborted) {
        this.#snapshot = { ...this.#snapshot, phase: 'failed', error };
        this.#tell();
      }
    } finally {
      this.#working = false;
    }
  }

  /** True when the limit ended it. */
  async #read(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const known = this.#value.length - this.#start;
      // Only a cursor moves the start: beyond the limit there is more.
      if (this.#start >= this.#limit) {
        this.#set('ready', true);
        return true;
      }
      const limit = known > 0 ? Math.min(known, pageSize) : pageSize;
      const page = await this.#fetch({ limit, cursor: this.#cursor }, signal);
      this.#take(page.items);
      const reached = this.#start + page.items.length;
      if (page.cursor === undefined) {
        this.#cut(reached);
        this.#set('ready', false);
        return false;
      }
      this.#cursor = page.cursor;
      this.#start = reached;
      this.#set(this.#snapshot.phase === 'ready' ? 'ready' : 'loading', false);
    }
  }

  #take(items: readonly MetricPoint[]): void {
    for (const [index, point] of items.entries()) {
      const at = this.#start + index;
      this.#step[at] = Number(point.step);
      this.#time[at] = Number(point.time);
      this.#value[at] = Number(point.value);
    }
  }

  #cut(length: number): void {
    this.#step.length = length;
    this.#time.length = length;
    this.#value.length = length;
  }

  #set(phase: SeriesSnapshot['phase'], more: boolean): void {
    const points = { step: this.#step, time: this.#time, value: this.#value };
    this.#snapshot = { phase, error: undefined, points, more };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
