/**
 * Points that measure a logged model. They stand in the run's own series like any other, and once more in the model's:
 * one series for each metric, run and dataset, so that a model knows who measured it on what.
 */
import { hash } from 'node:crypto';
import type { Queries } from '../../db/db.ts';
import {
  compareInt64,
  eachPoint,
  mergeSorted,
  type NamedPoints,
  PointGroups,
  sortPoints,
} from '../../engines/metrics/index.ts';
import { notFound } from '../../kernel/errors.ts';
import type { KeyId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { anyOf, sql, valueRows } from '../../kernel/sql.ts';
import type { ChangeTx } from '../events/index.ts';
import { type Graph, lockNodes, modelIdOf, uidOfModel } from '../graph/index.ts';
import type { RunRow } from '../runs/index.ts';
import type { DatasetName, MetricPoint, ModelPoint, ModelSeries } from './metric.ts';
import { loadParts } from './point-store.ts';
import { appendPoints, type StoredPoints } from './point-writer.ts';
import { tiedOrder } from './series-order.ts';
import { type SeriesRow, seriesColumns, summaryFromRow, summaryOfRow } from './series-store.ts';

/** Points that one answer holds in full; beyond, each series shows its latest only. */
export const modelPointsLimit = 100_000;

/** Digits of a SHA-256 in base64url. */
const byLength = 43;

export interface StoredModelPoints extends StoredPoints {
  /** Its id. */
  readonly model: string;
  readonly node: NodeId;
}

/** Stores what is new of the points with a model, model by model. `not_found` for one that is not there or deleted. */
export async function appendModelPoints(
  tx: ChangeTx,
  graph: Graph,
  run: RunRow,
  points: readonly MetricPoint[],
): Promise<StoredModelPoints[]> {
  const tied = points.filter((point) => point.model !== undefined);
  if (tied.length === 0) return [];
  const ids = [...new Set(tied.map((point) => point.model!))];
  const models = await holdModels(tx, graph, run.project, ids);
  const missing = ids.find((id) => !models.has(id));
  if (missing !== undefined) {
    const index = points.findIndex((point) => point.model === missing);
    throw notFound(`Logged model with ID '${missing}' not found.`, `points[${index}].model`);
  }
  const groups = new Map<string, PointGroups<string>>();
  for (const { key, value, step, time, model, dataset } of tied) {
    let group = groups.get(model!);
    if (group === undefined) {
      group = new PointGroups();
      groups.set(model!, group);
    }
    group.add(tiedName(run.uid, dataset, key), value, step, time);
  }
  await putOrigins(
    tx,
    run.project,
    tied.map(({ dataset }) => ({ run, dataset })),
  );
  const stored: StoredModelPoints[] = [];
  for (const [id, node] of models) {
    const found = await appendTiedGroups(
      tx,
      graph,
      { id: node, project: run.project },
      groups.get(id)!.finish(),
    );
    if (found !== undefined) stored.push({ model: id, node, ...found });
  }
  return stored;
}

/** What a group of tied points is called: where they come from, then the metric. */
export function tiedName(run: Uid, dataset: DatasetName | undefined, key: string): string {
  return byOf(run, dataset) + key;
}

/** Appends groups that `tiedName` named to the series of a model; undefined when all of them are stored. */
export async function appendTiedGroups(
  tx: ChangeTx,
  graph: Graph,
  model: { readonly id: NodeId; readonly project: ProjectId },
  groups: readonly NamedPoints[],
): Promise<StoredPoints | undefined> {
  return appendPoints(tx, graph, {
    // In no experiment's table of columns: those are of runs.
    owner: { id: model.id, project: model.project, context: 0 },
    headId: await graph.db.nextIds(1),
    groups,
    nameOf: (group) => ({ by: group.slice(0, byLength), key: group.slice(byLength) }),
    order: tiedOrder,
  });
}

function byOf(run: Uid, dataset: DatasetName | undefined): string {
  return hash('sha256', JSON.stringify([run, dataset?.name, dataset?.digest]), 'base64url');
}

/** Remembers where tied points come from. */
export async function putOrigins(
  tx: ChangeTx,
  project: ProjectId,
  origins: readonly {
    readonly run: { readonly id: NodeId; readonly uid: Uid };
    readonly dataset: DatasetName | undefined;
  }[],
): Promise<void> {
  const unique = new Map(origins.map((origin) => [byOf(origin.run.uid, origin.dataset), origin]));
  const rows = [...unique]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([by, { run, dataset }]) => [by, project, run.id, dataset?.name ?? null, dataset?.digest ?? null]);
  await tx.run(sql`INSERT INTO series_by (by_key, project, run, dataset_name, dataset_digest)
    VALUES ${valueRows(rows)} ON CONFLICT DO NOTHING`);
}

