/**
 * Group commit. Bodies of concurrent requests run one after another inside one transaction, each in its own savepoint, and
 * share one fsync. A turn of the event loop is one group: what has queued when it begins, up to the bounds below.
 * Measured (README.md): the fsync is most of a small write, so sharing it is what makes many writers fast.
 */
import { CairnError } from '../../kernel/errors.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Tx } from '../db.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { isDiskFailure, sqliteError } from './sqlite-errors.ts';
import { SqliteTransaction } from './sqlite-transaction.ts';
import { settleAtOnce } from './transaction-body.ts';

/** Bodies of one group at most, and the time after which no further one is begun: both keep the event loop responsive. */
const groupSize = 128;
const groupMilliseconds = 20;
/** Turns of the event loop that a group may grow over before it begins. */
const gatherTurns = 4;
/** Writes that may wait; beyond, a caller is told to come back rather than to wait for minutes. */
const queueLimit = 20_000;

interface Job {
  readonly body: (tx: Tx) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}
interface Done {
  readonly job: Job;
  readonly value: unknown;
  readonly tasks: readonly (() => void)[];
}

export interface WriterHooks {
  /** Inside the transaction, after the last body and outside every savepoint. */
  beforeCommit(): void;
  /** After the commit is durable, before any caller hears of it. */
  afterCommit(): void;
  log(message: string, cause: unknown): void;
}

export class SqliteWriter {
  readonly #connection: SqliteConnection;
  readonly #clock: Clock;
  readonly #hooks: WriterHooks;
  #queue: Job[] = [];
  #turn: Promise<void> | undefined;
  #closed = false;
  #broken: unknown;
  #groups = 0;
  #writes = 0;

  constructor(connection: SqliteConnection, clock: Clock, hooks: WriterHooks) {
    this.#connection = connection;
    this.#clock = clock;
    this.#hooks = hooks;
  }

  get gauges(): { queue: number; groups: number; writes: number } {
    return { queue: this.#queue.length, groups: this.#groups, writes: this.#writes };
  }

  /** True when no group is running, so that the connection may be used for a checkpoint. */
  get idle(): boolean {
    return this.#turn === undefined;
  }

  write<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ body, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  /** Lets what has queued finish and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#turn !== undefined) await this.#turn;
  }

  #refusal(): CairnError | undefined {
    if (this.#closed) return new CairnError('unavailable', 'The server is stopping; nothing was changed.');
    if (this.#broken !== undefined) {
      return new CairnError(
        'unavailable',
        'The disk failed; the store takes no writes until the server is restarted.',
        {
          cause: this.#broken,
        },
      );
    }
    if (this.#queue.length >= queueLimit) {
      return new CairnError('too_many_requests', 'Too many writes are waiting; nothing was changed.', {
        retryAfter: 1,
      });
    }
    return undefined;
  }

  #schedule(): void {
    this.#turn ??= new Promise((resolve) => {
      this.#gather(this.#queue.length, gatherTurns, () => {
        // Everything of the group runs within the microtasks of this callback; nothing else gets in between.
        this.#group().then(() => {
          this.#turn = undefined;
          if (this.#queue.length > 0) this.#schedule();
          resolve();
        });
      });
    });
  }

  /** Lets turns of the event loop pass as long as each brings further writes; alone, a write waits for one. */
  #gather(before: number, turns: number, begin: () => void): void {
    setImmediate(() => {
      const { length } = this.#queue;
      if (turns > 1 && length > before && length < groupSize) this.#gather(length, turns - 1, begin);
      else begin();
    });
  }

  async #group(): Promise<void> {
    try {
      if (this.#broken !== undefined) throw this.#broken;
      this.#connection.control('BEGIN IMMEDIATE');
    } catch (error) {
      // Another process writes the file, or the disk is gone: whoever waits is told, rather than tried without end.
      this.#failGroup(this.#queue.splice(0), error);
      return;
    }
    const done: Done[] = [];
    const began = this.#clock.now();
    for (let count = 0; count < groupSize && this.#queue.length > 0; count++) {
      const isAlone = count === 0 && this.#queue.length === 1;
      const failure = await this.#body(this.#queue.shift()!, done, isAlone);
      if (isAlone && done.length === 0) return;
      if (!this.#connection.isTransaction) {
        // The engine itself rolled everything back (disk full, I/O error).
        this.#failGroup(jobsOf(done), failure);
        return;
      }
      if (this.#clock.now() - began >= groupMilliseconds) break;
    }
    try {
      if (done.length > 0) this.#hooks.beforeCommit();
      this.#connection.control('COMMIT');
    } catch (error) {
      this.#failGroup(jobsOf(done), error);
      return;
    }
    this.#groups += 1;
    this.#writes += done.length;
    this.#acknowledge(done);
  }

  /** The error, if the body failed; its caller has been told. */
  async #body(job: Job, done: Done[], isAlone: boolean): Promise<unknown> {
    const transaction = new SqliteTransaction(this.#connection);
    try {
      // One that is alone is all that could be rolled back: a savepoint would copy every page that it changes.
      if (!isAlone) this.#connection.control('SAVEPOINT body');
      const value = await settleAtOnce(() => job.body(transaction));
      transaction.end();
      if (transaction.failure !== undefined) throw transaction.failure;
      if (!isAlone) this.#connection.control('RELEASE body');
      done.push({ job, value, tasks: transaction.tasks });
      return undefined;
    } catch (error) {
      transaction.end();
      if (this.#connection.isTransaction)
        this.#connection.exec(isAlone ? 'ROLLBACK' : 'ROLLBACK TO body; RELEASE body');
      this.#noteDiskFailure(error);
      job.reject(sqliteError(error));
      return error;
    }
  }

  #acknowledge(done: readonly Done[]): void {
    this.#hooks.afterCommit();
    for (const { tasks } of done) {
      for (const task of tasks) {
        try {
          task();
        } catch (error) {
          this.#hooks.log('a task after a commit failed', error);
        }
      }
    }
    for (const { job, value } of done) job.resolve(value);
  }

  /** Nothing of the group is kept; the engine may have rolled back before us. */
  #failGroup(jobs: readonly Job[], cause: unknown): void {
    this.#noteDiskFailure(cause);
    if (this.#connection.isTransaction) {
      try {
        this.#connection.exec('ROLLBACK');
      } catch (error) {
        this.#broken ??= error;
      }
    }
    const known = sqliteError(cause);
    const error =
      known instanceof CairnError && known.code !== 'internal'
        ? known
        : new CairnError('unavailable', 'The commit failed; nothing was changed.', { cause });
    this.#hooks.log('a group of writes was not committed', cause);
    for (const job of jobs) job.reject(error);
  }

  #noteDiskFailure(error: unknown): void {
    const cause = error instanceof CairnError ? error.cause : error;
    if (!isDiskFailure(cause) || this.#broken !== undefined) return;
    this.#broken = cause;
    this.#hooks.log('the disk failed: the store takes no writes until a restart', cause);
  }
}

function jobsOf(done: readonly Done[]): Job[] {
  return done.map(({ job }) => job);
}
