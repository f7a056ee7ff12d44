import { JsonDouble, JsonInt64, toJsonDouble, toJsonInt64 } from '../../kernel/json-number.ts';
import { type Operation, operation } from '../../kernel/operation.ts';
import { type Static, Type } from '../../kernel/schema.ts';
import { ProjectQuery, pageQuery } from '../contexts/index.ts';
import { curveOperations } from './curve-operations.ts';
import { exportOperation } from './export-operation.ts';
import { int64, Key, type MetricServices, RewindId, RunParams } from './metric-wire.ts';
import { metricKeyLimit } from './metrics.ts';
import type { Rewind } from './rewind-store.ts';
import { SummaryWire, summaryWire } from './run-wire.ts';

const RewindWire = Type.Object(
  {
    id: Type.Integer(),
    step: JsonInt64,
    recorded: Type.Integer({ description: 'ms since 1970' }),
    actor: Type.String(),
    series: Type.Integer({ description: 'Metrics of which points were superseded.' }),
    points: Type.Integer(),
  },
  { title: 'Rewind' },
);

export function metricOperations(services: MetricServices): Operation[] {
  return [
    ...readOperations(services),
    ...rewindOperations(services),
    ...curveOperations(services),
    exportOperation(services),
  ];
}

function readOperations({ projects, metrics }: MetricServices): Operation[] {
  return [
    operation({
      id: 'run.points',
      method: 'GET',
      path: '/api/v1/runs/{run}/points',
      permission: 'metadata:read',
      summary: 'The points of one metric in the order of time, step and value.',
      params: RunParams,
      query: Type.Object({
        ...ProjectQuery,
        ...pageQuery(100_000, 10_000),
        key: Key,
        rewind: Type.Optional(RewindId),
      }),
      output: Type.Object({
        items: Type.Array(Type.Object({ step: JsonInt64, time: JsonInt64, value: JsonDouble })),
        cursor: Type.Optional(Type.String()),
      }),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const page = await metrics.history(context, project, params.run, query.key, query);
        return {
          ...page,
          items: page.items.map(({ step, time, value }) => ({
            step: toJsonInt64(step),
            time: toJsonInt64(time),
            value: toJsonDouble(value),
          })),
        };
      },
    }),
    operation({
      id: 'run.metrics',
      method: 'GET',
      path: '/api/v1/runs/{run}/metrics',
      permission: 'metadata:read',
      summary:
        'The metrics of a run in the order of their names: all, or those whose names begin with or hold a text.',
      params: RunParams,
      query: Type.Object({
        ...ProjectQuery,
        ...pageQuery(1_000, 100),
        prefix: Type.Optional(
          Type.String({ maxLength: metricKeyLimit, description: 'The name begins with this text.' }),
        ),
        contains: Type.Optional(
          Type.String({
            maxLength: metricKeyLimit,
            description: 'The name holds this text; capital letters A–Z are like small ones.',
          }),
        ),
      }),
      output: Type.Object({
        items: Type.Array(Type.Object({ key: Type.String(), ...SummaryWire.properties })),
        cursor: Type.Optional(Type.String()),
      }),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const page = await metrics.list(context, project, params.run, query);
        return {
          ...page,
          items: page.items.map((summary) => ({ key: summary.key, ...summaryWire(summary) })),
        };
      },
    }),
  ];
}

function rewindOperations({ projects, metrics }: MetricServices): Operation[] {
  return [
    operation({
      id: 'run.rewind',
      method: 'POST',
      path: '/api/v1/runs/{run}/rewind',
      permission: 'metadata:write',
      summary:
        'Go back to a step, as after a restart from a checkpoint: points of that step and of later ones are superseded. They are no longer part of the run, and can still be read.',
      params: RunParams,
      query: Type.Object(ProjectQuery),
      body: Type.Object({ step: JsonInt64 }, { additionalProperties: false }),
      output: Type.Object({
        rewind: Type.Union([RewindWire, Type.Null()], {
          description: 'null when the run has no point that far: nothing was changed.',
        }),
      }),
      errors: ['not_found', 'failed_precondition'],
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        const rewind = await metrics.rewind(context, project, params.run, int64('step', body.step));
        return { rewind: rewind ? rewindWire(rewind) : null };
      },
    }),
    operation({
      id: 'run.rewinds',
      method: 'GET',
      path: '/api/v1/runs/{run}/rewinds',
      permission: 'metadata:read',
      summary: 'Where a run went back to an earlier step, the latest first.',
      params: RunParams,
      query: Type.Object({ ...ProjectQuery, ...pageQuery(1_000, 100) }),
      output: Type.Object({ items: Type.Array(RewindWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const page = await metrics.rewinds(context, project, params.run, query);
        return { ...page, items: page.items.map(rewindWire) };
      },
    }),
  ];
}

function rewindWire({ step, ...rewind }: Rewind): Static<typeof RewindWire> {
  return { ...rewind, step: toJsonInt64(step) };
}
