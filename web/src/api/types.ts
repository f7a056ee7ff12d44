/** What the native API (/api/v1) sends and takes: the types that are made from its operations, under the names used here. Times are milliseconds since 1970. */
import type { Double, Experiment, Int64, Operations } from '../../../sdk/src/wire.ts';

export type {
  ActiveExperiment,
  ArtifactEntry,
  DrawnCurve,
  Experiment,
  Int64,
  ListedExperiment,
  LoggedModel,
  MetricSummary,
  Project,
  RecordedEvent,
  Run,
  Tag,
} from '../../../sdk/src/wire.ts';

type Output<Id extends keyof Operations> = Operations[Id]['output'];

/** JSON has no NaN and no infinities; the API writes them as words. */
export type Real = Double;
export type Lifecycle = Experiment['lifecycle'];
export type Aggregate = 'last' | 'min' | 'max' | 'first' | 'mean' | 'count';

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

export type ExperimentOrder = NonNullable<Operations['experiment.list']['query']['order']>;

/** What a text may mean, the best first. */
export type Found = Output<'find'>;
export type FoundRun = Found['runs'][number];

/** A metric of a run, as a search by name finds it. */
export type NamedMetric = Output<'run.metrics'>['items'][number];

export type RunSearch = Operations['run.search']['body'];
export type FoundRuns = Output<'run.search'>;

/** Runs that have the same values. */
export type RunGroup = Output<'run.groups'>['items'][number];
/** Of one metric, over the runs of a group that have it. */
export type GroupFigure = RunGroup['figures'][number];
export type GroupSearch = Operations['run.groups']['body'];

export type KnownColumns = Output<'experiment.columns'>;
export type KnownColumn = KnownColumns['items'][number];

export type ServerFacts = Output<'server.get'>;
export type EventPage = Output<'event.list'>;

/** What is drawn of series. */
export type CurveRequest = Operations['series.draw']['body'];
export type DrawnCurves = Output<'series.draw'>;

/** Whose artifacts. */
export interface ArtifactOwner {
  readonly kind: 'run' | 'model' | 'version';
  /** Of a version its uid. */
  readonly id: string;
  /** How clients load a version. */
  readonly uri?: string;
}

/** What a run read and made. */
export type RunLineage = Output<'run.lineage'>;
/** A data set as a run used it. */
export type DatasetInput = RunLineage['inputs'][number];
/** `step`: where it was logged; null or absent where only its run is known. */
export type LinkedModel = RunLineage['models']['in'][number] & { readonly step?: Int64 | null };
export type ModelMetric = Output<'model.get'>['metrics'][number];
