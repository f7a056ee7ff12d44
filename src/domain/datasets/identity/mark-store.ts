import type { Queries, Tx } from '../../../db/db.ts';
import type { EdgeId, NodeId } from '../../../kernel/ids.ts';
import { anyOf, anyOfBytes, joinSql, rawSql, rowBatches, sql, valueRows } from '../../../kernel/sql.ts';
import type { MarkGroup, MarkRow } from './marks.ts';
import { chunksOf, numberRows } from './value-table.ts';

/** Columns of MarkRow, of the table under the alias `m`. */
export const markColumns = rawSql(
  'm.node, m.project, m.asset, m.scope, m.kind, m.value, m.uid, m.hub, m.edge',
);

export async function marksOf(queries: Queries, nodes: readonly NodeId[]): Promise<MarkRow[]> {
  if (nodes.length === 0) return [];
  return queries.many(sql`SELECT ${markColumns} FROM identity_mark m WHERE m.node ${anyOf(nodes)}`);
}

/** Marks of the versions of assets. */
export async function versionMarksOf(queries: Queries, assets: readonly NodeId[]): Promise<MarkRow[]> {
  return queries.many(
    sql`SELECT ${markColumns} FROM identity_mark m WHERE m.asset ${anyOf(assets)} AND m.scope <> 0`,
  );
}

/** A mark, the first two of its group, and the classes of their nodes. */
export interface PlacedMark extends MarkRow {
  readonly first: NodeId;
  /** Null for the only one of its group. */
  readonly second: NodeId | null;
  readonly first_class: NodeId;
  readonly node_class: NodeId;
}

export async function placedMarks(queries: Queries, nodes: readonly NodeId[]): Promise<PlacedMark[]> {
  if (nodes.length === 0) return [];
  const nth = (offset: number) => sql`(SELECT h.node FROM identity_mark h WHERE h.scope = m.scope
    AND h.kind = m.kind AND h.value = m.value ORDER BY h.uid, h.project LIMIT 1 OFFSET ${rawSql(String(offset))})`;
  return queries.many(sql`SELECT g.*, f.class AS first_class, n.class AS node_class
    FROM (SELECT ${markColumns}, ${nth(0)} AS first, ${nth(1)} AS second FROM identity_mark m WHERE m.node ${anyOf(nodes)}) g
    JOIN node f ON f.id = g.first JOIN node n ON n.id = g.node`);
}

export type ClassedMark = MarkRow & { readonly node_class: NodeId };

/** All marks of groups, with the classes of their nodes; in each group in the order of uids. */
export async function marksOfGroups(queries: Queries, groups: readonly MarkGroup[]): Promise<ClassedMark[]> {
  const found: ClassedMark[] = [];
  // A condition of many alternatives is deep for SQLite, which takes a thousand.
  for (const chunk of chunksOf(groups, 100)) {
    const alternatives = chunk.map(
      ({ scope, kind, value }) => sql`(m.scope = ${scope} AND m.kind = ${kind} AND m.value = ${value})`,
    );
    const rows = await queries.many<ClassedMark>(sql`SELECT ${markColumns}, n.class AS node_class
      FROM identity_mark m JOIN node n ON n.id = m.node WHERE ${joinSql(alternatives, ' OR ')}
      ORDER BY m.scope, m.kind, m.value, m.uid, m.project`);
    for (const row of rows) found.push(row);
  }
  return found;
}

/** Inserts marks, or puts them in place of those that their nodes have; alone in their groups until told otherwise. */
export async function putMarks(tx: Tx, marks: readonly Omit<MarkRow, 'hub' | 'edge'>[]): Promise<void> {
  for (const batch of rowBatches(tx.dialect, marks)) {
    const rows = batch.map(({ node, project, asset, scope, kind, value, uid }) => [
      ...[node, project, asset, scope, kind, value, uid],
      ...[null, null],
    ]);
    await tx.run(sql`INSERT INTO identity_mark (node, project, asset, scope, kind, value, uid, hub, edge) VALUES ${valueRows(rows)}
      ON CONFLICT (node) DO UPDATE SET asset = excluded.asset, scope = excluded.scope, kind = excluded.kind,
        value = excluded.value, uid = excluded.uid, hub = NULL, edge = NULL`);
  }
}

export async function removeMarks(tx: Tx, nodes: readonly NodeId[]): Promise<void> {
  if (nodes.length === 0) return;
  await tx.run(sql`DELETE FROM identity_mark WHERE node ${anyOf(nodes)}`);
}

export async function linkMarks(
  tx: Tx,
  links: readonly { readonly node: NodeId; readonly hub: NodeId | null; readonly edge: EdgeId | null }[],
): Promise<void> {
  for (const chunk of chunksOf(links)) {
    const rows = numberRows(chunk.map(({ node, hub, edge }) => [node, hub, edge]));
    await tx.run(sql`WITH link (node, hub, edge) AS (${rows}) UPDATE identity_mark SET hub = link.hub, edge = link.edge
      FROM link WHERE identity_mark.node = link.node`);
  }
}

/** The marks of the versions of assets follow these into their classes. */
export async function moveMarks(
  tx: Tx,
  moves: readonly { readonly asset: NodeId; readonly to: NodeId }[],
): Promise<void> {
  for (const chunk of chunksOf(moves)) {
    const rows = numberRows(chunk.map(({ asset, to }) => [asset, to]));
    await tx.run(sql`WITH moved (asset, class) AS (${rows}) UPDATE identity_mark SET scope = moved.class
      FROM moved WHERE identity_mark.asset = moved.asset AND identity_mark.scope <> 0`);
  }
}

/** Gives nodes their classes. */
export async function setClasses(
  tx: Tx,
  classes: readonly { readonly node: NodeId; readonly class: NodeId }[],
): Promise<void> {
  for (const chunk of chunksOf(classes)) {
    const rows = numberRows(chunk.map((row) => [row.node, row.class]));
    await tx.run(sql`WITH given (id, class) AS (${rows}) UPDATE node SET class = given.class
      FROM given WHERE node.id = given.id`);
  }
}

/** Assets that stand first in the groups of these places, whose classes are to be held before anything joins them. */
export async function hubsAt(
  queries: Queries,
  places: readonly Pick<MarkRow, 'kind' | 'value'>[],
): Promise<NodeId[]> {
  if (places.length === 0) return [];
  const rows = await queries.many<{ node: NodeId }>(sql`SELECT m.node FROM identity_mark m
    WHERE m.scope = 0 AND m.kind = ${places[0]!.kind} AND m.hub IS NULL
      AND m.value ${anyOfBytes(places.map(({ value }) => value))}`);
  return rows.map(({ node }) => node);
}
