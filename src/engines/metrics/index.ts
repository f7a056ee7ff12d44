/** The metric engine: columns of points, their blobs, summaries, duplicates. See README.md. */
export { decodeChunk, encodeChunk, maxChunkPoints } from './chunk.ts';
export { CorruptPointsError } from './corrupt-points-error.ts';
export { dropDuplicates, type Extent, mayHoldDuplicates } from './duplicates.ts';
export { decodeHead, encodeHead, type HeadEntry, maxHeadPoints } from './head.ts';
export { compareInt64, type Int64, type Int64Column, int64At, int64Column, toInt64 } from './int64.ts';
export { type ChunkPlan, mergeSorted, splitIntoChunks } from './merge.ts';
export { PointGroups } from './point-groups.ts';
export {
  compareHistory,
  comparePoints,
  compareValues,
  concatPoints,
  eachPoint,
  noPoints,
  type Point,
  PointBuilder,
  type PointColumns,
  pointAt,
  pointsFrom,
  slicePoints,
  sortForHistory,
  sortPoints,
} from './points.ts';
export { comparePoint, type Extreme, meanOf, mergeSummaries, type Summary, summarise } from './summary.ts';
