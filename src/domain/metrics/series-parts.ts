/**
 * The stored parts of a series, read piece by piece in one of its orders: a chunk or storey that nothing reaches into is handed on unread
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
import { type Part, partsOfStoreys, rootParts } from './outline-store.ts';
import { headParts } from './point-store.ts';

export interface SeriesParts {
  /** Chunks and storeys that no storey stands on: all chunks are among them or below. */
  readonly roots: readonly Part[];
  /** What is not in chunks yet: in the order of the series each. */
  readonly loose: readonly PointColumns[];
}

/** Both ends are in it; an end that is not given is open. */
export interface AxisRange {
  readonly from?: Int64 | undefined;
  readonly to?: Int64 | undefined;
}

export type Piece = { readonly part: Part; readonly points?: undefined } | { readonly points: PointColumns };

/** The parts of some series of these nodes. */
export async function partsOf(
  queries: Queries,
  nodes: readonly NodeId[],
  series: readonly SeriesId[],
): Promise<Map<SeriesId, SeriesParts>> {
  const loose = await headParts(queries, nodes, series);
  const roots = Map.groupBy(await rootParts(queries, series), (part) => part.series);
  return new Map(series.map((id) => [id, { roots: roots.get(id) ?? [], loose: loose.get(id) ?? [] }]));
}

/** Whether all of a part lies within the range; undefined when only some of it may. */
export function liesWithin(axis: Axis, part: PartExtent, { from, to }: AxisRange): boolean | undefined {
  const [min, max] = axis === 'step' ? [part.stepMin, part.stepMax] : [part.timeMin, part.timeMax];
  if ((from !== undefined && max < from) || (to !== undefined && min > to)) return false;
  return (from === undefined || min >= from) && (to === undefined || max <= to) ? true : undefined;
}

/** Whether a storey is worth looking below; a chunk never is. */
export type Opens = (storey: Part) => boolean;
const always: Opens = () => true;

/** The parts that may hold points of the range, each storey that `opens` says so of replaced by what it stands on. */
export async function partsWithin(
  queries: Queries,
  roots: readonly Part[],
  axis: Axis,
  range: AxisRange,
  opens: Opens = always,
): Promise<Part[]> {
  const found: Part[] = [];
  for (let parts = roots; parts.length > 0; ) {
    const storeys: Part[] = [];
    for (const part of parts) {
      if (liesWithin(axis, part, range) === false) continue;
      if (part.height > 0 && opens(part)) storeys.push(part);
      else found.push(part);
    }
    parts = await partsOfStoreys(queries, storeys);
  }
  return found;
}

/**
 * Pieces that may hold points of the range, in the order of the axis; points beyond it may come with them. Storeys are among them where
 * `opens` says no of them and nothing lies over them.
 */
export async function* piecesOf(
  queries: Queries,
  reader: ChunkReader,
  parts: SeriesParts,
  axis: Axis,
  range: AxisRange = {},
  opens: Opens = always,
): AsyncGenerator<Piece> {
  const stream = new SeriesStream(axis, parts.loose);
  // The next one is last.
  let left = inBeginOrder(axis, await partsWithin(queries, parts.roots, axis, range, opens)).reverse();
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    const points = stream.before(part);
    if (points.values.length > 0) yield { points };
    const next = left.at(-1);
    if (!stream.reachesInto(part) && (next === undefined || endsBefore(axis, part, next))) {
      yield { part };
    } else if (part.height === 0) {
      stream.take(await reader.one(queries, part));
    } else {
      left.push(...(await partsWithin(queries, await partsOfStoreys(queries, [part]), axis, range, opens)));
      left = inBeginOrder(axis, left).reverse();
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

const never: Opens = () => false;

/**
 * All points that may be in the range, in the order of the axis, part by part. Storeys are opened one after the other, so whoever
 * takes but the beginning of a long series looks up no chunk behind it.
 */
export async function* pointsOf(
  queries: Queries,
  reader: ChunkReader,
  parts: SeriesParts,
  axis: Axis,
  range: AxisRange = {},
): AsyncGenerator<PointColumns> {
  let unread: Part[] = [];
  for await (const piece of piecesOf(queries, reader, parts, axis, range, never)) {
    if (piece.points === undefined && piece.part.height === 0) {
      unread.push(piece.part);
      if (unread.length < chunksAtOnce) continue;
    }
    for await (const points of reader.each(queries, unread)) yield inOrder(axis, points);
    unread = [];
    if (piece.points !== undefined) yield piece.points;
    else if (piece.part.height > 0) {
      const roots = await partsOfStoreys(queries, [piece.part]);
      yield* pointsOf(queries, reader, { roots, loose: [] }, axis, range);
    }
  }
  for await (const points of reader.each(queries, unread)) yield inOrder(axis, points);
}

/** A chunk is in the order of the series: on the axis of times the two may differ. */
function inOrder(axis: Axis, points: PointColumns): PointColumns {
  return axis === 'time' ? sortForHistory(points) : points;
}
