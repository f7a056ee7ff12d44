/** Nodes and steps as those see them who walk the graph by hand. */
import { type Strength, strengths } from '../../../engines/graph/edge.ts';
import { type Static, Type } from '../../../kernel/schema.ts';
import type { When } from '../answers/evidence-store.ts';

const Instant = Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970' });
const Text = Type.Union([Type.String(), Type.Null()]);
export const StrengthWire = Type.Enum([...strengths]);

const GroupNameWire = Type.Union(
  [Type.Object({ uid: Type.String(), type: Type.String(), name: Text }), Type.Null()],
  {
    description:
      'What it is told under: the dataset or model of a version, the endpoint of a deployment, the job or experiment of a run.',
  },
);

export const GraphNodeWire = Type.Object(
  {
    uid: Type.String(),
    project: Type.String({ description: 'Name of the project it is of.' }),
    kind: Type.String(),
    type: Type.String(),
    name: Text,
    version: Type.Union([Type.String(), Type.Null()], { description: 'Which version, or its digest.' }),
    group: GroupNameWire,
    state: Text,
    at: Type.Integer({ description: 'ms since 1970: when it started, else was recorded.' }),
    deleted: Type.Boolean(),
    causes: Type.Integer({ description: 'Assertions that lead to it, counted to 100.' }),
    effects: Type.Integer({ description: 'Assertions that lead on from it, counted to 100.' }),
  },
  { title: 'GraphNode' },
);
export type GraphNode = Static<typeof GraphNodeWire>;

const NearEdgeWire = Type.Object(
  {
    edge: Type.Integer({ description: 'Its id.' }),
    kind: Type.String(),
    from: Type.String({ description: 'uid of the cause' }),
    to: Type.String({ description: 'uid of the effect' }),
    strength: StrengthWire,
    conducts: Type.Boolean({
      description:
        'false: an input for judging, or an output that tells by explicit edges what it derives from.',
    }),
    known: Type.String(),
    rule: Text,
    role: Text,
    face: Type.String(),
    principal: Type.String(),
    validFrom: Instant,
    validTo: Instant,
    knownFrom: Type.Integer({ description: 'ms since 1970' }),
    knownTo: Instant,
    event: Type.Union([Type.Integer(), Type.Null()], { description: 'Position of the event that said so.' }),
  },
  { title: 'GraphEdge' },
);
export type NearEdge = Static<typeof NearEdgeWire>;

export const NeighboursWire = Type.Object({
  of: GraphNodeWire,
  count: Type.Optional(Type.Integer({ description: 'Nodes next to it on that side; with the first page.' })),
  masked: Type.Optional(
    Type.Integer({ description: 'Nodes there that may not be seen; with the first page.' }),
  ),
  groups: Type.Array(
    Type.Object({
      type: Type.String(),
      group: GroupNameWire,
      strength: StrengthWire,
      count: Type.Integer({ description: 'Nodes' }),
    }),
    { description: 'All of them in groups, the 1,000 largest; with the first page.' },
  ),
  nodes: Type.Array(GraphNodeWire, { description: 'Of this page, the last made first.' }),
  edges: Type.Array(NearEdgeWire, { description: 'Of this page: one for each assertion.' }),
  cursor: Type.Optional(Type.String()),
});
export type Neighbours = Static<typeof NeighboursWire>;

export interface NeighbourQuestion extends When {
  readonly of: string;
  readonly direction: 'up' | 'down';
  readonly type?: string | undefined;
  readonly group?: string | undefined;
  readonly strength?: Strength | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
