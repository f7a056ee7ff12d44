/**
 * A file of a run or a model, opened: its length and its first bytes are known, the rest is read by ranges when it is
 * looked at. Everything goes through fetch with the token of this tab, never through an address in the page.
 */
import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, readRange } from '../api/client.ts';
import { artifactUrl } from '../api/operations.ts';
import type { ArtifactOwner } from '../api/types.ts';

/** Enough to tell what a file is, and to show most small ones whole. */
const headSize = 64 * 1024;

export interface ArtifactFile {
  readonly project: string;
  readonly owner: ArtifactOwner;
  readonly path: string;
  /** Last segment of the path. */
  readonly name: string;
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  /** Changes with the content. */
  readonly tag: string;
  readonly head: Uint8Array<ArrayBuffer>;
}

/** Listings and heads of one owner's files have keys that begin like this: the page's event stream makes them stale. */
export function artifactsKey(project: string, owner: ArtifactOwner): readonly unknown[] {
  return ['artifacts', project, owner.id];
}

export function fileQuery(project: string, owner: ArtifactOwner, path: string) {
  return queryOptions({
    queryKey: [...artifactsKey(project, owner), 'file', path],
    queryFn: async ({ signal }): Promise<ArtifactFile> => {
      const url = artifactUrl(project, owner, path);
      const { bytes, size, tag } = await readRange(url, { start: 0, end: headSize }, signal);
      return { project, owner, path, name: nameOf(path), url, size, tag, head: bytes };
    },
    // The same bytes are the same object: nothing that was made of them is made again.
    structuralSharing: (before, after) => (isSame(before, after) ? before : after),
    staleTime: 10_000,
    gcTime: 60_000,
  });
}

function isSame(before: unknown, after: unknown): boolean {
  return before !== undefined && (before as ArtifactFile).tag === (after as ArtifactFile).tag;
}

/** What was read of one content of a file. It is never stale: another content has another tag, and so another key. */
export function contentKey(file: ArtifactFile, what: string): readonly unknown[] {
  return ['artifact content', file.project, file.owner.id, file.path, file.tag, what];
}

/** Bytes `start` to before `end`. Throws when the file was replaced since it was opened. */
export async function readBytes(
  file: ArtifactFile,
  start: number,
  end: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const last = Math.min(end, file.size);
  if (start >= last) return new Uint8Array();
  if (last <= file.head.byteLength) return file.head.subarray(start, last);
  const { bytes, tag } = await readRange(file.url, { start, end: last }, signal);
  if (tag === file.tag) return bytes;
  throw new ApiProblem({
    status: 409,
    code: 'replaced',
    message: 'The file was replaced while it was read. Open it again.',
  });
}

/** The whole file; for what is small enough to be held at once. */
export function wholeQuery(file: ArtifactFile) {
  return queryOptions({
    queryKey: contentKey(file, 'whole'),
    queryFn: ({ signal }) => readBytes(file, 0, file.size, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    structuralSharing: false,
  });
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** '' for what lies at the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function extensionOf(path: string): string {
  const name = nameOf(path).toLowerCase();
  return name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '';
}
