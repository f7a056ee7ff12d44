import type { MetricSummary } from '../api/types.ts';

/** One line of a chart, or one bar. */
export interface ChartSource {
  /** Of the run. */
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  /** Tells lines of one colour apart. */
  readonly dash?: readonly number[];
  /** The value that the run is grouped by; runs without one are lines of their own. */
  readonly group?: string | undefined;
  /** Start of the run, where relative time begins. */
  readonly started: number;
  readonly summary: MetricSummary;
  /** Points the server holds now: when it grows, the new ones are read. */
  readonly points: number;
}
