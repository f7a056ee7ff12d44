/** One node of the graph as it is stored: properties, series, edges, and the events that made it what it is. */
import { wordOf } from '../../../kernel/codes.ts';
import { notFound } from '../../../kernel/errors.ts';
import { JsonDouble, JsonInt64, toJsonDouble, toJsonInt64 } from '../../../kernel/json-number.ts';
import { type Operation, operation } from '../../../kernel/operation.ts';
import { type Static, Type } from '../../../kernel/schema.ts';
import { ProjectQuery, type Projects } from '../../contexts/index.ts';
import { type Events, faceCodes } from '../../events/index.ts';
import {
  artifactStates,
  type EdgeRow,
  edgeKinds,
  edgesOf,
  executionStates,
  findNode,
  fromColumns,
  type Graph,
  knownHows,
  type NodeRow,
  nodeKinds,
  type PropertyRow,
  type PropertyValue,
  propertiesOf,
  propertyScopes,
} from '../../graph/index.ts';
import { logLimits, type Metrics, SummaryWire, summaryWire } from '../../metrics/index.ts';
import { EventWire, eventWires } from './event-operations.ts';
import { type NodeName, nodeNames } from './node-store.ts';

/** Edges and events shown with a node; their own lists go on. */
const shown = 100;

const Instant = Type.Union([Type.Integer(), Type.Null()], { description: 'ms since 1970' });
const Text = Type.Union([Type.String(), Type.Null()]);

const NodeWire = Type.Object({
  uid: Type.String(),
  kind: Type.Enum(Object.keys(nodeKinds)),
  type: Type.String(),
  name: Text,
  state: Text,
  uri: Type.Union([Type.String(), Type.Null()], { description: 'Where it is, as it was written.' }),
  context: Text,
  created: Type.Integer(),
  updated: Type.Integer(),
  started: Instant,
  ended: Instant,
  deleted: Type.Boolean({ description: "The node's own mark; a member also inherits its context's." }),
  properties: Type.Array(
    Type.Object({
      scope: Type.String(),
      key: Type.String(),
      kind: Type.String(),
      value: Type.Union([Type.String(), Type.Boolean(), JsonDouble, JsonInt64]),
      face: Type.String(),
    }),
  ),
  series: Type.Array(Type.Intersect([Type.Object({ key: Type.String() }), SummaryWire])),
  edges: Type.Array(
    Type.Object({
      id: Type.Integer(),
      direction: Type.Enum(['out', 'in']),
      kind: Type.String(),
      subtype: Text,
      other: Type.Object({
        uid: Type.String(),
        project: Type.String({ description: 'Name of the project it is of.' }),
        kind: Type.String(),
        type: Type.String(),
        name: Text,
      }),
      known: Type.String(),
      face: Type.String(),
      principal: Type.String(),
      validFrom: Instant,
      validTo: Instant,
      knownFrom: Type.Integer(),
      knownTo: Instant,
    }),
  ),
  masked: Type.Integer({ description: 'Edges beside them that lead to what may not be seen.' }),
  events: Type.Array(EventWire),
});

interface Services {
  readonly graph: Graph;
  readonly projects: Projects;
  readonly metrics: Metrics;
  readonly events: Events;
}

export function nodeOperations({ graph, projects, metrics, events }: Services): Operation[] {
  return [
    operation({
      id: 'node.get',
      method: 'GET',
      path: '/api/v1/graph/nodes/{uid}',
      permission: 'metadata:read',
      summary: `One node with its properties, first ${logLimits.metricsOfRun.toLocaleString('en')} series, first ${shown} edges and first ${shown} events.`,
      params: Type.Object({ uid: Type.String() }),
      query: Type.Object(ProjectQuery),
      output: NodeWire,
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const found = await graph.db.read(async (queries) => {
          const node = params.uid.includes('\0') ? undefined : await findNode(queries, project, params.uid);
          if (node === undefined) return undefined;
          const properties = await propertiesOf(queries, [node.id]);
          const keys = await graph.keys.names(
            queries,
            properties.map((row) => row.key),
          );
          const edges = await edgesOf(queries, node.id, 0, shown);
          const near = [node.id, node.context, ...edges.flatMap((edge) => [edge.source, edge.target])];
          return { node, properties, keys, edges, names: await nodeNames(queries, near, context.scope) };
        });
        if (found === undefined)
          throw notFound(`No node '${params.uid}' in project '${query.project}'.`, 'uid');
        const { node, names } = found;
        const shownEdges = found.edges.filter(({ source, target }) => names.has(source) && names.has(target));
        const summaries = await metrics.summaries(context, project, [node.id], {
          limit: logLimits.metricsOfRun,
        });
        return {
          ...nodeWire(node, names),
          properties: found.properties.map((row) => propertyWire(row, found.keys.get(row.key) ?? '')),
          series: summaries.map((summary) => ({ key: summary.key, ...summaryWire(summary) })),
          edges: shownEdges.map((edge) => edgeWire(edge, node, names)),
          masked: found.edges.length - shownEdges.length,
          events: await eventWires(graph, await events.ofNode(node.id, 0, shown)),
        };
      },
    }),
  ];
}

function nodeWire(node: NodeRow, names: ReadonlyMap<number, NodeName>) {
  return {
    uid: node.uid,
    kind: wordOf(nodeKinds, node.kind),
    type: names.get(node.id)?.type ?? '',
    name: node.name,
    state: node.state === null ? null : wordOf(statesOf(node), node.state),
    uri: node.uri,
    context: names.get(node.context)?.uid ?? null,
    created: node.created,
    updated: node.updated,
    started: node.started,
    ended: node.ended,
    deleted: node.deleted === 1,
  };
}

function statesOf(node: NodeRow): Readonly<Record<string, number>> {
  return wordOf(nodeKinds, node.kind) === 'artifact' ? artifactStates : executionStates;
}

function propertyWire(row: PropertyRow, key: string): Static<typeof NodeWire>['properties'][number] {
  const value = fromColumns(row);
  return {
    scope: wordOf(propertyScopes, row.scope),
    key,
    kind: value.kind,
    value: wireValue(value),
    face: wordOf(faceCodes, row.face),
  };
}

function wireValue({ kind, value }: PropertyValue): string | boolean | number {
  switch (kind) {
    case 'text':
    case 'struct':
    case 'bool':
      return value;
    case 'double':
      return toJsonDouble(value);
    case 'int64':
      return toJsonInt64(value);
    case 'bytes':
      return Buffer.from(value).toString('base64');
  }
}

function edgeWire(edge: EdgeRow, node: NodeRow, names: ReadonlyMap<number, NodeName>) {
  const outward = edge.source === node.id;
  const other = names.get(outward ? edge.target : edge.source);
  return {
    id: edge.id,
    direction: outward ? ('out' as const) : ('in' as const),
    kind: wordOf(edgeKinds, edge.kind),
    subtype: edge.subtype,
    other: {
      uid: other?.uid ?? '',
      project: other?.project ?? '',
      kind: other?.kind ?? '',
      type: other?.type ?? '',
      name: other?.name ?? null,
    },
    known: wordOf(knownHows, edge.known),
    face: wordOf(faceCodes, edge.face),
    principal: edge.principal,
    validFrom: edge.valid_from,
    validTo: edge.valid_to,
    knownFrom: edge.known_from,
    knownTo: edge.known_to,
  };
}
