/**
 * From a curve to what a chart draws: its place on the axis, smoothing, and one value per pixel with the smallest and the
 * largest beside it. Pure.
 */
import { type Curve, firstAbove, firstNotBelow, type Odd } from './curve.ts';

/** Entries in the order of x: points, or buckets of them. */
export interface Line {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Finite values behind each entry. */
  readonly weight: Float64Array;
  /** Undefined without smoothing. */
  readonly smooth: Float64Array | undefined;
  readonly odd: readonly Odd[];
  /** Points without a place on the x axis: it is logarithmic. */
  readonly lost: number;
}

/** `logX`: x becomes its logarithm, to the base of 10. `smoothing`: 0 = none. */
export function lineOf(curve: Curve, smoothing: number, logX = false): Line {
  const { low, high, weight, odd, y } = curve;
  if (!logX)
    return {
      x: curve.x,
      y,
      low,
      high,
      weight,
      odd,
      lost: 0,
      smooth: smoothing > 0 ? smoothed(y, weight, smoothing) : undefined,
    };
  const start = firstAbove(curve.x, 0);
  const placed = odd.filter(({ x }) => x > 0);
  const rest = weight.subarray(start);
  const kept = rest.reduce((sum, each) => sum + each, 0) + placed.reduce((sum, { count }) => sum + count, 0);
  return {
    x: curve.x.subarray(start).map(Math.log10),
    y: y.subarray(start),
    low: low.subarray(start),
    high: high.subarray(start),
    weight: rest,
    odd: placed.map((each) => ({ ...each, x: Math.log10(each.x) })),
    lost: curve.points - kept,
    smooth: smoothing > 0 ? smoothed(y.subarray(start), rest, smoothing) : undefined,
  };
}

/**
 * Exponential moving average, corrected for its start as TensorBoard does: s = Σ w^k·y / Σ w^k. An entry of n points counts
 * as its mean n times over: Σ of n equal terms is y·(1 − wⁿ)/(1 − w). One without values leaves the average as it was.
 */
export function smoothed(values: Float64Array, weights: Float64Array, smoothing: number): Float64Array {
  const result = new Float64Array(values.length);
  let [sum, total] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    const count = weights[index]!;
    if (count === 0) {
      result[index] = Number.NaN;
      continue;
    }
    const keep = smoothing ** count;
    const share = (1 - keep) / (1 - smoothing);
    sum = sum * keep + values[index]! * share;
    total = total * keep + share;
    result[index] = sum / total;
  }
  return result;
}

export interface Buckets {
  readonly x: number[];
  /** Mean of the bucket; null where none of its values can be drawn, which breaks the line. */
  readonly line: (number | null)[];
  readonly low: (number | null)[];
  readonly high: (number | null)[];
  /** Last smoothed value of the bucket. */
  readonly smooth: (number | null)[];
  /** Values behind each bucket. */
  readonly weight: number[];
  readonly odd: readonly Odd[];
  /** Values that a logarithmic axis has no place for; of buckets that reach below 0, one at least. */
  readonly unplaceable: number;
  /** Whether a bucket holds different values anywhere: then low and high are a band. */
  readonly banded: boolean;
}

/**
 * The entries of `from`…`to` (and the nearest outside, so that the line goes on to the edge) in at most `width` buckets
 * along x, which lie on a grid that does not move when points are added. Fewer than two entries a bucket stay as
 * they are; equal x fall together.
 */
export function bucketed(
  line: Line,
  options: { from: number; to: number; width: number; log: boolean },
): Buckets {
  const { from, to, width, log } = options;
  const start = Math.max(0, firstNotBelow(line.x, from) - 1);
  const end = Math.min(line.x.length, firstAbove(line.x, to) + 1);
  const size = end - start <= 2 * width ? 0 : gridSize((to - from) / width);
  const result = {
    x: [] as number[],
    line: [] as (number | null)[],
    low: [] as (number | null)[],
    high: [] as (number | null)[],
    smooth: [] as (number | null)[],
    weight: [] as number[],
  };
  let [unplaceable, banded] = [0, false];
  for (let index = start; index < end; ) {
    const first = index;
    const slot = size === 0 ? line.x[index]! : Math.floor(line.x[index]! / size);
    let [mean, weight, low, high] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let smooth = Number.NaN;
    for (
      ;
      index < end && (size === 0 ? line.x[index]! : Math.floor(line.x[index]! / size)) === slot;
      index++
    ) {
      const [value, count] = [line.y[index]!, line.weight[index]!];
      if (count === 0) continue;
      const least = line.low[index]!;
      if (log && least <= 0) unplaceable += value <= 0 && line.high[index]! <= 0 ? count : 1;
      if (log && value <= 0) continue;
      weight += count;
      // Not a sum, which may be beyond the doubles.
      mean = weight === count ? value : mean + (value / weight - mean / weight) * count;
      // What reaches below 0 where its mean does not: a logarithmic band ends at the line.
      low = Math.min(low, log && least <= 0 ? value : least);
      high = Math.max(high, line.high[index]!);
      smooth = line.smooth?.[index] ?? Number.NaN;
    }
    if (low < high) banded = true;
    const isThere = weight > 0;
    result.x.push(size === 0 ? slot : (line.x[first]! + line.x[index - 1]!) / 2);
    result.line.push(isThere ? mean : null);
    result.low.push(isThere ? low : null);
    result.high.push(isThere ? high : null);
    result.smooth.push(Number.isFinite(smooth) && !(log && smooth <= 0) ? smooth : null);
    result.weight.push(weight);
  }
  const odd = line.odd.filter(({ x }) => x >= from && x <= to);
  return { ...result, odd, unplaceable, banded };
}

/** The next power of two: finer zooms divide the buckets of coarser ones, and appended points move none. */
function gridSize(wanted: number): number {
  return wanted <= 0 ? 0 : 2 ** Math.ceil(Math.log2(wanted));
}

/** Lines over one x: a value per line where it has one, undefined where only another has (not a gap), null at a gap. */
export function aligned(lines: readonly Buckets[]): [number[], ...(number | null | undefined)[][]] {
  const parts = (line: Buckets) => [line.low, line.high, line.line, line.smooth];
  if (lines.length === 1) return [lines[0]!.x, ...parts(lines[0]!)];
  const xs = [...new Set(lines.flatMap((line) => line.x))].sort((a, b) => a - b);
  const place = new Map(xs.map((x, index) => [x, index]));
  const series = lines.flatMap((line) =>
    parts(line).map((values) => {
      const row = new Array<number | null | undefined>(xs.length).fill(undefined);
      for (const [index, value] of values.entries()) row[place.get(line.x[index]!)!] = value;
      return row;
    }),
  );
  return [xs, ...series];
}
