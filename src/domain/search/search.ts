/** What is asked of a search and what it answers. The language of filters is engines/search; the words are in fields/. */
import type { Filter, Order } from '../../engines/search/ast.ts';
import type { Page } from '../../kernel/page.ts';
import type { View } from '../contexts/index.ts';
import type { LatestPoint, MetricSummary } from '../metrics/index.ts';
import type { Run, RunData, RunVersion } from '../runs/index.ts';

export interface RunSelection {
  /** Decimal ids; unknown ones hold no runs. */
  readonly experiments: readonly string[];
  readonly filter?: Filter | undefined;
  /** What cursors are bound to instead of the filter: it stays while `-7d` means another instant on each page. */
  readonly filterText?: string | undefined;
  readonly view: View;
}

/** Only these keys are read; a list left out means all of its kind, of metrics the first by name (logLimits). */
export interface RunColumns {
  readonly params?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metrics?: readonly string[] | undefined;
}

export interface RunSearch extends RunSelection {
  /** Ties, and an empty order, go by start, latest first, then id. */
  readonly order: readonly Order[];
  /** ≥ 1; the caller has checked it against its own limit. */
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Runs passed over after the cursor. */
  readonly skip?: number | undefined;
  readonly columns?: RunColumns | undefined;
}

export interface RunPage extends Page<FoundRun> {
  /** With `skip`: a cursor that begins with this very page. */
  readonly start?: string;
}

export interface RunCount {
  readonly count: number;
  /** False when the time for counting was over: then there are at least so many. */
  readonly complete: boolean;
}

export interface FoundRun<Metric = MetricSummary> {
  readonly run: Run;
  /** Keys in the order of their UTF-8 bytes. */
  readonly data: RunData;
  /** The same order. */
  readonly metrics: readonly Metric[];
  /** Where `metrics` are the first of more: a cursor for the list of all. */
  readonly moreMetrics?: string;
}

/** A page for a caller who keeps what it made of runs: those it knows come as their versions alone. */
export interface RunSearchBesides extends Omit<RunSearch, 'columns'> {
  isKnown(version: RunVersion): boolean;
}

export interface RunPageBesides extends Page<RunVersion> {
  /** The others, in their order. */
  readonly loaded: readonly FoundRun<LatestPoint>[];
}

export interface ExperimentSearch {
  readonly filter?: Filter | undefined;
  /** Ties go by id, latest first; an empty order by creation, latest first, then id. */
  readonly order: readonly Order[];
  readonly view: View;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A metric, parameter or tag that runs of an experiment have. */
export interface Column {
  readonly scope: 'metric' | 'param' | 'tag';
  readonly key: string;
  /** Runs that have it, deleted ones too; never counted beyond `runsLimit`. */
  readonly runs: number;
  /** Whether two runs have different values. */
  readonly varies: boolean;
  /** Whether every value looked at is a number. */
  readonly numeric: boolean;
}

/** A value of a parameter or tag, for completion. */
export interface KnownValue {
  /** Its first 64 characters. */
  readonly value: string;
  /** Runs that have it, deleted ones too; never counted beyond `runsLimit`. */
  readonly runs: number;
  /** Whether it may be longer. */
  readonly isCut: boolean;
}

export interface ColumnSearch {
  /** Part of the key, A–Z equal to a–z. */
  readonly search?: string | undefined;
  readonly limit: number;
}

export interface Columns {
  /** Those that vary first, then by runs (most first), then by scope and key. */
  readonly items: readonly Column[];
  /** False when there are more keys than `limit`, or than one request looks at. */
  readonly complete: boolean;
  /** Beyond this, runs are not counted. */
  readonly runsLimit: number;
}

/** What the list of experiments shows beside their names. */
export interface ExperimentActivity {
  /** Active runs. */
  readonly runs: number;
  /** Those of them in state `running`, and those that failed or were killed. */
  readonly running: number;
  readonly failed: number;
  /** ms; when a run was last changed; undefined without runs. */
  readonly lastActivity: number | undefined;
}

/** More of it, for a page of experiments. */
export interface ExperimentPulse {
  /** ms; start of the run that began last, whatever its lifecycle; undefined without runs. */
  readonly latest: number | undefined;
  /** Who ran it; '' when unknown. */
  readonly user: string;
  /** Active runs begun on each of the last days, the oldest first. */
  readonly days: readonly number[];
}
