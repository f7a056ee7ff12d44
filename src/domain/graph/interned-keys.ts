/**
 * Names of properties and series, stored once. The cache learns an id only after the commit that made it durable; it is
 * bounded, for a hostile client can invent names without end.
 */
import type { Db, Queries, Tx } from '../../db/db.ts';
import type { KeyId } from '../../kernel/ids.ts';
import { anyOf, sql, valueRows } from '../../kernel/sql.ts';

/** 100,000 names of about 40 bytes: some 10 MB. Beyond, the oldest are looked up again. */
const cacheSize = 100_000;

/** The ids of the names that the store has. */
export async function keysNamed(
  queries: Queries,
  names: readonly string[],
): Promise<ReadonlyMap<string, KeyId>> {
  const rows = await queries.many<{ id: KeyId; name: string }>(
    sql`SELECT id, name FROM interned_key WHERE name ${anyOf(names)}`,
  );
  return new Map(rows.map(({ id, name }) => [name, id]));
}

export class InternedKeys {
  readonly #db: Db;
  readonly #ids = new Map<string, KeyId>();
  readonly #names = new Map<KeyId, string>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** The id of every name, new ones made. One statement when all are cached: none. */
  async resolve(tx: Tx, names: readonly string[]): Promise<ReadonlyMap<string, KeyId>> {
    const found = new Map<string, KeyId>();
    const missing = this.#fromCache(names, found);
    if (missing.length === 0) return found;
    await this.#load(tx, missing, found);
    // Sorted, so that two transactions that make the same names wait for each other in one order only.
    const fresh = missing.filter((name) => !found.has(name)).sort();
    if (fresh.length > 0) {
      const first = await this.#db.nextIds(fresh.length);
      const rows = fresh.map((name, index) => [first + index, name]);
      await tx.run(sql`INSERT INTO interned_key (id, name) VALUES ${valueRows(rows)} ON CONFLICT DO NOTHING`);
      await this.#load(tx, fresh, found);
    }
    tx.afterCommit(() => {
      for (const name of missing) this.#learn(name, found.get(name)!);
    });
    return found;
  }

  /** The ids of the names that exist; unknown names are absent. */
  async find(queries: Queries, names: readonly string[]): Promise<ReadonlyMap<string, KeyId>> {
    const found = new Map<string, KeyId>();
    // No stored text holds U+0000, and PostgreSQL refuses to be asked for one.
    const missing = this.#fromCache(names, found).filter((name) => !name.includes('\0'));
    if (missing.length > 0) {
      await this.#load(queries, missing, found);
      for (const name of missing) if (found.has(name)) this.#learn(name, found.get(name)!);
    }
    return found;
  }

  /** The names of ids read from the store. */
  async names(queries: Queries, ids: readonly KeyId[]): Promise<ReadonlyMap<KeyId, string>> {
    const found = new Map<KeyId, string>();
    const missing: KeyId[] = [];
    for (const id of new Set(ids)) {
      const name = this.#names.get(id);
      if (name === undefined) missing.push(id);
      else found.set(id, name);
    }
    if (missing.length === 0) return found;
    const rows = await queries.many<{ id: KeyId; name: string }>(
      sql`SELECT id, name FROM interned_key WHERE id ${anyOf(missing)}`,
    );
    for (const row of rows) {
      found.set(row.id, row.name);
      this.#learn(row.name, row.id);
    }
    return found;
  }

  #fromCache(names: readonly string[], found: Map<string, KeyId>): string[] {
    const missing = new Set<string>();
    for (const name of names) {
      const id = this.#ids.get(name);
      if (id === undefined) missing.add(name);
      else found.set(name, id);
    }
    return [...missing];
  }

  async #load(queries: Queries, names: readonly string[], found: Map<string, KeyId>): Promise<void> {
    for (const [name, id] of await keysNamed(queries, names)) found.set(name, id);
  }

  #learn(name: string, id: KeyId): void {
    if (this.#ids.size >= cacheSize) {
      const [oldest] = this.#ids.entries();
      if (oldest !== undefined) {
        this.#ids.delete(oldest[0]);
        this.#names.delete(oldest[1]);
      }
    }
    this.#ids.set(name, id);
    this.#names.set(id, name);
  }
}
