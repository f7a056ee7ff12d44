/**
 * The rows of one query, loaded by keyset pages as they are looked at.
 *
 * A page holds `pageSize` rows; `marks` holds the cursor each known page starts from. A page whose cursor is not known
 * yet (the scroll bar was dragged far down) is asked for by its distance from the nearest known one, in one request; its
 * answer says by which cursor it begins. (Walking there took 100 requests and 8–15 s for the last of 100,000 rows.)
 * Pages are refetched from their own cursor, so rows that arrive above do not move the ones being read; the first page
 * has no cursor and therefore shows them.
 *
 * Framework-free: views subscribe and read `snapshot`.
 */
import type { FoundRuns, Run } from '../api/types.ts';

export const pageSize = 100;
/** Rows kept around the ones looked at; what is farther is dropped and fetched again by its cursor. */
const keptPages = 60;
/** ms for which a run that came in is marked. */
const freshFor = 1500;
const none: ReadonlySet<string> = new Set();

/** `count`: whether the answer tells how many there are, which costs the server as much as the rows. */
export type Fetch = (
  request: { limit: number; cursor: string | undefined; skip: number; count: boolean },
  signal: AbortSignal,
) => Promise<Partial<Pick<FoundRuns, 'total' | 'matching'>> & Omit<FoundRuns, 'total' | 'matching'>>;
export type FetchRuns = (ids: readonly string[], signal: AbortSignal) => Promise<FoundRuns>;

interface LoadedPage {
  rows: readonly Run[];
  /** The columns whose values the rows were asked with. */
  readonly asked: ReadonlySet<string>;
  /** Shown, but to be fetched again when looked at. */
  stale: boolean;
}

export interface RowsSnapshot {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  /** Runs of the view; runs that pass the filter. */
  readonly total: number;
  readonly matching: number;
  /** False where the server stopped counting: there are at least so many. */
  readonly countComplete: boolean;
  /** Rows of the table: what matches, as seen from the first page; where counting stopped, one more than is known of. */
  readonly count: number;
  /** Of the last page of rows, in ms. */
  readonly elapsed: number;
  /** Matching runs that arrived while the first page was out of sight. */
  readonly arrived: number;
  /** Changes with every change of a row. */
  readonly version: number;
}

