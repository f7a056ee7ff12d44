/**
 * The store for many servers: one transaction a request, tried again as a whole when another one was in the way. The
 * promises are in db.ts. Nothing here rests on LISTEN, advisory locks or sequences, which engines that speak PostgreSQL lack.
 */
import pg from 'pg';
import { CairnError } from '../../kernel/errors.ts';
import type { Random } from '../../kernel/ids.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Db, Dialect, Finding, Queries, Tx } from '../db.ts';
import type { StorePlace } from '../thread-reader.ts';
import { isConnectionLoss, isRetryable, postgresError } from './postgres-errors.ts';
import { PostgresIds } from './postgres-ids.ts';
import { inspectPostgres, requireDurable } from './postgres-inspect.ts';
import { readOn } from './postgres-reader.ts';
import { PostgresScans } from './postgres-scans.ts';
import { postgresDialect } from './postgres-text.ts';
import { PostgresTransaction } from './postgres-transaction.ts';
import { valueTypes } from './postgres-values.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=…` */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Connections for writes and short reads. */
  readonly connections?: number;
  /** Connections for scans. */
  readonly readers?: number;
  /** Milliseconds a scan may take. */
  readonly scanBudget?: number;
  /** For the operator: what no caller is told. */
  readonly log?: (message: string, cause: unknown) => void;
}

const defaultConnections = 10;
const defaultReaders = 4;
const defaultScanBudget = 10_000;
/** Milliseconds a request waits for a connection. */
const connectTimeout = 5_000;
/** Writes and short reads that may wait for a connection. */
const waitingLimit = 2_000;
/** Milliseconds after which the server gives up a transaction whose body waits for something else. */
const idleTransactionTimeout = 60_000;
/** Tries of one write, and the longest pause before the second; it doubles, up to 100 times as much in all. */
const attempts = 8;
const firstPause = 4;

export async function openPostgresDb(options: PostgresOptions): Promise<Db> {
  const log = options.log ?? (() => {});
  const poolOf = (max: number) => {
    const pool = new pg.Pool({
      connectionString: options.url,
      max,
      types: valueTypes,
      application_name: 'cairn',
      connectionTimeoutMillis: connectTimeout,
      idle_in_transaction_session_timeout: idleTransactionTimeout,
    });
    // Without a listener a connection that dies would end the process; whoever uses it learns of it from its statement.
    pool.on('error', (error) => log('an idle connection to PostgreSQL ended', error));
    pool.on('connect', (client) => client.on('error', () => {}));
    return pool;
  };
  const pool = poolOf(options.connections ?? defaultConnections);
  const scanPool = poolOf(options.readers ?? defaultReaders);
  const sidePool = poolOf(1);
  const db = new PostgresDb(options, pool, scanPool, sidePool, log);
  try {
    await requireDurable(pool);
    return db;
  } catch (error) {
    await db.close();
    throw postgresError(error);
  }
}

class PostgresDb implements Db {
  readonly dialect: Dialect = postgresDialect;
  readonly place: StorePlace;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #pool: pg.Pool;
  readonly #scanPool: pg.Pool;
  readonly #sidePool: pg.Pool;
  readonly #ids: PostgresIds;
  readonly #scans: PostgresScans;
  readonly #log: (message: string, cause: unknown) => void;
  #closing: Promise<void> | undefined;
  #writes = 0;
  #retries = 0;

  constructor(
    options: PostgresOptions,
    pool: pg.Pool,
    scanPool: pg.Pool,
    sidePool: pg.Pool,
    log: (message: string, cause: unknown) => void,
  ) {
    this.place = { kind: 'postgres', url: options.url };
    this.#clock = options.clock;
    this.#random = options.random;
    this.#pool = pool;
    this.#scanPool = scanPool;
    this.#sidePool = sidePool;
    this.#ids = new PostgresIds(sidePool);
    const budget = options.scanBudget ?? defaultScanBudget;
    this.#scans = new PostgresScans({ pool: scanPool, sidePool, clock: options.clock, budget, log });
    this.#log = log;
  }

