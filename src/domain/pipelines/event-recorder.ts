/**
 * Recording an event of OpenLineage: one transaction makes the records that it names, keeps what it claims and lets follow
 * what follows from that. Claims unite: any order and any repetition of the same events ends in the same graph.
 */
import type { EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import { IdentityChange } from '../datasets/index.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import { recordDatasetEvent } from './dataset-claims.ts';
import { recordJobEvent } from './job-claims.ts';
import { KnownIds } from './known-ids.ts';
import type { LineageEvent } from './lineage-event.ts';
import { RecordNodes } from './record-nodes.ts';
import { recordRunEvent } from './run-claims.ts';

/** What recording one event works with. */
export interface EventScope<Event extends LineageEvent = LineageEvent> {
  readonly tx: ChangeTx;
  readonly graph: Graph;
  readonly context: RequestContext;
  readonly project: ProjectId;
  readonly event: Event;
  readonly eventId: EventId;
  readonly nodes: RecordNodes;
  /** Claims of identity, settled once at the end. */
  readonly identity: IdentityChange;
  /** Hashes of facets that are stored. */
  readonly knownBodies: KnownIds<true>;
  /** Pairs of a run and a job that are joined. */
  readonly knownMembers: KnownIds<true>;
}

/** What an event was about, for the log. */
export interface Recorded {
  readonly node: NodeId;
  readonly touched: readonly NodeId[];
  /** The node's revision has counted the event already. */
  readonly isCounted?: boolean;
}

export class EventRecorder {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #nodes: RecordNodes;
  /** Hashes of facets that are stored: nearly all of an event's were in the one before. Some 100 bytes each. */
  readonly #bodies = new KnownIds<true>(100_000);
  readonly #members = new KnownIds<true>(20_000);

  constructor(graph: Graph, journal: Journal) {
    this.#graph = graph;
    this.#journal = journal;
    this.#nodes = new RecordNodes(graph);
  }

  /** Resolves once the event is on the disk; one that was recorded before changes nothing. */
  async record(context: RequestContext, project: ProjectId, event: LineageEvent): Promise<void> {
    await this.#journal.write(context, project, 'lineage.event', async (tx) => {
      const isNew = await tx.run(sql`INSERT INTO lineage_event (project, hash, event)
        VALUES (${project}, ${event.hash}, ${tx.eventId}) ON CONFLICT DO NOTHING`);
      if (isNew === 0) return;
      const scope = {
        tx,
        graph: this.#graph,
        context,
        project,
        eventId: tx.eventId,
        nodes: this.#nodes,
        identity: new IdentityChange(tx, this.#graph, context, project),
        knownBodies: this.#bodies,
        knownMembers: this.#members,
      };
      const { node, touched, isCounted } = await recorded(scope, event);
      tx.record({
        ...{ node, touched: [...new Set(touched)], bodyText: event.text },
        ...(isCounted && { isFirst: true }),
      });
    });
  }
}

function recorded(scope: Omit<EventScope, 'event'>, event: LineageEvent): Promise<Recorded> {
  switch (event.kind) {
    case 'run':
      return recordRunEvent({ ...scope, event });
    case 'job':
      return recordJobEvent({ ...scope, event });
    case 'dataset':
      return recordDatasetEvent({ ...scope, event });
  }
}
