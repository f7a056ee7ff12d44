/**
 * What a face says that identity follows from (docs/decisions/0080). Claims are facts of their records; the order in which
 * they come decides nothing, and saying one again changes nothing.
 */
import type { EventId, NodeId, Uid } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { EventTx } from '../../events/index.ts';

/** A dataset as one face names it. */
export interface NewAsset {
  /** Natural key, in the space `dataset-asset`: it begins with the face, for no face shares its records. */
  readonly key: string;
  /** Made up when absent. One that follows from the key keeps the order of receipt out of the graph. */
  readonly uid?: Uid | undefined;
  readonly name: string;
  /** As written. */
  readonly uri: string | null;
  /** From engines/identity; null where the dataset has no place that means the same for everyone. */
  readonly canonicalUri: string | null;
  /** The project's node, or the context in which alone its name means something. */
  readonly context: NodeId;
}

/** What is known of the content of a version. The best of it decides; each is compared within one class of assets. */
export interface VersionClaim {
  /** A version that the source itself names: of a table format, a commit. Its text as it is told. */
  readonly explicit?: string | undefined;
  /** A digest of all bytes, with its algorithm: `sha256:…`. */
  readonly strong?: string | undefined;
  /** A digest of a sample: equal ones suggest the same, different ones prove different versions. */
  readonly weak?: string | undefined;
}

export interface NewVersion extends VersionClaim {
  /** Natural key, in the space `dataset-record`; it begins with the face. */
  readonly key: string;
  readonly uid?: Uid | undefined;
  readonly asset: NodeId;
  readonly name: string;
  readonly uri: string | null;
  readonly canonicalUri: string | null;
  /** Primary context; the project's node when absent. */
  readonly context?: NodeId | undefined;
  /** ms */
  readonly created: number;
  /** ms; since when it is a version of the asset: `created` when absent, null where the order of receipt must not show. */
  readonly since?: number | null | undefined;
  /** Which event says so, where the transaction tells of several. */
  readonly event?: EventId | undefined;
}

/** That a run read or wrote a dataset. A later claim of the same run, asset, direction and record takes its place. */
export interface DatasetUseClaim {
  readonly asset: NodeId;
  readonly direction: 'read' | 'write';
  /** ms. Of a read: when the run began, or first told of it. Of a write: when the run ended well, or first told of it. */
  readonly at: number;
  readonly run: NodeId;
  /** The version written; of a read the face's own version of what was read, or the asset itself. */
  readonly record: NodeId;
  /** The version that a read names. */
  readonly explicit?: string | undefined;
  /** False for a write of a run that failed, and for a read whose record says by itself which version it is. */
  readonly binds: boolean;
}

/** A read that is bound to another version than before this change. */
export interface ChangedBinding {
  readonly run: NodeId;
  readonly asset: NodeId;
  readonly record: NodeId;
  readonly before: NodeId | undefined;
  readonly after: NodeId | undefined;
}

/** Brings up to date, in the same transaction, what a later slice derives from which version each read saw. */
export type FollowBindings = (
  tx: EventTx,
  context: RequestContext,
  changed: readonly ChangedBinding[],
) => Promise<void>;

/** Loaded before the transaction that it is told in. */
export type LoadFollowBindings = () => Promise<FollowBindings>;

/** identity_mark.kind. Never reused; the lesser of two that a version has decides. */
export const markKinds = { place: 1, explicit: 2, strong: 3, weak: 4 } as const;
export type MarkKind = keyof typeof markKinds;

/** dataset_use.direction */
export const useDirections = { read: 1, write: 2 } as const;
