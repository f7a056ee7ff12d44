/** Datasets across the faces: a class of assets is one dataset, a class of versions one version. */
import type { Queries } from '../../../db/db.ts';
import { wordOf } from '../../../kernel/codes.ts';
import type { NodeId, ProjectId, Uid } from '../../../kernel/ids.ts';
import type { Face, Scope } from '../../../kernel/request-context.ts';
import { anyOf, emptySql, headOf, rawSql, type Sql, sql, textHead } from '../../../kernel/sql.ts';
import { seenIn } from '../../access/index.ts';
import {
  edgeKinds,
  firstOfClass,
  type Graph,
  type KnownHow,
  keySpaces,
  knownHows,
  nodeKinds,
  projectsSeen,
} from '../../graph/index.ts';
import { useDirections } from '../identity/claims.ts';

/** One face's record of a dataset or of a version. */
export interface RecordRow {
  readonly id: NodeId;
  readonly class: NodeId;
  readonly project: ProjectId;
  /** Its name. */
  readonly of_project: string;
  readonly uid: Uid;
  readonly name: string;
  /** As written. */
  readonly uri: string | null;
  readonly uri_canonical: string | null;
  readonly created: number;
}

/** Who looks at classes, which cross projects. */
export interface Sight {
  readonly scope: Scope;
  /** The one asked in: what it says of a class itself comes before what others say. */
  readonly project?: ProjectId;
}

const recordColumns = rawSql(
  'n.id, n.class, n.project, p.name AS of_project, n.uid, n.name, n.uri, n.uri_canonical, n.created',
);

/** The records of classes that may be seen: those of the project asked in first, of each the oldest first. */
export async function recordsOfClasses(
  queries: Queries,
  classes: readonly NodeId[],
  { scope, project }: Sight,
): Promise<RecordRow[]> {
  if (classes.length === 0) return [];
  const seen = seenIn(scope, sql`n.project`);
  const rows =
    await queries.many<RecordRow>(sql`SELECT ${recordColumns} FROM node n JOIN node p ON p.id = n.project
      WHERE n.id ${anyOf(classes)} AND ${seen}
    UNION ALL SELECT ${recordColumns} FROM node n JOIN node p ON p.id = n.project
      WHERE n.class ${anyOf(classes)} AND n.class <> n.id AND ${seen}`);
  const isOther = (row: RecordRow) => (row.project === project ? 0 : 1);
  return rows.sort((a, b) => isOther(a) - isOther(b) || a.id - b.id);
}

/** How many records of classes may not be seen. */
export async function countMasked(
  queries: Queries,
  classes: readonly NodeId[],
  scope: Scope,
): Promise<ReadonlyMap<NodeId, number>> {
  if (scope.projects === 'all' || classes.length === 0) return new Map();
  const hidden = sql`NOT (${seenIn(scope, sql`n.project`)})`;
  const rows = await queries.many<{
    class: NodeId;
    count: number;
  }>(sql`SELECT x.class, count(*) AS count FROM (
      SELECT n.class FROM node n WHERE n.id ${anyOf(classes)} AND ${hidden}
      UNION ALL SELECT n.class FROM node n WHERE n.class ${anyOf(classes)} AND n.class <> n.id AND ${hidden}) x GROUP BY x.class`);
  return new Map(rows.map((row) => [row.class, row.count]));
}

/**
 * The class of the dataset, or version, with this uid, whichever of its records bears it: one of the project, or else the only one of
 * others that may be seen.
 */
export async function classByUid(
  queries: Queries,
  graph: Graph,
  { scope, project }: Required<Sight>,
  type: 'dataset' | 'dataset-version',
  uid: string,
): Promise<NodeId | undefined> {
  if (uid.includes('\0')) return undefined;
  const among = (projects: Sql) =>
    queries.many<{ class: NodeId }>(sql`SELECT n.class FROM node n
      WHERE n.project ${projects} AND n.uid = ${uid} AND n.type = ${graph.types[type]}`);
  const own = await among(sql`= ${project as number}`);
  const found = own.length > 0 ? own : await among(sql`IN ${projectsSeen(scope)}`);
  return new Set(found.map((row) => row.class)).size === 1 ? found[0]!.class : undefined;
}

