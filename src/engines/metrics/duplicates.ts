/**
 * Exact duplicates: a point that a series holds already is dropped, so that a retried request changes nothing. Points of live
 * training come after everything that was logged before; only for others do stored points have to be read.
 */
import type { Int64 } from './int64.ts';
import {
  comparePoints,
  gatherPoints,
  isStrictlySorted,
  noPoints,
  type PointColumns,
  sortPoints,
} from './points.ts';

/** What must be known of a series to rule out duplicates; a Summary is one. */
export interface Extent {
  readonly stepMin: Int64;
  readonly stepMax: Int64;
  readonly timeMax: Int64;
}

/** Whether a point of `points` may already be in a series of this extent (undefined: an empty one). */
export function mayHoldDuplicates(points: PointColumns, extent: Extent | undefined): boolean {
  if (extent === undefined) return false;
  const { steps, times } = points;
  const { stepMin, stepMax, timeMax } = extent;
  for (let i = 0; i < steps.length; i++) {
    if (steps[i]! <= stepMax && times[i]! <= timeMax && steps[i]! >= stepMin) return true;
  }
  return false;
}

/**
 * The points in the order of the series, without those that occur twice or stand in one of `existing` (in any order each).
 * The argument itself when nothing had to change.
 */
export function dropDuplicates(points: PointColumns, existing: readonly PointColumns[] = []): PointColumns {
  if (existing.length === 0 && isStrictlySorted(points)) return points;
  const sorted = sortPoints(points);
  const parts = existing.map(sortPoints);
  const count = sorted.values.length;
  const kept = new Uint32Array(count);
  let length = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0 && comparePoints(sorted, i - 1, sorted, i) === 0) continue;
    if (!parts.some((part) => holds(part, sorted, i))) kept[length++] = i;
  }
  if (length === count) return sorted;
  return length === 0 ? noPoints : gatherPoints(sorted, kept.subarray(0, length));
}

/** Whether a sorted part holds `points[index]`. */
function holds(part: PointColumns, points: PointColumns, index: number): boolean {
  let low = 0;
  let high = part.values.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = comparePoints(part, middle, points, index);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
