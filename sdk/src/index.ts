/** The client of Cairn for TypeScript and JavaScript. See README.md. */
export { Cairn, type CairnOptions, type NewRun, type RunSearch } from './cairn.ts';
export type { EventOptions } from './event-stream.ts';
export type { History } from './history.ts';
export type { Counts, RunState } from './pieces.ts';
export {
  batchLimits,
  encodePointBatch,
  type IntegerColumn,
  pointBatchType,
  type SeriesColumns,
} from './point-batch.ts';
export { RequestError } from './request-error.ts';
export { QueueFullError, Run, type Values } from './run.ts';
export type { Input, OperationId, Output } from './transport.ts';
export type {
  ArtifactEntry,
  ListedExperiment as ExperimentRecord,
  Operations,
  RecordedEvent,
  Run as RunRecord,
} from './wire.ts';
