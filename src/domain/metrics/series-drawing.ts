/**
 * Series as charts want them: at most a few points or one band for each pixel, on a grid that does not move while points come.
 * Chunks that lie alone are known by their outlines; only what is finer than those, or lies over each other, is read.
 */
import type { Queries } from '../../db/db.ts';
import {
  type Axis,
  BandAccumulator,
  type Bands,
  bucketCount,
  bucketOf,
  concatPoints,
  decodeOutline,
  firstBeyond,
  firstFrom,
  type Int64,
  lastOf,
  levelFor,
  type PointColumns,
  slicePoints,
  startOf,
} from '../../engines/metrics/index.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { outlineBytes } from './chunk-store.ts';
import {
  type AxisRange,
  liesWithin,
  type Piece,
  piecesOf,
  pointsOf,
  type SeriesParts,
} from './series-parts.ts';

/** What is drawn: the window, and how many buckets it may have. */
export interface Window {
  readonly axis: Axis;
  readonly from: Int64;
  readonly to: Int64;
  readonly pixels: number;
}

/** Either all points of the window, where there are few of them, or bands of one level. */
export type Drawn =
  | { readonly points: PointColumns; readonly bands?: undefined }
  | { readonly bands: Bands; readonly points?: undefined };

/** Below it every point is drawn. */
const pointsPerPixel = 2;

/** The level at which a window has at most as many buckets as pixels. */
export function levelOf({ from, to, pixels }: Window): number {
  return levelFor(from, to, pixels);
}

/** The first and last x of all parts; undefined when there are none. */
export function spanOf(axis: Axis, parts: Iterable<SeriesParts>): { from: Int64; to: Int64 } | undefined {
  let from: Int64 | undefined;
  let to: Int64 | undefined;
  const widen = (min: Int64, max: Int64) => {
    if (from === undefined || min < from) from = min;
    if (to === undefined || max > to) to = max;
  };
  for (const { chunks, loose } of parts) {
    for (const chunk of chunks) {
      if (axis === 'step') widen(chunk.stepMin, chunk.stepMax);
      else widen(chunk.timeMin, chunk.timeMax);
    }
    for (const points of loose) {
      for (const x of (axis === 'step' ? points.steps : points.times) as Iterable<Int64>) widen(x, x);
    }
  }
  return from === undefined || to === undefined ? undefined : { from, to };
}

export async function drawSeries(
  queries: Queries,
  reader: ChunkReader,
  parts: SeriesParts,
  window: Window,
): Promise<Drawn> {
  const { axis, from, to, pixels } = window;
  const limit = pointsPerPixel * pixels;
  if (atLeast(axis, parts, window) <= limit) {
    const points = await pointsWithin(queries, reader, parts, window, limit);
    if (points !== undefined) return { points };
  }
  const level = levelOf(window);
  // Whole buckets, so that the ones at the borders are the same in every window.
  const grid = {
    from: startOf(bucketOf(from, level), level),
    to: lastOf(bucketOf(to, level), level),
  };
  const bands = new BandAccumulator(axis, level, bucketOf(from, level), bucketCount(from, to, level));
  let unread: Piece[] = [];
  for await (const piece of piecesOf(queries, reader, parts, axis, grid)) {
    if (piece.points !== undefined) bands.addPoints(piece.points);
    else unread.push(piece);
    if (unread.length < outlinesAtOnce) continue;
    await addChunks(queries, reader, unread, bands);
    unread = [];
  }
  await addChunks(queries, reader, unread, bands);
  return { bands: bands.finish() };
}

/** Outlines that are read by one statement: some 700 KiB. */
const outlinesAtOnce = 256;

async function addChunks(
  queries: Queries,
  reader: ChunkReader,
  pieces: readonly Piece[],
  bands: BandAccumulator,
): Promise<void> {
  const chunks = pieces.flatMap((piece) => (piece.points === undefined ? [piece.chunk] : []));
  const outlined = new Set<number>();
  for (const { id, data } of await outlineBytes(queries, chunks)) {
    const outline = decodeOutline(data)[bands.axis];
    if (outline.level > bands.level) continue;
    bands.addBands(outline);
    outlined.add(id);
  }
  const rest = chunks.filter((chunk) => !outlined.has(chunk.id));
  for await (const points of reader.each(queries, rest)) bands.addPoints(points);
}

/** Points that are certain to be in the window. */
function atLeast(axis: Axis, parts: SeriesParts, range: AxisRange): number {
  return parts.chunks.reduce(
    (sum, chunk) => (liesWithin(axis, chunk, range) === true ? sum + chunk.points : sum),
    0,
  );
}

/** All points of the window in the order of the axis; undefined when there are more than `limit`. */
async function pointsWithin(
  queries: Queries,
  reader: ChunkReader,
  parts: SeriesParts,
  { axis, from, to }: Window,
  limit: number,
): Promise<PointColumns | undefined> {
  const found: PointColumns[] = [];
  let count = 0;
  for await (const points of pointsOf(queries, reader, parts, axis, { from, to })) {
    const xs = axis === 'step' ? points.steps : points.times;
    const some = slicePoints(points, firstFrom(xs, from), firstBeyond(xs, to));
    count += some.values.length;
    if (count > limit) return undefined;
    found.push(some);
  }
  return concatPoints(found);
}
