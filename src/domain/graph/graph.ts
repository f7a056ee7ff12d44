/**
 * What the slices above share of the graph while the server runs: the store, interned keys, built-in types. Opened once
 * by app.ts. The functions of the stores (node-store.ts …) take a transaction and hold no state.
 */
import type { Db, Dialect, Queries } from '../../db/db.ts';
import type { KeyId } from '../../kernel/ids.ts';
import { InternedKeys, keysNamed } from './interned-keys.ts';
import { ensureTypes, findTypes, type TypeIds } from './types.ts';

/** Keys of the scope `system`: facts that are columns to the user but have no column. */
const systemKeyNames = ['user', 'artifact_location', 'artifact_uri', 'version_number'] as const;
export type SystemKey = (typeof systemKeyNames)[number];

/** As much of it as statements are built from. */
export interface GraphNames {
  readonly db: { readonly dialect: Dialect };
  readonly types: TypeIds;
  readonly systemKeys: Readonly<Record<SystemKey, KeyId>>;
}

/** Of a store that is only read, and that a server has opened before; undefined otherwise. */
export async function graphNames(queries: Queries, dialect: Dialect): Promise<GraphNames | undefined> {
  const types = await findTypes(queries);
  if (types === undefined) return undefined;
  const keys = await keysNamed(queries, systemKeyNames);
  if (keys.size < systemKeyNames.length) return undefined;
  const systemKeys = Object.fromEntries(keys) as Record<SystemKey, KeyId>;
  return { db: { dialect }, types, systemKeys };
}

export class Graph {
  readonly db: Db;
  readonly keys: InternedKeys;
  readonly types: TypeIds;
  readonly systemKeys: Readonly<Record<SystemKey, KeyId>>;

  private constructor(
    db: Db,
    keys: InternedKeys,
    types: TypeIds,
    systemKeys: Readonly<Record<SystemKey, KeyId>>,
  ) {
    this.db = db;
    this.keys = keys;
    this.types = types;
    this.systemKeys = systemKeys;
  }

  static async open(db: Db): Promise<Graph> {
    const types = await ensureTypes(db);
    const keys = new InternedKeys(db);
    const ids = await db.write((tx) => keys.resolve(tx, systemKeyNames));
    const id = (name: SystemKey) => ids.get(name)!;
    return new Graph(db, keys, types, {
      user: id('user'),
      artifact_location: id('artifact_location'),
      artifact_uri: id('artifact_uri'),
      version_number: id('version_number'),
    });
  }
}
