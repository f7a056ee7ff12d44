export type { Blobs } from '../../engines/blobs/index.ts';
export { checkArtifacts } from './artifact-check.ts';
export { proxiedRoot, treePath } from './artifact-location.ts';
export { type ArtifactHolder, artifactOperations, holderOperations } from './artifact-operations.ts';
export { type ArtifactPath, artifactPath, folderPath, joinPath, pathLimits } from './artifact-path.ts';
export { type ArtifactEntry, type ArtifactOptions, Artifacts, handedOutTime } from './artifacts.ts';
export { blobGrace, type Reader, sweepLeftovers } from './blob-upkeep.ts';
export { Tickets } from './tickets.ts';
export { type SentPart, uploadLimits } from './uploads.ts';
