export { batchLimits, type Int64, type PointColumns } from '../../engines/metrics/index.ts';
export { type Curve, type CurveRequest, type Curves, curveLimits } from './curves.ts';
export { firstSeriesOfRuns, metricsCursor } from './first-series.ts';
export type { LatestPoint, MetricPoint, MetricSummary, ModelPoint, ModelSeries } from './metric.ts';
export { pairLimit } from './metric-axis.ts';
export { type LogBatch, Metrics, metricKeyLimit } from './metrics.ts';
export { pointsOfModels, seriesOfModels } from './model-points.ts';
export { logLimits, runOperations } from './run-operations.ts';
export { RunWire, runWire, SummaryWire, summaryWire } from './run-wire.ts';
export { checkSeries } from './series-check.ts';
export { exportLimits } from './series-export.ts';
export type { HistoryColumns } from './series-history.ts';
export { type Rebuilt, rebuildSeries } from './series-rebuild.ts';
export {
  latestFromRow,
  latestOfRuns,
  runsWithin,
  type SeriesRow,
  seriesColumns,
  seriesOfRuns,
  summaryFromRow,
} from './series-store.ts';
export {
  putWholeSeries,
  putWholeTiedSeries,
  type WholeSeries,
  type WholeTiedSeries,
  wholeSeriesOf,
} from './whole-series.ts';
