/**
 * Series as charts want them: at most a few points or one band for each pixel, on a grid that does not move while points come.
 * Read are the outlines of the highest storeys that are fine enough, and chunks only where no outline is: about as much for a long
 * series as for a short one.
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
  outlineLevel,
  type PointColumns,
  slicePoints,
  startOf,
} from '../../engines/metrics/index.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { outlineBytes, type Part } from './outline-store.ts';
import { type AxisRange, liesWithin, partsWithin, pointsOf, type SeriesParts } from './series-parts.ts';

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
function levelOf({ from, to, pixels }: Window): number {
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
  for (const { roots, loose } of parts) {
    for (const part of roots) {
      if (axis === 'step') widen(part.stepMin, part.stepMax);
      else widen(part.timeMin, part.timeMax);
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
  if (atLeast(axis, parts.roots, window) <= limit) {
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
  // No two parts share a point, so bands take them in any order, also where they lie over each other.
  for (const points of parts.loose) bands.addPoints(points);
  const isTooCoarse = (part: Part) => outlineLevel(axis, part) > level;
  const found = await partsWithin(queries, parts.roots, axis, grid, isTooCoarse);
  const outlined = found.filter((part) => part.hasOutline && !isTooCoarse(part));
  for (let start = 0; start < outlined.length; start += outlinesAtOnce) {
    const some = outlined.slice(start, start + outlinesAtOnce);
    for (const { data } of await outlineBytes(queries, some)) bands.addBands(decodeOutline(data)[axis]);
  }
  const rest = found.filter((part) => !part.hasOutline || isTooCoarse(part));
  for await (const points of reader.each(queries, rest)) bands.addPoints(points);
  return { bands: bands.finish() };
}

/** Outlines that are read by one statement: some 500 KiB. */
const outlinesAtOnce = 256;

/** Points that are certain to be in the window. */
function atLeast(axis: Axis, roots: readonly Part[], range: AxisRange): number {
  return roots.reduce((sum, part) => (liesWithin(axis, part, range) === true ? sum + part.points : sum), 0);
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
