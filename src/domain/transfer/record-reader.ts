/** What is here as neutral records: pages of one kind, of one experiment. */
import type { Queries } from '../../db/db.ts';
import { PointGroups } from '../../engines/metrics/index.ts';
import { wordOf } from '../../kernel/codes.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { emptySql, sql } from '../../kernel/sql.ts';
import {
  type ExperimentRow,
  experimentRows,
  lifecycleOf,
  requireExperiment,
  type Tag,
  tagsOf,
} from '../contexts/index.ts';
import { inputsOfRuns } from '../datasets/index.ts';
import {
  executionStates,
  type Graph,
  keySpaces,
  modelIdOf,
  nodeKinds,
  propertiesOf,
  textOf,
} from '../graph/index.ts';
import { pointsOfModels, wholeSeriesOf } from '../metrics/index.ts';
import { loadModels, modelLinks } from '../models/index.ts';
import { loadRunData, type RunRow, runColumns } from '../runs/index.ts';
import { toWire } from './columns.ts';
import {
  batchLimits,
  type ExperimentRecord,
  type LinkRecord,
  type ModelRecord,
  type RunRecord,
  type TiedSeriesRecord,
} from './records.ts';

/** Where a page of runs or models goes on: what node_listing is ordered by. */
export interface After {
  readonly started: number;
  readonly uid: string;
}

export interface RecordPage<T> {
  readonly items: readonly T[];
  /** Absent after the last page. */
  readonly after?: After;
}

const runsOfPage = 200;
const modelsOfPage = 25;
const linkRunsOfPage = 1_000;

/** Experiments in the order they were made here, after a node. */
export async function readExperiments(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  after: number,
  limit: number,
): Promise<{ readonly items: readonly ExperimentRecord[]; readonly last?: number }> {
  const found = await queries.many<{ node: NodeId }>(sql`SELECT k.node FROM node_key k
    WHERE k.project = ${project} AND k.space = ${keySpaces['experiment-id']} AND k.node > ${after}
    ORDER BY k.node LIMIT ${limit + 1}`);
  const nodes = found.slice(0, limit).map(({ node }) => node);
  const rows = await experimentRows(queries, graph, nodes);
  const tags = await tagsOf(queries, graph, nodes);
  const items = rows
    .sort((a, b) => a.node - b.node)
    .map(
      (row): ExperimentRecord => ({
        id: row.id,
        name: row.name,
        location: row.artifact_location,
        lifecycle: row.deleted === 0 ? 'active' : 'deleted',
        created: row.created,
        updated: row.updated,
        tags: pairsOf(tags.get(row.node) ?? []),
      }),
    );
  return found.length > limit ? { items, last: nodes.at(-1)! } : { items };
}

const pairsOf = (tags: readonly Tag[]): [string, string][] => tags.map(({ key, value }) => [key, value]);

/** Nodes of one kind in an experiment in the order (started, uid). */
async function listing(
  queries: Queries,
  experiment: ExperimentRow,
  kind: number,
  type: number,
  after: After | undefined,
  limit: number,
): Promise<(RunRow & { updated: number; created: number })[]> {
  const later =
    after === undefined
      ? emptySql
      : sql`AND (n.started > ${after.started} OR (n.started = ${after.started} AND n.uid > ${after.uid}))`;
  return queries.many(sql`SELECT ${runColumns}, n.updated, n.created FROM node n JOIN node c ON c.id = n.context
    WHERE n.context = ${experiment.node} AND n.kind = ${kind} AND n.type = ${type} ${later}
    ORDER BY n.started, n.uid LIMIT ${limit}`);
}

export async function readRuns(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  experimentId: string,
  after: After | undefined,
): Promise<RecordPage<RunRecord>> {
  const experiment = await requireExperiment(queries, graph, project, experimentId);
  const rows = await listing(
    queries,
    experiment,
    nodeKinds.execution,
    graph.types.run,
    after,
    runsOfPage + 1,
  );
  const nodes = rows.slice(0, runsOfPage).map(({ id }) => id);
  const { runs: count, series } = await wholeSeriesOf(queries, graph, nodes, batchLimits.points);
  const taken = nodes.slice(0, count);
  const data = await loadRunData(queries, graph, taken);
  const inputs = Map.groupBy(await inputsOfRuns(queries, graph, taken), (input) => input.run);
  const bySeries = Map.groupBy(series, (one) => one.node);
  const items = rows.slice(0, count).map((row): RunRecord => {
    const { params, tags, user } = data.get(row.id) ?? { params: [], tags: [], user: '' };
    const lifecycle = lifecycleOf(row);
    return {
      id: row.uid,
      name: row.name,
      user,
      state: wordOf(executionStates, row.state),
      started: row.started,
      ended: row.ended,
      lifecycle,
      deleted: lifecycle === 'deleted' ? row.updated : null,
      params: pairsOf(params),
      tags: pairsOf(tags),
      inputs: (inputs.get(row.id) ?? []).map(({ dataset, tags: told }) => ({
        name: dataset.name,
        digest: dataset.digest,
        sourceType: dataset.sourceType,
        source: dataset.source,
        ...(dataset.schema !== undefined && { schema: dataset.schema }),
        ...(dataset.profile !== undefined && { profile: dataset.profile }),
        tags: pairsOf(told),
      })),
      series: (bySeries.get(row.id) ?? []).map(({ key, count: points, points: columns }) =>
        columns === undefined ? { key, count: points } : { key, points: toWire(columns) },
      ),
    };
  });
  return paged(items, rows, count);
}

