/** What a reference means, and what people declare of nodes, in the native API. */
import { type Operation, operation } from '../../../kernel/operation.ts';
import { type Static, Type } from '../../../kernel/schema.ts';
import { ProjectQuery, type Projects } from '../../contexts/index.ts';
import { WhenQuery, whenOf } from '../../deployments/index.ts';
import { declarationLimits, type Lineage } from '../lineage.ts';
import { Reference } from '../lineage-operations.ts';
import type { Declaration } from './declarations.ts';

const Instant = Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970' });
const Text = Type.Union([Type.String(), Type.Null()]);
export const Nothing = Type.Null({ description: 'No content.' });

const ThingWire = Type.Object(
  {
    uid: Type.String(),
    project: Type.String({ description: 'Name of the project it is of.' }),
    kind: Type.String(),
    type: Type.String(),
    name: Text,
    label: Type.String({ description: 'What people call it: `churn@v3`, `models:/churn/3`.' }),
    uri: Type.Union([Type.String(), Type.Null()], { description: 'Where it lies, in its one spelling.' }),
  },
  { title: 'LineageThing' },
);

export const declared = {
  node: ThingWire,
  note: Type.Union([Type.String(), Type.Null()], { description: 'Why.' }),
  by: Type.String({ description: 'Who declared it.' }),
  from: Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970; null: ever.' }),
  to: Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970; null: still.' }),
  declared: Type.Integer({ description: 'ms since 1970' }),
  withdrawn: Instant,
  withdrawnBy: Text,
  event: Type.Union([Type.Integer(), Type.Null()], { description: 'Position of the event that said so.' }),
};
export const SourceWire = Type.Object(declared, { title: 'LineageSource' });

export const Note = Type.Optional(Type.String({ maxLength: declarationLimits.note, description: 'Why.' }));
export const Moment = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 8.64e15, description: `ms since 1970; ${description}` }));

export const ListQuery = {
  ...ProjectQuery,
  of: Type.Optional(Reference),
  known_at: WhenQuery.known_at,
  all: Type.Optional(Type.Boolean({ description: 'Also those that were withdrawn.' })),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
  cursor: Type.Optional(Type.String({ maxLength: 1_000 })),
};

interface Services {
  readonly projects: Projects;
  readonly lineage: Lineage;
}

export function declarationOperations({ projects, lineage }: Services): Operation[] {
  return [
    operation({
      id: 'lineage.resolve',
      method: 'GET',
      path: '/api/v1/lineage/resolve',
      permission: 'metadata:read',
      summary: 'What a text means that people write for a node, or else what comes near.',
      query: Type.Object({ ...ProjectQuery, ref: Reference, as_of: WhenQuery.as_of }),
      output: Type.Object({
        node: Type.Union([ThingWire, Type.Null()], { description: 'null: that is not clear.' }),
        candidates: Type.Array(ThingWire, {
          description: 'All that it may mean; where it means nothing, what comes near. A few.',
        }),
        why: Type.Union([Type.String(), Type.Null()], { description: 'Why it means nothing.' }),
      }),
      errors: [],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { node, candidates, why } = await lineage.resolve(
          context,
          project,
          query.ref,
          whenOf(query).asOf,
        );
        return { node: node ?? null, candidates: [...candidates], why: why ?? null };
      },
    }),
    operation({
      id: 'lineage.sources',
      method: 'GET',
      path: '/api/v1/lineage/sources',
      permission: 'metadata:read',
      summary:
        'Datasets, models and versions that somebody declared a source: that nothing comes before them.',
      query: Type.Object(ListQuery),
      output: Type.Object({ items: Type.Array(SourceWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { of, all, limit, cursor } = query;
        const { knownAt } = whenOf(query);
        const page = await lineage.sources(context, project, { of, all, knownAt, limit, cursor });
        return { ...page, items: page.items.map(sourceWire) };
      },
    }),
    operation({
      id: 'lineage.declare-source',
      method: 'POST',
      path: '/api/v1/lineage/sources',
      permission: 'metadata:write',
      summary:
        'Declares that nothing comes before a dataset, a model or a version: what derives from it has no open end there. The same again changes nothing.',
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        { of: Reference, note: Note, from: Moment('only from then on.'), to: Moment('only until then.') },
        { additionalProperties: false },
      ),
      output: SourceWire,
      errors: ['not_found'],
      idempotent: true,
      async run(context, { query, body }) {
        const project = await projects.resolve(context, query.project);
        return sourceWire(await lineage.declareSource(context, project, body));
      },
    }),
    operation({
      id: 'lineage.withdraw-source',
      method: 'DELETE',
      path: '/api/v1/lineage/sources',
      permission: 'metadata:write',
      summary: 'Takes the declaration back: from now on it is not known to be a source; until now it was.',
      query: Type.Object({ ...ProjectQuery, of: Reference }),
      output: Nothing,
      status: 204,
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        await lineage.withdrawSource(context, project, query.of);
        return null;
      },
    }),
  ];
}

export const sourceWire = ({ node, ...rest }: Declaration): Static<typeof SourceWire> => ({
  ...rest,
  node: { ...node },
});
