/**
 * Which stored chunks new points of a series are merged with, and how the result is cut into chunks again.
 *
 * Wanted is that chunks do not overlap in the order of the series (then a range, a rank or a bucket needs few of them), that
 * most are full, and that a point is rewritten a handful of times at most, whatever order points come in:
 * - Chunks that the new points reach into are taken in, small ones first, up to a budget that grows with the new points. Points
 *   that come in order reach into none. What is beyond the budget stays as it is: chunks may overlap, readers cope.
 * - A neighbour is taken in while it is at most twice as large as what would stand beside it, like carrying in a binary counter: a
 *   point is rewritten some seven times on its way from chunks of 64 into one of 8,192, and a series has few small chunks.
 */
import { maxChunkPoints } from './chunk.ts';
import { type ChunkExtent, compareBegin, firstNotBefore, reaches } from './extent.ts';
import { type ChunkPlan, planOf } from './merge.ts';
import { type PointColumns, slicePoints } from './points.ts';

/** Points of 16 full chunks: 15 ms to write again. */
const freeBudget = 16 * maxChunkPoints;
/** A chunk is written again for every 128 points that reach into one. */
const budgetPerPoint = 64;
/** Bounds memory: 24 MiB of columns. */
const largestBudget = 2 ** 20;

/** Indexes of the chunks to merge with sorted new points, ascending. */
export function chunksToMerge(fresh: PointColumns, chunks: readonly ChunkExtent[]): number[] {
  const taken = new Set<number>();
  let budget = Math.min(freeBudget + budgetPerPoint * fresh.values.length, largestBudget);
  const reached = chunks.flatMap((chunk, index) => (reaches(fresh, chunk) ? [index] : []));
  for (const index of reached.sort((a, b) => chunks[a]!.points - chunks[b]!.points)) {
    budget -= chunks[index]!.points;
    if (budget < 0) break;
    taken.add(index);
  }
  const order = chunks.map((_, index) => index).sort((a, b) => compareBegin(chunks[a]!, chunks[b]!));
  const begins = order.map((index) => firstNotBefore(fresh, chunks[index]!.stepMin, chunks[index]!.timeMin));
  while (takeNeighbour(chunks, order, begins, fresh.values.length, taken));
  return [...taken].sort((a, b) => a - b);
}

/** Takes one chunk beside what is taken, if one is worth it. */
function takeNeighbour(
  chunks: readonly ChunkExtent[],
  order: readonly number[],
  begins: readonly number[],
  total: number,
  taken: Set<number>,
): boolean {
  let left = -1;
  let length = begins[0] ?? total;
  for (let place = 0; place < order.length; place++) {
    const chunk = chunks[order[place]!]!;
    const behind = (begins[place + 1] ?? total) - begins[place]!;
    if (taken.has(order[place]!)) {
      length += chunk.points + behind;
      continue;
    }
    if (isWorthTaking(chunk, length) && length + chunk.points <= maxChunkPoints) {
      taken.add(order[place]!);
      return true;
    }
    if (takeLeft(chunks, order, left, length, taken)) return true;
    left = place;
    length = behind;
  }
  return takeLeft(chunks, order, left, length, taken);
}

function takeLeft(
  chunks: readonly ChunkExtent[],
  order: readonly number[],
  left: number,
  length: number,
  taken: Set<number>,
): boolean {
  if (left < 0 || !isWorthTaking(chunks[order[left]!]!, length)) return false;
  taken.add(order[left]!);
  return true;
}

function isWorthTaking(chunk: ChunkExtent, beside: number): boolean {
  return beside > 0 && chunk.points < maxChunkPoints && chunk.points <= 2 * beside;
}

/**
 * Sorted points cut into chunks, none of which reaches over one of `kept`. Behind the last of those chunks are full but for the
 * very last; between two of them they are of like size, since nothing will be added.
 */
export function cutIntoChunks(points: PointColumns, kept: readonly ChunkExtent[]): ChunkPlan[] {
  const cuts = kept
    .map((chunk) => firstNotBefore(points, chunk.stepMin, chunk.timeMin))
    .sort((a, b) => a - b);
  const plans: ChunkPlan[] = [];
  let from = 0;
  for (const to of cuts) {
    const count = Math.ceil((to - from) / maxChunkPoints);
    for (let i = 0; i < count; i++) {
      const [begin, end] = [i, i + 1].map((part) => from + Math.floor(((to - from) * part) / count));
      plans.push(planOf(slicePoints(points, begin!, end!)));
    }
    from = to;
  }
  for (; from < points.values.length; from += maxChunkPoints) {
    plans.push(planOf(slicePoints(points, from, Math.min(from + maxChunkPoints, points.values.length))));
  }
  return plans;
}
