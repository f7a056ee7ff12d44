/**
 * The stored parts of a series, read piece by piece in one of its orders: a chunk that nothing reaches into is handed on unread
 * (its reader may know enough from its row or its outline), all else as points. Memory is that of the parts that overlap.
 */
import type { Queries } from '../../db/db.ts';
import {
  type Axis,
  compareInt64,
  type Int64,
  inBeginOrder,
  type PartExtent,
  type PointColumns,
  SeriesStream,
  sortForHistory,
} from '../../engines/metrics/index.ts';
import type { NodeId, SeriesId } from '../../kernel/ids.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { type ChunkRow, chunkExtents } from './chunk-store.ts';
import { headParts } from './point-store.ts';

export interface SeriesParts {
  readonly chunks: readonly ChunkRow[];
  /** What is not in chunks yet: in the order of the series each. */
  readonly loose: readonly PointColumns[];
}

/** Both ends are in it; an end that is not given is open. */
export interface AxisRange {
  readonly from?: Int64 | undefined;
  readonly to?: Int64 | undefined;
}

export type Piece =
  | { readonly chunk: ChunkRow; readonly points?: undefined }
  | { readonly points: PointColumns };

/** The parts of some series of these nodes. */
export async function partsOf(
  queries: Queries,
  nodes: readonly NodeId[],
  series: readonly SeriesId[],
): Promise<Map<SeriesId, SeriesParts>> {
  const loose = await headParts(queries, nodes, series);
  const chunks = Map.groupBy(await chunkExtents(queries, series), (chunk) => chunk.series);
  return new Map(series.map((id) => [id, { chunks: chunks.get(id) ?? [], loose: loose.get(id) ?? [] }]));
}

/** Whether all of a part lies within the range; undefined when only some of it may. */
export function liesWithin(axis: Axis, part: PartExtent, { from, to }: AxisRange): boolean | undefined {
  const [min, max] = axis === 'step' ? [part.stepMin, part.stepMax] : [part.timeMin, part.timeMax];
  if ((from !== undefined && max < from) || (to !== undefined && min > to)) return false;
  return (from === undefined || min >= from) && (to === undefined || max <= to) ? true : undefined;
}

/** Pieces that may hold points of the range, in the order of the axis; points beyond it may come with them. */
export async function* piecesOf(
  queries: Queries,
  reader: ChunkReader,
  parts: SeriesParts,
  axis: Axis,
  range: AxisRange = {},
): AsyncGenerator<Piece> {
  const chunks = inBeginOrder(
    axis,
    parts.chunks.filter((chunk) => liesWithin(axis, chunk, range) !== false),
  );
  const stream = new SeriesStream(axis, parts.loose);
  for (const [index, chunk] of chunks.entries()) {
    const points = stream.before(chunk);
    if (points.values.length > 0) yield { points };
    const next = chunks[index + 1];
    if (stream.reachesInto(chunk) || (next !== undefined && !endsBefore(axis, chunk, next))) {
      stream.take(await reader.one(queries, chunk));
    } else {
      yield { chunk };
    }
  }
  const rest = stream.rest();
  if (rest.values.length > 0) yield { points: rest };
}

function endsBefore(axis: Axis, part: PartExtent, next: PartExtent): boolean {
  if (axis === 'time') return part.timeMax < next.timeMin;
  return (compareInt64(part.stepMax, next.stepMin) || compareInt64(part.timeMax, next.timeMin)) < 0;
}

/** Chunks that are read together. */
const chunksAtOnce = 32;

/** All points that may be in the range, in the order of the axis, part by part. */
export async function* pointsOf(
  queries: Queries,
  reader: ChunkReader,
  parts: SeriesParts,
  axis: Axis,
  range: AxisRange = {},
): AsyncGenerator<PointColumns> {
  let unread: ChunkRow[] = [];
  for await (const piece of piecesOf(queries, reader, parts, axis, range)) {
    if (piece.points === undefined) {
      unread.push(piece.chunk);
      if (unread.length < chunksAtOnce) continue;
    }
    for await (const points of reader.each(queries, unread)) yield inOrder(axis, points);
    unread = [];
    if (piece.points !== undefined) yield piece.points;
  }
  for await (const points of reader.each(queries, unread)) yield inOrder(axis, points);
}

/** A chunk is in the order of the series: on the axis of times the two may differ. */
function inOrder(axis: Axis, points: PointColumns): PointColumns {
  return axis === 'time' ? sortForHistory(points) : points;
}
