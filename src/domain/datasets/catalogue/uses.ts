/** Who read and who wrote a dataset, over time, and which version each read saw. */
import type { Queries } from '../../../db/db.ts';
import { wordOf } from '../../../kernel/codes.ts';
import type { EdgeId, NodeId, Uid } from '../../../kernel/ids.ts';
import type { Scope } from '../../../kernel/request-context.ts';
import { anyOf, emptySql, rawSql, sql } from '../../../kernel/sql.ts';
import { seenIn } from '../../access/index.ts';
import { edgeKinds, type KnownHow, knownHows } from '../../graph/index.ts';
import { useDirections } from '../identity/claims.ts';
import { recordsUnder } from './class-store.ts';

export interface UseRow {
  readonly id: EdgeId;
  readonly direction: 'read' | 'write';
  readonly run: NodeId;
  /** The version written; of a read what stands for it: a version of its face's own, or the dataset. */
  readonly record: NodeId;
  readonly isAsset: boolean;
  readonly record_uid: Uid;
  /** What for: `training`, `test`. */
  readonly context: string | undefined;
  /** ms */
  readonly at: number;
  /** The version that a read is bound to, and the name of its project. */
  readonly bound: Uid | undefined;
  readonly bound_project: string | undefined;
  /** It is bound to one that the reader may not see. */
  readonly masked: boolean;
  /** The version written, or that a read saw: the one it is bound to, else the one of its face's own. */
  readonly version: NodeId | undefined;
  readonly rule: string | undefined;
  readonly known: KnownHow | undefined;
}

interface Row {
  readonly id: EdgeId;
  readonly direction: number;
  readonly run: NodeId;
  readonly record: NodeId;
  readonly asset: NodeId;
  readonly subtype: string | null;
  readonly at: number;
  readonly bound: NodeId | null;
  readonly bound_by: EdgeId | null;
}

/** The latest first. Costs what the dataset has in uses, not what the page shows. */
export async function listUses(
  queries: Queries,
  scope: Scope,
  assets: readonly NodeId[],
  page: {
    readonly direction: 'read' | 'write' | undefined;
    /** Only of these versions, as they were written, read, or seen by a read. */
    readonly versions: readonly NodeId[] | undefined;
    readonly after: readonly [at: number, id: number] | undefined;
    readonly limit: number;
  },
): Promise<UseRow[]> {
  const { direction, versions, after, limit } = page;
  const { read, write } = useDirections;
  const reads = sql`SELECT e.id, ${rawSql(String(read))} AS direction, e.target AS run, r.id AS record, r.asset, e.subtype,
      COALESCE(u.at, x.started, e.valid_from) AS at, u.bound, u.edge AS bound_by
    FROM record r JOIN edge e ON e.source = r.id AND e.kind = ${edgeKinds.used} AND e.known_to IS NULL
    JOIN node x ON x.id = e.target
    LEFT JOIN dataset_use u ON u.run = e.target AND u.asset = r.asset AND u.direction = ${read} AND u.record = r.id`;
  const writes = sql`SELECT e.id, ${rawSql(String(write))} AS direction, e.source AS run, r.id AS record, r.asset, e.subtype,
      COALESCE(u.at, e.valid_from, x.ended, x.started) AS at, CAST(NULL AS BIGINT) AS bound, CAST(NULL AS BIGINT) AS bound_by
    FROM record r JOIN edge e ON e.target = r.id AND e.kind = ${edgeKinds.generated} AND e.known_to IS NULL
    JOIN node x ON x.id = e.source
    LEFT JOIN dataset_use u ON u.run = e.source AND u.asset = r.asset AND u.direction = ${write} AND u.record = r.id`;
  const both =
    direction === undefined ? sql`${reads} UNION ALL ${writes}` : direction === 'read' ? reads : writes;
  const seen =
    versions === undefined ? emptySql : sql`AND (x.record ${anyOf(versions)} OR x.bound ${anyOf(versions)})`;
  const beyond =
    after === undefined
      ? emptySql
      : sql`AND (x.at < ${after[0]} OR (x.at = ${after[0]} AND x.id < ${after[1]}))`;
  const rows = await queries.many<Row>(sql`WITH record (id, asset) AS (${recordsUnder(assets)})
    SELECT * FROM (${both}) x WHERE x.at IS NOT NULL ${seen} ${beyond} ORDER BY x.at DESC, x.id DESC LIMIT ${limit}`);
  return hydrated(queries, scope, rows);
}

