/** Rows of heads: all points of one request. Bytes: docs/formats/points.md. */
import type { Queries, Tx } from '../../db/db.ts';
import {
  decodeChunk,
  decodeHead,
  encodeHead,
  type HeadEntry,
  type PartExtent,
  type PointColumns,
  reaches,
} from '../../engines/metrics/index.ts';
import type { NodeId, ProjectId, SeriesId } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { chunkBytes, chunkExtents } from './chunk-store.ts';

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

/** What is known of a head without its bytes. */
export interface HeadSize {
  readonly id: number;
  readonly points: number;
}

/** The heads of a run in the order in which they were written. */
export async function headSizes(queries: Queries, node: NodeId): Promise<HeadSize[]> {
  return queries.many(sql`SELECT id, points FROM point_head WHERE node = ${node} ORDER BY id`);
}

export interface HeadRow {
  readonly id: number;
  readonly node: NodeId;
  readonly data: Uint8Array;
}

export async function headsOf(
  queries: Queries,
  nodes: readonly NodeId[],
  ids?: readonly number[],
): Promise<HeadRow[]> {
  const only = ids === undefined ? sql`` : sql`AND id ${anyOf(ids)}`;
  const of = nodes.length === 1 ? sql`node = ${nodes[0]!}` : sql`node ${anyOf(nodes)}`;
  return queries.many(sql`SELECT id, node, data FROM point_head WHERE ${of} ${only} ORDER BY node, id`);
}

/** Resolves to how many of them were there. */
export async function deleteHeads(tx: Tx, node: NodeId, ids: readonly number[]): Promise<number> {
  return tx.run(sql`DELETE FROM point_head WHERE node = ${node} AND id ${anyOf(ids)}`);
}

/** What the heads of these nodes hold of some series, by series: parts in the order of the series each. */
export async function headParts(
  queries: Queries,
  nodes: readonly NodeId[],
  series: readonly SeriesId[],
): Promise<Map<SeriesId, PointColumns[]>> {
  const parts = new Map<SeriesId, PointColumns[]>(series.map((id) => [id, []]));
  const only = series.length === 1 ? series[0] : undefined;
  for (const head of await headsOf(queries, nodes)) {
    for (const entry of decodeHead(head.data, only)) parts.get(entry.series as SeriesId)?.push(entry.points);
  }
  return parts;
}

/**
 * Stored parts of some series of these nodes: of each, all of it, or those parts that sorted points given for it may
 * stand in. Three statements, whatever their number.
 */
export async function loadParts(
  queries: Queries,
  nodes: readonly NodeId[],
  series: readonly SeriesId[],
  near?: ReadonlyMap<SeriesId, PointColumns>,
): Promise<Map<SeriesId, PointColumns[]>> {
  const parts = await headParts(queries, nodes, series);
  const isNear = (id: SeriesId, chunk: PartExtent) => near === undefined || reaches(near.get(id)!, chunk);
  const wanted = (await chunkExtents(queries, series)).filter((chunk) => isNear(chunk.series, chunk));
  for (const { series: id, data } of await chunkBytes(queries, wanted))
    parts.get(id)?.push(decodeChunk(data));
  return parts;
}
