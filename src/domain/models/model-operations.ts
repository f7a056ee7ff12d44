import { JsonInt64, toJsonInt64 } from '../../kernel/json-number.ts';
import { type Operation, operation } from '../../kernel/operation.ts';
import { type Static, Type } from '../../kernel/schema.ts';
import { type ArtifactHolder, type Artifacts, holderOperations } from '../artifacts/index.ts';
import { ProjectQuery, type Projects, pageQuery, TagWire } from '../contexts/index.ts';
import { DatasetInputWire, type Datasets, datasetInputWire } from '../datasets/index.ts';
import { type ModelSeries, SummaryWire, summaryWire } from '../metrics/index.ts';
import type { Runs } from '../runs/index.ts';
import type { LoggedModel } from './logged-model.ts';
import type { LoggedModels } from './logged-models.ts';
import type { LinkedModel, RunLinks } from './run-links.ts';

interface Services {
  readonly projects: Projects;
  readonly artifacts: Artifacts;
  readonly runs: Runs;
  readonly datasets: Datasets;
  readonly models: LoggedModels;
  readonly runLinks: RunLinks;
}

const Status = Type.Enum(['pending', 'ready', 'failed']);

const ModelWire = Type.Object(
  {
    id: Type.String({ description: '`m-` and 32 hex digits.' }),
    uid: Type.String({ description: 'Of its node in the graph.' }),
    experiment: Type.String({ description: 'Id of the experiment.' }),
    name: Type.String(),
    type: Type.String({ description: "What kind of model, in the client's words." }),
    status: Status,
    sourceRun: Type.Union([Type.String(), Type.Null()], {
      description: 'Id of the run that made it, as the client wrote it.',
    }),
    created: Type.Integer({ description: 'ms since 1970' }),
    updated: Type.Integer({ description: 'ms since 1970' }),
    artifactUri: Type.String(),
    params: Type.Record(Type.String(), Type.String()),
    tags: Type.Record(Type.String(), Type.String()),
    metrics: Type.Array(
      Type.Intersect([
        Type.Object({
          key: Type.String(),
          run: Type.String({ description: 'Id of the run that measured it.' }),
          dataset: Type.Union([Type.Object({ name: Type.String(), digest: Type.String() }), Type.Null()], {
            description: 'What it was measured on.',
          }),
        }),
        SummaryWire,
      ]),
      { description: 'One for each metric, run and dataset; `last` is the latest by time.' },
    ),
  },
  { title: 'LoggedModel' },
);

const LinkedModelWire = Type.Object(
  {
    id: Type.String(),
    uid: Type.String(),
    name: Type.String(),
    status: Status,
    deleted: Type.Boolean(),
  },
  { title: 'LinkedModel' },
);

function modelWire(model: LoggedModel, series: readonly ModelSeries[]): Static<typeof ModelWire> {
  const { id, uid, experiment, name, type, status, sourceRun, created, updated, artifactUri } = model;
  return {
    ...{ id, uid, experiment, name, type, status, created, updated, artifactUri },
    sourceRun: sourceRun === '' ? null : sourceRun,
    params: record(model.params),
    tags: record(model.tags),
    metrics: series.map(({ key, run, dataset, summary }) => ({
      ...{ key, run, dataset: dataset ?? null },
      ...summaryWire(summary),
    })),
  };
}

/** Without a prototype, so that a key `__proto__` is a key like any other. */
function record(pairs: readonly { readonly key: string; readonly value: string }[]): Record<string, string> {
  const object = Object.create(null) as Record<string, string>;
  for (const { key, value } of pairs) object[key] = value;
  return object;
}

function linkedWire({ id, uid, name, status, deleted }: LinkedModel): Static<typeof LinkedModelWire> {
  return { id, uid, name, status, deleted };
}

export function modelOperations(services: Services): Operation[] {
  return [
    ...loggedModelOperations(services),
    ...holderOperations(modelArtifacts(services), services),
    lineageOperation(services),
  ];
}

