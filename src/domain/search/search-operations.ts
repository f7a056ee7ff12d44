import type { Order } from '../../engines/search/ast.ts';
import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import {
  type Experiment,
  ExperimentParams,
  type Experiments,
  ExperimentWire,
  experimentWire,
  ProjectQuery,
  type Projects,
  pageQuery,
} from '../contexts/index.ts';
import { RunWire, runWire } from '../metrics/index.ts';
import { parseNativeFilter, parseNativeOrder } from './fields/native-grammar.ts';
import { groupRuns, listValues } from './groups/group-operations.ts';
import { anchorLimit } from './records/anchors.ts';
import type { ExperimentActivity } from './search.ts';
import type { Search } from './searches.ts';
import { Selection, viewSchema } from './selection-schema.ts';

interface Services {
  readonly projects: Projects;
  readonly experiments: Experiments;
  readonly search: Search;
}

const Keys = Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 250 }), { maxItems: 1000 }));
const OrderKeys = Type.Optional(
  Type.Array(Type.String({ maxLength: 1000 }), { maxItems: 16, description: '`metrics.loss.min asc`' }),
);

const ActiveExperimentWire = Type.Intersect(
  [
    ExperimentWire,
    Type.Object({
      runs: Type.Integer({ description: 'Active runs.' }),
      running: Type.Integer({ description: 'Of these, in state running.' }),
      failed: Type.Integer({ description: 'Of these, failed or killed.' }),
      lastActivity: Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970' }),
    }),
  ],
  { title: 'ActiveExperiment' },
);

const PulsingExperimentWire = Type.Intersect(
  [
    ActiveExperimentWire,
    Type.Object({
      latest: Type.Union([Type.Integer(), Type.Null()], {
        description: 'ms since 1970: start of the run that began last.',
      }),
      user: Type.String({ description: 'Who ran it.' }),
      days: Type.Array(Type.Integer(), {
        description:
          'Active runs begun on each of the last days asked for, of 24 hours until now, the oldest first.',
      }),
    }),
  ],
  { title: 'ListedExperiment' },
);

/** Orders of the list of experiments; the engine has each as it stands here. */
const listOrders = ['name', '-name', 'created', '-created', 'latest', '-latest'] as const;

export function searchOperations(services: Services): Operation[] {
  return [
    searchRuns(services),
    anchorRuns(services),
    groupRuns(services),
    listExperiments(services),
    getExperiment(services),
    listColumns(services),
    listValues(services),
  ];
}

function searchRuns({ projects, search }: Services): Operation {
  return operation({
    id: 'run.search',
    method: 'POST',
    path: '/api/v1/runs/search',
    permission: 'metadata:read',
    summary: 'Runs of experiments that pass a filter, in the order asked for, with the columns asked for.',
    query: Type.Object(ProjectQuery),
    body: Type.Object(
      {
        ...Selection,
        order: OrderKeys,
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
        cursor: Type.Optional(Type.String()),
        skip: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: 1e9,
            description:
              'Runs passed over after the cursor: how a long list is entered far down. Go on by cursor.',
          }),
        ),
        columns: Type.Optional(
          Type.Object(
            { params: Keys, tags: Keys, metrics: Keys },
            {
              additionalProperties: false,
              description:
                'Only these keys; a list left out means all of its kind, of metrics the first by name: `moreMetrics` where there are more.',
            },
          ),
        ),
        count: Type.Optional(Type.Boolean({ description: 'Whether to count; true unless told.' })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      items: Type.Array(RunWire),
      cursor: Type.Optional(Type.String()),
      start: Type.Optional(
        Type.String({ description: 'With skip: a cursor that begins with this very page.' }),
      ),
      total: Type.Optional(Type.Integer({ description: 'Runs of the view.' })),
      matching: Type.Optional(Type.Integer({ description: 'Runs of the view that pass the filter.' })),
      countComplete: Type.Optional(
        Type.Boolean({
          description: 'False when counting took too long: then there are at least as many as were counted.',
        }),
      ),
    }),
    errors: ['query_too_expensive'],
    async run(context, { query, body }) {
      const project = await projects.resolve(context, query.project);
      const filter = body.filter?.trim() ? parseNativeFilter(body.filter, context.clock.now()) : undefined;
      const order = (body.order ?? []).map((text, index) => parseNativeOrder(text, `order[${index}]`));
      const filterText = body.filter?.trim();
      const selection = { experiments: body.experiments, view: body.view ?? 'active' } as const;
      const page = search.runs(context, project, {
        ...selection,
        filter,
        filterText,
        order,
        limit: body.limit ?? 100,
        cursor: body.cursor,
        skip: body.skip,
        columns: body.columns,
      });
      const counting = body.count ?? true;
      const total = counting ? search.countRuns(context, project, selection) : undefined;
      const matching =
        counting && filter !== undefined
          ? search.countRuns(context, project, { ...selection, filter })
          : total;
      const [found, all, passing] = await Promise.all([page, total, matching]);
      return {
        items: found.items.map(({ run, data, metrics, moreMetrics }) =>
          runWire(run, data, metrics, moreMetrics),
        ),
        ...(found.cursor !== undefined && { cursor: found.cursor }),
        ...(found.start !== undefined && { start: found.start }),
        ...(all !== undefined && { total: all.count }),
        ...(passing !== undefined && { matching: passing.count }),
        ...(all !== undefined && { countComplete: all.complete && passing?.complete !== false }),
      };
    },
  });
}

