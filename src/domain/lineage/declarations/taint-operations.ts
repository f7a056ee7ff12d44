/** What is declared wrong, what it touches, and what a page of a node has to say of it, in the native API. */
import { notFound } from '../../../kernel/errors.ts';
import { type Operation, operation } from '../../../kernel/operation.ts';
import { type Static, Type } from '../../../kernel/schema.ts';
import { ProjectQuery, type Projects } from '../../contexts/index.ts';
import { whenOf } from '../../deployments/index.ts';
import { type Lineage, walkLimits } from '../lineage.ts';
import { ImpactWire, Reference, StrengthWire } from '../lineage-operations.ts';
import {
  declared,
  ListQuery,
  Moment,
  Note,
  Nothing,
  SourceWire,
  sourceWire,
} from './declaration-operations.ts';
import type { Declaration } from './declarations.ts';
import type { Touched } from './taints.ts';

const { from: _from, to: _to, ...said } = declared;
const TaintWire = Type.Object(
  {
    ...said,
    since: Type.Union([Type.Integer(), Type.Null()], {
      description: 'ms since 1970: versions made since then are wrong; null: all.',
    }),
  },
  { title: 'Taint' },
);

const MarksWire = Type.Object({
  source: Type.Union([SourceWire, Type.Null()], { description: 'It is declared a source.' }),
  taints: Type.Array(
    Type.Object({
      taint: TaintWire,
      own: Type.Boolean({ description: 'It is wrong itself; else something that it derives from is.' }),
      strength: StrengthWire,
      hops: Type.Integer(),
    }),
    { description: 'Live ones that reach it.' },
  ),
});

const touched = {
  deployed: ImpactWire,
  models: Type.Array(
    Type.Object({
      uid: Type.String(),
      project: Type.String({ description: 'Name of the project it is of.' }),
      type: Type.String(),
      name: Type.Union([Type.String(), Type.Null()]),
      label: Type.String({ description: 'What people call it: `models:/churn/3`.' }),
      strength: StrengthWire,
      hops: Type.Integer(),
    }),
    { description: 'Models that are not deployed, nearest first.' },
  ),
  counts: Type.Array(Type.Object({ type: Type.String(), count: Type.Integer() }), {
    description: 'How many things of each type derive from it.',
  }),
};
const Limit = Type.Integer({ minimum: 1, maximum: walkLimits.items, default: 100 });

interface Services {
  readonly projects: Projects;
  readonly lineage: Lineage;
}

export function taintOperations({ projects, lineage }: Services): Operation[] {
  return [
    operation({
      id: 'lineage.taints',
      method: 'GET',
      path: '/api/v1/lineage/taints',
      permission: 'metadata:read',
      summary: 'Datasets, models and versions that somebody declared wrong.',
      query: Type.Object(ListQuery),
      output: Type.Object({ items: Type.Array(TaintWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { of, all, limit, cursor } = query;
        const { knownAt } = whenOf(query);
        const page = await lineage.taints(context, project, { of, all, knownAt, limit, cursor });
        return { ...page, items: page.items.map(taintWire) };
      },
    }),
    operation({
      id: 'lineage.declare-taint',
      method: 'POST',
      path: '/api/v1/lineage/taints',
      permission: 'metadata:write',
      summary:
        'Declares that a version or a run is wrong, or versions of a dataset or a model since some day: what derives from it is marked, and each model version that comes to derive from it later is told of by an event `taint.reach`. The same again changes nothing.',
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        { of: Reference, note: Note, since: Moment('of a dataset or model: versions made since then.') },
        { additionalProperties: false },
      ),
      output: TaintWire,
      errors: ['not_found'],
      idempotent: true,
      async run(context, { query, body }) {
        const project = await projects.resolve(context, query.project);
        const { of, note, since } = body;
        return taintWire(await lineage.declareTaint(context, project, { of, note, from: since }));
      },
    }),
    operation({
      id: 'lineage.withdraw-taint',
      method: 'DELETE',
      path: '/api/v1/lineage/taints',
      permission: 'metadata:write',
      summary: 'Takes the declaration back: nothing is marked by it any more.',
      query: Type.Object({ ...ProjectQuery, of: Reference }),
      output: Nothing,
      status: 204,
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        await lineage.withdrawTaint(context, project, query.of);
        return null;
      },
    }),
    operation({
      id: 'lineage.taint-reach',
      method: 'GET',
      path: '/api/v1/lineage/taints/reach',
      permission: 'metadata:read',
      summary:
        'What derives now from what is declared wrong: deployed models first, with the way and its evidence.',
      query: Type.Object({ ...ProjectQuery, of: Reference, limit: Limit }),
      output: Type.Object({ taint: TaintWire, ...touched }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const reach = await lineage.reach(context, project, query.of, query.limit);
        if (reach === undefined) throw notFound('It is not declared wrong.', 'of');
        return { taint: taintWire(reach.taint), ...touchedWire(reach) };
      },
    }),
    operation({
      id: 'lineage.taint-preview',
      method: 'GET',
      path: '/api/v1/lineage/taints/preview',
      permission: 'metadata:read',
      summary: 'What would be touched if it were declared wrong now: to look at before it is.',
      query: Type.Object({
        ...ProjectQuery,
        of: Reference,
        since: Moment('of a dataset or model: versions made since then.'),
        limit: Limit,
      }),
      output: Type.Object({
        versions: Type.Integer({ description: 'How many versions are wrong themselves.' }),
        ...touched,
      }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { of, since = null, limit } = query;
        const found = await lineage.touched(context, project, { of, since, limit });
        return { versions: found.versions, ...touchedWire(found) };
      },
    }),
    operation({
      id: 'lineage.marks',
      method: 'GET',
      path: '/api/v1/lineage/marks',
      permission: 'metadata:read',
      summary:
        'What a page of a node has to say of it: that it is declared a source, and what is wrong among what it derives from.',
      query: Type.Object({ ...ProjectQuery, of: Reference }),
      output: MarksWire,
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { source, taints } = await lineage.marks(context, project, query.of);
        return {
          source: source === undefined ? null : sourceWire(source),
          taints: taints.map(({ taint, ...mark }) => ({ ...mark, taint: taintWire(taint) })),
        };
      },
    }),
  ];
}

const touchedWire = ({ deployed, models, counts }: Omit<Touched, 'versions'>) => ({
  ...{ deployed, counts: [...counts] },
  models: models.map(({ uid, project, type, name, label, strength, hops }) => ({
    ...{ uid, project, type, name, label, strength, hops },
  })),
});

const taintWire = ({ node, from, to: _, ...rest }: Declaration): Static<typeof TaintWire> => ({
  ...{ ...rest, node: { ...node }, since: from },
});
