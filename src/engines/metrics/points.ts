/**
 * Points as columns, and their orders.
 *
 * A point is (value, step, time). Two points are the same when they agree in all three, NaN being equal to NaN and −0 not equal
 * to 0; a series holds a point once. The order of a series is (step, time, value), of its history (time, step,
 * value); values order as reals from −Infinity to Infinity, −0 before 0, then NaN. Both orders are total, so a sorted
 * series is one and the same wherever it was sorted.
 */
import {
  canonicalColumn,
  concatColumns,
  gatherColumn,
  grown,
  type Int64,
  type Int64Column,
  Int64ColumnBuilder,
  int64At,
} from './int64.ts';

export interface Point {
  readonly value: number;
  readonly step: Int64;
  /** ms since 1970 */
  readonly time: Int64;
}

/** Three columns of one length; never changed after they are made. */
export interface PointColumns {
  readonly values: Float64Array;
  readonly steps: Int64Column;
  readonly times: Int64Column;
}

export const noPoints: PointColumns = {
  values: new Float64Array(0),
  steps: new Float64Array(0),
  times: new Float64Array(0),
};

export function pointsFrom(rows: Iterable<Point>): PointColumns {
  const builder = new PointBuilder();
  for (const row of rows) builder.push(row.value, row.step, row.time);
  return builder.finish();
}

export function pointAt(points: PointColumns, index: number): Point {
  return {
    value: points.values[index]!,
    step: int64At(points.steps, index),
    time: int64At(points.times, index),
  };
}

export function* eachPoint(points: PointColumns): Generator<Point> {
  for (let i = 0; i < points.values.length; i++) yield pointAt(points, i);
}

/** Columns that grow while points come. */
export class PointBuilder {
  #values: Float64Array<ArrayBuffer>;
  readonly #steps: Int64ColumnBuilder;
  readonly #times: Int64ColumnBuilder;

  constructor(capacity = 8) {
    this.#values = new Float64Array(capacity);
    this.#steps = new Int64ColumnBuilder(capacity);
    this.#times = new Int64ColumnBuilder(capacity);
  }

  get length(): number {
    return this.#steps.length;
  }

  push(value: number, step: Int64, time: Int64): void {
    const at = this.#steps.length;
    if (at === this.#values.length) this.#values = grown(this.#values);
    this.#values[at] = value;
    this.#steps.push(step);
    this.#times.push(time);
  }

  /** The columns; they share the builder's memory, which must not be pushed to again. */
  finish(): PointColumns {
    return {
      values: this.#values.subarray(0, this.length),
      steps: this.#steps.finish(),
      times: this.#times.finish(),
    };
  }
}

export function compareValues(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return a !== 0 ? 0 : signOfZero(a) - signOfZero(b);
  return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
}

function signOfZero(zero: number): number {
  return Object.is(zero, -0) ? -1 : 0;
}

/** (step, time, value) of `a[i]` and `b[j]`. 0 means: the same point. */
export function comparePoints(a: PointColumns, i: number, b: PointColumns, j: number): number {
  const step = a.steps[i]!;
  const otherStep = b.steps[j]!;
  if (step < otherStep) return -1;
  if (step > otherStep) return 1;
  const time = a.times[i]!;
  const otherTime = b.times[j]!;
  if (time < otherTime) return -1;
  if (time > otherTime) return 1;
  return compareValues(a.values[i]!, b.values[j]!);
}

/** (time, step, value) of `a[i]` and `b[j]`. */
export function compareHistory(a: PointColumns, i: number, b: PointColumns, j: number): number {
  const time = a.times[i]!;
  const otherTime = b.times[j]!;
  if (time < otherTime) return -1;
  if (time > otherTime) return 1;
  return comparePoints(a, i, b, j);
}

/** `from` (inclusive) to `to` (exclusive); shares memory where it can. */
export function slicePoints(points: PointColumns, from: number, to: number): PointColumns {
  if (from === 0 && to === points.values.length) return points;
  return {
    values: points.values.subarray(from, to),
    steps: canonicalColumn(points.steps.subarray(from, to)),
    times: canonicalColumn(points.times.subarray(from, to)),
  };
}

/** `points[index[0]], points[index[1]], …` */
export function gatherPoints(points: PointColumns, index: Uint32Array): PointColumns {
  const values = new Float64Array(index.length);
  for (let i = 0; i < index.length; i++) values[i] = points.values[index[i]!]!;
  return { values, steps: gatherColumn(points.steps, index), times: gatherColumn(points.times, index) };
}

/** The points at these places. */
export function pickPoints(points: PointColumns, places: readonly number[]): PointColumns {
  return gatherPoints(points, Uint32Array.from(places));
}

export function concatPoints(parts: readonly PointColumns[]): PointColumns {
  if (parts.length === 0) return noPoints;
  if (parts.length === 1) return parts[0]!;
  let length = 0;
  for (const part of parts) length += part.values.length;
  const values = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return {
    values,
    steps: concatColumns(
      parts.map((part) => part.steps),
      length,
    ),
    times: concatColumns(
      parts.map((part) => part.times),
      length,
    ),
  };
}

/** In the order of the series. The argument itself when it already is. */
export function sortPoints(points: PointColumns): PointColumns {
  return sortedBy(points, comparePoints);
}

/** In the order of history (time, step, value). The argument itself when it already is. */
export function sortForHistory(points: PointColumns): PointColumns {
  return sortedBy(points, compareHistory);
}

function sortedBy(points: PointColumns, compare: typeof comparePoints): PointColumns {
  const length = points.values.length;
  let ordered = 1;
  while (ordered < length && compare(points, ordered - 1, points, ordered) <= 0) ordered++;
  if (ordered >= length) return points;
  const index = new Uint32Array(length);
  for (let i = 0; i < length; i++) index[i] = i;
  return gatherPoints(
    points,
    index.sort((i, j) => compare(points, i, points, j)),
  );
}

/** Each point strictly after the one before: sorted, and no point twice. */
export function isStrictlySorted(points: PointColumns): boolean {
  for (let i = 1; i < points.values.length; i++) {
    if (comparePoints(points, i - 1, points, i) >= 0) return false;
  }
  return true;
}
