/** The questions of lineage in the native API: what derives from a node, what it comes from, how that is known, and whether it is all. */
import { strengths } from '../../engines/graph/edge.ts';
import { openReasons } from '../../engines/graph/open-reasons.ts';
import { type Flow, type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects } from '../contexts/index.ts';
import { WhenQuery, whenOf } from '../deployments/index.ts';
import { type Lineage, referenceLimits, untimedFacts, walkLimits } from './lineage.ts';
import { neighbourOperations } from './nodes/neighbour-operations.ts';

const Instant = Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970' });
const Text = Type.Union([Type.String(), Type.Null()]);
export const StrengthWire = Type.Enum([...strengths], {
  description:
    'observed, declared, inferred, assumed: of a way that of its weakest step. An execution with several outputs lets only assume what went into which.',
});
const ReasonWire = Type.Enum([...openReasons]);

export const NodeWire = Type.Object(
  {
    uid: Type.String({ description: 'Empty of what may not be seen, like all else.' }),
    project: Type.String({ description: 'Name of the project it is of: walks cross from one to another.' }),
    kind: Type.String(),
    type: Type.String(),
    name: Text,
    label: Type.String({ description: 'What people call it: `churn@v3`, `models:/churn/3`.' }),
  },
  { title: 'LineageNode' },
);
const MaybeNode = Type.Union([NodeWire, Type.Null()], { description: 'null: it may not be seen.' });

export const StepWire = Type.Object(
  {
    edge: Type.Integer({ description: 'Id of the edge that is the evidence.' }),
    kind: Type.String(),
    from: NodeWire,
    to: NodeWire,
    strength: StrengthWire,
    known: Type.String({ description: 'How the edge itself is known.' }),
    rule: Type.Union([Type.String(), Type.Null()], { description: 'What it was derived by.' }),
    role: Type.Union([Type.String(), Type.Null()], { description: 'What an input was for.' }),
    face: Type.String(),
    principal: Type.String(),
    validFrom: Instant,
    validTo: Instant,
    knownFrom: Type.Integer({ description: 'ms since 1970' }),
    knownTo: Instant,
    event: Type.Union([Type.Integer(), Type.Null()], { description: 'Position of the event that said so.' }),
  },
  { title: 'LineageStep' },
);

const ServingWire = Type.Array(
  Type.Object({
    deployment: Type.String({ description: 'uid' }),
    project: Type.String({ description: 'Name of its project.' }),
    endpoint: Text,
    slot: Text,
    from: Instant,
    to: Instant,
  }),
  {
    description: 'Where it serves at the instant asked about; empty if nothing was asked about deployments.',
  },
);

const FoundWire = Type.Object(
  {
    node: NodeWire,
    strength: StrengthWire,
    hops: Type.Integer({ description: 'Of the best way: the strongest, and of those the shortest.' }),
    aside: Type.Boolean({
      description: 'An execution that wrote down what explicitly derives from other things: it is no cause.',
    }),
    path: Type.Array(StepWire, { description: 'The best way, from the node asked about.' }),
    serving: ServingWire,
  },
  { title: 'LineageFound' },
);

const told = {
  of: NodeWire,
  complete: Type.Boolean({ description: 'Whether this is all, and nothing of it in doubt.' }),
  nodes: Type.Integer({ description: 'Nodes that were walked, of all kinds.' }),
  openEnds: Type.Array(Type.Object({ node: MaybeNode, reason: ReasonWire }), {
    description: `Where the walk ends without having come to an end, the first ${walkLimits.openEnds}.`,
  }),
  openEndCounts: Type.Array(Type.Object({ reason: ReasonWire, count: Type.Integer() }), {
    description: 'How many there are of each reason that there is.',
  }),
  leftOut: Type.Object(
    { evaluation: Type.Integer(), weaker: Type.Integer(), replaced: Type.Integer() },
    {
      description:
        'Edges not walked: of inputs for judging; weaker than asked for; of outputs that tell by explicit edges what they derive from.',
    },
  ),
};

const SaidWire = Type.Union(
  [Type.Object({ value: Type.String(), by: Type.Enum(['people', 'producer']) }), Type.Null()],
  { description: 'Who says it: somebody here, or a producer.' },
);
const Count = Type.Union([Type.Integer(), Type.Null()]);
export const data = {
  node: NodeWire,
  dataset: Type.String({ description: 'uid of the dataset' }),
  known: Type.String({ description: 'uid by which the version is known, whoever speaks of it.' }),
  uri: Type.Union([Type.String(), Type.Null()], { description: 'Where it lies, in its one spelling.' }),
  version: Type.Union([Type.String(), Type.Null()], { description: 'As its source names it.' }),
  digest: Type.Union([Type.String(), Type.Null()], { description: 'The best, behind its algorithm.' }),
  ...{ rows: Count, bytes: Count, licence: SaidWire, owner: SaidWire, description: SaidWire },
  beginning: Type.Enum(['made', 'declared', 'unknown'], {
    description: 'Something made it; it is declared a source; or nobody knows where it comes from.',
  }),
};

export const ImpactWire = Type.Object(
  {
    ...told,
    derives: Type.Array(FoundWire, { description: 'Over observed and declared steps alone.' }),
    mayDerive: Type.Array(FoundWire, { description: 'Over an inferred or assumed step.' }),
    cannotSay: Type.Array(
      Type.Object({
        node: NodeWire,
        serving: ServingWire,
        reason: ReasonWire,
        at: MaybeNode,
        steps: Type.Integer({ description: 'Steps back to there.' }),
      }),
      { description: 'Deployed, not found, and with causes that are not told to the end.' },
    ),
    counts: Type.Object({
      derives: Type.Integer(),
      mayDerive: Type.Integer(),
      cannotSay: Type.Integer(),
    }),
  },
  { title: 'LineageImpact' },
);

