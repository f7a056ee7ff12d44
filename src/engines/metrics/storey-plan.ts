/**
 * Storeys: outlines of outlines, so that a chart of a long series reads about as many of them whatever its length. A storey stands
 * on eight parts of one height: chunks, or storeys. Which parts stand together is no matter of correctness, since bands can be put
 * together in any order; that they are neighbours makes a window need few of them.
 */
import { maxChunkPoints } from './chunk.ts';
import { type ChunkExtent, compareBegin } from './extent.ts';

/**
 * Parts of a storey. A chart whose pixels are just too fine for a storey reads eight times as many bands as it draws at most: 16 would
 * halve what storeys cost (a seventh of what the outlines of chunks do) and double that.
 */
export const storeyWidth = 8;

export interface StoreyPart extends ChunkExtent {
  /** 0 for a chunk. */
  readonly height: number;
  readonly hasOutline: boolean;
}

/**
 * Groups of parts, all without a storey yet, that are worth one now. Chunks behind the last full one are not: they are merged again as points
 * come. Those that are left over wait for more.
 */
export function storeysToBuild<T extends StoreyPart>(parts: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const ofHeight of Map.groupBy(parts, (part) => part.height).values()) {
    const settled = settledOf(ofHeight.toSorted(compareBegin));
    for (let end = storeyWidth; end <= settled.length; end += storeyWidth) {
      groups.push(settled.slice(end - storeyWidth, end));
    }
  }
  return groups;
}

function settledOf<T extends StoreyPart>(parts: readonly T[]): T[] {
  const lastFull = parts.findLastIndex((part) => part.height > 0 || part.points === maxChunkPoints);
  return parts.slice(0, lastFull + 1).filter((part) => part.hasOutline);
}
