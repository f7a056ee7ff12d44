export { type DatasetUseKey, type FacetSource, useKey } from './catalogue/facet-source.ts';
export type { ToldData } from './catalogue/reading.ts';
export { type DatasetInput, datasetLimits, type NewDatasetInput } from './dataset.ts';
export { addDatasetInputs, describeInput } from './dataset-inputs.ts';
export { datasetOperations } from './dataset-operations.ts';
export { inputsOfRuns } from './dataset-store.ts';
export { Datasets } from './datasets.ts';
export type {
  ChangedBinding,
  DatasetUseClaim,
  FollowBindings,
  LoadFollowBindings,
  NewAsset,
  NewVersion,
  VersionClaim,
} from './identity/claims.ts';
export { IdentityChange } from './identity/identity-change.ts';
export { checkIdentity, derivePendingIdentity, rebuildIdentity } from './identity/identity-occasions.ts';
export { DatasetInputWire, datasetInputWire } from './input-wire.ts';

/** What a later slice reads of datasets in a scan of its own; loaded when it is first asked for. */
export const datasetReading = () => import('./catalogue/reading.ts');
