/**
 * A metric over another one: the points that both have at a step, of each its latest there. Their x are doubles, so buckets
 * are 2^level wide for any level from −1074 on, and first and last are by (x, step).
 */
import { assert } from '../../kernel/assert.ts';
import { type Int64Column, Int64ColumnBuilder, int64At } from './int64.ts';
import type { PointColumns } from './points.ts';

/** In the order of (x, step). */
export interface Pairs {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly steps: Int64Column;
}

export interface PairBands {
  readonly level: number;
  /** Bucket `i` holds i·2^level ≤ x < (i+1)·2^level. */
  readonly buckets: Float64Array;
  readonly counts: Float64Array;
  readonly nonFinite: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** NaN where every value is. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Of the finite values. */
  readonly sums: Float64Array;
}

/** Joins two series, in their order, at the steps that both have and whose x is finite and wanted. */
export function pairsOf(xs: PointColumns, ys: PointColumns, isWanted: (x: number) => boolean): Pairs {
  const places: { readonly x: number; readonly i: number; readonly j: number }[] = [];
  let i = lastOfStep(xs, 0);
  let j = lastOfStep(ys, 0);
  while (i < xs.values.length && j < ys.values.length) {
    const [step, other] = [xs.steps[i]!, ys.steps[j]!];
    if (step === other || (step >= other && step <= other)) {
      const x = xs.values[i]! + 0;
      if (Number.isFinite(x) && isWanted(x)) places.push({ x, i, j });
    }
    if (step <= other) i = lastOfStep(xs, i + 1);
    if (other <= step) j = lastOfStep(ys, j + 1);
  }
  // Stable, and steps ascend: equal xs stay in the order of their steps.
  places.sort((a, b) => a.x - b.x);
  const steps = new Int64ColumnBuilder(places.length);
  for (const place of places) steps.push(int64At(ys.steps, place.j));
  return {
    xs: Float64Array.from(places, (place) => place.x),
    ys: Float64Array.from(places, (place) => ys.values[place.j]!),
    steps: steps.finish(),
  };
}

/** Index of the latest point of the step that begins at `from`. */
function lastOfStep({ steps }: PointColumns, from: number): number {
  let at = from;
  while (at + 1 < steps.length && steps[at + 1]! <= steps[from]!) at++;
  return at;
}

/** Pairs with x from `from` to `to`, at the finest level of which that range touches at most `buckets`. */
export function pairBands(pairs: Pairs, from: number, to: number, buckets: number): PairBands {
  assert(from <= to && buckets >= 1, 'a range of x');
  let level = Math.max(-1074, Math.ceil(Math.log2(Math.max((to - from) / buckets, Number.MIN_VALUE))));
  while (bucketAt(to, level) - bucketAt(from, level) + 1 > buckets && level < 1024) level++;
  const rows: { bucket: number; from: number; to: number }[] = [];
  for (let i = 0; i < pairs.xs.length; i++) {
    const bucket = bucketAt(pairs.xs[i]!, level);
    const open = rows.at(-1);
    if (open?.bucket === bucket) open.to = i + 1;
    else rows.push({ bucket, from: i, to: i + 1 });
  }
  const column = (of: (ys: Float64Array) => number) =>
    Float64Array.from(rows, (row) => of(pairs.ys.subarray(row.from, row.to)));
  const reals = (ys: Float64Array) => ys.filter((y) => !Number.isNaN(y));
  return {
    level,
    buckets: Float64Array.from(rows, (row) => row.bucket),
    counts: column((ys) => ys.length),
    nonFinite: column((ys) => ys.filter((y) => !Number.isFinite(y)).length),
    first: column((ys) => ys[0]!),
    last: column((ys) => ys.at(-1)!),
    min: column((ys) => reals(ys).reduce((a, b) => (a <= b ? a : b), Number.NaN)),
    max: column((ys) => reals(ys).reduce((a, b) => (a >= b ? a : b), Number.NaN)),
    sums: column((ys) => ys.reduce((sum, y) => (Number.isFinite(y) ? sum + y : sum), 0)),
  };
}

function bucketAt(x: number, level: number): number {
  // 2^1024 is no double: halves twice.
  return level > 1000 ? Math.floor(x / 2 ** (level - 1) / 2) : Math.floor(x / 2 ** level);
}
