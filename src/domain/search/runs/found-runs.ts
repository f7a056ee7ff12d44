/** From ids to whole runs: records, properties and summaries of a page in one statement each. */
import type { Queries } from '../../../db/db.ts';
import type { KeyId, NodeId } from '../../../kernel/ids.ts';
import { anyOf, joinSql, type Sql, sql } from '../../../kernel/sql.ts';
import type { ExperimentRow } from '../../contexts/index.ts';
import { type Graph, type PropertyRow, propertiesOf, propertyScopes } from '../../graph/index.ts';
import {
  firstSeriesOfRuns,
  type LatestPoint,
  latestFromRow,
  latestOfRuns,
  logLimits,
  metricsCursor,
  runsWithin,
  seriesOfRuns,
  summaryFromRow,
} from '../../metrics/index.ts';
import { type RunRow, runColumns, runDataFromProperties, runFromRow } from '../../runs/index.ts';
import { isStorable } from '../fields/layouts.ts';
import type { FoundRun, RunColumns } from '../search.ts';

export async function loadFoundRuns(
  queries: Queries,
  graph: Graph,
  experiments: ReadonlyMap<NodeId, ExperimentRow>,
  ids: readonly NodeId[],
  columns: RunColumns,
): Promise<FoundRun[]> {
  const wanted = await columnIds(queries, graph, columns);
  return loadRuns(queries, graph, experiments, ids, wanted, {
    rows: async () => {
      if (wanted.metrics?.length === 0) return { rows: [] };
      if (wanted.metrics !== undefined) return { rows: await seriesOfRuns(queries, ids, wanted.metrics) };
      const share = Math.floor(logLimits.metricsOfPage / ids.length);
      return firstSeriesOfRuns(queries, ids, Math.min(logLimits.metricsOfRun, share));
    },
    metric: summaryFromRow,
  });
}

/**
 * Whole runs, but of their metrics the latest points alone: as many of the runs as have no more than `most` metrics together.
 * `beyond`: the first that is left out.
 */
export async function loadLatestRuns(
  queries: Queries,
  graph: Graph,
  experiments: ReadonlyMap<NodeId, ExperimentRow>,
  ids: readonly NodeId[],
  most: number,
): Promise<{ readonly loaded: FoundRun<LatestPoint>[]; readonly beyond?: NodeId }> {
  if (ids.length === 0) return { loaded: [] };
  let rows = await latestOfRuns(queries, ids, most + 1);
  let some = ids;
  if (rows.length > most) {
    some = ids.slice(0, await runsWithin(queries, ids, most));
    rows = await latestOfRuns(queries, some);
  }
  const metrics = { rows: async () => ({ rows }), metric: latestFromRow };
  const loaded = await loadRuns(queries, graph, experiments, some, {}, metrics);
  const beyond = ids[some.length];
  return { loaded, ...(beyond !== undefined && { beyond }) };
}

/** How metrics are read, and what is made of each. */
interface MetricReading<Row, Metric> {
  /** `cut`: runs that have more. */
  rows(): Promise<{ readonly rows: readonly Row[]; readonly cut?: ReadonlySet<NodeId> }>;
  metric(row: Row, key: string): Metric;
}

async function loadRuns<Row extends { node: NodeId; key: KeyId }, Metric extends { readonly key: string }>(
  queries: Queries,
  graph: Graph,
  experiments: ReadonlyMap<NodeId, ExperimentRow>,
  ids: readonly NodeId[],
  wanted: { readonly params?: readonly KeyId[]; readonly tags?: readonly KeyId[] },
  reading: MetricReading<Row, Metric>,
): Promise<FoundRun<Metric>[]> {
  if (ids.length === 0) return [];
  const rows = new Map(
    (
      await queries.many<RunRow>(
        sql`SELECT ${runColumns} FROM node n JOIN node c ON c.id = n.context WHERE n.id ${anyOf(ids)}`,
      )
    ).map((row) => [row.id, row]),
  );
  const properties = await loadProperties(queries, graph, ids, wanted);
  const { rows: series, cut } = await reading.rows();
  const names = await graph.keys.names(queries, [
    ...properties.map((row) => row.key),
    ...series.map((row) => row.key),
  ]);
  const data = runDataFromProperties(properties, names, graph);
  const metrics = new Map<NodeId, Metric[]>();
  for (const row of series) {
    const metric = reading.metric(row, names.get(row.key) ?? '');
    const list = metrics.get(row.node);
    if (list === undefined) metrics.set(row.node, [metric]);
    else list.push(metric);
  }
  const byKey = keyOrder(names.values());
  return ids.flatMap((id) => {
    const row = rows.get(id);
    const experiment = row && experiments.get(row.context);
    if (row === undefined || experiment === undefined) return [];
    const { params = [], tags = [], user = '' } = data.get(id) ?? {};
    const run = runFromRow(row, experiment, user);
    const shown = byKey(metrics.get(id) ?? []);
    const after = cut?.has(id) ? shown.at(-1)?.key : undefined;
    return {
      run,
      data: { params: byKey(params), tags: byKey(tags) },
      metrics: shown,
      ...(after !== undefined && { moreMetrics: metricsCursor(row.project, run.id, after) }),
    };
  });
}

/** The ids of the keys asked for; undefined for all. Names that nothing has are left out. */
async function columnIds(
  queries: Queries,
  graph: Graph,
  columns: RunColumns,
): Promise<{ params?: KeyId[]; tags?: KeyId[]; metrics?: KeyId[] }> {
  const { params, tags, metrics } = columns;
  const names = [...(params ?? []), ...(tags ?? []), ...(metrics ?? [])].filter(isStorable);
  if (params === undefined && tags === undefined && metrics === undefined) return {};
  const ids = await graph.keys.find(queries, names);
  const idsOf = (keys: readonly string[]) => keys.flatMap((key) => ids.get(key) ?? []);
  return {
    ...(params !== undefined && { params: idsOf(params) }),
    ...(tags !== undefined && { tags: idsOf(tags) }),
    ...(metrics !== undefined && { metrics: idsOf(metrics) }),
  };
}

async function loadProperties(
  queries: Queries,
  graph: Graph,
  ids: readonly NodeId[],
  wanted: { readonly params?: readonly KeyId[]; readonly tags?: readonly KeyId[] },
): Promise<PropertyRow[]> {
  if (wanted.params === undefined && wanted.tags === undefined) return propertiesOf(queries, ids);
  const of = (scope: 'param' | 'tag', keys: readonly KeyId[] | undefined): Sql => {
    const inScope = sql`p.scope = ${propertyScopes[scope]}`;
    return keys === undefined ? inScope : sql`(${inScope} AND p.key ${anyOf(keys)})`;
  };
  const user = sql`(p.scope = ${propertyScopes.system} AND p.key = ${graph.systemKeys.user})`;
  const columns = [of('param', wanted.params), of('tag', wanted.tags), user];
  return queries.many(sql`SELECT p.owner, p.scope, p.key, p.face, p.kind, p.int, p.real, p.text, p.bytes
    FROM property p WHERE p.owner ${anyOf(ids)} AND (${joinSql(columns, ' OR ')})`);
}

/** Sorts lists by the UTF-8 bytes of their keys; the bytes are compared once for all lists. */
function keyOrder(names: Iterable<string>): <T extends { readonly key: string }>(list: readonly T[]) => T[] {
  const sorted = [...new Set(names)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const ranks = new Map(sorted.map((name, rank) => [name, rank]));
  return (list) => [...list].sort((a, b) => (ranks.get(a.key) ?? 0) - (ranks.get(b.key) ?? 0));
}
