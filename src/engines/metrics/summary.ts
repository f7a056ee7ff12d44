/**
 * What is known of a series without its points. Merging two summaries of disjoint sets of points gives the summary of both, in
 * any order and grouping, so requests may arrive in any order; the one exception is the last bits of `sum`.
 *
 * - first and last: the smallest and greatest point by (step, time, value); last is what MLflow calls latest.
 * - min and max: over all but NaN, infinities included; equal values (0 and −0 are equal here, since not every store keeps the sign)
 *   keep the smallest step.
 * - sum: of the finite values, Neumaier-compensated within one `summarise`, plainly added by a merge. A sum beyond the doubles is ±Infinity
 *   and stays so; should both meet, +Infinity. It is never NaN.
 */
import { assert } from '../../kernel/assert.ts';
import { compareInt64, type Int64, int64At } from './int64.ts';
import { comparePoints, compareValues, type Point, type PointColumns, pointAt } from './points.ts';

export interface Extreme {
  readonly value: number;
  readonly step: Int64;
}

export interface Summary {
  readonly points: number;
  /** How many are NaN or ±Infinity. */
  readonly nonFinite: number;
  readonly first: Point;
  readonly last: Point;
  /** Undefined when every value is NaN. */
  readonly min: Extreme | undefined;
  readonly max: Extreme | undefined;
  readonly sum: number;
  readonly stepMin: Int64;
  readonly stepMax: Int64;
  readonly timeMax: Int64;
}

/** Of one point or more, in any order, no point twice. */
export function summarise(points: PointColumns): Summary {
  const { values, steps, times } = points;
  assert(values.length > 0, 'a summary is of one point or more');
  let first = 0;
  let last = 0;
  let latest = 0;
  let min = -1;
  let max = -1;
  let nonFinite = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const step = steps[i]!;
    if (step > steps[last]!) last = i;
    else if (step >= steps[last]! && comparePoints(points, i, points, last) > 0) last = i;
    if (step <= steps[first]! && comparePoints(points, i, points, first) < 0) first = i;
    if (times[i]! > times[latest]!) latest = i;
    if (!Number.isFinite(value)) nonFinite++;
    if (Number.isNaN(value)) continue;
    if (min < 0 || value < values[min]! || (value === values[min]! && isEarlier(points, i, min))) min = i;
    if (max < 0 || value > values[max]! || (value === values[max]! && isEarlier(points, i, max))) max = i;
  }
  return {
    points: values.length,
    nonFinite,
    first: pointAt(points, first),
    last: pointAt(points, last),
    min: min < 0 ? undefined : { value: values[min]!, step: int64At(steps, min) },
    max: max < 0 ? undefined : { value: values[max]!, step: int64At(steps, max) },
    sum: finiteSum(values),
    stepMin: int64At(steps, first),
    stepMax: int64At(steps, last),
    timeMax: int64At(times, latest),
  };
}

/** Of two points of equal value: by step, then −0 before 0. */
function isEarlier(points: PointColumns, i: number, j: number): boolean {
  const step = points.steps[i]!;
  const other = points.steps[j]!;
  return step < other || (step <= other && compareValues(points.values[i]!, points.values[j]!) < 0);
}

/** The summary of both sets of points, which share none. */
export function mergeSummaries(a: Summary, b: Summary): Summary {
  return {
    points: a.points + b.points,
    nonFinite: a.nonFinite + b.nonFinite,
    first: comparePoint(a.first, b.first) <= 0 ? a.first : b.first,
    last: comparePoint(a.last, b.last) >= 0 ? a.last : b.last,
    min: extreme(a.min, b.min, -1),
    max: extreme(a.max, b.max, 1),
    sum: addSums(a.sum, b.sum),
    stepMin: a.stepMin <= b.stepMin ? a.stepMin : b.stepMin,
    stepMax: a.stepMax >= b.stepMax ? a.stepMax : b.stepMax,
    timeMax: a.timeMax >= b.timeMax ? a.timeMax : b.timeMax,
  };
}

/** (step, time, value) of two points as rows. */
export function comparePoint(a: Point, b: Point): number {
  return compareInt64(a.step, b.step) || compareInt64(a.time, b.time) || compareValues(a.value, b.value);
}

function extreme(a: Extreme | undefined, b: Extreme | undefined, direction: 1 | -1): Extreme | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.value !== b.value) return a.value > b.value === direction > 0 ? a : b;
  return (compareInt64(a.step, b.step) || compareValues(a.value, b.value)) <= 0 ? a : b;
}

function addSums(a: number, b: number): number {
  const sum = a + b;
  return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum;
}

/** Mean of the finite values; NaN when there are none. */
export function meanOf(summary: Pick<Summary, 'points' | 'nonFinite' | 'sum'>): number {
  return summary.sum / (summary.points - summary.nonFinite);
}

/** Neumaier's sum of the finite values: as if in twice the precision, rounded once. */
function finiteSum(values: Float64Array): number {
  const sum = compensatedSum(values, 1);
  // Only the way to the sum may have been too large: in units of 2^64 no column of ours can overflow.
  return Number.isFinite(sum) ? sum : compensatedSum(values, 2 ** -64) * 2 ** 64;
}

function compensatedSum(values: Float64Array, scale: number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! * scale;
    if (!Number.isFinite(value)) continue;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}
