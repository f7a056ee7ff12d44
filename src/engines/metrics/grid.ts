/**
 * The grid that charts are drawn on: bucket `i` of level `k` holds every point whose x lies in [i·2^k, (i+1)·2^k). Borders are
 * the same for every reader and never move while points come, so what was drawn stays where it is, and two buckets of one
 * level make one of the next.
 */
import { type Int64, toInt64 } from './int64.ts';

export type Axis = 'step' | 'time';

/** Beyond it one bucket would hold half of all int64. */
export const largestLevel = 63;

/** The bucket of an x at a level: ⌊x / 2^level⌋, exact for every int64. */
export function bucketOf(x: Int64, level: number): Int64 {
  return typeof x === 'number' ? Math.floor(x / 2 ** level) : toInt64(x >> BigInt(level));
}

/** Where a bucket begins. */
export function startOf(bucket: Int64, level: number): Int64 {
  const start = typeof bucket === 'number' ? bucket * 2 ** level : Number.NaN;
  return Number.isSafeInteger(start) ? start : toInt64(BigInt(bucket) << BigInt(level));
}

/** The greatest x of a bucket. */
export function lastOf(bucket: Int64, level: number): Int64 {
  const end = typeof bucket === 'number' ? (bucket + 1) * 2 ** level - 1 : Number.NaN;
  return Number.isSafeInteger(end) ? end : toInt64(((BigInt(bucket) + 1n) << BigInt(level)) - 1n);
}

/** How many buckets of a level an interval (both ends in it) touches; a double beyond 2^53, where it hardly matters. */
export function bucketCount(from: Int64, to: Int64, level: number): number {
  const [first, last] = [bucketOf(from, level), bucketOf(to, level)];
  return typeof first === 'number' && typeof last === 'number'
    ? last - first + 1
    : Number(BigInt(last) - BigInt(first)) + 1;
}

/** The finest level at which an interval has at most `buckets` of them. */
export function levelFor(from: Int64, to: Int64, buckets: number): number {
  let level = 0;
  while (level < largestLevel && bucketCount(from, to, level) > buckets) level++;
  return level;
}
