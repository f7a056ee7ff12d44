/**
 * Ids from blocks that are reserved durably before the first of them is handed out. Each server has its own block, so
 * ids ascend within a server. Reserving goes over a connection of its own: a body that asks for ids holds one already.
 */
import type pg from 'pg';
import { postgresError } from './postgres-errors.ts';

const blockSize = 10_000;
/** The next block is fetched in the background when this much is left. */
const lowWater = 2_000;

interface Block {
  readonly next: number;
  readonly end: number;
}

export class PostgresIds {
  readonly #pool: pg.Pool;
  #next = 0;
  #end = 0;
  #following: Promise<Block> | undefined;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async take(count: number): Promise<number> {
    while (this.#end - this.#next < count) {
      this.#following ??= this.#reserve(Math.max(blockSize, count));
      const following = this.#following;
      const block = await following;
      // The first one who waited for this block puts it to use; what was left of the old one is a gap.
      if (this.#following === following) {
        this.#following = undefined;
        this.#next = block.next;
        this.#end = block.end;
      }
    }
    const first = this.#next;
    this.#next += count;
    if (this.#end - this.#next < lowWater) this.#prefetch();
    return first;
  }

  #prefetch(): void {
    this.#following ??= this.#reserve(blockSize);
  }

  #reserve(size: number): Promise<Block> {
    const block = this.#reserveNow(size);
    // A failed reservation is told to whoever waits for it, and the next caller tries anew.
    block.catch(() => {
      if (this.#following === block) this.#following = undefined;
    });
    return block;
  }

  async #reserveNow(size: number): Promise<Block> {
    try {
      const result = await this.#pool.query<{ next: number }>(
        'UPDATE id_block SET next = next + $1 WHERE id = 1 RETURNING next',
        [size],
      );
      const end = Number(result.rows[0]?.next);
      return { next: end - size, end };
    } catch (error) {
      throw postgresError(error);
    }
  }
}
