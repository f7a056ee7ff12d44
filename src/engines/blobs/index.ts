export {
  type Blob,
  type Blobs,
  type ByteSource,
  type Digest,
  digestOf,
  type HeldBlob,
  type Leftover,
} from './blob.ts';
export { type FolderEntry, type FolderFile, FolderView } from './folder-view.ts';
export { LocalBlobs, workFolder } from './local-blobs.ts';
