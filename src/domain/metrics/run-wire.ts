/** A run as the native API shows it: its record, parameters, tags and the summaries of its metrics in one object. */
import { JsonDouble, JsonInt64, toJsonDouble, toJsonInt64 } from '../../kernel/json-number.ts';
import { type Static, Type } from '../../kernel/schema.ts';
import type { Run, RunData } from '../runs/index.ts';
import type { MetricSummary } from './metric.ts';

export const SummaryWire = Type.Object(
  {
    points: Type.Integer(),
    nonFinite: Type.Integer({ description: 'Points that are NaN or infinite.' }),
    last: JsonDouble,
    lastStep: JsonInt64,
    lastTime: JsonInt64,
    first: JsonDouble,
    firstStep: JsonInt64,
    min: Type.Union([JsonDouble, Type.Null()], { description: 'null when every point is NaN' }),
    minStep: Type.Union([JsonInt64, Type.Null()]),
    max: Type.Union([JsonDouble, Type.Null()]),
    maxStep: Type.Union([JsonInt64, Type.Null()]),
    mean: Type.Union([JsonDouble, Type.Null()], {
      description: 'Of the finite points; null when there are none.',
    }),
  },
  { title: 'MetricSummary' },
);

export const RunWire = Type.Object(
  {
    id: Type.String({ description: '32 lower-case hex digits; also the run id of MLflow.' }),
    name: Type.String(),
    user: Type.String(),
    state: Type.Enum(['scheduled', 'running', 'finished', 'failed', 'killed']),
    started: Type.Integer({ description: 'ms since 1970' }),
    ended: Type.Union([Type.Integer(), Type.Null()]),
    lifecycle: Type.Enum(['active', 'deleted']),
    experiment: Type.String({ description: 'Id of the experiment.' }),
    artifactUri: Type.String(),
    params: Type.Record(Type.String(), Type.String()),
    tags: Type.Record(Type.String(), Type.String()),
    metrics: Type.Record(Type.String(), SummaryWire),
    moreMetrics: Type.Optional(
      Type.String({ description: 'There are more metrics than stand here: `cursor` for `run.metrics`.' }),
    ),
  },
  { title: 'Run' },
);

export function summaryWire(summary: MetricSummary): Static<typeof SummaryWire> {
  const { min, max, mean } = summary;
  return {
    points: summary.points,
    nonFinite: summary.nonFinite,
    last: toJsonDouble(summary.last.value),
    lastStep: toJsonInt64(summary.last.step),
    lastTime: toJsonInt64(summary.last.time),
    first: toJsonDouble(summary.first.value),
    firstStep: toJsonInt64(summary.first.step),
    min: min === undefined ? null : toJsonDouble(min.value),
    minStep: min === undefined ? null : toJsonInt64(min.step),
    max: max === undefined ? null : toJsonDouble(max.value),
    maxStep: max === undefined ? null : toJsonInt64(max.step),
    mean: Number.isNaN(mean) ? null : toJsonDouble(mean),
  };
}

/** `moreMetrics`: a cursor, where not all metrics of the run are among these. */
export function runWire(
  run: Run,
  data: RunData,
  metrics: readonly MetricSummary[],
  moreMetrics?: string,
): Static<typeof RunWire> {
  return {
    id: run.id,
    name: run.name,
    user: run.user,
    state: run.state,
    started: run.started,
    ended: run.ended ?? null,
    lifecycle: run.lifecycle,
    experiment: run.experiment,
    artifactUri: run.artifactUri,
    params: record(data.params.map(({ key, value }) => [key, value])),
    tags: record(data.tags.map(({ key, value }) => [key, value])),
    metrics: record(metrics.map((summary) => [summary.key, summaryWire(summary)])),
    ...(moreMetrics !== undefined && { moreMetrics }),
  };
}

/** Without a prototype, so that a key `__proto__` is a key like any other. */
function record<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const object = Object.create(null) as Record<string, T>;
  for (const [key, value] of entries) object[key] = value;
  return object;
}
