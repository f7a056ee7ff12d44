/** What a run holds under a column. */
import type { Real, Run } from '../api/types.ts';
import { realOf } from '../format/numbers.ts';
import type { Column, MetricColumn } from './columns.ts';

/** Undefined where the run has no such metric; null where the aggregate does not exist (all points are NaN). */
export function metricValue(run: Run, column: MetricColumn): Real | null | undefined {
  const summary = run.metrics[column.key];
  if (summary === undefined) return undefined;
  return column.aggregate === 'count' ? summary.points : summary[column.aggregate];
}

/** The step of a metric's last point, of min or of max; undefined for the others. */
export function stepOf(run: Run, column: MetricColumn): number | string | undefined {
  const summary = run.metrics[column.key];
  if (summary === undefined) return undefined;
  switch (column.aggregate) {
    case 'last':
      return summary.lastStep;
    case 'min':
      return summary.minStep ?? undefined;
    case 'max':
      return summary.maxStep ?? undefined;
    default:
      return undefined;
  }
}

/** The greatest step of the metrics on the screen: how far a running run is. */
export function progressStep(run: Run): number | undefined {
  let greatest: number | undefined;
  for (const summary of Object.values(run.metrics)) {
    const step = Number(summary.lastStep);
    if (greatest === undefined || step > greatest) greatest = step;
  }
  return greatest;
}

/** Ids of metric columns that hold whole numbers only, of these runs. */
export function wholeColumns(runs: Iterable<Run>, columns: readonly Column[]): ReadonlySet<string> {
  const whole = new Set<string>();
  const metrics = columns.filter((column): column is MetricColumn => column.scope === 'metric');
  const seen = new Set<string>();
  const broken = new Set<string>();
  for (const run of runs) {
    for (const column of metrics) {
      if (broken.has(column.key)) continue;
      const value = metricValue(run, column);
      if (value == null) continue;
      const real = realOf(value);
      if (Number.isFinite(real) && !Number.isInteger(real)) broken.add(column.key);
      else if (Number.isFinite(real)) seen.add(column.key);
    }
  }
  for (const key of seen) if (!broken.has(key)) whole.add(key);
  return whole;
}
