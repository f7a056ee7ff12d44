/** Finding what may be purged, and taking away what it held, a bounded number of rows at a time. */
import type { Queries, Tx } from '../../db/db.ts';
import type { NodeId, ProjectId, SeriesId, Uid } from '../../kernel/ids.ts';
import { anyOf, emptySql, sql } from '../../kernel/sql.ts';
import { releaseFiles } from '../artifacts/index.ts';
import { edgeKinds, type Graph, lockNodes, nodeKinds, propertyScopes } from '../graph/index.ts';
import type { Candidate, PurgeKind } from './purge.ts';
import { keptOf } from './purge-holds.ts';

/** Nodes that one query of the walk passes. */
const window = 5_000;
/** Rows of each table that one transaction removes, and series with their points: some thousand rows, some hundred chunks. */
const stepRows = 1_000;
const stepSeries = 100;
const stepPoints = 2_000_000;

/** What stands in `purge`. */
export interface Pending {
  readonly node: NodeId;
  readonly project: ProjectId;
  readonly kind: PurgeKind;
  readonly root: string | null;
}

/** Tombstones whose files one version reads: one, unless somebody registered a folder over several runs. */
const mostOwners = 50;
/** ms in which a delivery to a webhook is tried again, at most (domain/triggers/retry-schedule.ts), and some more. */
const deliveryTime = 3 * 24 * 60 * 60 * 1000;

const registryKinds: readonly PurgeKind[] = ['model-version', 'registered-model'];

/** Only these nodes, and all that is in these experiments. */
export interface Chosen {
  readonly nodes: readonly NodeId[];
  readonly members: readonly NodeId[];
}

/** Deleted nodes of these kinds in the next window of ids; `reached` is where to go on, undefined at the end. */
export async function candidatesAfter(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  kinds: readonly PurgeKind[],
  {
    after,
    limit,
    chosen,
  }: { readonly after: number; readonly limit: number; readonly chosen?: Chosen | undefined },
): Promise<{ readonly rows: Candidate[]; readonly reached: number | undefined }> {
  const isDeleted = sql`n.project = ${project} AND n.id > ${after} AND (n.deleted = 1 OR c.deleted = 1)`;
  const page = sql`ORDER BY n.id LIMIT ${limit}`;
  if (chosen !== undefined && chosen.members.length === 0) {
    const rows = await rowsOf(
      queries,
      graph,
      kinds,
      sql`n.id ${anyOf(chosen.nodes)} AND ${isDeleted} ${page}`,
    );
    return { rows, reached: rows.length === limit ? rows.at(-1)!.id : undefined };
  }
  const ofChosen = chosen && sql` AND (n.id ${anyOf(chosen.nodes)} OR n.context ${anyOf(chosen.members)})`;
  const end = await queries.one<{
    id: number | null;
    nodes: number;
  }>(sql`SELECT max(w.id) AS id, count(*) AS nodes
    FROM (SELECT id FROM node WHERE id > ${after} ORDER BY id LIMIT ${window}) w`);
  if (end?.id == null) return { rows: [], reached: undefined };
  const rows = await rowsOf(
    queries,
    graph,
    kinds,
    sql`${isDeleted} AND n.id <= ${end.id}${ofChosen ?? emptySql} ${page}`,
  );
  if (rows.length === limit) return { rows, reached: rows.at(-1)!.id };
  return { rows, reached: end.nodes < window ? undefined : end.id };
}

/** As it is now, held until the transaction ends; undefined when it was purged meanwhile. */
export async function holdCandidate(tx: Tx, graph: Graph, row: Candidate): Promise<Candidate | undefined> {
  // Its context is only kept from being restored: others of the same are purged beside.
  const hasLocks = tx.dialect.forUpdate.pieces.length > 0;
  const lock = hasLocks ? sql`${tx.dialect.forUpdate} OF n FOR SHARE OF c` : emptySql;
  const [found] = await rowsOf(tx, graph, [row.kind], sql`n.id = ${row.id} ${lock}`);
  return found;
}

