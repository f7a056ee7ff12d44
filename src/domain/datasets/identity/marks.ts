/**
 * What makes nodes the same: those of one group (scope, kind and value) are, whatever their projects, and each has an edge to the one of least uid
 * (of two equal ones that of the first project), their hub. So which of them came first decides nothing, and one more costs one edge, however many there are.
 */
import { hash } from 'node:crypto';
import type { EdgeId, NodeId, ProjectId, Uid } from '../../../kernel/ids.ts';
import type { KnownHow } from '../../graph/index.ts';
import { type MarkKind, markKinds, type VersionClaim } from './claims.ts';

export interface Mark {
  readonly kind: number;
  readonly value: Uint8Array;
}

/** A mark that a node is to have. */
export interface NewMark extends Mark {
  readonly node: NodeId;
  readonly asset: NodeId;
  readonly uid: Uid;
  /** Of the node. Equal uids of one group are told apart by it: a uid that follows from a key is the same in every project. */
  readonly project: ProjectId;
}

/** A row of identity_mark. */
export interface MarkRow extends NewMark {
  readonly scope: number;
  readonly hub: NodeId | null;
  readonly edge: EdgeId | null;
}

/** What marks of one group share. */
export type MarkGroup = Pick<MarkRow, 'scope' | 'kind' | 'value'>;

/** Scope of the marks of assets: equal places are the same all over the server. */
export const assetScope = 0;

export function placeMark(canonicalUri: string): Mark {
  return { kind: markKinds.place, value: digestOf(canonicalUri) };
}

/**
 * The best that is known of a version. The lesser does not count beside it: two snapshots of a table may have equal bytes and are
 * two, and a sample of the rows proves nothing where the whole is known.
 */
export function markOf(claim: VersionClaim): Mark | undefined {
  for (const kind of ['explicit', 'strong', 'weak'] as const) {
    const value = claim[kind];
    if (value !== undefined && value !== '') return { kind: markKinds[kind], value: digestOf(value) };
  }
  return undefined;
}

export function digestOf(text: string): Uint8Array {
  return hash('sha256', text, 'buffer');
}

/** What the edges of a group say. */
export const sameRules: Readonly<Record<MarkKind, { readonly rule: string; readonly known: KnownHow }>> = {
  place: { rule: 'equal uri', known: 'inferred' },
  explicit: { rule: 'equal version', known: 'declared' },
  strong: { rule: 'equal digest', known: 'declared' },
  weak: { rule: 'equal weak digest', known: 'inferred' },
};

export function groupOf({ scope, kind, value }: MarkGroup): string {
  return `${scope} ${kind} ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
}
