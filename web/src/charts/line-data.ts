/**
 * From the points of a metric to what a chart draws: an x for each, smoothing, and one value per pixel with the
 * smallest and the largest beside it. Pure. Nothing is sampled and nothing is dropped: what is no number is counted.
 */
import type { XAxis } from '../urls.ts';

/** Points in the order of the server: time, step, value. NaN and ±Infinity stand as themselves. */
export interface Points {
  readonly step: readonly number[];
  readonly time: readonly number[];
  readonly value: readonly number[];
}

/** Points in the order of x. */
export interface Line {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Undefined without smoothing. */
  readonly smooth: Float64Array | undefined;
  /** Of a line that stands for many: their least and greatest value. */
  readonly low?: Float64Array;
  readonly high?: Float64Array;
  /** Values of those many that are no number, which the line cannot hold. */
  readonly odd?: readonly { readonly x: number; readonly kind: Odd }[];
  /** Points without a place on the x axis: nothing is known of its metric at their step, or it is logarithmic. */
  readonly lost?: number;
}

/** `over`: the points of the metric on the x axis, where it is one. `logX`: x is the logarithm, to the base of 10. */
export function lineOf(
  points: Points,
  axis: XAxis,
  started: number,
  weight: number,
  { over, logX = false }: { over?: Points | undefined; logX?: boolean } = {},
): Line {
  const place = placeOf(points, axis, started, over);
  const [xs, ys]: [number[], number[]] = [[], []];
  let sorted = true;
  for (let index = 0; index < points.value.length; index++) {
    const raw = place(index);
    const at = logX ? Math.log10(raw) : raw;
    if (!Number.isFinite(at)) continue;
    if (xs.length > 0 && at < xs.at(-1)!) sorted = false;
    xs.push(at);
    ys.push(points.value[index]!);
  }
  const lost = points.value.length - xs.length;
  const [x, y] = [Float64Array.from(xs), Float64Array.from(ys)];
  if (sorted) return { x, y, smooth: weight > 0 ? smoothed(y, weight) : undefined, lost };
  // A run that went back to a checkpoint logs a step twice; both stay, side by side.
  const order = Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || a - b);
  const sortedY = Float64Array.from(order, (index) => y[index]!);
  return {
    x: Float64Array.from(order, (index) => x[index]!),
    y: sortedY,
    smooth: weight > 0 ? smoothed(sortedY, weight) : undefined,
    lost,
  };
}

/** The x of a point by its index; NaN where it has none. */
function placeOf(
  points: Points,
  axis: XAxis,
  started: number,
  over: Points | undefined,
): (index: number) => number {
  if (axis === 'step') return (index) => points.step[index]!;
  if (axis === 'wall') return (index) => points.time[index]!;
  if (axis === 'relative') return (index) => points.time[index]! - started;
  const byStep = new Map<number, number>();
  for (let index = 0; index < (over?.value.length ?? 0); index++)
    byStep.set(over!.step[index]!, over!.value[index]!);
  return (index) => byStep.get(points.step[index]!) ?? Number.NaN;
}

/**
 * Exponential moving average, corrected for its start as TensorBoard does: s = Σ w^k·y / Σ w^k. What is not finite
 * leaves the average as it was, and stays what it is.
 */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  const result = new Float64Array(values.length);
  let [sum, total] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (Number.isFinite(value)) {
      sum = sum * weight + value;
      total = total * weight + 1;
      result[index] = sum / total;
    } else result[index] = value;
  }
  return result;
}

export type Odd = 'NaN' | '+∞' | '−∞';

export interface Buckets {
  readonly x: number[];
  /** Mean of the bucket; null where none of its values can be drawn, which breaks the line. */
  readonly line: (number | null)[];
  readonly low: (number | null)[];
  readonly high: (number | null)[];
  /** Last smoothed value of the bucket. */
  readonly smooth: (number | null)[];
  readonly odd: readonly { readonly x: number; readonly kind: Odd }[];
  /** Values that a logarithmic axis has no place for. */
  readonly unplaceable: number;
  /** Whether a bucket holds more than one point anywhere: then low and high are a band. */
  readonly banded: boolean;
}

/**
 * The points of `from`…`to` (and the nearest outside, so that the line goes on to the edge) in at most `width` buckets
 * along x, which lie on a grid that does not move when points are added. Fewer than two points a bucket stay as
 * they are; equal x fall together.
 */
export function bucketed(
  line: Line,
  options: { from: number; to: number; width: number; log: boolean },
): Buckets {
  const { from, to, width, log } = options;
  const start = Math.max(0, lowerBound(line.x, from) - 1);
  const end = Math.min(line.x.length, upperBound(line.x, to) + 1);
  const size = end - start <= 2 * width ? 0 : gridSize((to - from) / width);
  const result = {
    x: [] as number[],
    line: [] as (number | null)[],
    low: [] as (number | null)[],
    high: [] as (number | null)[],
    smooth: [] as (number | null)[],
  };
  const odd: { x: number; kind: Odd }[] = [];
  let [unplaceable, banded] = [0, false];
  for (let index = start; index < end; ) {
    const slot = size === 0 ? line.x[index]! : Math.floor(line.x[index]! / size);
    let [sum, count, low, high, first, smooth] = [
      0,
      0,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      index,
      Number.NaN,
    ];
    for (
      ;
      index < end && (size === 0 ? line.x[index]! : Math.floor(line.x[index]! / size)) === slot;
      index++
    ) {
      const value = line.y[index]!;
      if (!Number.isFinite(value)) {
        const kind = Number.isNaN(value) ? 'NaN' : value > 0 ? '+∞' : '−∞';
        const before = odd.at(-1);
        if (size === 0 || before === undefined || before.kind !== kind || line.x[index]! - before.x > size)
          odd.push({ x: line.x[index]!, kind });
        continue;
      }
      if (log && value <= 0) {
        unplaceable++;
        continue;
      }
      sum += value;
      count++;
      // A line of many may reach below 0 where their mean does not: a logarithmic band ends at the line.
      const least = line.low?.[index] ?? value;
      low = Math.min(low, log && least <= 0 ? value : least);
      high = Math.max(high, line.high?.[index] ?? value);
      smooth = line.smooth?.[index] ?? Number.NaN;
    }
    if (count > 1 || line.low !== undefined) banded = true;
    first = Math.min(first, index - 1);
    const x = size === 0 ? slot : (line.x[first]! + line.x[index - 1]!) / 2;
    result.x.push(x);
    result.line.push(count === 0 ? null : sum / count);
    result.low.push(count === 0 ? null : low);
    result.high.push(count === 0 ? null : high);
    result.smooth.push(Number.isFinite(smooth) && !(log && smooth <= 0) ? smooth : null);
  }
  for (const each of line.odd ?? []) if (each.x >= from && each.x <= to) odd.push(each);
  return { ...result, odd, unplaceable, banded };
}

/** The next power of two: finer zooms divide the buckets of coarser ones, and appended points move none. */
function gridSize(wanted: number): number {
  return wanted <= 0 ? 0 : 2 ** Math.ceil(Math.log2(wanted));
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upperBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
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
