/** Ids of records that are known to be stored: learnt only after the commit that made them, and bounded. */
import type { Tx } from '../../db/db.ts';

export class KnownIds<Id> {
  readonly #limit: number;
  readonly #ids = new Map<string, Id>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Id | undefined {
    return this.#ids.get(key);
  }

  has(key: string): boolean {
    return this.#ids.has(key);
  }

  /** Once the transaction is durable. */
  learn(tx: Tx, found: ReadonlyMap<string, Id>): void {
    if (found.size === 0) return;
    tx.afterCommit(() => {
      for (const [key, id] of found) this.#put(key, id);
    });
  }

  #put(key: string, id: Id): void {
    // As old as the oldest: what is asked for again is looked up again.
    if (this.#ids.size >= this.#limit && !this.#ids.has(key)) {
      const [oldest] = this.#ids.keys();
      if (oldest !== undefined) this.#ids.delete(oldest);
    }
    this.#ids.set(key, id);
  }
}
