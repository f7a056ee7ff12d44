/** Rows of `ranking` and `ranked`. */
import type { Queries, Tx } from '../../../db/db.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import { anyOf, type SqlValue, sql, valueRows } from '../../../kernel/sql.ts';
import { nodeKinds } from '../../graph/index.ts';
import { type RankingName, rankingStates } from './ranking.ts';

export interface RankingRow {
  readonly id: number;
  readonly state: number;
  readonly position: number;
  readonly built_started: number | null;
  readonly built_uid: string | null;
  readonly runs: number;
  readonly used: number;
}

export interface DefinedRanking extends RankingRow {
  readonly project: ProjectId;
  readonly context: NodeId | 0;
  readonly definition: string;
}

const columns = sql`id, state, position, built_started, built_uid, runs, used`;

export async function findRanking(
  queries: Queries,
  { project, context, spec }: RankingName,
): Promise<RankingRow | undefined> {
  return queries.one(sql`SELECT ${columns} FROM ranking
    WHERE project = ${project} AND context = ${context} AND spec = ${spec}`);
}

/** The ranking, held until the transaction ends. */
export async function lockRanking(tx: Tx, id: number): Promise<RankingRow | undefined> {
  return tx.one(sql`SELECT ${columns} FROM ranking WHERE id = ${id}${tx.dialect.forUpdate}`);
}

/** Begins at the last position: what is recorded later is merged later. */
export async function insertRanking(tx: Tx, id: number, name: RankingName, now: number): Promise<void> {
  const { project, context, spec, definition } = name;
  await tx.run(sql`INSERT INTO ranking (id, project, context, spec, definition, state, position, runs, used)
    SELECT ${id}, ${project}, ${context}, ${spec}, ${definition}, ${rankingStates.building}, coalesce(max(position), 0), 0, ${now}
    FROM event WHERE position IS NOT NULL
    ON CONFLICT (project, context, spec) DO NOTHING`);
}

export async function rankingAt(queries: Queries, id: number): Promise<RankingRow | undefined> {
  return queries.one(sql`SELECT ${columns} FROM ranking WHERE id = ${id}`);
}

export async function allRankings(queries: Queries): Promise<RankingRow[]> {
  return queries.many(sql`SELECT ${columns} FROM ranking ORDER BY used, id`);
}

/** Those that searches use, the last used first. */
export async function readyRankings(queries: Queries): Promise<DefinedRanking[]> {
  return queries.many(sql`SELECT ${columns}, project, context, definition FROM ranking
    WHERE state = ${rankingStates.ready} ORDER BY used DESC, id DESC`);
}

export async function setRanking(tx: Tx, id: number, change: Partial<Omit<RankingRow, 'id'>>): Promise<void> {
  const row = { ...(await lockRanking(tx, id))!, ...change };
  await tx.run(sql`UPDATE ranking SET state = ${row.state}, position = ${row.position}, built_started = ${row.built_started},
    built_uid = ${row.built_uid}, runs = ${row.runs}, used = ${row.used} WHERE id = ${id}`);
}

export interface RankedRow {
  readonly sort: Uint8Array;
  readonly node: NodeId;
}

/** In the order of their bytes, so that neighbours share pages. */
export async function insertRanked(tx: Tx, ranking: number, rows: readonly RankedRow[]): Promise<void> {
  const sorted = [...rows].sort((a, b) => Buffer.compare(a.sort, b.sort));
  for (let start = 0; start < sorted.length; start += 1_000) {
    const values = sorted
      .slice(start, start + 1_000)
      .map(({ sort, node }): SqlValue[] => [ranking, sort, node]);
    await tx.run(sql`INSERT INTO ranked (ranking, sort, node) VALUES ${valueRows(values)}`);
  }
}

export async function deleteRanked(tx: Tx, ranking: number, nodes: readonly NodeId[]): Promise<number> {
  return tx.run(sql`DELETE FROM ranked WHERE ranking = ${ranking} AND node ${anyOf(nodes)}`);
}

/** Removes up to `limit` rows; resolves to how many. */
export async function clearRanked(tx: Tx, ranking: number, limit: number): Promise<number> {
  const rows = await tx.many<{ node: NodeId }>(
    sql`SELECT node FROM ranked WHERE ranking = ${ranking} ORDER BY node LIMIT ${limit}`,
  );
  return rows.length === 0
    ? 0
    : deleteRanked(
        tx,
        ranking,
        rows.map(({ node }) => node),
      );
}

export async function lastPosition(queries: Queries): Promise<number> {
  const row = await queries.one<{ last: number | null }>(sql`SELECT max(position) AS last FROM event`);
  return row?.last ?? 0;
}

/** Runs, and what is left of those that were purged: they leave a ranking as any change is brought into it. */
const runsOrWhatWas = anyOf([nodeKinds.execution, nodeKinds.tombstone]);

/** Takes a run that is no more out of every ranking of its project and its experiment. */
export async function forgetRanked(
  tx: Tx,
  {
    project,
    context,
    node,
  }: { readonly project: ProjectId; readonly context: NodeId; readonly node: NodeId },
): Promise<void> {
  const rankings = await tx.many<{ id: number }>(sql`SELECT id FROM ranking
    WHERE project = ${project} AND (context = 0 OR context = ${context}) ORDER BY id`);
  for (const { id } of rankings) {
    const row = await lockRanking(tx, id);
    if (row === undefined) continue;
    const removed = await deleteRanked(tx, id, [node]);
    if (removed > 0) await setRanking(tx, id, { runs: row.runs - removed });
  }
}

/** Runs of the scope that events in (after, upTo] are about. */
export async function changedRuns(
  queries: Queries,
  project: ProjectId,
  context: NodeId | 0,
  after: number,
  upTo: number,
): Promise<NodeId[]> {
  const inScope = context === 0 ? sql`n.project = ${project}` : sql`n.context = ${context}`;
  // SQLite keeps the order of tables that are cross-joined: the events of the stretch, then their runs.
  const rows = await queries.many<{ node: NodeId }>(sql`SELECT DISTINCT e.node FROM event e CROSS JOIN node n
    WHERE n.id = e.node AND e.position > ${after} AND e.position <= ${upTo} AND ${inScope} AND n.kind ${runsOrWhatWas}`);
  return rows.map(({ node }) => node);
}

export async function rankedOf(
  queries: Queries,
  ranking: number,
  nodes: readonly NodeId[],
): Promise<RankedRow[]> {
  return queries.many(sql`SELECT sort, node FROM ranked WHERE ranking = ${ranking} AND node ${anyOf(nodes)}`);
}

export async function countRanked(queries: Queries, ranking: number): Promise<number> {
  const row = await queries.one<{ rows: number }>(
    sql`SELECT count(*) AS rows FROM ranked WHERE ranking = ${ranking}`,
  );
  return row?.rows ?? 0;
}

/** Runs of the scope with events that have no position yet (PostgreSQL). */
export async function unplacedRuns(
  queries: Queries,
  project: ProjectId,
  context: NodeId | 0,
  limit: number,
): Promise<NodeId[]> {
  const inScope = context === 0 ? sql`n.project = ${project}` : sql`n.context = ${context}`;
  const rows = await queries.many<{ node: NodeId }>(sql`SELECT DISTINCT u.node FROM
      (SELECT e.node FROM event e WHERE e.position IS NULL LIMIT ${limit}) u JOIN node n ON n.id = u.node
    WHERE ${inScope} AND n.kind ${runsOrWhatWas}`);
  return rows.map(({ node }) => node);
}
