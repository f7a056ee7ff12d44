export { datasetFacets } from './dataset-facets.ts';
export { saidOfRun } from './facet-reading.ts';
export { jobOperations } from './job-operations.ts';
export { Jobs } from './jobs.ts';
export {
  type DatasetEvent,
  type JobEvent,
  type LineageEvent,
  lineageLimits,
  mlFacets,
  type PlaceName,
  type RunEvent,
  type RunEventType,
  runEventTypes,
  type SentDataset,
  type SentFacet,
} from './lineage-event.ts';
export { LineageEvents } from './lineage-events.ts';
export {
  checkLineage,
  followBindings,
  type JoinClaimedModels,
  joinClaimedModels,
  rebuildLineage,
  type ServingClaims,
  servingClaims,
} from './lineage-occasions.ts';
export { modelReferenceOf } from './ml-facets.ts';
export type { FollowServing, ServingNews, ServingRun } from './run-serving.ts';
export { readTime, stampOf } from './stamp.ts';
