export { fromWire, toWire } from './columns.ts';
export {
  type Batch,
  batchLimits,
  ExperimentRecord,
  type InputRecord,
  LinkRecord,
  ModelRecord,
  type RecordKind,
  type Refusal,
  RegisteredRecord,
  RunRecord,
  type SeriesRecord,
  type TiedSeriesRecord,
} from './records.ts';
export { transferOperations } from './transfer-operations.ts';
export { Transfers } from './transfers.ts';
