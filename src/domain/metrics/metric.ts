import type { Int64 } from '../../engines/metrics/index.ts';
import type { NodeId, Uid } from '../../kernel/ids.ts';

/** A dataset as a point names it: the client's own words, whether or not such a dataset is recorded. */
export interface DatasetName {
  readonly name: string;
  readonly digest: string;
}

/** One point of one metric, as a client sends it. `value` may be NaN or ±Infinity. */
export interface MetricPoint {
  readonly key: string;
  readonly value: number;
  /** ms since 1970, int64 ≥ 0 */
  readonly time: Int64;
  /** int64 */
  readonly step: Int64;
  /** Id of the logged model that this also measures. */
  readonly model?: string | undefined;
  /** What it was measured on; kept where there is a model. */
  readonly dataset?: DatasetName | undefined;
}

/** A point of a logged model's metric, and where it comes from. */
export interface ModelPoint {
  readonly key: string;
  readonly value: number;
  readonly time: Int64;
  readonly step: Int64;
  readonly run: Uid;
  readonly dataset: DatasetName | undefined;
}

/** What is known of a series without reading its points. Latest = greatest (step, time, value). */
export interface MetricSummary {
  /** The run, or the logged model. */
  readonly run: NodeId;
  readonly key: string;
  readonly points: number;
  readonly nonFinite: number;
  readonly first: { readonly value: number; readonly step: Int64; readonly time: Int64 };
  readonly last: { readonly value: number; readonly step: Int64; readonly time: Int64 };
  /** Over reals and infinities; undefined when every point is NaN. */
  readonly min: { readonly value: number; readonly step: Int64 } | undefined;
  readonly max: { readonly value: number; readonly step: Int64 } | undefined;
  /** Mean of the finite points; NaN when there are none. */
  readonly mean: number;
}

/** The latest point of a metric. */
export type LatestPoint = Pick<MetricSummary, 'key' | 'last'>;

/** What is known of a logged model's metric, as one run measured it on one dataset. `last` is the latest by time. */
export interface ModelSeries {
  readonly key: string;
  readonly run: Uid;
  readonly dataset: DatasetName | undefined;
  readonly summary: MetricSummary;
}
