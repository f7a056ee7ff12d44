/** What the native API (/api/v1) sends and takes. Times are milliseconds since 1970. */

/** JSON has no NaN and no infinities; the API writes them as these words. */
export type Real = number | 'NaN' | 'Infinity' | '-Infinity';
/** An int64: decimal text beyond 2^53. */
export type Int64 = number | string;

export type Lifecycle = 'active' | 'deleted';
export type RunState = 'scheduled' | 'running' | 'finished' | 'failed' | 'killed';
export type Aggregate = 'last' | 'min' | 'max' | 'first' | 'mean' | 'count';

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Project {
  readonly name: string;
}

export interface Experiment {
  readonly id: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycle: Lifecycle;
  readonly created: number;
  readonly updated: number;
  readonly tags: readonly Tag[];
}

/** An experiment with how much happens in it: its active runs, and when one of them last changed. */
export interface ActiveExperiment extends Experiment {
  readonly runs: number;
  readonly running: number;
  /** Failed or killed. */
  readonly failed: number;
  readonly lastActivity: number | null;
}

/** An experiment as the list of experiments shows it. */
export interface ListedExperiment extends ActiveExperiment {
  /** Start of the run that began last, and whose it is. */
  readonly latest: number | null;
  readonly user: string;
  /** Runs begun on each of the last days asked for, the oldest first. */
  readonly days: readonly number[];
}

export type ExperimentOrder = 'name' | '-name' | 'created' | '-created' | 'latest' | '-latest';

export interface FoundExperiment {
  readonly id: string;
  readonly name: string;
  readonly lifecycle: Lifecycle;
  readonly created: number;
}

export interface FoundRun {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly user: string;
  readonly started: number;
  readonly lifecycle: Lifecycle;
  readonly experiment: { readonly id: string; readonly name: string };
}

/** What a text may mean, the best first. */
export interface Found {
  readonly experiments: readonly FoundExperiment[];
  readonly runs: readonly FoundRun[];
  /** False when only the latest runs were looked through for the text inside their names. */
  readonly complete: boolean;
}

export interface MetricSummary {
  readonly last: Real;
  readonly lastStep: Int64;
  readonly lastTime: Int64;
  /** Null when every point is NaN. */
  readonly min: Real | null;
  readonly minStep: Int64 | null;
  readonly max: Real | null;
  readonly maxStep: Int64 | null;
  readonly first: Real;
  readonly mean: Real | null;
  readonly points: number;
}

export interface Run {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly state: RunState;
  readonly started: number;
  readonly ended: number | null;
  readonly lifecycle: Lifecycle;
  readonly experiment: string;
  readonly artifactUri: string;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** There are more metrics than stand here. */
  readonly moreMetrics?: string;
}

/** A metric of a run, as a search by name finds it. */
export interface NamedMetric extends MetricSummary {
  readonly key: string;
}

export interface RunSearch {
  readonly experiments: readonly string[];
  readonly filter?: string;
  /** Such as `metrics.loss.min asc`. */
  readonly order?: readonly string[];
  readonly view?: Lifecycle | 'all';
  readonly limit?: number;
  readonly cursor?: string;
  /** Rows passed over after the cursor. */
  readonly skip?: number;
  /** Whether to count; true unless told. */
  readonly count?: boolean;
  /** Which values the answer carries; absent = all. */
  readonly columns?: {
    readonly params: readonly string[];
    readonly metrics: readonly string[];
    readonly tags: readonly string[];
  };
}

/** Runs that have the same values. */
export interface RunGroup {
  /** One for each field; null for runs without it. */
  readonly values: readonly (string | number | null)[];
  readonly runs: number;
  /** The last start. */
  readonly latest: number;
  readonly figures: readonly GroupFigure[];
}

