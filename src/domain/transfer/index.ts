export { fromWire, toWire } from './columns.ts';
export {
  type Batch,
  batchLimits,
  ExperimentRecord,
  LinkRecord,
  ModelRecord,
  type RecordKind,
  type Refusal,
  RegisteredRecord,
  RunRecord,
} from './records.ts';
export { transferOperations } from './transfer-operations.ts';
export { Transfers } from './transfers.ts';
