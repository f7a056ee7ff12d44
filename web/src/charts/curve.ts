/**
 * A curve as the server draws it: an entry for each point where they are few, else for each bucket of them, with what is
 * least and greatest in it. Pure. Nothing is sampled and nothing is dropped: what is no number is counted and marked.
 */
import type { DrawnCurve, Real } from '../api/types.ts';
import { realOf } from '../format/numbers.ts';

export type OddKind = 'NaN' | '+∞' | '−∞';

/** Values that are no number, at one place. */
export interface Odd {
  readonly x: number;
  readonly kind: OddKind;
  readonly count: number;
}

/** Columns in the order of x. */
export interface Curve {
  /** The middle of the first and the last point of an entry. */
  readonly x: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Mean of the finite values; NaN where there is none. */
  readonly y: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** How many finite values the entry stands for. */
  readonly weight: Float64Array;
  readonly odd: readonly Odd[];
  /** Points, all entries together. */
  readonly points: number;
}

export const emptyCurve: Curve = curveOf({
  x: [],
  first: [],
  last: [],
  y: [],
  low: [],
  high: [],
  weight: [],
  odd: [],
});

type Columns = Record<'x' | 'first' | 'last' | 'y' | 'low' | 'high' | 'weight', ArrayLike<number>> & {
  readonly odd: readonly Odd[];
};

function curveOf(columns: Columns): Curve {
  const { odd } = columns;
  const weight = Float64Array.from(columns.weight);
  let points = 0;
  for (const each of weight) points += each;
  for (const { count } of odd) points += count;
  return {
    x: Float64Array.from(columns.x),
    first: Float64Array.from(columns.first),
    last: Float64Array.from(columns.last),
    y: Float64Array.from(columns.y),
    low: Float64Array.from(columns.low),
    high: Float64Array.from(columns.high),
    weight,
    odd,
    points,
  };
}

/** `origin` is taken from every x: the start of the run, where time counts from there. */
export function curveOfWire(drawn: DrawnCurve, axis: 'step' | 'time', origin = 0): Curve {
  const { points, pairs, bands, pairBands } = drawn;
  if (points !== undefined)
    return ofPoints(axis === 'step' ? points.steps : points.times, points.values, origin);
  if (pairs !== undefined) return ofPoints(pairs.xs, pairs.values, 0);
  if (bands !== undefined) {
    const at = (x: number | string) => Number(x) - origin;
    return ofBands(bands, bands.firstX.map(at), bands.lastX.map(at));
  }
  if (pairBands === undefined) return emptyCurve;
  const { starts, width } = pairBands;
  // Where in its bucket a point lies is not told: a bucket ends just before the next begins.
  return ofBands(
    pairBands,
    starts.map(Number),
    starts.map((start) => Number(start) + width * (1 - 1e-9)),
  );
}

function ofPoints(xs: readonly (number | string)[], values: readonly (Real | '-0')[], origin: number): Curve {
  const x = Float64Array.from(xs, (each) => Number(each) - origin);
  const odd: Odd[] = [];
  const weight = new Float64Array(x.length);
  const y = Float64Array.from(values, (each, index) => {
    const value = realOf(each as Real);
    if (Number.isFinite(value)) weight[index] = 1;
    else odd.push({ x: x[index]!, kind: kindOf(value), count: 1 });
    return Number.isFinite(value) ? value : Number.NaN;
  });
  return { x, first: x, last: x, y, low: y, high: y, weight, odd, points: x.length };
}

function kindOf(value: number): OddKind {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+∞' : '−∞';
}

type WireBands = Pick<NonNullable<DrawnCurve['bands']>, 'counts' | 'nonFinite' | 'min' | 'max' | 'sums'>;