/** What may be purged of these kinds, as it is now. */
export async function rowsOf(
  queries: Queries,
  graph: Graph,
  kinds: readonly PurgeKind[],
  where: ReturnType<typeof sql>,
): Promise<Candidate[]> {
  const kindOf = new Map<number, PurgeKind>(kinds.map((kind) => [graph.types[kind], kind]));
  const rows = await queries.many<
    Omit<Candidate, 'kind'> & { type: number }
  >(sql`SELECT n.id, n.uid, n.project, n.context,
      n.type, n.updated, n.mark, n.deleted, c.updated AS context_updated, c.mark AS context_mark, c.deleted AS context_deleted
    FROM node n JOIN node c ON c.id = n.context
    WHERE n.kind <> ${nodeKinds.tombstone} AND n.type ${anyOf([...kindOf.keys()])} AND ${where}`);
  return rows.map(({ type, ...row }) => ({ ...row, kind: kindOf.get(type)! }));
}

/** Points and their bytes. */
export async function figuresOfPoints(
  queries: Queries,
  node: NodeId,
): Promise<{ readonly points: number; readonly pointBytes: number }> {
  const row = await queries.one<{
    points: number | null;
    chunks: number | null;
    heads: number | null;
  }>(sql`SELECT
    (SELECT CAST(sum(points) AS BIGINT) FROM series WHERE node = ${node}) AS points,
    (SELECT CAST(sum(octet_length(c.data)) AS BIGINT) FROM series s JOIN point_chunk c ON c.series = s.id
      WHERE s.node = ${node}) AS chunks,
    (SELECT CAST(sum(octet_length(data)) AS BIGINT) FROM point_head WHERE node = ${node}) AS heads`);
  return { points: row?.points ?? 0, pointBytes: (row?.chunks ?? 0) + (row?.heads ?? 0) };
}

/** The node is a tombstone from here on: uid, type, place and edges stay; what it was called and its keys go. */
export async function bury(tx: Tx, row: Candidate, root: string | undefined): Promise<Pending> {
  await tx.run(sql`UPDATE node SET kind = ${nodeKinds.tombstone}, name = NULL, state = NULL, uri = NULL,
    uri_canonical = NULL, deleted = 1 WHERE id = ${row.id}`);
  await tx.run(sql`DELETE FROM node_key WHERE node = ${row.id}`);
  await tx.run(sql`INSERT INTO purge (node, project, kind, root)
    VALUES (${row.id}, ${row.project}, ${row.kind}, ${root ?? null})`);
  return { node: row.id, project: row.project, kind: row.kind, root: root ?? null };
}

/** Purges that are under way, or were cut off. */
export async function pendingPurges(queries: Queries, project: ProjectId, limit: number): Promise<Pending[]> {
  return queries.many(
    sql`SELECT node, project, kind, root FROM purge WHERE project = ${project} ORDER BY node LIMIT ${limit}`,
  );
}

/**
 * Takes away some of what a tombstone held; resolves to whether there is more. Each series goes whole, and heads after all
 * series, so that what is left is what its summaries say, wherever this is cut off.
 */
export async function eraseSome(tx: Tx, graph: Graph, pending: Pending, now: number): Promise<boolean> {
  const { node } = pending;
  // Held against a merge of its points.
  await tx.one(sql`SELECT n.id FROM node n WHERE n.id = ${node} ${lockNodes(tx.dialect)}`);
  if (await eraseSeries(tx, node)) return true;
  const heads = await tx.run(sql`DELETE FROM point_head WHERE node = ${node} AND id IN (
    SELECT id FROM point_head WHERE node = ${node} ORDER BY id LIMIT ${stepRows})`);
  if (heads === stepRows) return true;
  await tx.run(sql`DELETE FROM run_rewind WHERE node = ${node}`);
  if ((await eraseProperties(tx, pending)) === stepRows) return true;
  if ((await eraseFiles(tx, graph, pending, now)) === stepRows) return true;
  if ((await eraseBodies(tx, pending, now)) === stepRows) return true;
  await tx.run(sql`DELETE FROM purge WHERE node = ${node}`);
  return false;
}

