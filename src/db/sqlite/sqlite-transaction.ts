/** What a body holds while its transaction is open. Statements are synchronous; the promises are the port's. */
import { CairnError } from '../../kernel/errors.ts';
import type { Sql } from '../../kernel/sql.ts';
import type { Dialect, Tx } from '../db.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { sqliteError } from './sqlite-errors.ts';
import { sqliteDialect } from './sqlite-text.ts';

export class SqliteTransaction implements Tx {
  readonly dialect: Dialect = sqliteDialect;
  readonly #connection: SqliteConnection;
  readonly #tasks: (() => void)[] = [];
  #open = true;
  #failure: unknown;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** The first statement that failed. As on PostgreSQL, nothing works after it and the body cannot succeed any more. */
  get failure(): unknown {
    return this.#failure;
  }

  get tasks(): readonly (() => void)[] {
    return this.#tasks;
  }

  /** A body that goes on after its transaction ended must not touch the next one. */
  end(): void {
    this.#open = false;
  }

  many<Row>(query: Sql): Promise<Row[]> {
    return this.#step(() => this.#connection.many(query) as Row[]);
  }

  one<Row>(query: Sql): Promise<Row | undefined> {
    return this.#step(() => this.#connection.one(query) as Row | undefined);
  }

  run(statement: Sql): Promise<number> {
    return this.#step(() => this.#connection.run(statement));
  }

  afterCommit(task: () => void): void {
    this.#tasks.push(task);
  }

  #step<T>(work: () => T): Promise<T> {
    let failure: unknown;
    if (!this.#open)
      failure = new CairnError('internal', 'A statement came after its transaction had ended.');
    else if (this.#failure !== undefined) failure = this.#failure;
    else {
      try {
        return Promise.resolve(work());
      } catch (error) {
        failure = sqliteError(error);
        this.#failure = failure;
      }
    }
    const rejected = Promise.reject(failure);
    // The transaction remembers the failure, so a body that did not wait for this statement still fails.
    rejected.catch(() => {});
    return rejected;
  }
}
