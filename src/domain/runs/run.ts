import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { Lifecycle, Tag } from '../contexts/index.ts';
import type { ExecutionState } from '../graph/index.ts';

export interface Param {
  readonly key: string;
  readonly value: string;
}

/** One training run: an execution node of type `run`, primary context its experiment. */
export interface Run {
  readonly node: NodeId;
  readonly project: ProjectId;
  /** 32 lower-case hex digits; also MLflow's run id. */
  readonly id: Uid;
  /** Node of the experiment. */
  readonly experimentNode: NodeId;
  /** Decimal id of the experiment. */
  readonly experiment: string;
  readonly name: string;
  readonly user: string;
  readonly state: ExecutionState;
  /** ms */
  readonly started: number;
  /** ms; undefined while it runs */
  readonly ended: number | undefined;
  readonly lifecycle: Lifecycle;
  readonly artifactUri: string;
  readonly version: number;
}

/** What a run shows (itself, its properties and summaries, its inputs and outputs) is the same while its version is. */
export interface RunVersion {
  readonly node: NodeId;
  readonly version: number;
}

export interface RunData {
  readonly params: readonly Param[];
  readonly tags: readonly Tag[];
}
