/**
 * The SQL port. Everything above writes SQL once, as `Sql` values (kernel/sql.ts), and runs it through `Db`; the adapters
 * in sqlite/ and postgres/ are the only importers of a driver. One conformance suite (db-*.test.ts) runs on both.
 *
 * Promises of every adapter:
 * - `write` resolves only after the commit is durable on disk. If its body throws, nothing of it is kept and the error is
 *   passed on unchanged; if the commit itself fails, every body of the group fails with `unavailable` (or `storage_full`).
 * - A body waits for nothing but its own statements: no timers, no I/O, no other transaction. SQLite's adapter runs the
 *   bodies of concurrent requests one at a time inside one transaction, each in its own savepoint, and fails a body that
 *   waits for something else (`internal`).
 * - A statement that failed has failed its transaction: later ones are refused and the body fails, also if it caught the
 *   error. Another row with the same key is `already_exists`; use ON CONFLICT where that may happen.
 * - A body may run more than once (PostgreSQL retries the whole of it on 40001 and 40P01): it must not change anything
 *   outside the transaction except through `afterCommit`.
 * - `read` and `scan` see one consistent snapshot for the whole body. `read` is for short lookups; `scan` is for what may
 *   take long (search, closures, charts): it never blocks the event loop and is stopped after `scanBudget` milliseconds
 *   with `query_too_expensive`.
 * - Values: an integer comes back as number when it is safe, else as bigint; a double as number; text as string; bytes as
 *   Uint8Array (a Buffer is one); NULL as null; a comparison as 1 or 0. Doubles are finite or ±Infinity, never NaN: callers store NaN as NULL with a mark.
 *   Text order is that of UTF-8 bytes. Text holds no U+0000.
 */
import type { Sql } from '../kernel/sql.ts';
import type { StorePlace } from './thread-reader.ts';

export type DialectName = 'sqlite' | 'postgres';

/** What differs between the stores beyond the spelling of a statement, each by name. */
export interface Dialect {
  readonly name: DialectName;
  /** ` FOR UPDATE` where rows must be locked before they are read to be changed; empty where one writer exists. */
  readonly forUpdate: Sql;
  /** The greatest number of bound values of one statement. */
  readonly maxParameters: number;
  /** Statements are kept prepared by their texts: lists of rows are best of few lengths (`rowBatches`). */
  readonly preparesTexts: boolean;
  /** Whether event positions are given inside the writing transaction (one writer) or afterwards by a sequencer. */
  readonly positionsInTransaction: boolean;
}

export interface Queries {
  /** All rows. */
  many<Row>(query: Sql): Promise<Row[]>;
  /** The first row, or undefined. */
  one<Row>(query: Sql): Promise<Row | undefined>;
}

export interface Tx extends Queries {
  readonly dialect: Dialect;
  /** Runs a statement; resolves to the number of rows it changed. */
  run(statement: Sql): Promise<number>;
  /** Runs `task` once the commit is durable, and never if it is not: for caches and subscribers. */
  afterCommit(task: () => void): void;
}

export interface Finding {
  readonly level: 'ok' | 'warning' | 'error';
  /** What was looked at: `integrity_check`, `journal_mode`, `synchronous`. */
  readonly check: string;
  readonly detail: string;
}

export interface Db {
  readonly dialect: Dialect;
  /** By what a thread opens its own way to read it. */
  readonly place: StorePlace;
  /** Ascending ids, unique for ever, shared by nodes, edges, events and every other row that needs one. Taken from a block
   * in memory that is reserved durably before any of its ids can stand in a committed row, so a call costs no statement;
   * gaps are normal; servers that share a store ascend each for itself. `count` ids from the one returned on. */
  nextIds(count: number): Promise<number>;
  read<T>(body: (queries: Queries) => Promise<T>): Promise<T>;
  scan<T>(body: (queries: Queries) => Promise<T>, signal?: AbortSignal): Promise<T>;
  write<T>(body: (tx: Tx) => Promise<T>): Promise<T>;
  /** Versions, settings that durability rests on, integrity of the store, as an operator wants to read them. `deep` walks all pages. */
  inspect(deep: boolean): Promise<Finding[]>;
  /** Figures for the metrics page: queue lengths, sizes, group sizes. */
  gauges(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}
