/** From heads to chunks: parts of a series become one sorted column, which is cut into chunks. */
import { assert } from '../../kernel/assert.ts';
import { maxChunkPoints } from './chunk.ts';
import { type Int64, type Int64Column, int64At, toInt64 } from './int64.ts';
import {
  comparePoints,
  concatPoints,
  gatherPoints,
  isStrictlySorted,
  noPoints,
  type PointColumns,
  slicePoints,
} from './points.ts';

/**
 * All points of sorted parts, sorted, exact duplicates once. Parts that follow each other (heads of live training) are
 * only copied; overlapping ones are merged two by two.
 */
export function mergeSorted(parts: readonly PointColumns[]): PointColumns {
  const filled = parts.filter((part) => part.values.length > 0);
  if (filled.length === 0) return noPoints;
  for (const part of filled) assert(isStrictlySorted(part), 'parts to merge are sorted and distinct');
  filled.sort((a, b) => comparePoints(a, 0, b, 0));
  let runs: PointColumns[] = [];
  let run: PointColumns[] = [];
  for (const part of filled) {
    const before = run.at(-1);
    if (before !== undefined && comparePoints(before, before.values.length - 1, part, 0) >= 0) {
      runs.push(concatPoints(run));
      run = [];
    }
    run.push(part);
  }
  runs.push(concatPoints(run));
  while (runs.length > 1) {
    const merged: PointColumns[] = [];
    for (let i = 0; i < runs.length; i += 2) {
      merged.push(i + 1 < runs.length ? mergeTwo(runs[i]!, runs[i + 1]!) : runs[i]!);
    }
    runs = merged;
  }
  return runs[0]!;
}

function mergeTwo(a: PointColumns, b: PointColumns): PointColumns {
  const both = concatPoints([a, b]);
  const end = a.values.length;
  const index = new Uint32Array(both.values.length);
  let length = 0;
  let i = 0;
  let j = end;
  while (i < end && j < index.length) {
    const order = comparePoints(both, i, both, j);
    if (order === 0) j++;
    else index[length++] = order < 0 ? i++ : j++;
  }
  while (i < end) index[length++] = i++;
  while (j < both.values.length) index[length++] = j++;
  return gatherPoints(both, index.subarray(0, length));
}

export interface ChunkPlan {
  readonly points: PointColumns;
  readonly stepMin: Int64;
  readonly stepMax: Int64;
  readonly timeMin: Int64;
  readonly timeMax: Int64;
}

/** Sorted points cut into chunks, all but the last of `size` points. */
export function splitIntoChunks(points: PointColumns, size = maxChunkPoints): ChunkPlan[] {
  assert(size >= 1 && size <= maxChunkPoints, `chunks of ${size} points`);
  const plans: ChunkPlan[] = [];
  for (let from = 0; from < points.values.length; from += size) {
    plans.push(planOf(slicePoints(points, from, Math.min(from + size, points.values.length))));
  }
  return plans;
}

/** Of sorted points, which make one chunk. */
export function planOf(points: PointColumns): ChunkPlan {
  const time = range(points.times);
  return {
    points,
    stepMin: int64At(points.steps, 0),
    stepMax: int64At(points.steps, points.steps.length - 1),
    timeMin: time.min,
    timeMax: time.max,
  };
}

function range(column: Int64Column): { min: Int64; max: Int64 } {
  let min: Int64 = column[0]!;
  let max: Int64 = min;
  for (let i = 1; i < column.length; i++) {
    const value = column[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min: toInt64(min), max: toInt64(max) };
}