function modelArtifacts({ models }: Services): ArtifactHolder {
  return {
    id: 'model-artifact',
    name: 'a logged model',
    path: '/api/v1/models/logged/{model}',
    parameter: 'model',
    description: 'Id of the model.',
    uriOf: async (context, project, id) => (await models.get(context, project, id)).artifactUri,
  };
}

function loggedModelOperations({ projects, models }: Services): Operation[] {
  return [
    operation({
      id: 'model.list',
      method: 'GET',
      path: '/api/v1/models/logged',
      permission: 'metadata:read',
      summary: 'The logged models of an experiment, the latest made first.',
      query: Type.Object({
        ...ProjectQuery,
        ...pageQuery(1000, 100),
        experiment: Type.String({ description: 'Id of the experiment.' }),
        search: Type.Optional(
          Type.String({ maxLength: 500, description: 'Part of the name, case ignored.' }),
        ),
      }),
      output: Type.Object({ items: Type.Array(ModelWire), cursor: Type.Optional(Type.String()) }),
      errors: ['query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { experiment, search, limit, cursor } = query;
        const field = { kind: 'attribute', name: 'name' } as const;
        const filter = search
          ? ({ kind: 'compare', field, operator: 'contains', value: search } as const)
          : undefined;
        const page = await models.search(context, project, {
          experiments: [experiment],
          filter,
          limit,
          cursor,
        });
        const series = await models.series(context, page.items);
        return { ...page, items: page.items.map((model) => modelWire(model, series.get(model.node) ?? [])) };
      },
    }),
    operation({
      id: 'model.get',
      method: 'GET',
      path: '/api/v1/models/logged/{model}',
      permission: 'metadata:read',
      summary: 'One logged model with its parameters, tags and metrics.',
      params: Type.Object({ model: Type.String({ description: 'Id of the model.' }) }),
      query: Type.Object(ProjectQuery),
      output: ModelWire,
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const model = await models.get(context, project, params.model);
        const series = await models.series(context, [model]);
        return modelWire(model, series.get(model.node) ?? []);
      },
    }),
  ];
}

function lineageOperation({ projects, runs, datasets, runLinks }: Services): Operation {
  return operation({
    id: 'run.lineage',
    method: 'GET',
    path: '/api/v1/runs/{run}/lineage',
    permission: 'metadata:read',
    summary: 'What a run read and made: dataset versions and models, in the order they were logged.',
    params: Type.Object({ run: Type.String({ description: 'Id of the run.' }) }),
    query: Type.Object(ProjectQuery),
    output: Type.Object({
      inputs: Type.Array(
        Type.Intersect([
          DatasetInputWire,
          Type.Object({
            context: Type.Union([Type.String(), Type.Null()], {
              description: 'What for: `training`, `test`, …',
            }),
            tags: Type.Array(TagWire),
          }),
        ]),
      ),
      models: Type.Object({
        in: Type.Array(LinkedModelWire),
        out: Type.Array(
          Type.Intersect([
            LinkedModelWire,
            Type.Object({
              step: Type.Union([JsonInt64, Type.Null()], {
                description: 'Where it was logged as an output; null where the model only names the run.',
              }),
            }),
          ]),
        ),
      }),
    }),
    errors: ['not_found'],
    async run(context, { params, query }) {
      const project = await projects.resolve(context, query.project);
      const { run } = await runs.get(context, project, params.run);
      const inputs = (await datasets.inputsOf(context, project, [run.node])).get(run.node) ?? [];
      const links = (await runLinks.modelsOf(context, project, [run.node])).get(run.node);
      const outputs = links?.outputs ?? [];
      const others = (links?.sources ?? []).filter(({ id }) => !outputs.some((output) => output.id === id));
      return {
        inputs: inputs.map(({ dataset, context: use, tags }) => ({
          ...datasetInputWire(dataset),
          context: use ?? null,
          tags: [...tags],
        })),
        models: {
          in: (links?.inputs ?? []).map(linkedWire),
          out: [
            ...outputs.map((output) => ({ ...linkedWire(output), step: toJsonInt64(output.step) })),
            ...others.map((model) => ({ ...linkedWire(model), step: null })),
          ],
        },
      };
    },
  });
}