/** What people write for a node. */
export const Reference = Type.String({
  minLength: 1,
  maxLength: referenceLimits.length,
  description:
    'What is asked about: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`; the place or the name of ' +
    'a dataset, alone for all its versions, or with `@` and a version, a digest or `latest` behind it.',
});

const LineageQuery = {
  ...ProjectQuery,
  ...WhenQuery,
  of: Reference,
  depth: Type.Optional(Type.Integer({ minimum: 0, maximum: walkLimits.depth, description: 'Hops.' })),
  weakest: Type.Optional(
    Type.Enum([...strengths], { description: 'No step that is weaker is taken; those are counted.' }),
  ),
  evaluation: Type.Optional(
    Type.Boolean({ description: 'Also through inputs that were for judging what came out.' }),
  ),
  limit: Type.Integer({
    minimum: 1,
    maximum: walkLimits.items,
    default: 100,
    description: 'Items of each list; all are counted.',
  }),
};

const Deployed = Type.Boolean({
  default: false,
  description: 'Only what is deployed at that instant; and what is, but has an open end among its causes.',
});

interface Services {
  readonly projects: Projects;
  readonly lineage: Lineage;
}

export function lineageOperations({ projects, lineage }: Services): Operation[] {
  return [
    ...neighbourOperations({ projects, lineage }),
    operation({
      id: 'lineage.impact',
      method: 'GET',
      path: '/api/v1/lineage/impact',
      permission: 'metadata:read',
      summary:
        'What derives from a node, at any distance, as of any day: surely, maybe, and of which deployed models nobody can say; each with the best way and its evidence.',
      query: Type.Object({ ...LineageQuery, deployed: Deployed }),
      output: ImpactWire,
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { of, depth, weakest, evaluation, limit, deployed } = query;
        const when = whenOf(query);
        return lineage.impact(context, project, { ...when, of, depth, weakest, evaluation, limit, deployed });
      },
    }),
    operation({
      id: 'lineage.impact-rows',
      method: 'GET',
      path: '/api/v1/lineage/impact/rows',
      permission: 'metadata:read',
      summary:
        'The same as rows, however many: those of the lists with their way and its evidence, then all others. The last row says whether it is all; an answer without it was cut off.',
      query: Type.Object({
        ...LineageQuery,
        deployed: Deployed,
        format: Type.Optional(Type.Enum(['csv', 'ndjson'], { description: '`csv` when absent.' })),
      }),
      answersFlow: ['text/csv; charset=utf-8; header=present', 'application/x-ndjson'],
      output: Type.Unsafe<Flow>({ type: 'string', format: 'binary' }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { of, depth, weakest, evaluation, limit, deployed, format = 'csv' } = query;
        const question = { ...whenOf(query), of, depth, weakest, evaluation, limit, deployed };
        return lineage.impactRows(context, project, question, format);
      },
    }),
    operation({
      id: 'lineage.ancestry',
      method: 'GET',
      path: '/api/v1/lineage/ancestry',
      permission: 'metadata:read',
      summary:
        'What a node comes from, at any distance, as of any day, each with the best way and its evidence; apart from that what it was only judged by, and where the record ends.',
      query: Type.Object(LineageQuery),
      output: Type.Object({
        ...told,
        items: Type.Array(FoundWire),
        count: Type.Integer(),
        evaluation: Type.Array(StepWire, { description: 'Inputs for judging, which conduct nothing.' }),
        data: Type.Array(Type.Object(data, { title: 'LineageData' }), {
          description: 'The data among the items: each version once, whoever speaks of it.',
        }),
        judgedBy: Type.Array(
          Type.Object({ ...data, role: Text, run: NodeWire }, { title: 'LineageJudgement' }),
          { description: 'Data that it was only judged by: for what, and in which run.' },
        ),
        untimed: Type.Array(Type.Enum([...untimedFacts]), {
          description:
            'Where an instant was asked about: what is told of data as it is now, for nothing keeps what it was then.',
        }),
      }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { of, depth, weakest, evaluation, limit } = query;
        return lineage.ancestry(context, project, {
          ...whenOf(query),
          of,
          depth,
          weakest,
          evaluation,
          limit,
        });
      },
    }),
    operation({
      id: 'lineage.common',
      method: 'GET',
      path: '/api/v1/lineage/common',
      permission: 'metadata:read',
      summary:
        'What two nodes both come from, at any distance, as of any day, the nearest first; with the best way from each of the two and its evidence.',
      query: Type.Object({ ...LineageQuery, and: Reference }),
      output: Type.Object({
        ...{ ...told, and: NodeWire },
        items: Type.Array(
          Type.Object(
            {
              node: NodeWire,
              nearest: Type.Boolean({
                description: 'None that is between it and the two is common to them, too.',
              }),
              ways: Type.Array(
                Type.Object({
                  strength: StrengthWire,
                  hops: Type.Integer(),
                  path: Type.Array(StepWire),
                }),
                { description: 'From `of`, and from `and`.' },
              ),
            },
            { title: 'LineageCommon' },
          ),
        ),
        count: Type.Integer(),
      }),
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { of, and, depth, weakest, evaluation, limit } = query;
        const question = { ...whenOf(query), of, and, depth, weakest, evaluation, limit };
        return lineage.common(context, project, question);
      },
    }),
  ];
}
