/** The metric engine: columns of points, their blobs, summaries, duplicates, bands. See README.md. */
export { BandAccumulator, type Bands, firstBeyond, firstFrom } from './bands.ts';
export { decodeChunk, encodeChunk, maxChunkPoints } from './chunk.ts';
export { CorruptPointsError } from './corrupt-points-error.ts';
export { dropDuplicates, mayHoldDuplicates } from './duplicates.ts';
export { type ChunkExtent, type PartExtent, reaches } from './extent.ts';
export {
  type Axis,
  bucketCount,
  bucketOf,
  lastOf,
  levelFor,
  startOf,
} from './grid.ts';
export { decodeHead, encodeHead, type HeadEntry } from './head.ts';
export { asBigInts, canonicalColumn, compareInt64, type Int64, int64At, toInt64 } from './int64.ts';
export { type ChunkPlan, mergeSorted, planOf, splitIntoChunks } from './merge.ts';
export { chunksToMerge, cutIntoChunks } from './merge-plan.ts';
export {
  decodeOutline,
  encodeOutline,
  type Outline,
  outlineBuckets,
  outlineLevel,
  outlineOf,
  storeyOf,
  worthAnOutline,
} from './outline.ts';
export { type PairBands, type Pairs, pairBands, pairsOf } from './pairs.ts';
export { batchLimits, decodePointBatch, type NamedPoints } from './point-batch.ts';
export { encodePointBatch } from './point-batch-writer.ts';
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
  pickPoints,
  pointAt,
  pointsFrom,
  slicePoints,
  sortForHistory,
  sortPoints,
} from './points.ts';
export { inBeginOrder, SeriesStream } from './series-stream.ts';
export { type StoreyPart, storeysToBuild, storeyWidth } from './storey-plan.ts';
export { meanOf, mergeSummaries, type Summary, summarise } from './summary.ts';
