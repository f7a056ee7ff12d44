/** Taints on the store: which are live, what each begins at, what it is known to touch, and how far the log was looked through for more. */
import type { Queries, Tx } from '../../../db/db.ts';
import type { EdgeId, EventId, NodeId, ProjectId } from '../../../kernel/ids.ts';
import type { Scope } from '../../../kernel/request-context.ts';
import { anyOf, emptySql, rawSql, sql, valueRows } from '../../../kernel/sql.ts';
import { edgeKinds, type Graph, type NodeRow, nodeKinds, projectsSeen } from '../../graph/index.ts';
import { lives } from '../answers/evidence-store.ts';
import { sameAs } from '../starts.ts';

export interface Taint {
  readonly id: EdgeId;
  readonly project: ProjectId;
  readonly node: NodeId;
  readonly kind: number;
  readonly type: number;
  /** ms; null: ever. */
  readonly since: number | null;
}

/** Those that nobody has withdrawn and that have not ended, of all projects that may be seen. */
export async function liveTaints(queries: Queries, now: number, scope: Scope): Promise<Taint[]> {
  return queries.many(sql`SELECT e.id, e.project, e.source AS node, n.kind, n.type, e.valid_from AS since
    FROM edge e JOIN node n ON n.id = e.source WHERE e.target IN ${projectsSeen(scope)}
      AND e.kind = ${edgeKinds.taint} AND e.known_to IS NULL AND (e.valid_to IS NULL OR e.valid_to > ${now}) ORDER BY e.id`);
}

/** What is wrong by it: the version, or of an asset all versions that were made since then, and the asset, of which an unnamed version may have been read. */
export async function taintedNodes(
  queries: Queries,
  { node, kind, since }: Pick<Taint, 'node' | 'kind' | 'since'>,
  limit: number,
): Promise<number[]> {
  if (kind !== nodeKinds.asset) return [node];
  const assets = [...(await sameAs(queries, [node], {}))];
  const made = sql`COALESCE((SELECT max(g.valid_from) FROM edge g WHERE g.target = v.id AND g.kind = ${edgeKinds.generated}
    AND g.known_to IS NULL), v.created)`;
  const after = since === null ? emptySql : sql` AND ${made} >= ${since}`;
  const rows = await queries.many<{ id: number }>(sql`SELECT v.id FROM edge s JOIN node v ON v.id = s.source
    WHERE s.target ${anyOf(assets)} AND s.kind = ${edgeKinds['version-of']} AND ${lives({})}${after} ORDER BY v.id LIMIT ${limit}`);
  return [...assets, ...rows.map(({ id }) => id)];
}

/** Of these nodes the model versions that the taint is not known to touch yet. */
export async function untouched(
  queries: Queries,
  { types }: Graph,
  taint: Pick<Taint, 'id'>,
  nodes: readonly NodeId[],
): Promise<Pick<NodeRow, 'id' | 'uid' | 'project'>[]> {
  if (nodes.length === 0) return [];
  return queries.many(sql`SELECT n.id, n.uid, n.project FROM node n WHERE n.id ${anyOf(nodes)}
    AND n.type = ${types['model-version']} AND NOT EXISTS (SELECT 1 FROM taint_reach r WHERE r.taint = ${taint.id} AND r.node = n.id)
    ORDER BY n.id`);
}

/** True for each that was not known before. */
export async function putReached(
  tx: Tx,
  taint: Pick<Taint, 'id' | 'project'>,
  nodes: readonly NodeId[],
  event: EventId,
): Promise<number> {
  let put = 0;
  for (let from = 0; from < nodes.length; from += 1_000) {
    const rows = nodes.slice(from, from + 1_000).map((node) => [taint.id, node, taint.project, event]);
    put += await tx.run(
      sql`INSERT INTO taint_reach (taint, node, project, event) VALUES ${valueRows(rows)} ON CONFLICT DO NOTHING`,
    );
  }
  return put;
}

/** Whether it is believed still; held until the transaction ends. */
export async function isLive(tx: Tx, taint: EdgeId): Promise<boolean> {
  const row = await tx.one(
    sql`SELECT e.id FROM edge e WHERE e.id = ${taint} AND e.known_to IS NULL ${tx.dialect.forUpdate}`,
  );
  return row !== undefined;
}

/** How far the log was looked through; undefined while nothing is tainted. */
export async function watchedTo(queries: Queries): Promise<number | undefined> {
  return (await queries.one<{ position: number }>(sql`SELECT position FROM taint_watch WHERE id = 1`))
    ?.position;
}

/** Begins at a position of the log, unless it has begun; the row is held, so that nobody ends the watch meanwhile. */
export async function beginWatch(tx: Tx, position: number): Promise<void> {
  await tx.run(sql`INSERT INTO taint_watch (id, position) VALUES (1, ${position})
    ON CONFLICT (id) DO UPDATE SET position = taint_watch.position`);
}

/** Never back: another server may be farther. */
export async function moveWatch(tx: Tx, position: number): Promise<void> {
  await tx.run(sql`UPDATE taint_watch SET position = ${position} WHERE id = 1 AND position < ${position}`);
}

/** Where nothing is tainted nothing is to be watched. Whoever taints something holds the row first. */
export async function endWatch(tx: Tx, now: number): Promise<void> {
  await tx.one(sql`SELECT position FROM taint_watch WHERE id = 1 ${tx.dialect.forUpdate}`);
  if ((await liveTaints(tx, now, { projects: 'all' })).length === 0)
    await tx.run(sql`DELETE FROM taint_watch WHERE id = 1`);
}

export interface Logged {
  readonly id: EventId;
  readonly project: ProjectId;
  readonly action: string;
}

/** Events after a position, in a window of positions, without what they say. */
export async function loggedAfter(queries: Queries, after: number, window: number): Promise<Logged[]> {
  return queries.many(sql`SELECT id, project, action FROM event
    WHERE position > ${after} AND position <= ${after + window} ORDER BY position`);
}

/** Kinds that a walk goes along, in the words of the index over what events asserted. */
const walked = rawSql('e.kind IN (1, 2, 3, 4, 8, 9)');

/** Ends of the edges that these events asserted or retracted, no more than `limit`. */
export async function endsOfEdges(
  queries: Queries,
  events: readonly EventId[],
  limit: number,
): Promise<number[]> {
  const rows = await queries.many<{
    source: number;
    target: number;
  }>(sql`SELECT e.source, e.target FROM edge e
      WHERE e.asserted_by ${anyOf(events)} AND ${walked}
    UNION SELECT e.source, e.target FROM edge e WHERE e.retracted_by ${anyOf(events)} AND e.retracted_by IS NOT NULL AND ${walked}
    LIMIT ${limit}`);
  return [...new Set(rows.flatMap(({ source, target }) => [source, target]))];
}