/** Models that are there, held until the transaction ends, in the order of their nodes. */
async function holdModels(
  tx: ChangeTx,
  graph: Graph,
  project: ProjectId,
  ids: readonly string[],
): Promise<Map<string, NodeId>> {
  const uids = ids.flatMap((id) => uidOfModel(id) ?? []);
  const rows = await tx.many<{ id: NodeId; uid: Uid }>(sql`SELECT n.id, n.uid FROM node n
    WHERE n.project = ${project} AND n.uid ${anyOf(uids)} AND n.type = ${graph.types['logged-model']} AND n.deleted = 0
    ORDER BY n.id ${lockNodes(tx.dialect)}`);
  return new Map(rows.map(({ id, uid }) => [modelIdOf(uid), id]));
}

interface TiedRow extends SeriesRow {
  readonly run_uid: Uid;
  readonly dataset_name: string | null;
  readonly dataset_digest: string | null;
}

/** The summaries of the series of models, in the order of metric, then time of the latest point. */
export async function seriesOfModels(
  queries: Queries,
  graph: Graph,
  models: readonly NodeId[],
): Promise<Map<NodeId, ModelSeries[]>> {
  const found = new Map<NodeId, ModelSeries[]>(models.map((model) => [model, []]));
  const { rows, names } = await tiedRows(queries, graph, models);
  for (const row of rows) {
    const summary = summaryFromRow(row, names.get(row.key) ?? '');
    found.get(row.node)?.push({ ...originOf(row, names), summary });
  }
  for (const list of found.values()) {
    list.sort((a, b) => byText(a.key, b.key) || compareInt64(a.summary.last.time, b.summary.last.time));
  }
  return found;
}

/** The points of models, in the order of the metric's name, then (time, step, run). */
export async function pointsOfModels(
  queries: Queries,
  graph: Graph,
  models: readonly NodeId[],
  limit = modelPointsLimit,
): Promise<Map<NodeId, ModelPoint[]>> {
  const found = new Map<NodeId, ModelPoint[]>(models.map((model) => [model, []]));
  const { rows, names } = await tiedRows(queries, graph, models);
  if (rows.length === 0) return found;
  const total = rows.reduce((sum, row) => sum + row.points, 0);
  const ids = rows.map((row) => row.id);
  const parts = total > limit ? undefined : await loadParts(queries, models, ids);
  for (const row of rows) {
    const origin = originOf(row, names);
    const stored = parts?.get(row.id) ?? [];
    const points =
      parts === undefined ? [summaryOfRow(row).last] : eachPoint(mergeSorted(stored.map(sortPoints)));
    const list = found.get(row.node);
    for (const { value, step, time } of points) list?.push({ ...origin, value, step, time });
  }
  for (const list of found.values()) {
    list.sort(
      (a, b) =>
        byText(a.key, b.key) ||
        compareInt64(a.time, b.time) ||
        compareInt64(a.step, b.step) ||
        byText(a.run, b.run),
    );
  }
  return found;
}

async function tiedRows(
  queries: Queries,
  graph: Graph,
  models: readonly NodeId[],
): Promise<{ rows: readonly TiedRow[]; names: ReadonlyMap<KeyId, string> }> {
  if (models.length === 0) return { rows: [], names: new Map() };
  const rows =
    await queries.many<TiedRow>(sql`SELECT ${seriesColumns}, r.uid AS run_uid, b.dataset_name, b.dataset_digest
    FROM series s JOIN series_by b ON b.by_key = s.by_key JOIN node r ON r.id = b.run WHERE s.node ${anyOf(models)}`);
  const names = await graph.keys.names(
    queries,
    rows.map((row) => row.key),
  );
  return { rows, names };
}

function originOf(row: TiedRow, names: ReadonlyMap<KeyId, string>) {
  const { run_uid: run, dataset_name: name, dataset_digest: digest } = row;
  const dataset = name === null || digest === null ? undefined : { name, digest };
  return { key: names.get(row.key) ?? '', run, dataset };
}

const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