export type DatasetOrder = '-recorded' | '-latest' | 'name';

export interface ListedClass {
  readonly class: NodeId;
  /** First record of it in the project: by which it is listed. */
  readonly id: NodeId;
  readonly name: string;
  /** ms; when it was last written, or else when the latest version of its first record was recorded. */
  readonly latest: number | null;
}

const lastWrite = (scope: Scope) => sql`(SELECT u.at FROM dataset_use u WHERE u.class = c.class
  AND u.direction = ${useDirections.write} AND u.binds = 1 AND ${seenIn(scope, sql`u.project`)} ORDER BY u.at DESC LIMIT 1)`;
const lastVersion = sql`(SELECT v.created FROM edge e JOIN node v ON v.id = e.source WHERE e.target = c.id
  AND e.kind = ${edgeKinds['version-of']} AND e.known_to IS NULL ORDER BY e.source DESC LIMIT 1)`;
const latest = (scope: Scope) => sql`COALESCE(${lastWrite(scope)}, ${lastVersion})`;

/** When the class of a record was last written, as `listClasses` tells it. */
export async function latestOfClass(
  queries: Queries,
  record: NodeId,
  scope: Scope,
): Promise<number | undefined> {
  const row = await queries.one<{ latest: number | null }>(
    sql`SELECT ${latest(scope)} AS latest FROM node c WHERE c.id = ${record}`,
  );
  return row?.latest ?? undefined;
}

interface ClassPage {
  readonly scope: Scope;
  readonly order: DatasetOrder;
  readonly after: readonly (string | number | null)[] | undefined;
  readonly limit: number;
}

/** In an order that an index has: costs what the page shows. */
function indexedClasses(
  graph: Graph,
  project: ProjectId,
  { scope, order, after, limit }: ClassPage & { readonly order: '-recorded' | 'name' },
): Sql {
  const [value = null, id = null] = after ?? [];
  const head = textHead('c.name');
  const beyond =
    order === '-recorded'
      ? sql` AND c.id < ${id}`
      : sql` AND (c.name > ${value} OR (c.name = ${value} AND c.id > ${id}))`;
  // Names go by their heads first, as they go by themselves. On the first page, too: it tells SQLite which index has the order.
  const from =
    order === 'name' ? sql` AND ${head} >= ${after === undefined ? '' : headOf(String(value))}` : emptySql;
  return sql`SELECT c.id, c.class, c.name, ${latest(scope)} AS latest FROM node c
    WHERE c.project = ${project} AND c.type = ${graph.types.dataset} AND ${firstOfClass('c')}${from}${after === undefined ? emptySql : beyond}
    ORDER BY ${order === '-recorded' ? sql`c.id DESC` : sql`${head}, c.name, c.id`} LIMIT ${limit}`;
}

/** First record of the class of `n` in its project. */
const firstInProject = sql`COALESCE((SELECT r.id FROM node r WHERE r.id = n.class AND r.project = n.project),
  (SELECT min(o.id) FROM node o WHERE o.class = n.class AND o.class <> o.id AND o.project = n.project))`;

