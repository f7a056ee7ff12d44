import type { NodeId, ProjectId } from '../../kernel/ids.ts';

export type Lifecycle = 'active' | 'deleted';
/** Which records a list shows. */
export type View = Lifecycle | 'all';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** A named group of runs: a context node of type `experiment`. */
export interface Experiment {
  readonly node: NodeId;
  readonly project: ProjectId;
  /** Decimal text, counted per project: `0` is Default. The native and the MLflow id. */
  readonly id: string;
  readonly name: string;
  /** Where clients store artifacts of new runs: a URI, as written by the client or from --default-artifact-root. */
  readonly artifactLocation: string;
  readonly lifecycle: Lifecycle;
  /** ms */
  readonly created: number;
  /** ms */
  readonly updated: number;
  readonly tags: readonly Tag[];
}