async function hydrated(queries: Queries, scope: Scope, rows: readonly Row[]): Promise<UseRow[]> {
  if (rows.length === 0) return [];
  const nodes = [
    ...new Set(rows.flatMap(({ record, bound }) => (bound === null ? [record] : [record, bound]))),
  ];
  const found = await queries.many<{ id: NodeId; uid: Uid; project: string }>(
    sql`SELECT n.id, n.uid, p.name AS project FROM node n JOIN node p ON p.id = n.project
      WHERE n.id ${anyOf(nodes)} AND ${seenIn(scope, sql`n.project`)}`,
  );
  const seen = new Map(found.map((row) => [row.id, row]));
  const bindings = rows.flatMap(({ bound_by }) => bound_by ?? []);
  const said = await queries.many<{ id: EdgeId; rule: string | null; known: number }>(
    sql`SELECT id, rule, known FROM edge WHERE id ${anyOf(bindings)}`,
  );
  const edgeOf = new Map(said.map((row) => [row.id, row]));
  return rows.map(({ bound, bound_by, subtype, asset, direction, ...row }) => {
    const edge = bound_by === null ? undefined : edgeOf.get(bound_by);
    return {
      ...{ id: row.id, run: row.run, record: row.record, at: row.at },
      direction: direction === useDirections.read ? 'read' : 'write',
      isAsset: row.record === asset,
      record_uid: seen.get(row.record)!.uid,
      context: subtype ?? undefined,
      bound: bound === null ? undefined : seen.get(bound)?.uid,
      bound_project: bound === null ? undefined : seen.get(bound)?.project,
      masked: bound !== null && !seen.has(bound),
      version: bound !== null ? seen.get(bound)?.id : row.record === asset ? undefined : row.record,
      rule: edge?.rule ?? undefined,
      known: edge === undefined ? undefined : wordOf(knownHows, edge.known),
    };
  });
}

/** How many runs read the versions of each class, or were bound to them. */
export async function countReaders(
  queries: Queries,
  scope: Scope,
  records: readonly NodeId[],
): Promise<Map<NodeId, number>> {
  const rows = await queries.many<{
    class: NodeId;
    runs: number;
  }>(sql`SELECT n.class, count(DISTINCT e.target) AS runs
    FROM edge e JOIN node n ON n.id = e.source WHERE e.source ${anyOf(records)}
      AND e.kind IN (${edgeKinds.used}, ${edgeKinds.binds}) AND e.known_to IS NULL AND ${seenIn(scope, sql`e.project`)} GROUP BY n.class`);
  return new Map(rows.map((row) => [row.class, row.runs]));
}

export interface Making {
  readonly run: NodeId;
  readonly version: NodeId;
  readonly asset: NodeId;
  /** ms */
  readonly at: number;
}

/** Which runs wrote each version, the first of them first. */
export async function makersOf(queries: Queries, records: readonly NodeId[]): Promise<Making[]> {
  return queries.many(sql`SELECT g.source AS run, g.target AS version, e.target AS asset, COALESCE(u.at, g.valid_from) AS at
    FROM edge g JOIN edge e ON e.source = g.target AND e.kind = ${edgeKinds['version-of']} AND e.known_to IS NULL
    LEFT JOIN dataset_use u ON u.run = g.source AND u.asset = e.target AND u.direction = ${useDirections.write}
      AND u.record = g.target
    WHERE g.target ${anyOf(records)} AND g.kind = ${edgeKinds.generated} AND g.known_to IS NULL ORDER BY 4, g.id`);
}

/** The latest readings that saw one of these versions: what they counted and measured is told of the version. */
export async function readingsOf(
  queries: Queries,
  scope: Scope,
  records: readonly NodeId[],
  limit: number,
): Promise<{ readonly run: NodeId; readonly asset: NodeId }[]> {
  return queries.many(sql`SELECT u.run, u.asset FROM edge b JOIN dataset_use u ON u.run = b.target AND u.edge = b.id
    WHERE b.source ${anyOf(records)} AND b.kind = ${edgeKinds.binds} AND b.known_to IS NULL
      AND ${seenIn(scope, sql`u.project`)} ORDER BY u.at DESC, u.id DESC LIMIT ${limit}`);
}

export interface Seeing {
  readonly record: NodeId;
  /** What the latest reading of the record is bound to. */
  readonly bound: NodeId;
  readonly bound_class: NodeId;
  readonly uid: Uid;
  /** Name of its project. */
  readonly project: string;
  readonly known: KnownHow;
}

/** Which versions, of those that may be seen, the readings of such records are bound to, that only say what a client saw: each by its latest reading. */
export async function seenThrough(
  queries: Queries,
  scope: Scope,
  records: readonly NodeId[],
): Promise<Seeing[]> {
  const rows = await queries.many<
    Omit<Seeing, 'known'> & { readonly known: number }
  >(sql`WITH latest (id) AS (SELECT max(e.id) FROM edge e
      WHERE e.source ${anyOf(records)} AND e.kind = ${edgeKinds.used} AND e.known_to IS NULL GROUP BY e.source)
    SELECT e.source AS record, n.id AS bound, n.class AS bound_class, n.uid, p.name AS project, b.known
    FROM latest l JOIN edge e ON e.id = l.id
    JOIN edge v ON v.source = e.source AND v.kind = ${edgeKinds['version-of']} AND v.known_to IS NULL
    JOIN dataset_use u ON u.run = e.target AND u.asset = v.target AND u.direction = ${useDirections.read} AND u.record = e.source
    JOIN edge b ON b.id = u.edge JOIN node n ON n.id = u.bound AND ${seenIn(scope, sql`n.project`)}
    JOIN node p ON p.id = n.project`);
  return rows.map(({ known, ...row }) => ({ ...row, known: wordOf(knownHows, known) }));
}
