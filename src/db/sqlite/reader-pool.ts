/**
 * Scans run on threads, each with its own read-only connection, so that the event loop never waits for a long query. A
 * scan owns one thread for its whole snapshot.
 *
 * node:sqlite 24.21 has no interrupt, and terminating a thread waits for the statement that it runs (measured: 2.5 s for
 * an aggregate that had 2.5 s to go). So a scan over its budget is *abandoned*: its caller gets `query_too_expensive` at once, a
 * new thread takes the place, and the old one ends with its statement. Abandoned threads are counted and bounded, too.
 */
import type { SQLInputValue } from 'node:sqlite';
import { CairnError } from '../../kernel/errors.ts';
import type { Sql } from '../../kernel/sql.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Queries } from '../db.ts';
import type { ReaderSettings } from './reader-messages.ts';
import { ReaderThread } from './reader-thread.ts';
import { RowReaders } from './sqlite-connection.ts';
import { sqliteError } from './sqlite-errors.ts';
import { renderSqlite } from './sqlite-text.ts';

/**
 * Milliseconds after which a scan counts as long: it keeps its thread, and another may start beside it, so that a few long
 * ones never hold up the many short ones that come in meanwhile.
 */
const longAfter = 200;
/** Milliseconds after which threads that only a burst of long scans needed are ended: each holds some 50 MiB. */
const surplusTime = 30_000;
/** Scans that may wait for a thread. */
const waitingLimit = 256;

export interface PoolOptions {
  readonly settings: ReaderSettings;
  readonly clock: Clock;
  /** For scans that are not long; with long ones three times as many. */
  readonly threads: number;
  /** Milliseconds one scan may take, without waiting for a thread and starting it. */
  readonly budget: number;
}

interface Waiting {
  readonly start: (thread: ReaderThread) => void;
  readonly refuse: (error: CairnError) => void;
}

export class ReaderPool {
  readonly #options: PoolOptions;
  readonly #idle: ReaderThread[] = [];
  readonly #waiting = new Set<Waiting>();
  readonly #busy = new Set<ReaderThread>();
  readonly #long = new Set<ReaderThread>();
  readonly #abandoned = new Set<ReaderThread>();
  readonly #readers = new RowReaders();
  #whenDrained: (() => void)[] = [];
  #paused = false;
  #closed = false;
  #trimming = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get gauges(): { active: number; waiting: number; abandoned: number; threads: number } {
    const [active, abandoned] = [this.#busy.size, this.#abandoned.size];
    return {
      active,
      waiting: this.#waiting.size,
      abandoned,
      threads: active + abandoned + this.#idle.length,
    };
  }

  async scan<T>(body: (queries: Queries) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const thread = await this.#thread(signal);
    await thread.ready;
    const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
    const { clock, budget } = this.#options;
    const cancelBudget = clock.after(budget, () => stop(overBudget()));
    const cancelLong = clock.after(longAfter, () => {
      this.#long.add(thread);
      this.#serve();
    });
    const onAbort = () => stop(givenUp());
    // It may have been aborted while the thread started.
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const queries = new ScanQueries(thread, this.#readers);
    try {
      return await Promise.race([stopped, body(queries)]);
    } finally {
      queries.end();
      cancelBudget();
      cancelLong();
      signal?.removeEventListener('abort', onAbort);
      // The caller does not wait for it.
      void this.#release(thread);
    }
  }

  /** Holds new scans back and resolves when the running ones have ended: then no snapshot keeps the log from being reset. */
  async pause(): Promise<void> {
    this.#paused = true;
    if (this.#busy.size > 0) await new Promise<void>((resolve) => this.#whenDrained.push(resolve));
  }

  resume(): void {
    this.#paused = false;
    this.#serve();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting) waiting.refuse(stopping());
    this.#waiting.clear();
    await this.pause();
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }

  #thread(signal: AbortSignal | undefined): Promise<ReaderThread> {
    if (this.#closed) return Promise.reject(stopping());
    if (signal?.aborted) return Promise.reject(givenUp());
    if (this.#waiting.size >= waitingLimit) {
      return Promise.reject(
        new CairnError('too_many_requests', 'Too many queries are waiting; try again.', { retryAfter: 1 }),
      );
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(waiting);
        reject(givenUp());
      };
      const waiting: Waiting = {
        start: (thread) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(thread);
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiting);
      this.#serve();
    });
  }