/** Of one metric, over the runs of a group that have it. */
export interface GroupFigure {
  readonly runs: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

export interface GroupSearch {
  readonly experiments: readonly string[];
  readonly filter?: string;
  readonly view?: Lifecycle;
  readonly by: readonly string[];
  readonly figures: readonly string[];
  /** Largest first, or by values. */
  readonly order: 'runs' | 'values';
  readonly limit: number;
  readonly cursor?: string;
}

export interface FoundRuns extends Page<Run> {
  /** Runs of the view, whatever the filter. */
  readonly total: number;
  readonly matching: number;
  /** False when counting took too long: then there are at least as many as were counted. */
  readonly countComplete?: boolean;
  /** With `skip`: a cursor that begins with this very page. */
  readonly start?: string;
}

export interface KnownColumn {
  readonly scope: 'metric' | 'param' | 'tag';
  readonly key: string;
  /** How many runs carry it. */
  readonly runs: number;
  readonly varies: boolean;
  readonly numeric: boolean;
}

export interface KnownColumns {
  /** Those that vary first. */
  readonly items: readonly KnownColumn[];
  /** False when there are more than the answer holds. */
  readonly complete: boolean;
  /** Beyond this, runs are not counted. */
  readonly runsLimit: number;
}

export interface RecordedEvent {
  readonly position: number;
  readonly recorded: number;
  readonly action: string;
  readonly actor: string;
  /** The protocol it came by. */
  readonly face: string;
  /** What changed, in the words of the log. */
  readonly body?: unknown;
  readonly experiment?: string;
  readonly run?: string;
}

export interface ServerFacts {
  readonly name: string;
  readonly version: string;
  readonly store: 'sqlite' | 'postgres';
  readonly authentication: boolean;
}

/** What is drawn of series: see `series.draw` of the API. */
export interface CurveRequest {
  readonly runs: readonly string[];
  readonly keys: readonly string[];
  readonly x: 'step' | 'time' | 'relative' | { readonly metric: string };
  readonly from?: number;
  readonly to?: number;
  /** Buckets of a line at most. */
  readonly pixels: number;
}

interface BandColumns {
  readonly counts: readonly number[];
  readonly nonFinite: readonly number[];
  readonly min: readonly (Real | null)[];
  readonly max: readonly (Real | null)[];
  /** Of the finite values. */
  readonly sums: readonly Real[];
}

/** One of the four: points where they are few, else bands; pairs over another metric. */
export interface DrawnCurve {
  readonly run: string;
  readonly key: string;
  readonly points?: {
    readonly steps: readonly Int64[];
    readonly times: readonly Int64[];
    readonly values: readonly (Real | '-0')[];
  };
  readonly bands?: BandColumns & { readonly firstX: readonly Int64[]; readonly lastX: readonly Int64[] };
  readonly pairs?: { readonly xs: readonly Real[]; readonly values: readonly (Real | '-0')[] };
  readonly pairBands?: BandColumns & { readonly width: number; readonly starts: readonly Real[] };
}

export interface DrawnCurves {
  readonly curves: readonly DrawnCurve[];
}

export interface EventPage {
  readonly items: readonly RecordedEvent[];
  /** Position to go on after. */
  readonly reached: number;
}

/** Whose artifacts. */
export interface ArtifactOwner {
  readonly kind: 'run' | 'model' | 'version';
  /** Of a version its uid. */
  readonly id: string;
  /** How clients load a version. */
  readonly uri?: string;
}

export interface ArtifactEntry {
  /** Below the artifacts of the owner. */
  readonly path: string;
  readonly name: string;
  readonly directory: boolean;
  readonly size: number | null;
  readonly updated: number | null;
}

/** A data set as a run used it. */
export interface DatasetInput {
  readonly uid: string;
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  /** JSON text, as the client wrote it. */
  readonly source: string;
  readonly created: number;
  /** The first columns; null where the client told none. */
  readonly schema: {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
    readonly total: number;
  } | null;
  /** What for: `training`, `test`, … */
  readonly context: string | null;
  readonly tags: readonly Tag[];
}

/** What a run read and made. */
export interface RunLineage {
  readonly inputs: readonly DatasetInput[];
  readonly models: { readonly in: readonly LinkedModel[]; readonly out: readonly LinkedModel[] };
}

export interface LinkedModel {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly deleted: boolean;
  /** Where it was logged; null or absent where only its run is known. */
  readonly step?: Int64 | null;
}

export interface ModelMetric extends MetricSummary {
  readonly key: string;
  /** Id of the run that measured it. */
  readonly run: string;
  readonly dataset: { readonly name: string; readonly digest: string } | null;
}

export interface LoggedModel {
  readonly id: string;
  readonly uid: string;
  readonly experiment: string;
  readonly name: string;
  readonly type: string;
  readonly status: 'pending' | 'ready' | 'failed';
  readonly sourceRun: string | null;
  readonly created: number;
  readonly updated: number;
  readonly artifactUri: string;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly ModelMetric[];
}
