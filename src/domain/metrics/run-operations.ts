import { batchLimits, decodePointBatch } from '../../engines/metrics/index.ts';
import { fromJsonDouble, JsonDouble, JsonInt64 } from '../../kernel/json-number.ts';
import { type Operation, operation } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects, TagWire } from '../contexts/index.ts';
import type { Runs } from '../runs/index.ts';
import { metricOperations } from './metric-operations.ts';
import { int64, Key, RunParams } from './metric-wire.ts';
import type { Metrics } from './metrics.ts';
import { RunWire, runWire } from './run-wire.ts';

/** Sizes of one request of the native API; docs/reference/limits.md shows them. */
export const logLimits = {
  metrics: 10_000,
  params: 1_000,
  tags: 1_000,
  paramValue: 100_000,
  /** Metrics that come with a run; the rest is paged. */
  metricsOfRun: 1_000,
  /** Metrics that come with a page of many runs; each has an equal share. */
  metricsOfPage: 100_000,
} as const;

/** Exact in a double up to the year 287396. */
const Instant = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
const Nothing = Type.Null({ description: 'No content.' });

interface Services {
  readonly projects: Projects;
  readonly runs: Runs;
  readonly metrics: Metrics;
}

export function runOperations(services: Services): Operation[] {
  return [
    ...recordOperations(services),
    ...lifecycleOperations(services),
    ...logOperations(services),
    ...metricOperations(services),
  ];
}

function recordOperations({ projects, runs, metrics }: Services): Operation[] {
  return [
    operation({
      id: 'run.create',
      method: 'POST',
      path: '/api/v1/runs',
      permission: 'metadata:write',
      summary: 'Start a run in an experiment.',
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        {
          experiment: Type.String({ description: 'Id of the experiment.' }),
          name: Type.Optional(Type.String({ maxLength: 8000 })),
          user: Type.Optional(Type.String({ maxLength: 250 })),
          started: Type.Optional(Instant('ms since 1970; now when absent')),
          tags: Type.Optional(Type.Array(TagWire, { maxItems: logLimits.tags })),
          parent: Type.Optional(
            Type.String({ description: 'Id of the run this one is nested in.', maxLength: 250 }),
          ),
        },
        { additionalProperties: false },
      ),
      output: RunWire,
      errors: ['not_found', 'failed_precondition'],
      status: 201,
      idempotent: true,
      async run(context, { query, body }) {
        const { run, data } = await runs.create(
          context,
          await projects.resolve(context, query.project),
          body,
        );
        return runWire(run, data, []);
      },
    }),
    operation({
      id: 'run.get',
      method: 'GET',
      path: '/api/v1/runs/{run}',
      permission: 'metadata:read',
      summary:
        'One run with its parameters, tags and the summaries of its first 1,000 metrics by name, also a deleted one.',
      params: RunParams,
      query: Type.Object(ProjectQuery),
      output: RunWire,
      errors: ['not_found'],
      async run(context, { params, query }) {
        return showRun({ projects, runs, metrics }, context, query.project, params.run);
      },
    }),
    operation({
      id: 'run.update',
      method: 'PATCH',
      path: '/api/v1/runs/{run}',
      permission: 'metadata:write',
      summary: 'Change state, end or name of a run.',
      params: RunParams,
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        {
          state: Type.Optional(Type.Enum(['scheduled', 'running', 'finished', 'failed', 'killed'])),
          ended: Type.Optional(Instant('ms since 1970')),
          name: Type.Optional(Type.String({ minLength: 1, maxLength: 8000 })),
        },
        { additionalProperties: false },
      ),
      output: RunWire,
      errors: ['not_found', 'failed_precondition'],
      idempotent: true,
      async run(context, { params, query, body }) {
        await runs.update(context, await projects.resolve(context, query.project), params.run, body);
        return showRun({ projects, runs, metrics }, context, query.project, params.run);
      },
    }),
  ];
}

async function showRun(
  { projects, runs, metrics }: Services,
  context: RequestContext,
  projectName: string,
  id: string,
) {
  const project = await projects.resolve(context, projectName);
  const { run, data } = await runs.get(context, project, id);
  const page = await metrics.list(context, project, id, { limit: logLimits.metricsOfRun });
  return runWire(run, data, page.items, page.cursor);
}