/** The next few series, at least one; resolves to whether there are more. */
async function eraseSeries(tx: Tx, node: NodeId): Promise<boolean> {
  const series = await tx.many<{ id: SeriesId; points: number }>(
    sql`SELECT id, points FROM series WHERE node = ${node} ORDER BY id LIMIT ${stepSeries}`,
  );
  let points = 0;
  const ids = series.flatMap(({ id, points: own }, index) => {
    points += own;
    return index === 0 || points <= stepPoints ? id : [];
  });
  if (ids.length === 0) return false;
  await tx.run(sql`DELETE FROM metric_name WHERE node = ${node} AND series ${anyOf(ids)}`);
  await tx.run(sql`DELETE FROM point_outline WHERE series ${anyOf(ids)}`);
  await tx.run(sql`DELETE FROM point_chunk WHERE series ${anyOf(ids)}`);
  await tx.run(sql`DELETE FROM series WHERE id ${anyOf(ids)}`);
  return ids.length < series.length || series.length === stepSeries;
}

/** Of a version the number stays: the history of an alias tells it. Tags of a run's inputs stand on their edges. */
async function eraseProperties(tx: Tx, { node, kind }: Pending): Promise<number> {
  const keep = registryKinds.includes(kind) ? sql` AND p.scope <> ${propertyScopes.system}` : emptySql;
  const ofInputs = sql`p.owner IN (SELECT id FROM edge WHERE target = ${node} AND kind = ${edgeKinds.used})`;
  for (const which of kind === 'run' ? [sql`p.owner = ${node}`, ofInputs] : [sql`p.owner = ${node}${keep}`]) {
    const removed = await tx.run(sql`DELETE FROM property WHERE (owner, scope, key) IN (
      SELECT p.owner, p.scope, p.key FROM property p WHERE ${which} LIMIT ${stepRows})`);
    if (removed === stepRows) return removed;
  }
  return 0;
}

async function eraseFiles(tx: Tx, graph: Graph, pending: Pending, now: number): Promise<number> {
  const { node, project, kind, root } = pending;
  if (root === null) return 0;
  // What a version read of runs and models that are gone goes with the last such version.
  const owners =
    kind === 'model-version'
      ? await buriedOwners(tx, project, root)
      : await tx.many<BuriedOwner>(sql`SELECT id, uid, type FROM node WHERE id = ${node}`);
  if (owners.length === 0) return 0;
  const kept = await keptOf(tx, graph, project, root, owners);
  if (kept === undefined) return 0;
  const owner = sql`SELECT id FROM node WHERE id ${anyOf(owners.map(({ id }) => id))}`;
  return releaseFiles(tx, { project, root, owner, kept }, now, stepRows);
}

interface BuriedOwner {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly type: number;
}

/** The tombstones that own files at or below a path. */
async function buriedOwners(tx: Tx, project: ProjectId, root: string): Promise<BuriedOwner[]> {
  return tx.many(sql`SELECT DISTINCT n.id, n.uid, n.type FROM artifact_file f JOIN node n ON n.id = f.owner
    WHERE f.project = ${project} AND (f.path = ${root} OR (f.path >= ${`${root}/`} AND f.path < ${`${root}0`}))
      AND n.kind = ${nodeKinds.tombstone} LIMIT ${mostOwners}`);
}

/**
 * What was sent goes; that something was recorded, when, by whom and its digest stay. Young events of the registry keep their
 * bodies: deliveries to webhooks may still be made of them.
 */
async function eraseBodies(tx: Tx, { node, kind }: Pending, now: number): Promise<number> {
  const before = registryKinds.includes(kind) ? now - deliveryTime : now;
  return tx.run(sql`DELETE FROM event_body WHERE event IN (SELECT e.id FROM event e JOIN event_body b ON b.event = e.id
    WHERE e.node = ${node} AND e.action <> ${purgeAction(kind)} AND e.recorded <= ${before} ORDER BY e.id LIMIT ${stepRows})`);
}

/** The action of the event that records a purge. */
export const purgeAction = (kind: PurgeKind): string => `${kind === 'logged-model' ? 'model' : kind}.purge`;
