/** Operations on groups of runs and on known values. */
import type { Field } from '../../../engines/search/ast.ts';
import { invalid } from '../../../kernel/errors.ts';
import { type Operation, operation } from '../../../kernel/operation.ts';
import { Type } from '../../../kernel/schema.ts';
import { ExperimentParams, ProjectQuery, type Projects } from '../../contexts/index.ts';
import { executionStates } from '../../graph/index.ts';
import { runsLimit } from '../columns/column-store.ts';
import { parseNativeField, parseNativeFilter } from '../fields/native-grammar.ts';
import type { Search } from '../searches.ts';
import { Selection } from '../selection-schema.ts';
import { groupLimits } from './groups.ts';

interface Services {
  readonly projects: Projects;
  readonly search: Search;
}

export function groupRuns({ projects, search }: Services): Operation {
  const Keys = (most: number, description: string) =>
    Type.Array(Type.String({ maxLength: 1000 }), { maxItems: most, description });
  const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);
  return operation({
    id: 'run.groups',
    method: 'POST',
    path: '/api/v1/runs/groups',
    permission: 'metadata:read',
    summary:
      'Runs of a search grouped by values, with figures of metrics over each group; by one field, its facets.',
    query: Type.Object(ProjectQuery),
    body: Type.Object(
      {
        ...Selection,
        by: Keys(groupLimits.fields, '`params.optimizer`, `tags.team`, `state`, …: one at least.'),
        figures: Type.Optional(
          Keys(groupLimits.figures, '`metrics.loss.min`: of each, figures over the group.'),
        ),
        order: Type.Optional(Type.Enum(['runs', 'values'], { description: 'Largest first, or by values.' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
        cursor: Type.Optional(Type.String()),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      items: Type.Array(
        Type.Object({
          values: Type.Array(Type.Union([Type.String(), Type.Number(), Type.Null()]), {
            description: 'One for each field; null for runs without it.',
          }),
          runs: Type.Integer(),
          latest: Type.Integer({ description: 'ms since 1970: the last start.' }),
          figures: Type.Array(
            Type.Object({ runs: Type.Integer(), min: NumberOrNull, max: NumberOrNull, mean: NumberOrNull }),
          ),
        }),
      ),
      total: Type.Integer({ description: 'Groups.' }),
      cursor: Type.Optional(Type.String()),
    }),
    errors: ['query_too_expensive'],
    async run(context, { query, body }) {
      const project = await projects.resolve(context, query.project);
      const filter = body.filter?.trim() ? parseNativeFilter(body.filter, context.clock.now()) : undefined;
      if (body.by.length === 0) throw invalid('by', 'Groups are made by one field at least');
      const fields = (list: readonly string[], name: string) =>
        list.map((text, index) => parseNativeField(text, `${name}[${index}]`));
      const figures = fields(body.figures ?? [], 'figures');
      const notNumber = figures.findIndex(({ kind }) => kind !== 'metric');
      if (notNumber >= 0) throw invalid(`figures[${notNumber}]`, 'Figures are of metrics');
      const { experiments, view = 'active', order = 'runs', limit = 100, cursor } = body;
      const filterText = body.filter?.trim();
      const by = fields(body.by, 'by');
      const asked = { experiments, filter, filterText, view, by, figures, order, limit, cursor };
      const { items, total, cursor: next } = await search.groups(context, project, asked);
      const wire = items.map((group) => ({
        ...group,
        values: group.values.map((value, index) => valueWire(by[index]!, value)),
        figures: group.figures.map((figure) => ({ ...figure })),
      }));
      return { items: wire, total, ...(next !== undefined && { cursor: next }) };
    },
  });
}

/** States are numbers in the store. */
function valueWire(field: Field, value: string | number | null): string | number | null {
  if (field.kind !== 'attribute' || (field.name !== 'state' && field.name !== 'status')) return value;
  const word = Object.entries(executionStates).find(([, code]) => code === value)?.[0] ?? null;
  return field.name === 'status' && word !== null ? word.toUpperCase() : word;
}

export function listValues({ projects, search }: Services): Operation {
  return operation({
    id: 'experiment.values',
    method: 'GET',
    path: '/api/v1/experiments/{experiment}/values',
    permission: 'metadata:read',
    summary: 'Values of a parameter or tag that begin with a text, for completion.',
    params: ExperimentParams,
    query: Type.Object({
      ...ProjectQuery,
      scope: Type.Enum(['param', 'tag']),
      key: Type.String({ minLength: 1, maxLength: 250 }),
      prefix: Type.Optional(Type.String({ maxLength: 250, description: 'As written, case and all.' })),
      limit: Type.Integer({ minimum: 1, maximum: 1000, default: 20 }),
    }),
    output: Type.Object({
      items: Type.Array(
        Type.Object({
          value: Type.String({ description: 'Its first 64 characters.' }),
          runs: Type.Integer({ description: 'Runs that have it, counted up to runsLimit.' }),
          isCut: Type.Boolean({ description: 'Whether it may be longer.' }),
        }),
      ),
      runsLimit: Type.Integer(),
    }),
    errors: ['not_found', 'query_too_expensive'],
    async run(context, { params, query }) {
      const project = await projects.resolve(context, query.project);
      const { scope, key, prefix = '', limit } = query;
      const items = await search.values(context, project, params.experiment, { scope, key, prefix, limit });
      return { items, runsLimit };
    },
  });
}
