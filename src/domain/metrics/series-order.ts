/**
 * Which point of a series is its latest. A run's own: the greatest by (step, time, value), as everywhere in a run. One
 * tied to a logged model: by (time, step, value), for a model is measured again by other runs, whose steps begin anew.
 */
import {
  compareHistory,
  compareInt64,
  compareValues,
  mergeSummaries,
  type Point,
  type PointColumns,
  pointAt,
  type Summary,
  summarise,
} from '../../engines/metrics/index.ts';
import { isRewindKey } from './rewind-store.ts';

export interface SeriesOrder {
  summarise(points: PointColumns): Summary;
  /** Of two sets that share no point. */
  merge(a: Summary, b: Summary): Summary;
}

export const ownOrder: SeriesOrder = { summarise, merge: (a, b) => mergeSummaries(a, b) };

export const tiedOrder: SeriesOrder = {
  summarise(points) {
    let last = 0;
    for (let i = 1; i < points.values.length; i++) if (compareHistory(points, i, points, last) > 0) last = i;
    return { ...summarise(points), last: pointAt(points, last) };
  },
  merge: (a, b) => ({ ...mergeSummaries(a, b), last: isLater(a.last, b.last) ? a.last : b.last }),
};

/** By the `by_key` of a series: a run's own, also those that a rewind superseded, or one of a logged model. */
export function orderOf(by: string): SeriesOrder {
  return by === '' || isRewindKey(by) ? ownOrder : tiedOrder;
}

function isLater(a: Point, b: Point): boolean {
  return (
    (compareInt64(a.time, b.time) || compareInt64(a.step, b.step) || compareValues(a.value, b.value)) > 0
  );
}
