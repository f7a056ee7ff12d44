/**
 * A series from its parts, in one of its two orders, in memory that does not grow with its length: parts are taken in where they
 * may begin, and what lies before the next part leaves.
 *
 *     const stream = new SeriesStream('step', heads);
 *     for (const chunk of inBeginOrder('step', chunks)) {
 *       use(stream.before(chunk));
 *       stream.take(decodeChunk(await load(chunk)));
 *     }
 *     use(stream.rest());
 */
import { firstFrom } from './bands.ts';
import { compareBegin, firstBehind, firstNotBefore, type PartExtent } from './extent.ts';
import type { Axis } from './grid.ts';
import { compareInt64 } from './int64.ts';
import { mergeSorted } from './merge.ts';
import { concatPoints, noPoints, type PointColumns, slicePoints, sortForHistory } from './points.ts';

export function inBeginOrder<T extends PartExtent>(axis: Axis, parts: readonly T[]): T[] {
  return [...parts].sort((a, b) =>
    axis === 'step' ? compareBegin(a, b) : compareInt64(a.timeMin, b.timeMin),
  );
}

export class SeriesStream {
  readonly #axis: Axis;
  #waiting: PointColumns;

  /** `parts` are there from the start: sorted and distinct each, as is all that is taken in. */
  constructor(axis: Axis, parts: readonly PointColumns[] = []) {
    this.#axis = axis;
    this.#waiting = this.#merged(parts);
  }

  take(points: PointColumns): void {
    this.#waiting = this.#merged([this.#waiting, points]);
  }

  /** All that is certain to come before the part and every part behind it: on the axis of steps by (step, time, value), on
   * that of times by (time, step, value). */
  before(part: PartExtent): PointColumns {
    const points = this.#waiting;
    const end =
      this.#axis === 'step'
        ? firstNotBefore(points, part.stepMin, part.timeMin)
        : firstFrom(points.times, part.timeMin);
    if (end === 0) return noPoints;
    this.#waiting = slicePoints(points, end, points.values.length);
    return slicePoints(points, 0, end);
  }

  /** Whether a point that waits may stand among the points of the part, or before them. */
  reachesInto(part: PartExtent): boolean {
    const points = this.#waiting;
    if (points.values.length === 0) return false;
    return this.#axis === 'step'
      ? firstBehind(points, part.stepMax, part.timeMax) > 0
      : points.times[0]! <= part.timeMax;
  }

  rest(): PointColumns {
    const points = this.#waiting;
    this.#waiting = noPoints;
    return points;
  }

  #merged(parts: readonly PointColumns[]): PointColumns {
    return this.#axis === 'step' ? mergeSorted(parts) : sortForHistory(concatPoints(parts));
  }
}