function ofBands(bands: WireBands, first: readonly number[], last: readonly number[]): Curve {
  const odd: Odd[] = [];
  const columns = first.map((from, index) => {
    const x = (from + last[index]!) / 2;
    const [count, strange] = [bands.counts[index]!, bands.nonFinite[index]!];
    const [min, max] = [bands.min[index]!, bands.max[index]!];
    const [least, most] = [realOf(min ?? 'NaN'), realOf(max ?? 'NaN')];
    if (strange > 0) {
      // How many of each kind there are is not told; which there are is seen at the ends.
      const kinds: OddKind[] = [
        ...(most === Number.POSITIVE_INFINITY ? (['+∞'] as const) : []),
        ...(least === Number.NEGATIVE_INFINITY ? (['−∞'] as const) : []),
      ];
      if (kinds.length === 0) kinds.push('NaN');
      for (const [place, kind] of kinds.entries())
        odd.push({ x, kind, count: place === 0 ? strange - kinds.length + 1 : 1 });
    }
    const weight = count - strange;
    const sum = realOf(bands.sums[index]!);
    // A sum beyond the doubles has no mean: the middle of its values stands for it.
    const mean = weight === 0 ? Number.NaN : Number.isFinite(sum) ? sum / weight : least / 2 + most / 2;
    const y = Number.isFinite(mean) ? mean : Number.NaN;
    return {
      x,
      y,
      low: Number.isFinite(least) ? least : y,
      high: Number.isFinite(most) ? most : y,
      weight,
    };
  });
  return curveOf({
    x: columns.map(({ x }) => x),
    first,
    last,
    y: columns.map(({ y }) => y),
    low: columns.map(({ low }) => low),
    high: columns.map(({ high }) => high),
    weight: columns.map(({ weight }) => weight),
    odd,
  });
}

/** The curve with its entries from `from` to `to` taken out, and those of another in their place. */
export function spliced(curve: Curve, from: number, to: number, finer: Curve): Curve {
  const start = firstNotBelow(curve.x, from);
  const end = firstAbove(curve.x, to);
  const [begin, stop] = [firstNotBelow(finer.x, from), firstAbove(finer.x, to)];
  const joined = (column: Exclude<keyof Curve, 'odd' | 'points'>) => {
    const [old, news] = [curve[column], finer[column].subarray(begin, stop)];
    const whole = new Float64Array(start + news.length + old.length - end);
    whole.set(old.subarray(0, start));
    whole.set(news, start);
    whole.set(old.subarray(end), start + news.length);
    return whole;
  };
  const outside = curve.odd.filter(({ x }) => x < from || x > to);
  const inside = finer.odd.filter(({ x }) => x >= from && x <= to);
  return curveOf({
    x: joined('x'),
    first: joined('first'),
    last: joined('last'),
    y: joined('y'),
    low: joined('low'),
    high: joined('high'),
    weight: joined('weight'),
    odd: [...outside, ...inside].sort((a, b) => a.x - b.x),
  });
}

/** Whether what lies between cannot be drawn finer: every entry is one place. */
export function isExact(curve: Curve, from: number, to: number): boolean {
  const end = firstAbove(curve.x, to);
  for (let index = firstNotBelow(curve.last, from); index < end; index++)
    if (curve.first[index] !== curve.last[index]) return false;
  return true;
}

/**
 * A range that cuts no entry of any curve in two: what is asked for it replaces those entries whole. Undefined at an end
 * that lies beyond all of them.
 */
export function wholeEntries(
  curves: Iterable<Curve>,
  wanted: readonly [number, number],
): readonly [number | undefined, number | undefined] {
  const all = [...curves].filter(({ x }) => x.length > 0);
  let [from, to] = wanted;
  // Widening for one curve may cut another whose entries are of another size; a few rounds settle it.
  for (let round = 0; round < 4; round++) {
    const before = [from, to];
    for (const { first, last } of all) {
      const low = firstNotBelow(last, from);
      if (low < last.length) from = Math.min(from, first[low]!);
      const high = firstAbove(first, to) - 1;
      if (high >= 0) to = Math.max(to, last[high]!);
    }
    if (before[0] === from && before[1] === to) break;
  }
  const isFirst = all.every(({ first }) => first[0]! >= from);
  const isLast = all.every(({ last }) => last.at(-1)! <= to);
  return [isFirst ? undefined : from, isLast ? undefined : to];
}

export function firstNotBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function firstAbove(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