function anchorRuns({ projects, search }: Services): Operation {
  return operation({
    id: 'run.anchors',
    method: 'POST',
    path: '/api/v1/runs/anchors',
    permission: 'metadata:read',
    summary: 'Cursors of every so many rows of a search, for jumping anywhere in its order.',
    query: Type.Object(ProjectQuery),
    body: Type.Object(
      {
        ...Selection,
        order: OrderKeys,
        every: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 1_000_000,
            default: 500,
            description: `Rows between two anchors; doubled until there are at most ${anchorLimit}.`,
          }),
        ),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      items: Type.Array(
        Type.Object({
          offset: Type.Integer({ description: 'Rows before the page that the cursor gives.' }),
          cursor: Type.String({
            description: 'For run.search with the same experiments, filter, order and view.',
          }),
        }),
        { description: 'Ascending; the first page needs none.' },
      ),
      total: Type.Integer({ description: 'Rows of the search.' }),
      every: Type.Integer(),
    }),
    errors: ['query_too_expensive'],
    async run(context, { query, body }) {
      const project = await projects.resolve(context, query.project);
      const filter = body.filter?.trim() ? parseNativeFilter(body.filter, context.clock.now()) : undefined;
      const order = (body.order ?? []).map((text, index) => parseNativeOrder(text, `order[${index}]`));
      const { experiments, view = 'active', every = 500 } = body;
      const found = await search.anchors(context, project, {
        experiments,
        filter,
        filterText: body.filter?.trim(),
        order,
        view,
        every,
      });
      return { ...found, items: [...found.items] };
    },
  });
}

function listExperiments({ projects, search }: Services): Operation {
  return operation({
    id: 'experiment.list',
    method: 'GET',
    path: '/api/v1/experiments',
    permission: 'metadata:read',
    summary: 'Experiments with how much happens in them, unless told the latest made first.',
    query: Type.Object({
      ...ProjectQuery,
      ...pageQuery(1000, 100),
      view: viewSchema,
      search: Type.Optional(Type.String({ maxLength: 500, description: 'Part of the name, case ignored.' })),
      order: Type.Optional(
        Type.Enum([...listOrders], {
          description: '`latest` is the start of the latest run; experiments without one come last.',
        }),
      ),
      days: Type.Integer({ minimum: 0, maximum: 90, default: 0, description: 'Days to count runs of.' }),
    }),
    output: Type.Object({
      items: Type.Array(PulsingExperimentWire),
      cursor: Type.Optional(Type.String()),
    }),
    errors: ['query_too_expensive'],
    async run(context, { query }) {
      const project = await projects.resolve(context, query.project);
      const filter = query.search ? nameContains(query.search) : undefined;
      const { view, limit, cursor } = query;
      const order = query.order === undefined ? [] : [orderOf(query.order as (typeof listOrders)[number])];
      const page = await search.experiments(context, project, { filter, order, view, limit, cursor });
      const [activity, pulse] = await Promise.all([
        search.activity(context, project, page.items),
        search.pulse(context, project, page.items, query.days),
      ]);
      return {
        ...page,
        items: page.items.map((experiment) => {
          const { latest = null, user = '', days = [] } = pulse.get(experiment.node) ?? {};
          const active = activeWire(experiment, activity.get(experiment.node));
          return { ...active, latest, user, days: [...days] };
        }),
      };
    },
  });
}

function getExperiment({ projects, experiments, search }: Services): Operation {
  return operation({
    id: 'experiment.get',
    method: 'GET',
    path: '/api/v1/experiments/{experiment}',
    permission: 'metadata:read',
    summary: 'One experiment and how much happens in it, also a deleted one.',
    params: ExperimentParams,
    query: Type.Object(ProjectQuery),
    output: ActiveExperimentWire,
    errors: ['not_found', 'query_too_expensive'],
    async run(context, { params, query }) {
      const project = await projects.resolve(context, query.project);
      const experiment = await experiments.get(context, project, params.experiment);
      const activity = await search.activity(context, project, [experiment]);
      return activeWire(experiment, activity.get(experiment.node));
    },
  });
}

function activeWire(experiment: Experiment, activity: ExperimentActivity | undefined) {
  const { runs = 0, running = 0, failed = 0, lastActivity } = activity ?? {};
  return { ...experimentWire(experiment), runs, running, failed, lastActivity: lastActivity ?? null };
}

function orderOf(order: (typeof listOrders)[number]): Order {
  const name = order.replace('-', '');
  return { field: { kind: 'attribute', name }, descending: order.startsWith('-'), natural: false };
}

function nameContains(text: string) {
  const field = { kind: 'attribute', name: 'name' } as const;
  return { kind: 'compare', field, operator: 'contains', value: text } as const;
}

function listColumns({ projects, search }: Services): Operation {
  return operation({
    id: 'experiment.columns',
    method: 'GET',
    path: '/api/v1/experiments/{experiment}/columns',
    permission: 'metadata:read',
    summary: 'Keys of the metrics, parameters and tags of an experiment, those that vary between runs first.',
    params: ExperimentParams,
    query: Type.Object({
      ...ProjectQuery,
      search: Type.Optional(Type.String({ maxLength: 250, description: 'Part of the key, case ignored.' })),
      limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
    }),
    output: Type.Object({
      items: Type.Array(
        Type.Object({
          scope: Type.Enum(['metric', 'param', 'tag']),
          key: Type.String(),
          runs: Type.Integer({ description: 'Runs that have it, counted up to runsLimit.' }),
          varies: Type.Boolean(),
          numeric: Type.Boolean(),
        }),
      ),
      complete: Type.Boolean({ description: 'False when there are more keys than were looked at.' }),
      runsLimit: Type.Integer(),
    }),
    errors: ['not_found', 'query_too_expensive'],
    async run(context, { params, query }) {
      const project = await projects.resolve(context, query.project);
      const found = await search.columns(context, project, params.experiment, query);
      return { ...found, items: [...found.items] };
    },
  });
}