  /** Gives threads to those who wait, oldest first. Threads that were abandoned count until they end. */
  #serve(): void {
    for (const waiting of this.#waiting) {
      if (this.#paused || this.#closed) return;
      const { threads, settings } = this.#options;
      const room =
        this.#busy.size - this.#long.size < threads && this.#busy.size + this.#abandoned.size < 3 * threads;
      if (!room) return;
      this.#waiting.delete(waiting);
      const thread = this.#idle.pop() ?? new ReaderThread(settings, (died) => this.#forget(died));
      this.#busy.add(thread);
      thread.ref();
      waiting.start(thread);
    }
  }

  async #release(thread: ReaderThread): Promise<void> {
    if (thread.running) this.#abandon(thread);
    else {
      await thread.end();
      thread.unref();
      if (!thread.dead) this.#idle.push(thread);
      this.#trimLater();
    }
    this.#busy.delete(thread);
    this.#long.delete(thread);
    if (this.#busy.size === 0) for (const resolve of this.#whenDrained.splice(0)) resolve();
    this.#serve();
  }

  /** Who has been idle for longest stands first, since the last one is taken again. */
  #trimLater(): void {
    const { clock, threads } = this.#options;
    if (this.#trimming || this.#idle.length <= threads) return;
    this.#trimming = true;
    clock.after(surplusTime, () => {
      this.#trimming = false;
      const surplus = this.#idle.splice(0, Math.max(0, this.#idle.length - threads));
      for (const thread of surplus) void thread.terminate();
    });
  }

  #forget(thread: ReaderThread): void {
    const index = this.#idle.indexOf(thread);
    if (index >= 0) this.#idle.splice(index, 1);
  }

  #abandon(thread: ReaderThread): void {
    this.#abandoned.add(thread);
    thread.unref();
    thread.terminate().then(() => {
      this.#abandoned.delete(thread);
      this.#serve();
    });
  }
}

/** The statements of one scan, one at a time on its thread. */
class ScanQueries implements Queries {
  readonly #thread: ReaderThread;
  readonly #readers: RowReaders;
  #last: Promise<unknown> = Promise.resolve();
  #open = true;

  constructor(thread: ReaderThread, readers: RowReaders) {
    this.#thread = thread;
    this.#readers = readers;
  }

  async many<Row>(query: Sql): Promise<Row[]> {
    const { text, values } = renderSqlite(query);
    return (await this.#send(text, values)) as Row[];
  }

  async one<Row>(query: Sql): Promise<Row | undefined> {
    return (await this.many<Row>(query))[0];
  }

  end(): void {
    this.#open = false;
  }

  #send(text: string, values: SQLInputValue[]): Promise<Record<string, unknown>[]> {
    const result = this.#last.then(async () => {
      if (!this.#open) throw new CairnError('internal', 'A statement came after its scan had ended.');
      try {
        return this.#readers.objects(await this.#thread.query(text, values));
      } catch (error) {
        throw sqliteError(error);
      }
    });
    this.#last = result.catch(() => {});
    return result;
  }
}

function overBudget(): CairnError {
  return new CairnError('query_too_expensive', 'The query took longer than it may; narrow it.');
}

function givenUp(): CairnError {
  return new CairnError('query_too_expensive', 'The query was given up because its caller has gone.');
}

function stopping(): CairnError {
  return new CairnError('unavailable', 'The server is stopping.');
}
