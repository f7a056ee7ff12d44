/** The log as the native API shows it: pages, and an endless stream of server-sent events. */
import { invalid } from '../../../kernel/errors.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { type Operation, operation } from '../../../kernel/operation.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import { type Static, Type } from '../../../kernel/schema.ts';
import { type Experiments, ProjectQuery, type Projects } from '../../contexts/index.ts';
import type { EventFilter, Events, RecordedEvent } from '../../events/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { Runs } from '../../runs/index.ts';
import { type NodeName, nodeNames } from './node-store.ts';

/** Without news a stream sends a comment this often, in ms: proxies close what is silent for a minute. */
const keepAlive = 15_000;

export const EventWire = Type.Object(
  {
    position: Type.Integer({ description: 'Dense; the order of the log.' }),
    recorded: Type.Integer({ description: 'ms since 1970' }),
    actor: Type.String(),
    face: Type.String(),
    action: Type.String(),
    node: Type.String({ description: 'uid of the node it is about' }),
    run: Type.Optional(Type.String({ description: 'id of the run it is about' })),
    experiment: Type.Optional(Type.String({ description: 'id of the experiment it is about or in' })),
    digest: Type.String({ description: 'SHA-256 of salt and body, hex' }),
    body: Type.Any({ description: 'What was sent, or the change; absent when erased.' }),
  },
  { title: 'RecordedEvent' },
);

interface Services {
  readonly graph: Graph;
  readonly projects: Projects;
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly events: Events;
}

const Query = Type.Object({
  ...ProjectQuery,
  experiment: Type.Optional(Type.String({ description: 'Only of this experiment and its runs.' })),
  run: Type.Optional(Type.String({ description: 'Only of this run.' })),
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1e15,
      description: 'Position to go on after; 0 begins with the first.',
    }),
  ),
  order: Type.Enum(['oldest', 'newest'], {
    default: 'oldest',
    description: 'newest: a page of the latest first.',
  }),
  before: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1e15,
      description: 'With order=newest: only events before this position; absent begins with the latest.',
    }),
  ),
  limit: Type.Integer({
    minimum: 1,
    maximum: 2000,
    default: 200,
    description: 'With order=newest: events of one run, or positions looked through.',
  }),
});

export function eventOperations(services: Services): Operation[] {
  return [
    operation({
      id: 'event.list',
      method: 'GET',
      path: '/api/v1/events',
      permission: 'metadata:read',
      summary:
        'Recorded changes by position: a page, or with Accept: text/event-stream an endless stream from now on (or after Last-Event-ID).',
      query: Query,
      output: Type.Object({
        items: Type.Array(EventWire),
        reached: Type.Integer({
          description:
            'Position to go on after (with order=newest: before; 1 at the end), also when no event passed.',
        }),
      }),
      errors: ['not_found'],
      async run(context, { query }) {
        const filter = await filterOf(services, context, query);
        const { events, reached } =
          query.order === 'newest'
            ? await services.events.pageBefore(filter, query.before ?? Number.MAX_SAFE_INTEGER, query.limit)
            : await services.events.page(filter, query.after ?? 0);
        return { items: await eventWires(services.graph, events), reached };
      },
      async stream(context, { query, lastEventId }) {
        const filter = await filterOf(services, context, query);
        const after = lastEventId === undefined ? query.after : positionOf(lastEventId);
        return frames(services, context, filter, after ?? (await services.events.last()));
      },
    }),
  ];
}

function positionOf(lastEventId: string): number {
  if (!/^\d{1,15}$/.test(lastEventId))
    throw invalid('Last-Event-ID', 'Last-Event-ID is not a position of this log');
  return Number(lastEventId);
}

async function filterOf(
  services: Services,
  context: RequestContext,
  query: Static<typeof Query>,
): Promise<EventFilter> {
  const project = await services.projects.resolve(context, query.project);
  const node =
    query.run === undefined ? undefined : (await services.runs.get(context, project, query.run)).run.node;
  const group =
    query.experiment === undefined
      ? undefined
      : (await services.experiments.get(context, project, query.experiment)).node;
  return { project, node, context: group };
}

async function* frames(
  services: Services,
  context: RequestContext,
  filter: EventFilter,
  after: number,
): AsyncGenerator<string> {
  // Tells the client where the stream begins, so that a reconnect before the first event loses nothing.
  yield `id: ${after}\nevent: begin\ndata: {}\n\n`;
  for await (const batch of services.events.follow(filter, after, keepAlive, context.signal)) {
    if (batch.length === 0) yield ': keep-alive\n\n';
    for (const wire of await eventWires(services.graph, batch)) {
      yield `id: ${wire.position}\nevent: ${wire.action}\ndata: ${JSON.stringify(wire)}\n\n`;
    }
  }
}

export async function eventWires(
  graph: Graph,
  events: readonly RecordedEvent[],
): Promise<Static<typeof EventWire>[]> {
  const names = await graph.db.read((queries) =>
    nodeNames(
      queries,
      events.map((event) => event.node),
      // An event is shown to who may see its project, and is about a node of it.
      { projects: 'all' },
    ),
  );
  return events.map((event) => eventWire(event, names));
}

function eventWire(event: RecordedEvent, names: ReadonlyMap<NodeId, NodeName>): Static<typeof EventWire> {
  const name = names.get(event.node);
  return {
    position: event.position ?? 0,
    recorded: event.recorded,
    actor: event.actor,
    face: event.face,
    action: event.action,
    node: name?.uid ?? '',
    ...(name?.type === 'run' && { run: name.uid }),
    ...(name?.experiment !== undefined && { experiment: name.experiment }),
    digest: event.digest,
    body: event.body,
  };
}
