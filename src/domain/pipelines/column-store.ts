/**
 * From which fields the fields of a version were made, and into which they went. What was said outright is kept by target;
 * which version of a source was read is what the run's reading is bound to.
 */
import type { Queries } from '../../db/db.ts';
import type { NodeId, Uid } from '../../kernel/ids.ts';
import type { Scope } from '../../kernel/request-context.ts';
import { anyOf, emptySql, type Sql, sql } from '../../kernel/sql.ts';
import { seenIn } from '../access/index.ts';
import { edgeKinds } from '../graph/index.ts';
import { origins } from './codes.ts';

/** One field (or the whole) of a source in one field (or the whole) of a target. */
export interface ColumnLink {
  /** A version, or the dataset itself where no run made it. */
  readonly target: NodeId;
  readonly targetUid: Uid;
  readonly targetField: string | undefined;
  readonly source: NodeId;
  /** The version that was read, where it is known and may be seen, and the name of its project. */
  readonly sourceVersion: Uid | undefined;
  readonly sourceProject: string | undefined;
  readonly sourceField: string | undefined;
  /** JSON. */
  readonly how: string | undefined;
  /** By which its page goes on. */
  readonly place: LinkPlace;
}

export type LinkPlace = readonly [target: number, run: number, origin: number, place: number];

export interface LinkPage {
  readonly field?: string | undefined;
  readonly after?: LinkPlace | undefined;
  readonly limit: number;
}

interface Row {
  readonly target: NodeId;
  readonly target_uid: Uid;
  readonly run: number;
  readonly origin: number;
  readonly place: number;
  readonly field: string | null;
  readonly source: NodeId;
  readonly version: Uid | null;
  readonly project: string | null;
  readonly source_field: string | null;
  readonly how: string | null;
}

const isColumn = sql`(l.field IS NOT NULL OR l.source_field IS NOT NULL)`;

/** Column lineage says nothing where a lineage facet of the same run links fields. */
const speaks = sql`(l.origin <> ${origins.columnLineage} OR NOT EXISTS (SELECT 1 FROM derivation_link o
  WHERE o.target = l.target AND o.run = l.run AND o.origin <> ${origins.columnLineage}
    AND (o.field IS NOT NULL OR o.source_field IS NOT NULL)))`;

const boundVersion = (
  what: Sql,
  scope: Scope,
) => sql`(SELECT min(${what}) FROM edge b JOIN node v ON v.id = b.source
  JOIN node p ON p.id = v.project WHERE ${seenIn(scope, sql`v.project`)} AND b.target = l.run AND b.kind = ${edgeKinds.binds} AND b.known_to IS NULL
    AND b.source_slot = (SELECT s.uid FROM node s WHERE s.id = l.source))`;

/** Into targets that may be seen: what goes into others is told by walks, which count them. */
function linksOf(from: Sql, scope: Scope, where: Sql, { after, limit }: LinkPage): Sql {
  const beyond =
    after === undefined
      ? emptySql
      : sql` AND (l.target, l.run, l.origin, l.place) > (${after[0]}, ${after[1]}, ${after[2]}, ${after[3]})`;
  return sql`SELECT l.target, t.uid AS target_uid, l.run, l.origin, l.place, l.field, l.source, ${boundVersion(sql`v.uid`, scope)} AS version,
      ${boundVersion(sql`p.name`, scope)} AS project,
      l.source_field, l.how
    FROM ${from} JOIN node t ON t.id = l.target WHERE ${seenIn(scope, sql`t.project`)} AND ${where} AND ${isColumn} AND ${speaks}${beyond}
    ORDER BY l.target, l.run, l.origin, l.place LIMIT ${limit}`;
}

/** Into the version. What goes into the whole of it goes into each field. */
export async function columnsInto(
  queries: Queries,
  scope: Scope,
  version: NodeId,
  page: LinkPage,
): Promise<ColumnLink[]> {
  const ofField =
    page.field === undefined ? emptySql : sql` AND (l.field = ${page.field} OR l.field IS NULL)`;
  return found(queries, linksOf(sql`derivation_link l`, scope, sql`l.target = ${version}${ofField}`, page));
}

/** Out of the version, or one that is the same: into targets whose edge `derived` comes from there. */
export async function columnsOutOf(
  queries: Queries,
  scope: Scope,
  version: NodeId,
  page: LinkPage,
): Promise<ColumnLink[]> {
  const versions = await membersOfClass(queries, [version]);
  const assets = await membersOfClass(queries, [
    ...(await assetsOfVersions(queries, versions)).values(),
    version,
  ]);
  const ofField =
    page.field === undefined
      ? emptySql
      : sql` AND (l.source_field = ${page.field} OR l.source_field IS NULL)`;
  const derived = sql`l.target IN (SELECT d.target FROM edge d
    WHERE d.source ${anyOf(versions)} AND d.kind = ${edgeKinds.derived} AND d.known_to IS NULL)`;
  return found(
    queries,
    linksOf(sql`derivation_link l`, scope, sql`${derived} AND l.source ${anyOf(assets)}${ofField}`, page),
  );
}

async function found(queries: Queries, query: Sql): Promise<ColumnLink[]> {
  const rows = await queries.many<Row>(query);
  return rows.map((row) => ({
    target: row.target,
    targetUid: row.target_uid,
    targetField: row.field ?? undefined,
    source: row.source,
    sourceVersion: row.version ?? undefined,
    sourceProject: row.project ?? undefined,
    sourceField: row.source_field ?? undefined,
    how: row.how ?? undefined,
    place: [row.target, row.run, row.origin, row.place],
  }));
}

/** The nodes and all that are the same. */
async function membersOfClass(queries: Queries, nodes: readonly NodeId[]): Promise<NodeId[]> {
  const rows = await queries.many<{ id: NodeId }>(sql`SELECT m.id FROM node n JOIN node m ON m.class = n.class
      AND m.class <> m.id WHERE n.id ${anyOf(nodes)} UNION SELECT n.class FROM node n WHERE n.id ${anyOf(nodes)}`);
  return rows.map(({ id }) => id);
}

/** Assets by the versions that are of them. */
export async function assetsOfVersions(
  queries: Queries,
  versions: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, NodeId>> {
  if (versions.length === 0) return new Map();
  const rows = await queries.many<{ version: NodeId; asset: NodeId }>(
    sql`SELECT source AS version, target AS asset FROM edge
      WHERE source ${anyOf(versions)} AND kind = ${edgeKinds['version-of']} AND known_to IS NULL`,
  );
  return new Map(rows.map(({ version, asset }) => [version, asset]));
}
