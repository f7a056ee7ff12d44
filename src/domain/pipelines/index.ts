export { datasetFacets } from './dataset-facets.ts';
export { jobOperations } from './job-operations.ts';
export { Jobs } from './jobs.ts';
export {
  type DatasetEvent,
  type JobEvent,
  type LineageEvent,
  lineageLimits,
  type PlaceName,
  type RunEvent,
  type RunEventType,
  runEventTypes,
  type SentDataset,
  type SentFacet,
} from './lineage-event.ts';
export { LineageEvents } from './lineage-events.ts';
export { checkLineage, rebuildLineage } from './lineage-occasions.ts';
export { mlFacets } from './ml-facets.ts';
export { joinClaimedModels } from './model-arrivals.ts';
export { readTime, stampOf } from './stamp.ts';
