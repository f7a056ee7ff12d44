/**
 * Ids come from memory; what makes them unique for ever is this rule: **no transaction commits unless the number stored in
 * `id_block` is beyond every id handed out before it.** So an id that stands in any row is never handed out again, whatever
 * dies in between. The stored number is moved ahead by a block, in a group that runs anyway, long before it is reached.
 */
import { present } from '../../kernel/assert.ts';
import { sql } from '../../kernel/sql.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

const blockSize = 10_000;
/** The block is renewed when half of it is left. */
const lowWater = 5_000;

export class SqliteIds {
  readonly #connection: SqliteConnection;
  #next: number | undefined;
  /** As committed: the first id that no one may have used. */
  #reserved = 0;
  #reserving: number | undefined;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  take(count: number): number {
    const first = this.#next ?? this.#load();
    this.#next = first + count;
    return first;
  }

  /** Inside the transaction that is about to commit, outside every savepoint. */
  beforeCommit(): void {
    this.#reserving = undefined;
    if (this.#next === undefined || this.#next <= this.#reserved - lowWater) return;
    this.#reserving = this.#next + blockSize;
    this.#connection.run(sql`UPDATE id_block SET next = ${this.#reserving} WHERE id = 1`);
  }

  afterCommit(): void {
    if (this.#reserving !== undefined) this.#reserved = this.#reserving;
  }

  #load(): number {
    const row = this.#connection.one(sql`SELECT next FROM id_block WHERE id = 1`);
    this.#reserved = Number(present(row, 'the row of id_block').next);
    return this.#reserved;
  }
}
