/**
 * What a store to move in is to the mover: records in Cairn's words, in an order that it can take up again. Each kind of
 * store has a reader; Cairn itself is one too (cairn-server.ts), so that both sides are compared, and moved out, alike.
 */
import type {
  ExperimentRecord,
  LinkRecord,
  ModelRecord,
  RegisteredRecord,
  RunRecord,
} from '../../domain/transfer/index.ts';
import type { PointColumns } from '../../engines/metrics/index.ts';
import type { Problems } from './problems.ts';

/** An experiment, and the place that its artifacts have there, which may be another than the one here. */
export interface SourceExperiment {
  readonly record: ExperimentRecord;
}

export interface SourceSeries {
  readonly key: string;
  readonly points: PointColumns;
}

export interface SourceRun {
  readonly record: Omit<RunRecord, 'series'>;
  readonly series: readonly SourceSeries[];
  /** The run came before, with other points of it. */
  readonly continues: boolean;
}

export interface SourceTiedSeries extends SourceSeries {
  readonly run: string;
  readonly dataset: readonly [name: string, digest: string] | undefined;
}

export interface SourceModel {
  readonly record: Omit<ModelRecord, 'series'>;
  readonly series: readonly SourceTiedSeries[];
}

/** Some of the records of an experiment, and the id after which to go on when all before are stored. */
export interface SourcePage<T> {
  readonly items: readonly T[];
  readonly after: string;
}

export interface ArtifactPlace {
  readonly owner: 'run' | 'model';
  readonly id: string;
  readonly uri: string;
}

/** What is there and cannot be held here yet, so that nobody finds out later. */
export interface Unheld {
  readonly what: string;
  readonly count: number;
}

export interface Survey {
  /** What the store says it is: `SQLite database of MLflow, schema dc11669786a5`. */
  readonly description: string;
  readonly experiments: number;
  readonly runs: number;
  readonly unheld: readonly Unheld[];
}

export interface Source {
  /** Its address without secrets: what the progress of the move is kept under. */
  readonly name: string;
  /** What could not be read, counted and named. */
  readonly problems: Problems;
  survey(): Promise<Survey>;
  /** Runs of an experiment, as far as that is known without reading them; those up to `after` only. */
  countRuns(experiment: string, after?: string): Promise<number>;
  experiments(): AsyncIterable<readonly SourceExperiment[]>;
  /** Ids ascend over the pages; those up to `after` are left out. */
  runs(experiment: string, after?: string): AsyncIterable<SourcePage<SourceRun>>;
  models(experiment: string, after?: string): AsyncIterable<SourcePage<SourceModel>>;
  links(experiment: string): AsyncIterable<readonly LinkRecord[]>;
  registered(): AsyncIterable<readonly RegisteredRecord[]>;
  /** Where the artifacts of its runs and models lie, as it is written there. */
  places(experiment: string): AsyncIterable<readonly ArtifactPlace[]>;
  close(): Promise<void>;
}

/** Points that one page brings, at most about: 10 MB of columns. */
export const pointsOfPage = 200_000;