export class RunPages {
  readonly #fetch: Fetch;
  readonly #fetchRuns: FetchRuns;
  readonly #columns: () => ReadonlySet<string>;
  readonly #pages = new Map<number, LoadedPage>();
  readonly #marks = new Map<number, string>();
  readonly #fresh = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #abort = new AbortController();
  #window = { first: 0, last: pageSize - 1 };
  #started = false;
  #working = false;
  /** The page that is under way, and what gives it up. */
  #loading: { readonly number: number; readonly abort: AbortController } | undefined;
  /** Grows with every invalidation, so that an answer already under way does not count as fresh. */
  #epoch = 0;
  /** Of the last count of rows. */
  #counted = -1;
  #end: number | undefined;
  #matchingAtTop = 0;
  #snapshot: RowsSnapshot = {
    phase: 'loading',
    error: undefined,
    total: 0,
    matching: 0,
    countComplete: true,
    count: 0,
    elapsed: 0,
    arrived: 0,
    version: 0,
  };

  /** `columns`: what `fetch` asks values of at this moment. */
  constructor(fetch: Fetch, fetchRuns: FetchRuns, columns: () => ReadonlySet<string> = () => none) {
    this.#fetch = fetch;
    this.#fetchRuns = fetchRuns;
    this.#columns = columns;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): RowsSnapshot => this.#snapshot;

  /** Undefined while that row is not loaded. */
  row(index: number): Run | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.rows[index % pageSize];
  }

  /** Which columns that row was fetched with. */
  asked(index: number): ReadonlySet<string> {
    return this.#pages.get(Math.floor(index / pageSize))?.asked ?? none;
  }

  /** Rows in memory, with their place. */
  *loaded(): Generator<{ index: number; run: Run }> {
    for (const [number, page] of this.#pages)
      for (const [offset, run] of page.rows.entries()) yield { index: number * pageSize + offset, run };
  }

  /** Whether a run came in while watching (it is marked for a moment). */
  isFresh(id: string): boolean {
    return performance.now() - (this.#fresh.get(id) ?? Number.NEGATIVE_INFINITY) < freshFor;
  }

  start(): void {
    if (this.#abort.signal.aborted) this.#abort = new AbortController();
    this.#started = true;
    void this.#work();
  }

  /** Ends what is under way; what is loaded can still be read. */
  dispose(): void {
    this.#started = false;
    this.#abort.abort();
  }

  /** The rows on the screen; loads them, and one screen more on both sides. */
  look(first: number, last: number): void {
    this.#window = { first: Math.max(0, first), last };
    const [from, to] = this.#wantedPages();
    const under = this.#loading?.number;
    // Scrolled past: what is looked at now need not wait for it. The first page tells how many there are.
    if (under !== undefined && under !== 0 && (under < from || under > to)) this.#loading?.abort.abort();
    void this.#work();
  }

  retry(): void {
    this.#set({ phase: this.#pages.size === 0 ? 'loading' : 'ready', error: undefined });
    void this.#work();
  }

  /** Order or membership may have changed: fetch again what is looked at, the rest when it is. */
  invalidate(): Promise<void> {
    this.#epoch++;
    for (const page of this.#pages.values()) page.stale = true;
    return this.#work();
  }

  /** New values of runs that are on the screen, in place; loaded runs elsewhere are fetched when looked at. */
  async touch(ids: ReadonlySet<string>): Promise<void> {
    const wanted: string[] = [];
    const [from, to] = this.#wantedPages();
    for (const [number, page] of this.#pages) {
      const touched = page.rows.filter((run) => ids.has(run.id));
      if (touched.length === 0) continue;
      if (number < from || number > to) page.stale = true;
      else wanted.push(...touched.map((run) => run.id));
    }
    if (wanted.length === 0) return;
    const found = await this.#fetchRuns(wanted, this.#abort.signal);
    const news = new Map(found.items.map((run) => [run.id, run]));
    for (const page of this.#pages.values())
      if (page.rows.some((run) => news.has(run.id)))
        page.rows = page.rows.map((run) => sameOr(run, news.get(run.id) ?? run));
    this.#set({});
  }

  #wantedPages(): [number, number] {
    const screen = Math.min(pageSize, this.#window.last - this.#window.first + 1);
    const last = Math.max(0, this.#count() - 1);
    const page = (row: number) => Math.floor(Math.min(Math.max(0, row), last) / pageSize);
    return [page(this.#window.first - screen), page(this.#window.last + screen)];
  }

  /** What is looked at, new or again; then what is near and not there. Near pages are not read again: it could move rows. */
  #nextPage(): number | undefined {
    const [from, to] = this.#wantedPages();
    const range = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const seen = range(Math.floor(this.#window.first / pageSize), Math.floor(this.#window.last / pageSize));
    const looked = seen.find(
      (number) => number >= from && number <= to && (this.#pages.get(number)?.stale ?? true),
    );
    return looked ?? range(from, to).find((number) => !this.#pages.has(number));
  }

  /** One request at a time, always the most wanted; ends when everything wanted is there. */
  async #work(): Promise<void> {
    if (!this.#started || this.#working || this.#snapshot.phase === 'failed') return;
    this.#working = true;
    const { signal } = this.#abort;
    try {
      for (let next = this.#nextPage(); next !== undefined && !signal.aborted; next = this.#nextPage()) {
        const abort = new AbortController();
        this.#loading = { number: next, abort };
        try {
          await this.#load(next, AbortSignal.any([signal, abort.signal]));
        } catch (error) {
          if (signal.aborted || !abort.signal.aborted) throw error;
        }
      }
    } catch (error) {
      if (!signal.aborted) this.#set({ phase: 'failed', error });
    } finally {
      this.#loading = undefined;
      this.#working = false;
    }
    if (signal.aborted && !this.#abort.signal.aborted) void this.#work();
  }

  async #load(number: number, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    const epoch = this.#epoch;
    const asked = this.#columns();
    let from = number;
    while (from > 0 && !this.#marks.has(from)) from--;
    // The first page tells how many rows there are at all.
    if (from !== number && !this.#pages.has(0)) return this.#load(0, signal);
    const skip = (number - from) * pageSize;
    const count = number === 0 || this.#counted !== epoch;
    const cursor = this.#marks.get(from);
    const answer = await this.#fetch({ limit: pageSize, cursor, skip, count }, signal);
    if (signal.aborted) return;
    if (count) this.#counted = epoch;
    const { total, matching, countComplete } = this.#snapshot;
    const found = { total, matching, countComplete: count || countComplete, ...answer };
    if (found.start !== undefined) this.#marks.set(number, found.start);
    if (skip > 0 && found.items.length === 0) {
      // The table ended earlier than expected: rows were deleted meanwhile.
      this.#end = Math.min(number * pageSize, found.matching);
      return this.#set({ total: found.total, matching: found.matching, countComplete: found.countComplete });
    }
    const refetched = this.#pages.has(number);
    const before = new Map<string, Run>();
    for (const { run } of this.loaded()) before.set(run.id, run);
    const rows = found.items.map((run) => sameOr(before.get(run.id), run));
    for (const id of this.#fresh.keys()) if (!this.isFresh(id)) this.#fresh.delete(id);
    if (refetched)
      for (const run of rows) if (!before.has(run.id)) this.#fresh.set(run.id, performance.now());
    this.#pages.set(number, { rows, asked, stale: epoch !== this.#epoch });
    this.#place(number + 1, found.cursor, number * pageSize + rows.length);
    if (number === 0) this.#matchingAtTop = found.matching;
    this.#forget(number);
    this.#set({
      phase: 'ready',
      total: found.total,
      matching: found.matching,
      countComplete: found.countComplete,
      elapsed: performance.now() - began,
    });
  }

  /** What starts after a page. A changed cursor makes everything behind it old. */
  #place(number: number, cursor: string | undefined, reached: number): void {
    if (cursor !== undefined && cursor === this.#marks.get(number)) return;
    for (const known of this.#marks.keys()) if (known >= number) this.#marks.delete(known);
    for (const [known, page] of this.#pages) if (known >= number) page.stale = true;
    if (cursor === undefined) {
      this.#end = reached;
      for (const known of this.#pages.keys()) if (known >= number) this.#pages.delete(known);
    } else {
      this.#end = undefined;
      this.#marks.set(number, cursor);
    }
  }

  #forget(around: number): void {
    if (this.#pages.size <= keptPages) return;
    const far = [...this.#pages.keys()].sort((a, b) => Math.abs(b - around) - Math.abs(a - around));
    for (const number of far.slice(0, this.#pages.size - keptPages)) this.#pages.delete(number);
  }

  #count(): number {
    if (this.#end !== undefined) return this.#end;
    let loaded = 0;
    for (const [number, page] of this.#pages) loaded = Math.max(loaded, number * pageSize + page.rows.length);
    // Behind an unfinished count stands a row that is not loaded: who comes to it reads on.
    const goesOn = !this.#snapshot.countComplete && loaded >= this.#matchingAtTop && loaded > 0;
    return Math.max(this.#matchingAtTop, goesOn ? loaded + 1 : loaded);
  }

  #set(change: Partial<RowsSnapshot>): void {
    const next = { ...this.#snapshot, ...change, version: this.#snapshot.version + 1 };
    this.#snapshot = next;
    const arrived = this.#window.first >= pageSize ? Math.max(0, next.matching - this.#matchingAtTop) : 0;
    this.#snapshot = { ...next, count: this.#count(), arrived };
    for (const listener of this.#listeners) listener();
  }
}

/** The old object when nothing changed, so that its row does not render again. */
function sameOr(before: Run | undefined, after: Run): Run {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}
