import type { Queries, Tx } from '../../db/db.ts';
import type { EdgeId, KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Face } from '../../kernel/request-context.ts';
import { anyOf, type Sql, sql, valueRows } from '../../kernel/sql.ts';
import { faceCodes } from '../events/index.ts';
import { type PropertyValue, type StoredValue, toColumns } from './values.ts';
import { type PropertyScope, propertyScopes } from './vocabulary.ts';

/** Whose property it is; project and primary context are repeated in every row, for the value index. */
export interface PropertyOwner {
  readonly id: NodeId | EdgeId;
  readonly project: ProjectId;
  readonly context: NodeId | 0;
}

export interface PropertyRow extends StoredValue {
  /** A node, unless edges were asked. */
  readonly owner: NodeId;
  readonly scope: number;
  readonly key: KeyId;
  readonly face: number;
}

/** Rows of one statement: eleven values each stay far below every store's limit of bound values. */
const rowsPerStatement = 1_000;

export interface NewProperties {
  readonly owner: PropertyOwner;
  readonly scope: PropertyScope;
  readonly values: ReadonlyMap<KeyId, PropertyValue>;
}

/** Inserts or replaces values, the last of equal keys winning. */
export async function putProperties(
  tx: Tx,
  owner: PropertyOwner,
  scope: PropertyScope,
  face: Face,
  values: ReadonlyMap<KeyId, PropertyValue>,
): Promise<void> {
  await putPropertiesOfMany(tx, face, [{ owner, scope, values }]);
}

/** The same for many owners together; each owner and scope once. */
export async function putPropertiesOfMany(
  tx: Tx,
  face: Face,
  properties: readonly NewProperties[],
): Promise<void> {
  const rows = properties.flatMap(({ owner, scope, values }) =>
    [...values].map(([key, value]) => {
      const { kind, int, real, text, bytes } = toColumns(value);
      return [
        owner.project,
        owner.context,
        owner.id,
        propertyScopes[scope],
        key,
        faceCodes[face],
        kind,
        int,
        real,
        text,
        bytes,
      ];
    }),
  );
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await tx.run(sql`INSERT INTO property (project, context, owner, scope, key, face, kind, int, real, text, bytes)
      VALUES ${valueRows(rows.slice(start, start + rowsPerStatement))}
      ON CONFLICT (owner, scope, key) DO UPDATE SET face = excluded.face, kind = excluded.kind, int = excluded.int,
        real = excluded.real, text = excluded.text, bytes = excluded.bytes`);
  }
}

export async function deleteProperty(
  tx: Tx,
  owner: NodeId,
  scope: PropertyScope,
  key: KeyId,
): Promise<boolean> {
  const removed = await tx.run(sql`DELETE FROM property
    WHERE owner = ${owner} AND scope = ${propertyScopes[scope]} AND key = ${key}`);
  return removed === 1;
}

/** Columns of PropertyRow, of the table under the alias `p`. */
const propertyColumns = sql`p.owner, p.scope, p.key, p.face, p.kind, p.int, p.real, p.text, p.bytes`;

/** All values of the owners, or those under the keys given. */
export async function propertiesOf(
  queries: Queries,
  owners: readonly (NodeId | EdgeId)[],
  only?: { scope: PropertyScope; keys?: readonly KeyId[] },
): Promise<PropertyRow[]> {
  if (owners.length === 0) return [];
  let where: Sql = sql`p.owner ${owners.length === 1 ? sql`= ${owners[0]!}` : anyOf(owners)}`;
  if (only !== undefined) where = sql`${where} AND p.scope = ${propertyScopes[only.scope]}`;
  if (only?.keys !== undefined) where = sql`${where} AND p.key ${anyOf(only.keys)}`;
  return queries.many(
    sql`SELECT ${propertyColumns} FROM property p WHERE ${where} ORDER BY p.owner, p.scope, p.key`,
  );
}
