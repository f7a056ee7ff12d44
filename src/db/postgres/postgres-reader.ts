/** Snapshots on one connection: of a thread that reads the store by itself (thread-reader.ts), and of short reads. */
import pg from 'pg';
import type { Queries } from '../db.ts';
import type { ThreadReader } from '../thread-reader.ts';
import { isConnectionLoss, postgresError } from './postgres-errors.ts';
import { PostgresTransaction } from './postgres-transaction.ts';
import { valueTypes } from './postgres-values.ts';

/** Milliseconds a thread waits for its connection. */
const connectTimeout = 5_000;

export function openPostgresReader(url: string): ThreadReader {
  const pool = new pg.Pool({
    ...{ connectionString: url, max: 1, types: valueTypes, application_name: 'cairn' },
    connectionTimeoutMillis: connectTimeout,
  });
  // Whoever reads next learns of it.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    async read(body) {
      try {
        return await readOn(await pool.connect(), body);
      } catch (error) {
        throw postgresError(error);
      }
    },
    close: () => pool.end(),
  };
}

/** One snapshot; lets go of the connection. */
export async function readOn<T>(client: pg.PoolClient, body: (queries: Queries) => Promise<T>): Promise<T> {
  let lost: unknown;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const queries = new PostgresTransaction(client);
    try {
      return await body(queries);
    } finally {
      await queries.end();
      await client.query('ROLLBACK');
    }
  } catch (error) {
    if (isConnectionLoss(error)) lost = error;
    throw postgresError(error);
  } finally {
    client.release(lost !== undefined);
  }
}
