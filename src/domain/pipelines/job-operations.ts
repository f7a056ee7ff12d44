/** Jobs and their runs, what runs started which, facets, columns and the events themselves in the native API. */
import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects, pageQuery } from '../contexts/index.ts';
import type { ExecutionState } from '../graph/index.ts';
import { facetScopes } from './codes.ts';
import type { RunUse } from './job.ts';
import {
  ColumnLinkWire,
  columnLinkWire,
  DatasetNameWire,
  datasetNameWire,
  FacetWire,
  facetWire,
  JobRunWire,
  JobWire,
  jobRunWire,
  jobWire,
  MeasuredWire,
  measuredWire,
  ParameterWire,
  RelativeWire,
  relativeWire,
  StateWire,
  ToldStateWire,
  toldStateWire,
  UseWire,
  useWire,
  valuesOf,
} from './job-wire.ts';
import { type Jobs, shownLimits } from './jobs.ts';
import { mlFacets } from './lineage-event.ts';

interface Services {
  readonly projects: Projects;
  readonly jobs: Jobs;
}

const Cursor = Type.Optional(Type.String());
const Facets = Type.Array(FacetWire);
const RunParams = Type.Object({ run: Type.String({ description: 'Its uid.' }) });

export function jobOperations(services: Services): Operation[] {
  return [...jobReads(services), ...runReads(services), ...factReads(services)];
}

function jobReads({ projects, jobs }: Services): Operation[] {
  return [
    operation({
      id: 'job.list',
      method: 'GET',
      path: '/api/v1/jobs',
      permission: 'metadata:read',
      summary: 'Jobs that events of OpenLineage have named, by namespace and name, each with its latest run.',
      query: Type.Object({
        ...ProjectQuery,
        ...pageQuery(1000, 100),
        namespace: Type.Optional(Type.String({ maxLength: 1000 })),
        search: Type.Optional(
          Type.String({ maxLength: 500, description: 'Part of the name, case ignored.' }),
        ),
        recent: Type.Integer({
          ...{ minimum: 0, maximum: 30, default: 0 },
          description: 'How many of its last runs are told of each.',
        }),
      }),
      output: Type.Object({ items: Type.Array(JobWire), cursor: Cursor }),
      errors: ['query_too_expensive'],
      async run(context, { query }) {
        const page = await jobs.list(context, await projects.resolve(context, query.project), query);
        return { ...page, items: page.items.map(jobWire) };
      },
    }),
    operation({
      id: 'job.get',
      method: 'GET',
      path: '/api/v1/jobs/{job}',
      permission: 'metadata:read',
      summary: 'One job with its facets, and what it is declared to read and write.',
      params: Type.Object({ job: Type.String({ description: 'Its uid.' }) }),
      query: Type.Object(ProjectQuery),
      output: Type.Intersect([
        JobWire,
        Type.Object({
          facets: Facets,
          inputs: Type.Array(DatasetNameWire, { description: 'Declared by the latest JobEvent.' }),
          outputs: Type.Array(DatasetNameWire),
        }),
      ]),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const { job, facets, inputs, outputs } = await jobs.get(context, project, params.job);
        return {
          ...jobWire(job),
          facets: facets.map(facetWire),
          inputs: inputs.map(datasetNameWire),
          outputs: outputs.map(datasetNameWire),
        };
      },
    }),
  ];
}

