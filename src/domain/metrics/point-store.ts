/** Blobs of points: heads (all points of one request) and chunks (columns of one series). Bytes: docs/formats/points.md. */
import type { Queries, Tx } from '../../db/db.ts';
import {
  type ChunkPlan,
  decodeChunk,
  decodeHead,
  encodeChunk,
  encodeHead,
  type HeadEntry,
  type Int64,
  type PointColumns,
} from '../../engines/metrics/index.ts';
import type { NodeId, ProjectId, SeriesId } from '../../kernel/ids.ts';
import { anyOf, emptySql, sql, valueRows } from '../../kernel/sql.ts';

export async function insertHead(
  tx: Tx,
  head: { readonly id: number; readonly node: NodeId; readonly project: ProjectId },
  entries: readonly HeadEntry[],
): Promise<Uint8Array> {
  const data = encodeHead(entries);
  const points = entries.reduce((sum, entry) => sum + entry.points.values.length, 0);
  await tx.run(sql`INSERT INTO point_head (node, id, project, points, data)
    VALUES (${head.node}, ${head.id}, ${head.project}, ${points}, ${data})`);
  return data;
}

export interface HeadRow {
  readonly id: number;
  readonly data: Uint8Array;
}

export async function headsOf(queries: Queries, node: NodeId): Promise<HeadRow[]> {
  return queries.many(sql`SELECT id, data FROM point_head WHERE node = ${node} ORDER BY id`);
}

export async function countHeads(queries: Queries, node: NodeId): Promise<number> {
  const row = await queries.one<{ heads: number }>(
    sql`SELECT count(*) AS heads FROM point_head WHERE node = ${node}`,
  );
  return row?.heads ?? 0;
}

export async function deleteHeads(tx: Tx, node: NodeId, ids: readonly number[]): Promise<void> {
  await tx.run(sql`DELETE FROM point_head WHERE node = ${node} AND id ${anyOf(ids)}`);
}

export interface ChunkRow {
  readonly series: SeriesId;
  readonly id: number;
  readonly points: number;
  readonly data: Uint8Array;
}

/** What part of a series is wanted: points outside may come too, none inside are left out. */
export interface PointRange {
  readonly stepFrom?: Int64;
  readonly stepTo?: Int64;
  readonly timeFrom?: Int64;
}

/** Chunks of the series that may hold points of the range. */
export async function chunksOf(
  queries: Queries,
  series: readonly SeriesId[],
  range: PointRange = {},
): Promise<ChunkRow[]> {
  const from = range.stepFrom === undefined ? emptySql : sql`AND step_max >= ${range.stepFrom}`;
  const to = range.stepTo === undefined ? emptySql : sql`AND step_min <= ${range.stepTo}`;
  const time = range.timeFrom === undefined ? emptySql : sql`AND time_max >= ${range.timeFrom}`;
  return queries.many(sql`SELECT series, id, points, data FROM point_chunk
    WHERE series ${anyOf(series)} ${from} ${to} ${time} ORDER BY series, id`);
}

export async function insertChunks(
  tx: Tx,
  series: SeriesId,
  project: ProjectId,
  firstId: number,
  plans: readonly ChunkPlan[],
): Promise<void> {
  const rows = plans.map((plan, index) => [
    series,
    firstId + index,
    project,
    plan.points.values.length,
    plan.stepMin,
    plan.stepMax,
    plan.timeMin,
    plan.timeMax,
    encodeChunk(plan.points),
  ]);
  await tx.run(sql`INSERT INTO point_chunk (series, id, project, points, step_min, step_max, time_min, time_max, data)
    VALUES ${valueRows(rows)}`);
}

export async function deleteChunks(tx: Tx, series: SeriesId, ids: readonly number[]): Promise<void> {
  await tx.run(sql`DELETE FROM point_chunk WHERE series = ${series} AND id ${anyOf(ids)}`);
}

/** All stored parts of some series of these nodes: two statements, whatever their number. */
export async function loadParts(
  queries: Queries,
  nodes: readonly NodeId[],
  series: readonly SeriesId[],
  range: PointRange = {},
): Promise<Map<SeriesId, PointColumns[]>> {
  const parts = new Map<SeriesId, PointColumns[]>(series.map((id) => [id, []]));
  for (const chunk of await chunksOf(queries, series, range))
    parts.get(chunk.series)?.push(decodeChunk(chunk.data));
  const only = series.length === 1 ? series[0] : undefined;
  const heads =
    nodes.length === 1
      ? await headsOf(queries, nodes[0]!)
      : await queries.many<HeadRow>(
          sql`SELECT id, data FROM point_head WHERE node ${anyOf(nodes)} ORDER BY node, id`,
        );
  for (const head of heads) {
    for (const entry of decodeHead(head.data, only)) parts.get(entry.series as SeriesId)?.push(entry.points);
  }
  return parts;
}
