/**
 * What makes two records the same thing. The keys of one face's records: another face has assets of its own, and what
 * equals across faces is an edge `same`, not a shared node.
 */

import type { SourceLocation } from '../../engines/identity/index.ts';
import type { NodeId } from '../../kernel/ids.ts';
import type { Face } from '../../kernel/request-context.ts';
import type { DatasetRecord } from './dataset.ts';

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
