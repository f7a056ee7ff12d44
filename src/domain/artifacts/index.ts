export type { Blobs } from '../../engines/blobs/index.ts';
export { checkArtifacts } from './artifact-check.ts';
export { proxiedRoot, treePath } from './artifact-location.ts';
export { artifactOperations } from './artifact-operations.ts';
export { artifactPath, pathLimits } from './artifact-path.ts';
export { type ArtifactEntry, type ArtifactOptions, Artifacts, artifactSizeLimit } from './artifacts.ts';
export { blobGrace, type Reader, sweepLeftovers } from './blob-upkeep.ts';
