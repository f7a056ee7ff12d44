/**
 * Short lookups on the event loop, on a read-only connection of their own. One body at a time has the snapshot; since a
 * body waits for nothing but its own statements, the next one starts within the same turn.
 */
import type { Queries } from '../db.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { sqliteError } from './sqlite-errors.ts';
import { SqliteTransaction } from './sqlite-transaction.ts';
import { settleAtOnce } from './transaction-body.ts';

export class SqliteReads {
  readonly #connection: SqliteConnection;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  read<T>(body: (queries: Queries) => Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.#snapshot(body));
    this.#last = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    await this.#last;
    this.#connection.close();
  }

  async #snapshot<T>(body: (queries: Queries) => Promise<T>): Promise<T> {
    const queries = new SqliteTransaction(this.#connection);
    try {
      this.#connection.control('BEGIN');
      return await settleAtOnce(() => body(queries));
    } catch (error) {
      throw sqliteError(error);
    } finally {
      queries.end();
      if (this.#connection.isTransaction) this.#connection.control('ROLLBACK');
    }
  }
}
