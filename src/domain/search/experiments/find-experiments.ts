/** One page of experiments. They are few: each search is one statement, whatever its order. */
import type { Queries } from '../../../db/db.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import type { Page } from '../../../kernel/page.ts';
import { sql } from '../../../kernel/sql.ts';
import { type Experiment, experimentFromRow, experimentRows, tagsOf } from '../../contexts/index.ts';
import { type Graph, nodeKinds } from '../../graph/index.ts';
import { experimentLayout, keysOf, memberOf } from '../fields/layouts.ts';
import { findRecords, type SeekLimits } from '../records/record-search.ts';
import type { ExperimentSearch } from '../search.ts';
import { byNumber, experimentOrder, numbered, ownView } from './experiment-order.ts';

export async function findExperiments(
  queries: Queries,
  graph: Graph,
  seekLimits: SeekLimits,
  project: ProjectId,
  search: ExperimentSearch,
): Promise<Page<Experiment>> {
  const { filter, view, limit, cursor } = search;
  const order = search.order.length === 0 ? experimentOrder : search.order.map(numbered);
  const contexts = [project as number as NodeId];
  const keys = await graph.keys.find(queries, keysOf(filter, order));
  const { experiment: type } = graph.types;
  const page = await findRecords(queries, {
    project,
    layout: experimentLayout({ graph, project, contexts, keys }),
    filter,
    seekLimits,
    scope: (led) =>
      sql`${memberOf(contexts, led)} AND n.kind = ${nodeKinds.context} AND n.type = ${type}${ownView(view)}`,
    order,
    tiebreak: [byNumber(true)],
    reach: 'all',
    limit,
    cursor,
    identity: ['experiments', project, filter, order, view],
  });
  const rows = new Map((await experimentRows(queries, graph, page.ids)).map((row) => [row.node, row]));
  const tags = await tagsOf(queries, graph, page.ids);
  const items = page.ids.flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : experimentFromRow(row, tags.get(id) ?? []);
  });
  return page.cursor === undefined ? { items } : { items, cursor: page.cursor };
}