function runReads({ projects, jobs }: Services): Operation[] {
  return [
    operation({
      id: 'job-run.list',
      method: 'GET',
      path: '/api/v1/job-runs',
      permission: 'metadata:read',
      summary: 'Runs of jobs, the one heard of last first.',
      query: Type.Object({
        ...ProjectQuery,
        ...pageQuery(1000, 100),
        job: Type.Optional(Type.String({ description: 'Uid of the job whose runs are asked for.' })),
        state: Type.Optional(StateWire),
      }),
      output: Type.Object({ items: Type.Array(JobRunWire), cursor: Cursor }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const state = query.state as ExecutionState | undefined;
        const page = await jobs.runs(context, project, { ...query, state });
        return { ...page, items: page.items.map(jobRunWire) };
      },
    }),
    operation({
      id: 'job-run.get',
      method: 'GET',
      path: '/api/v1/job-runs/{run}',
      permission: 'metadata:read',
      summary:
        'One run of a job: every state that was told, what it read and wrote and in which versions, its parents, its facets.',
      params: RunParams,
      query: Type.Object(ProjectQuery),
      output: Type.Intersect([
        JobRunWire,
        Type.Object({
          states: Type.Array(ToldStateWire, { description: 'In the order of their times.' }),
          inputs: Type.Array(UseWire),
          outputs: Type.Array(UseWire),
          parents: Type.Array(RelativeWire),
          roots: Type.Array(RelativeWire),
          parameters: Type.Array(ParameterWire, {
            description:
              'What it was set to, by the facets `cairn_hyperParameters`, `executionParameters` and `jobRunParameters`.',
          }),
          metrics: Type.Array(MeasuredWire, {
            description: 'What it measured, by the facet `cairn_metrics`.',
          }),
          facets: Facets,
          complete: Type.Boolean({
            description: `Whether all is here: at most ${shownLimits.states} states and ${shownLimits.uses} datasets each are.`,
          }),
        }),
      ]),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const details = await jobs.run(context, project, params.run);
        const { run, states, inputs, outputs, parents, roots, facets } = details;
        const of = (scope: 'input' | 'output') =>
          Map.groupBy(
            facets.filter((facet) => facet.scope === facetScopes[scope]),
            ({ other }) => other,
          );
        const [ofInputs, ofOutputs] = [of('input'), of('output')];
        const own = facets.filter(({ scope }) => scope === facetScopes.run);
        const { parametersOf, metricsIn } = await import('./ml-facets.ts');
        const values = valuesOf(own);
        const use = (of: typeof ofInputs) => (one: RunUse) => {
          const facetsOf = of.get(one.dataset.node) ?? [];
          return useWire(one, facetsOf, metricsIn(valuesOf(facetsOf).get(mlFacets.evaluation)));
        };
        return {
          ...jobRunWire(run),
          states: states.map(toldStateWire),
          inputs: inputs.map(use(ofInputs)),
          outputs: outputs.map(use(ofOutputs)),
          parents: parents.map(relativeWire),
          roots: roots.map(relativeWire),
          parameters: parametersOf(values),
          metrics: metricsIn(values.get(mlFacets.metrics)).map(measuredWire),
          facets: own.map(facetWire),
          complete:
            states.length < shownLimits.states &&
            inputs.length < shownLimits.uses &&
            outputs.length < shownLimits.uses,
        };
      },
    }),
    operation({
      id: 'run.family',
      method: 'GET',
      path: '/api/v1/run-family/{run}',
      permission: 'metadata:read',
      summary:
        'Which runs started a run and which it started: of jobs (OpenLineage) and of experiments (nested runs of MLflow) alike.',
      params: RunParams,
      query: Type.Object({ ...ProjectQuery, ...pageQuery(1000, 100) }),
      output: Type.Object({
        run: RelativeWire,
        ancestors: Type.Array(RelativeWire, {
          description: `The nearest first, at most ${shownLimits.ancestors}; in a cycle each once.`,
        }),
        roots: Type.Array(RelativeWire, { description: 'The one at the top, where the run says it.' }),
        items: Type.Array(RelativeWire, { description: 'What it started, in the order heard of.' }),
        cursor: Cursor,
      }),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const family = await jobs.family(context, project, params.run, query);
        return {
          run: relativeWire(family.run),
          ancestors: family.ancestors.map(relativeWire),
          roots: family.roots.map(relativeWire),
          ...family.children,
          items: family.children.items.map(relativeWire),
        };
      },
    }),
    operation({
      id: 'job-run.events',
      method: 'GET',
      path: '/api/v1/job-runs/{run}/events',
      permission: 'metadata:read',
      summary: 'Events that were about a run of a job, the latest received first.',
      params: RunParams,
      query: Type.Object({ ...ProjectQuery, ...pageQuery(1000, 100) }),
      output: Type.Object({
        items: Type.Array(
          Type.Object({
            event: Type.Integer(),
            recorded: Type.Integer({ description: 'ms since 1970' }),
            actor: Type.String(),
          }),
        ),
        cursor: Cursor,
      }),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const page = await jobs.events(context, project, params.run, query);
        return {
          ...page,
          items: page.items.map(({ id, recorded, actor }) => ({ event: id, recorded, actor })),
        };
      },
    }),
  ];
}

function factReads({ projects, jobs }: Services): Operation[] {
  return [
    operation({
      id: 'lineage-event.get',
      method: 'GET',
      path: '/api/v1/lineage-events/{event}',
      permission: 'metadata:read',
      summary: 'An event of OpenLineage as it was sent, byte for byte.',
      params: Type.Object({ event: Type.String({ pattern: '^[0-9]{1,15}$' }) }),
      query: Type.Object(ProjectQuery),
      output: Type.Any(),
      answersFlow: ['application/json'],
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const text = await jobs.sent(context, project, Number(params.event));
        return { contentType: 'application/json; charset=utf-8', body: oneText(text) };
      },
    }),
    ...(['dataset', 'version'] as const).map((of) =>
      operation({
        id: of === 'dataset' ? 'dataset.facets' : 'dataset-version.facets',
        method: 'GET',
        path:
          of === 'dataset'
            ? '/api/v1/datasets/{dataset}/facets'
            : '/api/v1/dataset-versions/{version}/facets',
        permission: 'metadata:read',
        summary:
          of === 'dataset'
            ? 'Facets of a dataset as they are now.'
            : 'Facets that were told of one version of a dataset.',
        params:
          of === 'dataset'
            ? Type.Object({ dataset: Type.String({ description: 'Its uid.' }) })
            : Type.Object({ version: Type.String({ description: 'Its uid.' }) }),
        query: Type.Object(ProjectQuery),
        output: Type.Object({ items: Facets }),
        errors: ['not_found'],
        async run(context, { params, query }) {
          const { dataset, version } = params as { readonly dataset?: string; readonly version?: string };
          const project = await projects.resolve(context, query.project);
          const facets = await jobs.facets(context, project, of, dataset ?? version ?? '');
          return { items: facets.map(facetWire) };
        },
      }),
    ),
    operation({
      id: 'dataset-version.columns',
      method: 'GET',
      path: '/api/v1/dataset-versions/{version}/columns',
      permission: 'metadata:read',
      summary:
        'Column lineage of a version: from which fields its fields were made, or into which fields of others they went.',
      params: Type.Object({ version: Type.String({ description: 'Its uid.' }) }),
      query: Type.Object({
        ...ProjectQuery,
        ...pageQuery(1000, 200),
        direction: Type.Enum(['upstream', 'downstream'], { default: 'upstream' }),
        field: Type.Optional(
          Type.String({ maxLength: 2000, description: 'Only links of this field of the version.' }),
        ),
      }),
      output: Type.Object({ items: Type.Array(ColumnLinkWire), cursor: Cursor }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const direction = query.direction === 'downstream' ? 'downstream' : 'upstream';
        const page = await jobs.columns(context, project, params.version, { ...query, direction });
        return { ...page, items: page.items.map(columnLinkWire) };
      },
    }),
  ];
}

async function* oneText(text: string): AsyncGenerator<string> {
  yield text;
}