/** Classes with a record in the project; `matches` is a condition on the alias `n`, which one record there must meet. */
export async function listClasses(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  page: ClassPage & { readonly matches: Sql | undefined },
): Promise<ListedClass[]> {
  const { matches, order, after, limit, scope } = page;
  if (matches === undefined && order !== '-latest')
    return queries.many(indexedClasses(graph, project, { scope, order, after, limit }));
  const datasets = sql`n.project = ${project} AND n.type = ${graph.types.dataset}`;
  const found =
    matches === undefined
      ? sql`SELECT n.id FROM node n WHERE ${datasets} AND ${firstOfClass('n')}`
      : sql`SELECT ${firstInProject} FROM node n WHERE ${datasets} AND n.kind = ${nodeKinds.asset} AND ${matches}`;
  const rows = sql`SELECT c.id, c.class, c.name, ${latest(scope)} AS latest FROM node c WHERE c.id IN (${found})`;
  const [value = null, id = null] = after ?? [];
  const orders: Readonly<Record<DatasetOrder, { readonly beyond: Sql; readonly by: Sql }>> = {
    '-recorded': { beyond: sql`x.id < ${id}`, by: sql`x.id DESC` },
    '-latest': {
      beyond: sql`COALESCE(x.latest, 0) < ${value} OR (COALESCE(x.latest, 0) = ${value} AND x.id < ${id})`,
      by: sql`COALESCE(x.latest, 0) DESC, x.id DESC`,
    },
    name: {
      beyond: sql`x.name > ${value} OR (x.name = ${value} AND x.id > ${id})`,
      by: sql`x.name, x.id`,
    },
  };
  const { beyond, by } = orders[order];
  const where = after === undefined ? emptySql : sql`WHERE ${beyond}`;
  return queries.many(
    sql`SELECT x.id, x.class, x.name, x.latest FROM (${rows}) x ${where} ORDER BY ${by} LIMIT ${limit}`,
  );
}

/** How many versions each class has; equal ones count once. */
export async function countVersions(
  queries: Queries,
  assets: readonly RecordRow[],
): Promise<Map<NodeId, number>> {
  const rows = await queries.many<{
    class: NodeId;
    versions: number;
  }>(sql`SELECT a.class, count(DISTINCT v.class) AS versions
    FROM edge e JOIN node a ON a.id = e.target JOIN node v ON v.id = e.source
    WHERE e.target ${anyOf(assets.map(({ id }) => id))} AND e.kind = ${edgeKinds['version-of']} AND e.known_to IS NULL
    GROUP BY a.class`);
  return new Map(rows.map((row) => [row.class, row.versions]));
}

export interface UseCount {
  readonly class: NodeId;
  readonly readers: number;
  readonly writers: number;
}

/** How many runs read and wrote each class: every one counts once each way. */
export async function countUses(
  queries: Queries,
  assets: readonly RecordRow[],
): Promise<Map<NodeId, UseCount>> {
  const records = recordsUnder(assets.map(({ id }) => id));
  const rows = await queries.many<UseCount>(sql`WITH record (id, asset) AS (${records})
    SELECT a.class, count(DISTINCT u.reader) AS readers, count(DISTINCT u.writer) AS writers FROM (
      SELECT r.asset, e.target AS reader, CAST(NULL AS BIGINT) AS writer FROM record r JOIN edge e ON e.source = r.id
        AND e.kind = ${edgeKinds.used} AND e.known_to IS NULL
      UNION ALL SELECT r.asset, CAST(NULL AS BIGINT) AS reader, e.source AS writer FROM record r JOIN edge e ON e.target = r.id
        AND e.kind = ${edgeKinds.generated} AND e.known_to IS NULL) u
    JOIN node a ON a.id = u.asset GROUP BY a.class`);
  return new Map(rows.map((row) => [row.class, row]));
}

/** Assets themselves and their versions, each with its asset: whatever a run may be said to have used. */
export function recordsUnder(assets: readonly NodeId[]): Sql {
  return sql`SELECT a.id, a.id FROM node a WHERE a.id ${anyOf(assets)}
    UNION ALL SELECT e.source, e.target FROM edge e WHERE e.target ${anyOf(assets)}
      AND e.kind = ${edgeKinds['version-of']} AND e.known_to IS NULL`;
}

