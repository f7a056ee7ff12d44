import type { Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { anyOf, type Sql, sql } from '../../../kernel/sql.ts';
import { executionStates, type Graph, nodeKinds, propertyScopes } from '../../graph/index.ts';
import { inContexts } from '../fields/layouts.ts';
import type { ExperimentActivity } from '../search.ts';

/** One row per experiment that has runs in the view. */
export async function activityOf(
  queries: Queries,
  experiments: readonly NodeId[],
  view: Sql,
): Promise<Map<NodeId, ExperimentActivity>> {
  const rows = await queries.many<{
    node: NodeId;
    runs: number;
    running: number;
    failed: number;
    last: number;
  }>(sql`
    SELECT n.context AS node, count(*) AS runs, count(CASE WHEN n.state = ${executionStates.running} THEN 1 END) AS running,
      count(CASE WHEN n.state IN (${executionStates.failed}, ${executionStates.killed}) THEN 1 END) AS failed, max(n.updated) AS last
    FROM node n WHERE ${inContexts('n.context', experiments)} AND n.kind = ${nodeKinds.execution} AND ${view}
    GROUP BY n.context`);
  return new Map(
    rows.map(({ node, runs, running, failed, last }) => [
      node,
      { runs, running, failed, lastActivity: last },
    ]),
  );
}

/** The run of each experiment that began last: when, and by whom. */
export async function latestOf(
  queries: Queries,
  graph: Graph,
  experiments: readonly NodeId[],
): Promise<Map<NodeId, { readonly started: number; readonly user: string }>> {
  const rows = await queries.many<{ node: NodeId; started: number; user_name: string | null }>(sql`
    SELECT r.context AS node, r.started, p.text AS user_name FROM node n
    JOIN node r ON r.id = (SELECT l.id FROM node l WHERE l.context = n.id AND l.kind = ${nodeKinds.execution}
      ORDER BY l.started DESC, l.uid LIMIT 1)
    LEFT JOIN property p ON p.owner = r.id AND p.scope = ${propertyScopes.system} AND p.key = ${graph.systemKeys.user}
    WHERE n.id ${anyOf(experiments)}`);
  return new Map(rows.map(({ node, started, user_name: user }) => [node, { started, user: user ?? '' }]));
}

const day = 86_400_000;

/** Runs of the view that began on each of the last `days` (of 24 hours, until `now`), the oldest first. */
export async function runsByDay(
  queries: Queries,
  experiments: readonly NodeId[],
  view: Sql,
  days: number,
  now: number,
): Promise<Map<NodeId, number[]>> {
  const counts = new Map(experiments.map((node) => [node, new Array<number>(days).fill(0)]));
  const since = now - days * day;
  const rows = await queries.many<{ node: NodeId; day: number; runs: number }>(sql`
    SELECT n.context AS node, (n.started - ${since}) / ${day} AS day, count(*) AS runs
    FROM node n WHERE ${inContexts('n.context', experiments)} AND n.kind = ${nodeKinds.execution}
      AND n.started >= ${since} AND n.started < ${now} AND ${view}
    GROUP BY 1, 2`);
  for (const row of rows) {
    const list = counts.get(row.node);
    if (list !== undefined && row.day < days) list[row.day] = row.runs;
  }
  return counts;
}
