/**
 * Ranks of at most `size` of `count` points, evenly spread by their place in the order (step, time, value): the first of each of
 * `size` buckets of nearly equal counts, the longer ones in front, and always the very last point. MLflow's UI draws these.
 */
export function sampleRanks(count: number, size: number): number[] {
  if (count <= size) return Array.from({ length: count }, (_, rank) => rank);
  const bucket = Math.floor(count / size);
  const longer = count % size;
  const ranks = Array.from({ length: size }, (_, index) => index * bucket + Math.min(index, longer));
  ranks[size - 1] = count - 1;
  return ranks;
}