/** Which face's record a node is: its natural key begins with it. */
export async function facesOf(queries: Queries, nodes: readonly NodeId[]): Promise<Map<NodeId, Face>> {
  const rows = await queries.many<{ node: NodeId; value: string }>(sql`SELECT node, value FROM node_key
    WHERE node ${anyOf(nodes)} AND space IN (${keySpaces['dataset-asset']}, ${keySpaces['dataset-record']})`);
  return new Map(
    rows.flatMap(({ node, value }) => {
      const [, face] = /^\["([a-z]+)"/.exec(value) ?? [];
      return face === undefined ? [] : [[node, face as Face] as const];
    }),
  );
}

/** Why one record is the same as another one. */
export interface SameRow {
  readonly source: NodeId;
  readonly target: NodeId;
  readonly rule: string | null;
  readonly known: KnownHow;
}

export async function samesAmong(queries: Queries, nodes: readonly NodeId[]): Promise<SameRow[]> {
  const rows = await queries.many<
    Omit<SameRow, 'known'> & { readonly known: number }
  >(sql`SELECT source, target, rule, known
    FROM edge WHERE source ${anyOf(nodes)} AND kind = ${edgeKinds.same} AND known_to IS NULL ORDER BY id`);
  return rows.map((row) => ({ ...row, known: wordOf(knownHows, row.known) }));
}

export interface VersionTime {
  /** Class. */
  readonly id: NodeId;
  /** ms; when it was first written, or else recorded. */
  readonly at: number;
}

/** Classes of the versions of assets, the latest first, each with a record of it. Costs what the dataset has in versions, not what the page shows. */
export async function listVersionClasses(
  queries: Queries,
  assets: readonly NodeId[],
  after: readonly [at: number, id: number] | undefined,
  limit: number,
  project?: ProjectId,
): Promise<(VersionTime & { readonly record: NodeId })[]> {
  const beyond =
    after === undefined
      ? emptySql
      : sql`WHERE x.at < ${after[0]} OR (x.at = ${after[0]} AND x.id < ${after[1]})`;
  return queries.many(sql`SELECT x.id, x.at, x.record FROM (${versionTimes(sql`e.target ${anyOf(assets)}`, project)}) x ${beyond}
    ORDER BY x.at DESC, x.id DESC LIMIT ${limit}`);
}

/** Their times. */
export async function timesOfVersions(
  queries: Queries,
  records: readonly NodeId[],
): Promise<Map<NodeId, number>> {
  const rows = await queries.many<VersionTime>(versionTimes(sql`e.source ${anyOf(records)}`));
  return new Map(rows.map(({ id, at }) => [id, at]));
}

/** `record`: one of the project, or else any. */
function versionTimes(where: Sql, project?: ProjectId): Sql {
  const own = project === undefined ? sql`v.id` : sql`CASE WHEN v.project = ${project} THEN v.id END`;
  return sql`SELECT v.class AS id, min(COALESCE(u.at, v.created)) AS at, COALESCE(min(${own}), min(v.id)) AS record FROM edge e JOIN node v ON v.id = e.source
    LEFT JOIN edge g ON g.target = v.id AND g.kind = ${edgeKinds.generated} AND g.known_to IS NULL
    LEFT JOIN dataset_use u ON u.run = g.source AND u.asset = e.target AND u.direction = ${useDirections.write}
      AND u.record = v.id
    WHERE ${where} AND e.kind = ${edgeKinds['version-of']} AND e.known_to IS NULL GROUP BY v.class`;
}

/** The asset of each version. */
export async function assetsOfVersions(
  queries: Queries,
  versions: readonly NodeId[],
): Promise<Map<NodeId, NodeId>> {
  const rows = await queries.many<{ source: NodeId; target: NodeId }>(sql`SELECT source, target FROM edge
    WHERE source ${anyOf(versions)} AND kind = ${edgeKinds['version-of']} AND known_to IS NULL`);
  return new Map(rows.map(({ source, target }) => [source, target]));
}
