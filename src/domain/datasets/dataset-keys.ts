/**
 * What makes two records the same thing. The keys of one face's records: another face has assets of its own, and what
 * equals across faces is an edge `same`, not a shared node.
 */
import type { NodeId } from '../../kernel/ids.ts';
import type { Face } from '../../kernel/request-context.ts';
import type { DatasetRecord } from './dataset.ts';
import type { SourceLocation } from './source-location.ts';

/** One record: the first that says name and digest in the experiment is the one that all later ones mean. */
export function recordKey(face: Face, experiment: NodeId, { name, digest }: DatasetRecord): string {
  return JSON.stringify([face, experiment, name, digest]);
}

/** The asset: by its place, or without one by its name in the experiment. */
export function assetKey(
  face: Face,
  experiment: NodeId,
  record: DatasetRecord,
  location: SourceLocation | undefined,
): string {
  return JSON.stringify(
    location === undefined
      ? [face, 'name', experiment, record.sourceType, record.name]
      : [face, 'uri', location.canonical],
  );
}

/**
 * The content: versions of one asset that share it are the same. Digests are of a sample, so that different ones prove
 * different versions and equal ones only suggest the same; a version that the source names settles it, equal or not.
 */
export function contentKey(
  asset: NodeId,
  record: DatasetRecord,
  location: SourceLocation | undefined,
): string {
  return JSON.stringify([asset, record.digest, location?.version ?? null]);
}
