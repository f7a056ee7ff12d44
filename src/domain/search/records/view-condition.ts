/** The lifecycle as a condition in SQL: what contexts/lifecycle.ts says of one run, for all runs of many experiments. */
import type { NodeId } from '../../../kernel/ids.ts';
import { joinSql, type Sql, sql } from '../../../kernel/sql.ts';
import type { View } from '../../contexts/index.ts';
import { inContexts } from '../fields/layouts.ts';

export interface ContextMarks {
  readonly node: NodeId;
  readonly mark: number;
  readonly deleted: number;
}

/** Beyond, the condition asks each run's experiment instead: an expression may not grow with the request. */
const mostGroups = 8;

/** Whether the run `n` of one of these contexts is in the view; undefined where every run is. */
export function viewCondition(contexts: readonly ContextMarks[], view: View): Sql | undefined {
  if (view === 'all') return undefined;
  const groups = Map.groupBy(contexts, ({ mark, deleted }) => `${mark} ${deleted}`);
  if (groups.size > mostGroups) {
    const wanted = view === 'deleted' ? 1 : 0;
    return sql`(SELECT CASE WHEN n.mark < c.mark THEN c.deleted ELSE n.deleted END FROM node c WHERE c.id = n.context) = ${wanted}`;
  }
  const conditions = [...groups.values()].map((group) => {
    const condition = groupCondition(group[0]!, view);
    if (groups.size === 1) return condition;
    return sql`(${inContexts(
      'n.context',
      group.map(({ node }) => node),
    )} AND ${condition})`;
  });
  return sql`(${joinSql(conditions, ' OR ')})`;
}

/** A run's mark is never beyond its experiment's. */
function groupCondition({ mark, deleted }: ContextMarks, view: 'active' | 'deleted'): Sql {
  if (mark === 0) return sql`n.deleted = ${view === 'deleted' ? 1 : 0}`;
  if (deleted === 0) {
    return view === 'active'
      ? sql`(n.deleted = 0 OR n.mark < ${mark})`
      : sql`(n.deleted = 1 AND n.mark >= ${mark})`;
  }
  return view === 'active'
    ? sql`(n.deleted = 0 AND n.mark >= ${mark})`
    : sql`(n.deleted = 1 OR n.mark < ${mark})`;
}
