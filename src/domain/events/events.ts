/**
 * Reading the log: pages and an endless feed, both by position. On a store with many writers this also runs the
 * sequencer that gives positions to committed events; until it has, an event is in nobody's feed.
 */
import type { Db } from '../../db/db.ts';
import type { EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Clock } from '../../kernel/time.ts';
import type { RecordedEvent } from './event.ts';
import {
  type EventFilter,
  eventById,
  eventsAfter,
  eventsBefore,
  eventsOfActions,
  eventsOfNode,
  lastPosition,
  placeEvents,
} from './event-store.ts';

/** Positions one query of the feed walks: bounds a page when few events pass the filter. */
const feedWindow = 2_000;
/** The same of a query for events of some actions, which reads no others. */
const actionWindow = 20_000;
/** How often, in ms, a server looks for what other servers wrote (and for events a dead one left unplaced). */
const pollInterval = 500;
/** Events placed per transaction of the sequencer. */
const placeBatch = 5_000;

export class Events {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #placing: Promise<void> | undefined;
  #placeAgain = false;
  #cancelPoll: (() => void) | undefined;
  #closed = false;

  constructor(db: Db, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Starts looking for other servers' events; needed only where positions come from a sequencer. */
  start(): void {
    if (this.#db.dialect.positionsInTransaction || this.#closed) return;
    this.#cancelPoll = this.#clock.after(pollInterval, () => {
      this.committed();
      this.start();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelPoll?.();
    await this.#placing;
    this.#wake();
  }

  /** Called after every commit that recorded an event. */
  readonly committed = (): void => {
    if (this.#db.dialect.positionsInTransaction) this.#wake();
    else this.#place();
  };

  /** Resolves when what was committed here before the call has its position. */
  async placed(): Promise<void> {
    while (this.#placing !== undefined) await this.#placing;
  }

  /** Up to a window of events after a position; `reached` is where to go on, at the end of the log or before it. */
  page(
    filter: EventFilter,
    after: number,
  ): Promise<{ events: RecordedEvent[]; reached: number; isEnd: boolean }> {
    return this.#db.read((queries) => eventsAfter(queries, filter, after, feedWindow));
  }

  /** Events before a position, the latest first; `reached` is where to go on, 1 when there are no more. */
  pageBefore(
    filter: EventFilter,
    before: number,
    limit: number,
  ): Promise<{ events: RecordedEvent[]; reached: number }> {
    return this.#db.scan((queries) => eventsBefore(queries, filter, before, limit));
  }

  ofNode(node: NodeId, after: number, limit: number): Promise<RecordedEvent[]> {
    return this.#db.read((queries) => eventsOfNode(queries, node, after, limit));
  }

  /** Up to `limit` events of some actions in the next window after a position. */
  ofActions(
    project: ProjectId,
    actions: readonly string[],
    after: number,
    limit: number,
  ): Promise<{ events: RecordedEvent[]; reached: number; isEnd: boolean }> {
    return this.#db.read((queries) => eventsOfActions(queries, project, actions, after, actionWindow, limit));
  }

  one(id: EventId): Promise<RecordedEvent | undefined> {
    return this.#db.read((queries) => eventById(queries, id));
  }

  /** Resolves at the next change, after `quiet` ms without one, or when `signal` is aborted or the log closed. */
  async changed(quiet: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#closed) return;
    await this.#nextChange(quiet, signal).timedOut;
  }

  last(): Promise<number> {
    return this.#db.read(lastPosition);
  }

  /**
   * Batches of events after a position, for ever; an empty batch every `quiet` ms when nothing happened. Ends when
   * `signal` is aborted or the log is closed. A slow reader holds up nobody: it is simply further behind.
   */
  async *follow(
    filter: EventFilter,
    after: number,
    quiet: number,
    signal: AbortSignal,
  ): AsyncGenerator<RecordedEvent[]> {
    let position = after;
    while (!signal.aborted && !this.#closed) {
      const next = this.#nextChange(quiet, signal);
      const { events, reached, isEnd } = await this.page(filter, position);
      position = reached;
      if (events.length > 0) yield events;
      if (!isEnd) next.cancel();
      else if (await next.timedOut) yield [];
    }
  }

  #nextChange(quiet: number, signal: AbortSignal): { timedOut: Promise<boolean>; cancel(): void } {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const wake = () => done(false);
    const cancelTimer = this.#clock.after(quiet, () => done(true));
    const done = (timedOut: boolean) => {
      cancelTimer();
      this.#waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve(timedOut);
    };
    this.#waiting.add(wake);
    signal.addEventListener('abort', wake);
    return { timedOut: promise, cancel: wake };
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #place(): void {
    if (this.#placing !== undefined) {
      this.#placeAgain = true;
      return;
    }
    this.#placing = this.#placeAll().finally(() => {
      this.#placing = undefined;
    });
  }

  async #placeAll(): Promise<void> {
    try {
      do {
        this.#placeAgain = false;
        while ((await this.#db.write((tx) => placeEvents(tx, placeBatch))) > 0) this.#wake();
        // Another server may have placed what was ours: readers look again in any case.
        this.#wake();
      } while (this.#placeAgain && !this.#closed);
    } catch {
      // The store is away; the next commit or poll tries again. Nothing is lost: events wait unplaced.
    }
  }
}
