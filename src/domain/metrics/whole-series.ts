/**
 * Series as whole columns, for moving stores in and out: many points of one run or model in one head, and all that is
 * stored of many series together.
 */
import type { Queries } from '../../db/db.ts';
import {
  concatPoints,
  mergeSorted,
  type NamedPoints,
  type PointColumns,
  sortPoints,
} from '../../engines/metrics/index.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { ChangeTx } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import type { DatasetName } from './metric.ts';
import { appendTiedGroups, putOrigins, tiedName } from './model-points.ts';
import { loadParts } from './point-store.ts';
import { appendPoints, type SeriesOwner, type StoredPoints } from './point-writer.ts';
import { ownOrder } from './series-order.ts';
import { seriesOfRuns } from './series-store.ts';

export interface WholeSeries {
  readonly key: string;
  readonly points: PointColumns;
}

/** One series of a logged model: who measured it, on what. */
export interface WholeTiedSeries extends WholeSeries {
  readonly run: { readonly id: NodeId; readonly uid: Uid };
  readonly dataset: DatasetName | undefined;
}

/** Stores what is not there yet of a run's own series; undefined when all of it is. */
export async function putWholeSeries(
  tx: ChangeTx,
  graph: Graph,
  owner: SeriesOwner,
  series: readonly WholeSeries[],
): Promise<StoredPoints | undefined> {
  const groups = named(series, ({ key }) => key);
  if (groups.length === 0) return undefined;
  const headId = await graph.db.nextIds(1);
  return appendPoints(tx, graph, {
    owner,
    headId,
    groups,
    nameOf: (key) => ({ key, by: '' }),
    order: ownOrder,
  });
}

/** The same for the series of a logged model, also of one that is deleted. */
export async function putWholeTiedSeries(
  tx: ChangeTx,
  graph: Graph,
  model: { readonly id: NodeId; readonly project: ProjectId },
  series: readonly WholeTiedSeries[],
): Promise<StoredPoints | undefined> {
  const groups = named(series, ({ run, dataset, key }) => tiedName(run.uid, dataset, key));
  if (groups.length === 0) return undefined;
  await putOrigins(tx, model.project, series);
  return appendTiedGroups(tx, graph, model, groups);
}

/** Each name once, those without points left out. */
function named<S extends WholeSeries>(series: readonly S[], nameOf: (one: S) => string): NamedPoints[] {
  const found = new Map<string, PointColumns>();
  for (const one of series) {
    if (one.points.values.length === 0) continue;
    const name = nameOf(one);
    const before = found.get(name);
    found.set(name, before === undefined ? one.points : concatPoints([before, one.points]));
  }
  return [...found];
}

/** One series of a node: its points in the order (step, time, value), or only how many where they were too many. */
export interface StoredSeries {
  readonly node: NodeId;
  readonly key: string;
  readonly count: number;
  readonly points: PointColumns | undefined;
}

/**
 * The own series of runs. At most `limit` points are loaded: the runs that fit, in the order given, and at least one; of a
 * single run with more, the series that fit come with their points, the others without. `runs` says how many were read.
 */
export async function wholeSeriesOf(
  queries: Queries,
  graph: Graph,
  runs: readonly NodeId[],
  limit: number,
): Promise<{ readonly runs: number; readonly series: readonly StoredSeries[] }> {
  const rows = await seriesOfRuns(queries, runs);
  const byRun = Map.groupBy(rows, (row) => row.node);
  let taken = 0;
  let total = 0;
  for (const run of runs) {
    const points = (byRun.get(run) ?? []).reduce((sum, row) => sum + row.points, 0);
    if (taken > 0 && total + points > limit) break;
    total += points;
    taken++;
  }
  const wanted = runs.slice(0, taken).flatMap((run) => byRun.get(run) ?? []);
  let room = limit;
  const whole = wanted.filter((row) => {
    if (row.points > room) return false;
    room -= row.points;
    return true;
  });
  const nodes = [...new Set(whole.map((row) => row.node))];
  const parts =
    whole.length === 0
      ? new Map()
      : await loadParts(
          queries,
          nodes,
          whole.map((row) => row.id),
        );
  const names = await graph.keys.names(
    queries,
    wanted.map((row) => row.key),
  );
  const series = wanted.map((row): StoredSeries => {
    const stored: readonly PointColumns[] | undefined = parts.get(row.id);
    const points = stored && mergeSorted(stored.map(sortPoints));
    return { node: row.node, key: names.get(row.key) ?? '', count: row.points, points };
  });
  return { runs: taken, series };
}
