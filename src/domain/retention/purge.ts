/** What is purged, and when it may be: types and pure rules. */
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';

/** Kinds in the order in which a dry run and a purge tell them. */
export const purgeKinds = ['run', 'logged-model', 'model-version', 'registered-model', 'experiment'] as const;
export type PurgeKind = (typeof purgeKinds)[number];

/** A deleted node as it was found; decided again in the transaction that purges it. */
export interface Candidate {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly context: NodeId;
  readonly kind: PurgeKind;
  readonly updated: number;
  readonly mark: number;
  readonly deleted: number;
  readonly context_updated: number;
  readonly context_mark: number;
  readonly context_deleted: number;
}

/** When it was deleted, ms: by itself or with its experiment. Undefined for what is not. */
export function deletedAt(row: Omit<Candidate, 'id' | 'uid' | 'project' | 'context'>): number | undefined {
  const byContext = row.context_deleted === 1 ? row.context_updated : undefined;
  const byItself = row.deleted === 1 ? row.updated : undefined;
  switch (row.kind) {
    // Whatever was decided last holds (domain/contexts/lifecycle.ts).
    case 'run':
      return row.mark < row.context_mark ? byContext : byItself;
    // Its own state alone is shown; but an experiment that is purged takes its models with it.
    case 'logged-model':
      return byItself === undefined || byContext === undefined
        ? (byItself ?? byContext)
        : Math.min(byItself, byContext);
    default:
      return byItself;
  }
}

/** What goes with one node. */
export interface Figures {
  readonly points: number;
  readonly pointBytes: number;
  readonly files: number;
  readonly fileBytes: number;
}

export interface KindFigures extends Figures {
  readonly kind: PurgeKind;
  readonly records: number;
  /** Deleted long enough, and kept since something that is not deleted needs them. */
  readonly held: number;
}

/** Ids of each kind that one purge may name. */
export const mostNamed = 1_000;
