/** Appending points to series of one node: what is stored already is dropped, the rest is one head, summaries follow. */
import { hash } from 'node:crypto';
import {
  dropDuplicates,
  mayHoldDuplicates,
  type NamedPoints,
  type PointColumns,
  type Summary,
  sortPoints,
} from '../../engines/metrics/index.ts';
import type { KeyId, NodeId, ProjectId, SeriesId } from '../../kernel/ids.ts';
import type { ChangeTx } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import { putNames } from './metric-names.ts';
import { insertHead, loadParts } from './point-store.ts';
import type { SeriesOrder } from './series-order.ts';
import { putSummaries, seriesOfNode, summaryOfRow } from './series-store.ts';

export interface SeriesOwner {
  readonly id: NodeId;
  readonly project: ProjectId;
  /** Whose table of columns the series stand in. */
  readonly context: NodeId | 0;
}

/** The series that a group of points belongs to: its metric, and `by` ('' for the node's own). */
export interface SeriesName {
  readonly key: string;
  readonly by: string;
}

/** What an event keeps of points that were stored: the head that holds them is told by its digest. */
export interface StoredPoints {
  readonly head: number;
  readonly points: number;
  readonly keys: readonly string[];
  readonly sha256: string;
}

export interface Append {
  readonly owner: SeriesOwner;
  readonly headId: number;
  /** No name twice. */
  readonly groups: readonly NamedPoints[];
  /** What a group's name stands for. */
  nameOf(group: string): SeriesName;
  readonly order: SeriesOrder;
}

/** Stores the points that are not there yet, in at most four statements; undefined when all of them are. */
export async function appendPoints(
  tx: ChangeTx,
  graph: Graph,
  append: Append,
): Promise<StoredPoints | undefined> {
  const { owner, headId, nameOf, order } = append;
  const groups = append.groups.map(([group, columns]) => ({ ...nameOf(group), columns }));
  const keys = await graph.keys.resolve(
    tx,
    groups.map(({ key }) => key),
  );
  const rows = await seriesOfNode(tx, owner.id, [...keys.values()]);
  const existing = new Map(
    rows.map((row) => [seriesId(row.key, row.by_key), { id: row.id, summary: summaryOfRow(row) }]),
  );
  const wanted = groups.map((group) => {
    const key = keys.get(group.key)!;
    return { ...group, key, name: group.key, known: existing.get(seriesId(key, group.by)) };
  });
  const doubtful = wanted.flatMap(({ columns, known }) =>
    known !== undefined && mayHoldDuplicates(columns, known.summary) ? [{ id: known.id, columns }] : [],
  );
  const stored = await overlapping(tx, owner.id, doubtful);
  const missing = wanted.filter(({ known }) => known === undefined).length;
  let nextId = missing > 0 ? await graph.db.nextIds(missing) : 0;
  const summaries: { id: SeriesId; key: KeyId; by: string; summary: Summary }[] = [];
  const entries: { series: SeriesId; points: PointColumns }[] = [];
  const names: { name: string; series: SeriesId }[] = [];
  for (const { key, name, by, columns, known } of wanted) {
    const fresh = dropDuplicates(columns, known && stored.get(known.id));
    if (fresh.values.length === 0) continue;
    const summary = order.summarise(fresh);
    const id = known?.id ?? (nextId++ as SeriesId);
    summaries.push({
      id,
      key,
      by,
      summary: known === undefined ? summary : order.merge(known.summary, summary),
    });
    entries.push({ series: id, points: fresh });
    if (known === undefined && by === '') names.push({ name, series: id });
  }
  if (entries.length === 0) return undefined;
  await putSummaries(tx, owner, summaries);
  await putNames(tx, owner, names);
  entries.sort((a, b) => a.series - b.series);
  const data = await insertHead(tx, { id: headId, node: owner.id, project: owner.project }, entries);
  return {
    head: headId,
    points: entries.reduce((sum, entry) => sum + entry.points.values.length, 0),
    keys: [...new Set(groups.map(({ key }) => key))],
    sha256: hash('sha256', data, 'hex'),
  };
}

function seriesId(key: KeyId, by: string): string | KeyId {
  return by === '' ? key : `${key} ${by}`;
}

/** What is stored of series near the points that may repeat some of it. */
async function overlapping(
  tx: ChangeTx,
  node: NodeId,
  doubtful: readonly { readonly id: SeriesId; readonly columns: PointColumns }[],
): Promise<ReadonlyMap<SeriesId, PointColumns[]>> {
  if (doubtful.length === 0) return new Map();
  const near = new Map(doubtful.map(({ id, columns }) => [id, sortPoints(columns)]));
  return loadParts(tx, [node], [...near.keys()], near);
}
