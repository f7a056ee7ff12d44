import type { Queries } from '../../db/db.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { type Graph, nodeKinds } from '../graph/index.ts';
import { partsOf, type SeriesParts } from './series-parts.ts';
import { type SeriesRow, seriesOfRuns } from './series-store.ts';

/** One metric of one run, and where its points are. */
export interface Line {
  readonly run: Uid;
  readonly key: string;
  /** When the run started, in ms. */
  readonly started: number;
  readonly row: SeriesRow;
  readonly parts: SeriesParts;
}

/**
 * The lines of these metrics of these runs, in the order of runs, then keys, as asked. Runs and metrics that are not
 * there are left out. `by` is '' for what the runs say now, or names what a rewind superseded.
 */
export async function findLines(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  runs: readonly string[],
  keys: readonly string[],
  by = '',
): Promise<Line[]> {
  const uids = runs.filter((id) => !id.includes('\0'));
  const nodes = await queries.many<{
    id: NodeId;
    uid: Uid;
    started: number | null;
  }>(sql`SELECT n.id, n.uid, n.started FROM node n
    WHERE n.project = ${project} AND n.uid ${anyOf(uids)} AND n.type = ${graph.types.run} AND n.kind = ${nodeKinds.execution}`);
  const keyIds = await graph.keys.find(queries, keys);
  const ids = nodes.map((node) => node.id);
  const rows = await seriesOfRuns(queries, ids, [...keyIds.values()], by);
  const parts = await partsOf(
    queries,
    ids,
    rows.map((row) => row.id),
  );
  const rowOf = new Map(rows.map((row) => [`${row.node} ${row.key}`, row]));
  const nodeOf = new Map(nodes.map((node) => [node.uid as string, node]));
  return [...new Set(runs)].flatMap((run) =>
    [...new Set(keys)].flatMap((key) => {
      const node = nodeOf.get(run);
      const row = node && rowOf.get(`${node.id} ${keyIds.get(key)}`);
      if (node === undefined || row === undefined) return [];
      return [{ run: node.uid, key, started: node.started ?? 0, row, parts: parts.get(row.id)! }];
    }),
  );
}
