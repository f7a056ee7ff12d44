/**
 * Scans on connections of their own, so that long queries never keep a write waiting. Over its budget, or when its caller
 * has gone, a scan's statement is cancelled on the server; statement_timeout stops it even if that does not arrive.
 */
import type pg from 'pg';
import { CairnError } from '../../kernel/errors.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Queries } from '../db.ts';
import { isConnectionLoss, postgresError } from './postgres-errors.ts';
import { PostgresTransaction } from './postgres-transaction.ts';

/** Scans that may wait for a connection. */
const waitingLimit = 256;

export interface ScanOptions {
  readonly pool: pg.Pool;
  /** For cancelling: the scan's own connection is busy. */
  readonly sidePool: pg.Pool;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly budget: number;
  readonly log: (message: string, cause: unknown) => void;
}

export class PostgresScans {
  readonly #options: ScanOptions;

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  async scan<T>(body: (queries: Queries) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { pool, clock, budget } = this.#options;
    const client = await connect(pool);
    const queries = new PostgresTransaction(client);
    const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
    const cancelBudget = clock.after(budget, () => stop(overBudget()));
    const onAbort = () => stop(givenUp());
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      // The body's statements queue behind this one.
      const begun = client.query(
        `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(budget)}`,
      );
      const answer = begun.then(() => body(queries));
      answer.catch(() => {});
      return await Promise.race([stopped, answer]);
    } catch (error) {
      throw postgresError(error);
    } finally {
      cancelBudget();
      signal?.removeEventListener('abort', onAbort);
      // The caller does not wait for the server to let go of the statement.
      void this.#release(client, queries);
    }
  }

  async #release(client: pg.PoolClient, queries: PostgresTransaction): Promise<void> {
    let lost = false;
    try {
      if (queries.running) await this.#cancel(client);
      await queries.end();
      await client.query('ROLLBACK');
    } catch (error) {
      lost = true;
      if (!isConnectionLoss(error)) this.#options.log('a scan could not be ended', error);
    } finally {
      client.release(lost);
    }
  }

  async #cancel(client: pg.PoolClient): Promise<void> {
    const { processID } = client as pg.PoolClient & { readonly processID: number };
    await this.#options.sidePool.query('SELECT pg_cancel_backend($1)', [processID]);
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  if (pool.waitingCount >= waitingLimit) {
    throw new CairnError('too_many_requests', 'Too many queries are waiting; try again.', { retryAfter: 1 });
  }
  try {
    return await pool.connect();
  } catch (error) {
    throw postgresError(error);
  }
}

function overBudget(): CairnError {
  return new CairnError('query_too_expensive', 'The query took longer than it may; narrow it.');
}

function givenUp(): CairnError {
  return new CairnError('query_too_expensive', 'The query was given up because its caller has gone.');
}
