export { canonicalDataset } from './canonical-dataset.ts';
export { canonicalUri } from './canonical-uri.ts';
export { locationOf, type SourceLocation } from './source-location.ts';
