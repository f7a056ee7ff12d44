import type { Queries } from '../../db/db.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import { executionStates, nodeKinds } from '../graph/index.ts';
import { inContexts } from './layouts.ts';
import type { ExperimentActivity } from './search.ts';

/** One row per experiment that has runs in the view. */
export async function activityOf(
  queries: Queries,
  experiments: readonly NodeId[],
  view: Sql,
): Promise<Map<NodeId, ExperimentActivity>> {
  const rows = await queries.many<{ node: NodeId; runs: number; running: number; last: number }>(sql`
    SELECT n.context AS node, count(*) AS runs, count(CASE WHEN n.state = ${executionStates.running} THEN 1 END) AS running,
      max(n.updated) AS last
    FROM node n WHERE ${inContexts('n.context', experiments)} AND n.kind = ${nodeKinds.execution} AND ${view}
    GROUP BY n.context`);
  return new Map(rows.map(({ node, runs, running, last }) => [node, { runs, running, lastActivity: last }]));
}
