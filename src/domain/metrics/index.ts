export type { Int64 } from '../../engines/metrics/index.ts';
export type { MetricPoint, MetricSummary, ModelPoint, ModelSeries } from './metric.ts';
export { type HistoryPage, type LogBatch, Metrics, metricKeyLimit } from './metrics.ts';
export { pointsOfModels, seriesOfModels } from './model-points.ts';
export { logLimits, runOperations } from './run-operations.ts';
export { RunWire, runWire, SummaryWire, summaryWire } from './run-wire.ts';
export { checkSeries } from './series-check.ts';
export { type SeriesRow, seriesColumns, seriesOfRuns, summaryFromRow } from './series-store.ts';
