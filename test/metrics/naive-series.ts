/** The points of one run as a plain map, and every read of them as plainly as it can be said: what the engine must agree with. */
import type { Int64 } from '../../src/domain/metrics/index.ts';

export interface NaivePoint {
  readonly value: number;
  readonly step: Int64;
  readonly time: Int64;
}

const order = (a: Int64, b: Int64): number => (a < b ? -1 : a > b ? 1 : 0);

function compareValues(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return order(a, b) || Number(Object.is(b, -0)) - Number(Object.is(a, -0));
}

export const bySteps = (a: NaivePoint, b: NaivePoint): number =>
  order(a.step, b.step) || order(a.time, b.time) || compareValues(a.value, b.value);
export const byTimes = (a: NaivePoint, b: NaivePoint): number => order(a.time, b.time) || bySteps(a, b);

export interface NaiveBand {
  readonly bucket: bigint;
  readonly count: number;
  readonly nonFinite: number;
  readonly min: number;
  readonly max: number;
  readonly first: NaivePoint;
  readonly last: NaivePoint;
  readonly sum: number;
}

/** One run: its metrics, and what each rewind took from them. */
export class NaiveRun {
  readonly metrics = new Map<string, Map<string, NaivePoint>>();
  readonly superseded = new Map<number, Map<string, NaivePoint[]>>();

  log(key: string, points: readonly NaivePoint[]): void {
    const series = this.metrics.get(key) ?? new Map<string, NaivePoint>();
    if (points.length > 0) this.metrics.set(key, series);
    for (const point of points) {
      const value = Object.is(point.value, -0) ? '-0' : String(point.value);
      series.set(`${point.step} ${point.time} ${value}`, point);
    }
  }

  /** What a rewind to the step takes away. */
  beyond(step: Int64): Map<string, NaivePoint[]> {
    const found = new Map<string, NaivePoint[]>();
    for (const [key, series] of this.metrics) {
      const points = [...series.values()].filter((point) => point.step >= step);
      if (points.length > 0) found.set(key, points.sort(bySteps));
    }
    return found;
  }

  rewind(id: number, step: Int64): void {
    this.superseded.set(id, this.beyond(step));
    for (const [key, series] of this.metrics) {
      for (const [name, point] of series) if (point.step >= step) series.delete(name);
      if (series.size === 0) this.metrics.delete(key);
    }
  }

  points(key: string, rewind?: number): NaivePoint[] {
    if (rewind !== undefined) return [...(this.superseded.get(rewind)?.get(key) ?? [])];
    return [...(this.metrics.get(key)?.values() ?? [])];
  }
}

function bucketOf(x: Int64, level: number): bigint {
  return BigInt(x) >> BigInt(level);
}

/** The least level at which from … to touches at most so many buckets. */
export function levelOf(from: Int64, to: Int64, buckets: number): number {
  let level = 0;
  // What lies on both sides of 0 is never in one bucket: there the grid ends.
  while (level < 63 && bucketOf(to, level) - bucketOf(from, level) + 1n > BigInt(buckets)) level++;
  return level;
}

export function bandsOf(
  points: readonly NaivePoint[],
  axis: 'step' | 'time',
  from: Int64,
  to: Int64,
  level: number,
): NaiveBand[] {
  const buckets = new Map<bigint, NaivePoint[]>();
  for (const point of points) {
    const bucket = bucketOf(point[axis], level);
    if (bucket < bucketOf(from, level) || bucket > bucketOf(to, level)) continue;
    const known = buckets.get(bucket);
    if (known === undefined) buckets.set(bucket, [point]);
    else known.push(point);
  }
  return [...buckets]
    .sort(([a], [b]) => order(a, b))
    .map(([bucket, inside]) => {
      inside.sort(axis === 'step' ? bySteps : byTimes);
      const reals = inside.map((point) => point.value).filter((value) => !Number.isNaN(value));
      const finite = reals.filter(Number.isFinite);
      return {
        bucket,
        count: inside.length,
        nonFinite: inside.length - finite.length,
        min: reals.reduce((a, b) => (a <= b ? a : b), Number.NaN) + 0,
        max: reals.reduce((a, b) => (a >= b ? a : b), Number.NaN) + 0,
        first: inside[0]!,
        last: inside.at(-1)!,
        sum: finite.reduce((a, b) => a + b, 0),
      };
    });
}
