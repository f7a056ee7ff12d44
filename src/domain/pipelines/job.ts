/** Jobs and their runs as they are read. */
import type { EventId, NodeId, Uid } from '../../kernel/ids.ts';
import type { ExecutionState } from '../graph/index.ts';
import type { PlaceName, RunEventType } from './lineage-event.ts';

export interface Job extends PlaceName, Omit<JobGlance, 'latest'> {
  readonly node: NodeId;
  readonly uid: Uid;
  /** ms; when it was first heard of */
  readonly created: number;
  /** The one that was heard of last. */
  readonly latestRun: JobRun | undefined;
}

/** Of what kind a job is, as its facet `jobType` says: `SPARK`, `QUERY`, `BATCH`. */
export interface JobKind {
  readonly integration?: string | undefined;
  readonly type?: string | undefined;
  readonly processing?: string | undefined;
}

/** How many datasets a job reads and writes. */
export interface JobData {
  /** The run that says it; undefined: it is declared, or nobody says. */
  readonly run: Uid | undefined;
  readonly inputs: number;
  readonly outputs: number;
}

/** A run as a strip of many shows it. */
export type RunGlance = Pick<JobRun, 'uid' | 'state' | 'started' | 'ended'>;

export interface JobGlance extends JobKind {
  /** The last runs, the latest heard of first. */
  readonly recent: readonly RunGlance[];
  readonly data: JobData;
  readonly latest: NodeId | undefined;
}

export interface JobRun {
  readonly node: NodeId;
  readonly uid: Uid;
  /** As its producer calls it; a UUID in small letters. */
  readonly runId: string;
  /** Undefined where no event has told it. */
  readonly state: ExecutionState | undefined;
  /** ms */
  readonly started: number | undefined;
  /** ms */
  readonly ended: number | undefined;
  readonly jobs: readonly (PlaceName & { readonly uid: Uid })[];
}

/** That an event told a state. */
export interface ToldState {
  readonly type: RunEventType;
  /** ms */
  readonly at: number;
  readonly event: EventId;
}

export interface DatasetName extends PlaceName {
  readonly node: NodeId;
  readonly uid: Uid;
  /** Name of its project. */
  readonly project: string;
}

/** What a run read or wrote. */
export interface RunUse {
  readonly dataset: DatasetName;
  /** ms; when an event first said so */
  readonly first: number;
  /** The version that an event names. */
  readonly named: string | undefined;
  /** What an input was for, in its producer's word. */
  readonly role: string | undefined;
  /** Of a write: the version it made. Of a read: the one it is bound to, and why. */
  readonly version:
    | {
        readonly uid: Uid;
        /** Name of its project. */
        readonly project: string;
        readonly rule: string | undefined;
        readonly known: string;
      }
    | undefined;
  /** It is bound to one that the reader may not see. */
  readonly masked: boolean;
}

/** One execution as another one's parent or child. */
export interface Relative {
  readonly node: NodeId;
  readonly uid: Uid;
  /** `run` of an experiment, `job-run` of a job. */
  readonly type: string;
  readonly name: string;
  /** Of a run of a job: the first of its jobs. */
  readonly job: JobRun['jobs'][number] | undefined;
  readonly state: ExecutionState | undefined;
  readonly started: number | undefined;
  readonly ended: number | undefined;
}
