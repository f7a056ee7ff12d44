/**
 * Bands: points of one series gathered into the buckets of one level of the grid. What each bucket keeps can be put together
 * with that of any other set of points, in any order, so bands of chunks make the bands of a series, and fine ones coarse ones:
 * all but `sums` come out the same to the last bit whichever way they were made.
 */
import { assert } from '../../kernel/assert.ts';
import { type Axis, bucketOf, lastOf } from './grid.ts';
import { type Int64, type Int64Column, Int64ColumnBuilder, int64At, toInt64 } from './int64.ts';
import {
  compareHistory,
  comparePoints,
  PointBuilder,
  type PointColumns,
  pointAt,
  sortForHistory,
} from './points.ts';

/** Columns with an entry for every bucket that holds a point, in the order of the buckets. */
export interface Bands {
  readonly axis: Axis;
  readonly level: number;
  readonly buckets: Int64Column;
  readonly counts: Float64Array;
  /** How many are NaN or ±Infinity. */
  readonly nonFinite: Float64Array;
  /** By (step, time, value) on the axis of steps, by (time, step, value) on that of times. */
  readonly first: PointColumns;
  readonly last: PointColumns;
  /** Over all but NaN; NaN where there is nothing else. −0 and 0 are equal. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Of the finite values; never NaN (see summary.ts). */
  readonly sums: Float64Array;
}

/** Sums up points and bands into `size` buckets from `start` on. What lies outside is left out. */
export class BandAccumulator {
  readonly axis: Axis;
  readonly level: number;
  readonly #start: Int64;
  readonly #counts: Float64Array;
  readonly #nonFinite: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #sums: Float64Array;
  /** Of each bucket, where its first and last point stand: a set of columns and an index into them. */
  readonly #first: (PointColumns | undefined)[];
  readonly #last: (PointColumns | undefined)[];
  readonly #firstAt: Uint32Array;
  readonly #lastAt: Uint32Array;

  constructor(axis: Axis, level: number, start: Int64, size: number) {
    this.axis = axis;
    this.level = level;
    this.#start = start;
    this.#counts = new Float64Array(size);
    this.#nonFinite = new Float64Array(size);
    this.#min = new Float64Array(size).fill(Number.NaN);
    this.#max = new Float64Array(size).fill(Number.NaN);
    this.#sums = new Float64Array(size);
    this.#first = new Array(size);
    this.#last = new Array(size);
    this.#firstAt = new Uint32Array(size);
    this.#lastAt = new Uint32Array(size);
  }

  /** Points in the order of a series; `from` and `to` (both in it) narrow them by x. */
  addPoints(points: PointColumns, from?: Int64, to?: Int64): void {
    const ordered = this.axis === 'step' ? points : sortForHistory(points);
    const xs = this.axis === 'step' ? ordered.steps : ordered.times;
    const end = to === undefined ? xs.length : firstBeyond(xs, to);
    for (let i = from === undefined ? 0 : firstFrom(xs, from); i < end; ) {
      const bucket = bucketOf(int64At(xs, i), this.level);
      const last = lastOf(bucket, this.level);
      const begin = i;
      while (i < end && xs[i]! <= last) i++;
      const at = this.#place(bucket);
      if (at >= 0) this.#addRun(at, ordered, begin, i);
    }
  }

