/** Where parts of a series lie in its order, as far as their rows tell without their points being read. */
import { compareInt64, type Int64 } from './int64.ts';
import type { PointColumns } from './points.ts';

/** Every point of the part is within these; in the order of a series it lies between (stepMin, timeMin) and (stepMax, timeMax). */
export interface PartExtent {
  readonly stepMin: Int64;
  readonly stepMax: Int64;
  readonly timeMin: Int64;
  readonly timeMax: Int64;
}

export interface ChunkExtent extends PartExtent {
  readonly points: number;
}

/** By where parts may begin. */
export function compareBegin(a: PartExtent, b: PartExtent): number {
  return compareInt64(a.stepMin, b.stepMin) || compareInt64(a.timeMin, b.timeMin);
}

/** Index of the first of sorted points that is not before (step, time). */
export function firstNotBefore(points: PointColumns, step: Int64, time: Int64): number {
  return search(
    points,
    (i) => points.steps[i]! < step || (points.steps[i]! <= step && points.times[i]! < time),
  );
}

/** Index of the first of sorted points that is behind every point of (step, time). */
export function firstBehind(points: PointColumns, step: Int64, time: Int64): number {
  return search(
    points,
    (i) => points.steps[i]! < step || (points.steps[i]! <= step && points.times[i]! <= time),
  );
}

/** Whether a point of sorted ones may stand in the part, or among its points. */
export function reaches(points: PointColumns, part: PartExtent): boolean {
  return firstNotBefore(points, part.stepMin, part.timeMin) < firstBehind(points, part.stepMax, part.timeMax);
}

function search(points: PointColumns, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = points.values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
