import type { Int64 } from '../../engines/metrics/index.ts';
import type { NodeId } from '../../kernel/ids.ts';

/** One point of one metric, as a client sends it. `value` may be NaN or ±Infinity. */
export interface MetricPoint {
  readonly key: string;
  readonly value: number;
  /** ms since 1970, int64 ≥ 0 */
  readonly time: Int64;
  /** int64 */
  readonly step: Int64;
}

/** What is known of a series without reading its points. Latest = greatest (step, time, value). */
export interface MetricSummary {
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
