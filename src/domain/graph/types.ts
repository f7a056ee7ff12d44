/** The types Cairn itself brings. Users' and foreign protocols' types join them in the same table. */
import type { Db, Queries } from '../../db/db.ts';
import { present } from '../../kernel/assert.ts';
import type { ProjectId, TypeId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { type NodeKind, nodeKinds } from './vocabulary.ts';

/** Built-in types belong to no project: their rows carry project 0. */
const builtIn = 0 as ProjectId;

const builtInTypes = {
  project: 'context',
  experiment: 'context',
  run: 'execution',
  dataset: 'asset',
  'dataset-version': 'artifact',
  'logged-model': 'artifact',
  'registered-model': 'asset',
  'model-version': 'artifact',
  endpoint: 'asset',
  deployment: 'execution',
  job: 'context',
  'job-run': 'execution',
  'foreign-model': 'artifact',
} as const satisfies Readonly<Record<string, NodeKind>>;
export type BuiltInType = keyof typeof builtInTypes;

export type TypeIds = Readonly<Record<BuiltInType, TypeId>>;

/** Makes the built-in types that are missing; the ids of all. Safe when several servers start at once. */
export async function ensureTypes(db: Db): Promise<TypeIds> {
  const first = await db.nextIds(Object.keys(builtInTypes).length);
  return db.write(async (tx) => {
    for (const [index, [name, kind]] of Object.entries(builtInTypes).entries()) {
      await tx.run(sql`INSERT INTO type (id, project, kind, name, version, declared, base)
        VALUES (${first + index}, ${builtIn}, ${nodeKinds[kind]}, ${name}, '', '{}', NULL) ON CONFLICT DO NOTHING`);
    }
    return loadTypes(tx);
  });
}

async function loadTypes(queries: Queries): Promise<TypeIds> {
  return present(await findTypes(queries), 'all built-in types');
}

/** Undefined for a store that a server of this version has not opened yet. */
export async function findTypes(queries: Queries): Promise<TypeIds | undefined> {
  const rows = await queries.many<{ id: TypeId; name: string }>(
    sql`SELECT id, name FROM type WHERE project = ${builtIn}`,
  );
  const ids = new Map(rows.map(({ id, name }) => [name, id]));
  const names = Object.keys(builtInTypes);
  if (names.some((name) => !ids.has(name))) return undefined;
  return Object.fromEntries(names.map((name) => [name, ids.get(name)])) as TypeIds;
}

export async function typeName(queries: Queries, id: TypeId): Promise<string> {
  const row = await queries.one<{ name: string }>(sql`SELECT name FROM type WHERE id = ${id}`);
  return present(row, `type ${id}`).name;
}