  /** Points `from` … `to` (exclusive) of one bucket. */
  #addRun(at: number, points: PointColumns, from: number, to: number): void {
    const { values } = points;
    let nonFinite = 0;
    let sum = 0;
    let min = Number.NaN;
    let max = Number.NaN;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (Number.isFinite(value)) sum += value;
      else nonFinite++;
      if (Number.isNaN(value)) continue;
      // Whatever is compared with NaN is false: the first real takes its place.
      if (!(min <= value)) min = value;
      if (!(max >= value)) max = value;
    }
    this.#counts[at]! += to - from;
    this.#nonFinite[at]! += nonFinite;
    this.#offerFirst(at, points, from);
    this.#offerLast(at, points, to - 1);
    this.#addSum(at, Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum);
    this.#widen(at, min, max);
  }

  /** Bands of the same axis, of this level or a finer one. */
  addBands(bands: Bands): void {
    assert(bands.axis === this.axis && bands.level <= this.level, 'bands fit into coarser ones');
    for (let i = 0; i < bands.counts.length; i++) {
      const at = this.#place(bucketOf(int64At(bands.buckets, i), this.level - bands.level));
      if (at < 0) continue;
      this.#counts[at]! += bands.counts[i]!;
      this.#nonFinite[at]! += bands.nonFinite[i]!;
      this.#offerFirst(at, bands.first, i);
      this.#offerLast(at, bands.last, i);
      this.#addSum(at, bands.sums[i]!);
      this.#widen(at, bands.min[i]!, bands.max[i]!);
    }
  }

  finish(): Bands {
    const filled: number[] = [];
    for (let at = 0; at < this.#counts.length; at++) if (this.#counts[at]! > 0) filled.push(at);
    const pick = (column: Float64Array) => Float64Array.from(filled, (at) => column[at]!);
    const buckets = new Int64ColumnBuilder(filled.length);
    const first = new PointBuilder(filled.length);
    const last = new PointBuilder(filled.length);
    for (const at of filled) {
      buckets.push(typeof this.#start === 'number' ? this.#start + at : toInt64(this.#start + BigInt(at)));
      pushPoint(first, this.#first[at]!, this.#firstAt[at]!);
      pushPoint(last, this.#last[at]!, this.#lastAt[at]!);
    }
    return {
      axis: this.axis,
      level: this.level,
      buckets: buckets.finish(),
      counts: pick(this.#counts),
      nonFinite: pick(this.#nonFinite),
      first: first.finish(),
      last: last.finish(),
      min: pick(this.#min),
      max: pick(this.#max),
      sums: pick(this.#sums),
    };
  }

  /** The index of a bucket here; −1 outside. */
  #place(bucket: Int64): number {
    const at =
      typeof bucket === 'number' && typeof this.#start === 'number'
        ? bucket - this.#start
        : Number(BigInt(bucket) - BigInt(this.#start));
    return at >= 0 && at < this.#counts.length ? at : -1;
  }

  #compare(a: PointColumns, i: number, b: PointColumns, j: number): number {
    return this.axis === 'step' ? comparePoints(a, i, b, j) : compareHistory(a, i, b, j);
  }

  #offerFirst(at: number, points: PointColumns, index: number): void {
    const known = this.#first[at];
    if (known !== undefined && this.#compare(points, index, known, this.#firstAt[at]!) >= 0) return;
    this.#first[at] = points;
    this.#firstAt[at] = index;
  }

  #offerLast(at: number, points: PointColumns, index: number): void {
    const known = this.#last[at];
    if (known !== undefined && this.#compare(points, index, known, this.#lastAt[at]!) <= 0) return;
    this.#last[at] = points;
    this.#lastAt[at] = index;
  }

  /** Infinities of both signs make +Infinity, as in a summary. */
  #addSum(at: number, value: number): void {
    const sum = this.#sums[at]! + value;
    this.#sums[at] = Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum;
  }

  #widen(at: number, least: number, greatest: number): void {
    if (!(this.#min[at]! <= least)) this.#min[at] = Number.isNaN(least) ? this.#min[at]! : least + 0;
    if (!(this.#max[at]! >= greatest)) this.#max[at] = Number.isNaN(greatest) ? this.#max[at]! : greatest + 0;
  }
}

/** Index of the first x that is not below `from`, in an ascending column. */
export function firstFrom(xs: Int64Column, from: Int64): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (xs[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first x above `to`, in an ascending column. */
export function firstBeyond(xs: Int64Column, to: Int64): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (xs[middle]! <= to) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pushPoint(builder: PointBuilder, points: PointColumns, index: number): void {
  const { value, step, time } = pointAt(points, index);
  builder.push(value, step, time);
}