function lifecycleOperations({ projects, runs }: Services): Operation[] {
  const common = {
    params: RunParams,
    query: Type.Object(ProjectQuery),
    output: Nothing,
    status: 204,
    idempotent: true,
  } as const;
  return [
    operation({
      id: 'run.delete',
      method: 'DELETE',
      path: '/api/v1/runs/{run}',
      permission: 'metadata:delete',
      summary: 'Mark a run as deleted.',
      ...common,
      errors: ['not_found'],
      async run(context, { params, query }) {
        await runs.delete(context, await projects.resolve(context, query.project), params.run);
        return null;
      },
    }),
    operation({
      id: 'run.restore',
      method: 'POST',
      path: '/api/v1/runs/{run}/restore',
      permission: 'metadata:delete',
      summary: 'Bring a deleted run back.',
      ...common,
      errors: ['not_found'],
      async run(context, { params, query }) {
        await runs.restore(context, await projects.resolve(context, query.project), params.run);
        return null;
      },
    }),
    operation({
      id: 'run.tag',
      method: 'POST',
      path: '/api/v1/runs/{run}/tags',
      permission: 'metadata:write',
      summary: 'Set one tag.',
      ...common,
      body: TagWire,
      errors: ['not_found', 'failed_precondition'],
      async run(context, { params, query, body }) {
        await runs.setTag(context, await projects.resolve(context, query.project), params.run, body);
        return null;
      },
    }),
    operation({
      id: 'run.untag',
      method: 'DELETE',
      path: '/api/v1/runs/{run}/tags',
      permission: 'metadata:write',
      summary: 'Remove one tag.',
      ...common,
      query: Type.Object({ ...ProjectQuery, key: Key }),
      errors: ['not_found', 'failed_precondition'],
      async run(context, { params, query }) {
        await runs.deleteTag(context, await projects.resolve(context, query.project), params.run, query.key);
        return null;
      },
    }),
  ];
}

const MetricWire = Type.Object(
  { key: Key, value: JsonDouble, time: JsonInt64, step: Type.Optional(JsonInt64) },
  { additionalProperties: false },
);

function logOperations({ projects, metrics }: Services): Operation[] {
  return [
    operation({
      id: 'run.log',
      method: 'POST',
      path: '/api/v1/runs/{run}/log',
      permission: 'metadata:write',
      summary: 'Log metrics, parameters and tags of a run: all of them or none.',
      params: RunParams,
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        {
          metrics: Type.Optional(Type.Array(MetricWire, { maxItems: logLimits.metrics })),
          params: Type.Optional(
            Type.Array(
              Type.Object(
                { key: Key, value: Type.String({ maxLength: logLimits.paramValue }) },
                { additionalProperties: false },
              ),
              { maxItems: logLimits.params },
            ),
          ),
          tags: Type.Optional(Type.Array(TagWire, { maxItems: logLimits.tags })),
        },
        { additionalProperties: false },
      ),
      bodyLimit: 16 * 1024 * 1024,
      output: Nothing,
      errors: ['not_found', 'failed_precondition', 'conflict'],
      status: 204,
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        const points = (body.metrics ?? []).map((metric, index) => ({
          key: metric.key,
          value: fromJsonDouble(metric.value),
          time: int64(`metrics[${index}].time`, metric.time),
          step: int64(`metrics[${index}].step`, metric.step ?? 0),
        }));
        await metrics.logBatch(context, project, params.run, {
          points,
          params: body.params ?? [],
          tags: body.tags ?? [],
        });
        return null;
      },
    }),
    operation({
      id: 'run.ingest',
      method: 'POST',
      path: '/api/v1/runs/{run}/points',
      permission: 'metadata:write',
      summary:
        'Log points of any number of metrics of a run as one batch of columns (docs/formats/ingest.md): all of them or none.',
      params: RunParams,
      query: Type.Object(ProjectQuery),
      contentType: 'application/vnd.cairn.points',
      bodyLimit: batchLimits.bytes,
      output: Nothing,
      errors: ['not_found', 'failed_precondition', 'conflict', 'payload_too_large', 'unsupported_media_type'],
      status: 204,
      idempotent: true,
      async run(context, { params, query, content }) {
        const series = decodePointBatch(content);
        const project = await projects.resolve(context, query.project);
        await metrics.logBatch(context, project, params.run, { series });
        return null;
      },
    }),
  ];
}
