import type { MetricPoint } from '../../domain/metrics/index.ts';
import type { Int64 } from './message-schema.ts';

/**
 * At most `size` points, evenly spread by their place in the order (step, time, value): the first of each of `size`
 * buckets of nearly equal counts, the longer ones in front, and always the very last point. MLflow's UI draws from these.
 */
export function samplePoints(
  points: readonly MetricPoint[],
  range: { readonly start: Int64; readonly end: Int64 } | undefined,
  size: number,
): MetricPoint[] {
  const inRange = range ? points.filter(({ step }) => step >= range.start && step <= range.end) : points;
  const ordered = [...inRange].sort(byStepTimeValue);
  if (ordered.length <= size) return ordered;
  const bucket = Math.floor(ordered.length / size);
  const longer = ordered.length % size;
  const sample = Array.from(
    { length: size },
    (_, index) => ordered[index * bucket + Math.min(index, longer)]!,
  );
  sample[size - 1] = ordered.at(-1)!;
  return sample;
}

/** NaN stands behind every number. */
function byStepTimeValue(a: MetricPoint, b: MetricPoint): number {
  return compare(a.step, b.step) || compare(a.time, b.time) || compareValues(a.value, b.value);
}

function compare(a: Int64, b: Int64): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareValues(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b)
    ? Number(Number.isNaN(a)) - Number(Number.isNaN(b))
    : compare(a, b);
}