function paged<T>(items: readonly T[], rows: readonly RunRow[], count: number): RecordPage<T> {
  const last = rows[count - 1];
  if (last === undefined || rows.length <= count) return { items };
  return { items, after: { started: last.started, uid: last.uid } };
}

export async function readModels(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  experimentId: string,
  after: After | undefined,
): Promise<RecordPage<ModelRecord>> {
  const experiment = await requireExperiment(queries, graph, project, experimentId);
  const type = graph.types['logged-model'];
  const rows = await listing(queries, experiment, nodeKinds.artifact, type, after, modelsOfPage + 1);
  const shown = rows.slice(0, modelsOfPage);
  const nodes = shown.map(({ id }) => id);
  const models = await loadModels(queries, graph, nodes);
  const messages = await messagesOf(queries, graph, nodes);
  const points = await pointsOfModels(queries, graph, nodes, Number.POSITIVE_INFINITY);
  const items = shown.map((row): ModelRecord => {
    const model = models.get(row.id)!;
    return {
      id: model.id,
      name: model.name,
      type: model.type,
      sourceRun: model.sourceRun,
      state: model.status,
      message: messages.get(row.id) ?? '',
      created: model.created,
      updated: model.updated,
      lifecycle: row.deleted === 0 ? 'active' : 'deleted',
      params: pairsOf(model.params),
      tags: pairsOf(model.tags),
      series: seriesOf(points.get(row.id) ?? []),
    };
  });
  return paged(items, rows, shown.length);
}

type Points = Awaited<ReturnType<typeof pointsOfModels>> extends ReadonlyMap<NodeId, infer P> ? P : never;

/** Points of a model by what they measure. */
function seriesOf(points: Points): TiedSeriesRecord[] {
  const groups = new PointGroups<string>(points.length);
  for (const { key, run, dataset, value, step, time } of points)
    groups.add(JSON.stringify([key, run, dataset?.name, dataset?.digest]), value, step, time);
  return groups.finish().map(([name, columns]) => {
    const [key, run, dataset, digest] = JSON.parse(name) as [string, string, string | null, string | null];
    return {
      key,
      run,
      ...(dataset !== null && digest !== null && { dataset: [dataset, digest] }),
      points: toWire(columns),
    };
  });
}

async function messagesOf(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, string>> {
  const key = (await graph.keys.find(queries, ['status_message'])).get('status_message');
  if (key === undefined) return new Map();
  const rows = await propertiesOf(queries, nodes, { scope: 'declared', keys: [key] });
  return new Map(rows.map((row) => [row.owner, textOf(row)]));
}

/** The models that the runs of a page read, or made as outputs. */
export async function readLinks(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  experimentId: string,
  after: After | undefined,
): Promise<RecordPage<LinkRecord>> {
  const experiment = await requireExperiment(queries, graph, project, experimentId);
  const { run } = graph.types;
  const rows = await listing(queries, experiment, nodeKinds.execution, run, after, linkRunsOfPage + 1);
  const shown = rows.slice(0, linkRunsOfPage);
  const uids = new Map(shown.map(({ id, uid }) => [id, uid]));
  const links = await modelLinks(queries, graph, [...uids.keys()]);
  const outputs = links.filter(({ role }) => role === 'output').map(({ edge }) => edge);
  const steps = new Map(
    (await propertiesOf(queries, outputs, { scope: 'declared' })).map((row) => [
      row.owner as number,
      textOf(row),
    ]),
  );
  const items = links.flatMap(({ role, run: node, uid, edge }): LinkRecord[] =>
    role === 'source'
      ? []
      : [{ run: uids.get(node)!, model: modelIdOf(uid), role, step: steps.get(edge) ?? '0' }],
  );
  return paged(items, rows, shown.length);
}