  nextIds(count: number): Promise<number> {
    return this.#ids.take(count);
  }

  async read<T>(body: (queries: Queries) => Promise<T>): Promise<T> {
    return readOn(await this.#connect(), body);
  }

  scan<T>(body: (queries: Queries) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#scans.scan(body, signal);
  }

  async write<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(body);
      } catch (error) {
        if (!isRetryable(error) || attempt === attempts) throw postgresError(error);
        this.#retries += 1;
        await this.#pause(attempt);
      }
    }
  }

  async inspect(deep: boolean): Promise<Finding[]> {
    try {
      return await inspectPostgres(this.#pool, deep);
    } catch (error) {
      throw postgresError(error);
    }
  }

  gauges(): Readonly<Record<string, number>> {
    return {
      write_queue_length: this.#pool.waitingCount,
      writes_total: this.#writes,
      write_retries_total: this.#retries,
      connections: this.#pool.totalCount + this.#scanPool.totalCount + this.#sidePool.totalCount,
      connections_idle: this.#pool.idleCount + this.#scanPool.idleCount + this.#sidePool.idleCount,
      scans_active: this.#scanPool.totalCount - this.#scanPool.idleCount,
      scans_waiting: this.#scanPool.waitingCount,
    };
  }

  close(): Promise<void> {
    this.#closing ??= Promise.all([this.#pool.end(), this.#scanPool.end(), this.#sidePool.end()]).then(
      () => {},
    );
    return this.#closing;
  }

  async #attempt<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    const transaction = new PostgresTransaction(client);
    let lost = false;
    try {
      await client.query('BEGIN');
      const value = await this.#finish(transaction, body);
      await this.#commit(client);
      this.#writes += 1;
      this.#runTasks(transaction.tasks);
      return value;
    } catch (error) {
      lost = isConnectionLoss(error) || !(await rolledBack(client));
      throw error;
    } finally {
      client.release(lost);
    }
  }

  /** The body's value once all its statements have ended; a failed statement fails it whatever it made of that. */
  async #finish<T>(transaction: PostgresTransaction, body: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      const value = await body(transaction);
      await transaction.end();
      if (transaction.failure !== undefined) throw transaction.failure;
      return value;
    } catch (error) {
      await transaction.end();
      throw isRetryable(transaction.failure) ? transaction.failure : error;
    }
  }

  async #commit(client: pg.PoolClient): Promise<void> {
    try {
      const { command } = await client.query('COMMIT');
      // The server answers ROLLBACK to the COMMIT of a transaction that had failed.
      if (command !== 'COMMIT')
        throw new CairnError('unavailable', 'The commit failed; nothing was changed.');
    } catch (error) {
      if (isRetryable(error)) throw error;
      if (isConnectionLoss(error)) {
        throw new CairnError(
          'unavailable',
          'The connection to the store was lost during the commit: the change may or may not have been kept.',
          { cause: error },
        );
      }
      const known = postgresError(error);
      if (known instanceof CairnError && known.code === 'storage_full') throw known;
      throw new CairnError('unavailable', 'The commit failed; nothing was changed.', { cause: error });
    }
  }

  #runTasks(tasks: readonly (() => void)[]): void {
    for (const task of tasks) {
      try {
        task();
      } catch (error) {
        this.#log('a task after a commit failed', error);
      }
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    if (this.#closing !== undefined) throw new CairnError('unavailable', 'The server is stopping.');
    if (this.#pool.waitingCount >= waitingLimit) {
      throw new CairnError(
        'too_many_requests',
        'Too many requests are waiting for the store; nothing was changed.',
        { retryAfter: 1 },
      );
    }
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw postgresError(error);
    }
  }

  /** A random part of a growing pause, so that those who met do not meet again. */
  #pause(attempt: number): Promise<void> {
    const longest = firstPause * 2 ** (attempt - 1);
    const [share = 0] = this.#random(1);
    return new Promise((resolve) => {
      this.#clock.after(Math.ceil((longest * (share + 1)) / 256), resolve);
    });
  }
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}
