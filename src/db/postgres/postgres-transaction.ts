/** What a body holds while its transaction is open: statements go one at a time, in the order they were called. */
import type pg from 'pg';
import { CairnError } from '../../kernel/errors.ts';
import type { Sql } from '../../kernel/sql.ts';
import type { Dialect, Tx } from '../db.ts';
import { postgresError } from './postgres-errors.ts';
import { postgresDialect, renderPostgres } from './postgres-text.ts';

export class PostgresTransaction implements Tx {
  readonly dialect: Dialect = postgresDialect;
  readonly #client: pg.PoolClient;
  readonly #tasks: (() => void)[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #running = 0;
  #open = true;
  #failure: unknown;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  /** The first statement that failed: the server takes no other after it. */
  get failure(): unknown {
    return this.#failure;
  }

  get running(): boolean {
    return this.#running > 0;
  }

  get tasks(): readonly (() => void)[] {
    return this.#tasks;
  }

  /** Nothing more may be called; resolves when what was called has ended. */
  async end(): Promise<void> {
    this.#open = false;
    await this.#last;
  }

  async many<Row>(query: Sql): Promise<Row[]> {
    return (await this.#send(query)).rows as Row[];
  }

  async one<Row>(query: Sql): Promise<Row | undefined> {
    return (await this.#send(query)).rows[0] as Row | undefined;
  }

  async run(statement: Sql): Promise<number> {
    return (await this.#send(statement)).rowCount ?? 0;
  }

  afterCommit(task: () => void): void {
    this.#tasks.push(task);
  }

  #send(query: Sql): Promise<pg.QueryResult> {
    if (!this.#open) {
      return Promise.reject(new CairnError('internal', 'A statement came after its transaction had ended.'));
    }
    const result = this.#last.then(() => this.#answer(query));
    // The transaction remembers the failure, so a body that did not wait for this statement still fails.
    this.#last = result.catch(() => {});
    return result;
  }

  async #answer(query: Sql): Promise<pg.QueryResult> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#running += 1;
    try {
      const { text, values } = renderPostgres(query);
      return await this.#client.query(text, values);
    } catch (error) {
      this.#failure = postgresError(error);
      throw this.#failure;
    } finally {
      this.#running -= 1;
    }
  }
}
