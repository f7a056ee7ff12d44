/**
 * Recording events of OpenLineage: one transaction makes the records that they name, keeps what they claim and lets follow
 * what follows from that. Claims unite: any order and any repetition of the same events ends in the same graph. So events
 * that come together are recorded together, each statement for all of them (docs/decisions/0085).
 */
import type { Queries, Tx } from '../../db/db.ts';
import type { EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOfBytes, rowBatches, sql, valueRows } from '../../kernel/sql.ts';
import { IdentityChange } from '../datasets/index.ts';
import { type Change, type EventTx, eventTx, type Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import { recordDatasetEvent } from './dataset-claims.ts';
import { recordJobEvent } from './job-claims.ts';
import { KnownIds } from './known-ids.ts';
import type { DatasetEvent, JobEvent, LineageEvent, RunEvent } from './lineage-event.ts';
import { RecordNodes } from './record-nodes.ts';
import { checkRunEvent, recordRunEvents } from './run-claims.ts';
import type { FollowServing } from './run-serving.ts';
import type { Stamp } from './stamp.ts';
import { isWide, partsOf } from './wide-events.ts';

/** What recording works with. */
export interface RecordScope {
  /** Names the event by which what follows is known. */
  readonly tx: EventTx;
  readonly graph: Graph;
  readonly context: RequestContext;
  readonly project: ProjectId;
  readonly nodes: RecordNodes;
  /** Claims of identity, settled once at the end. */
  readonly identity: IdentityChange;
  /** Hashes of the texts of facets that are stored. */
  readonly knownBodies: KnownIds<Uint8Array>;
  /** Pairs of a run and a job that are joined. */
  readonly knownMembers: KnownIds<true>;
  /** What records that runs serve models, and what it tells of that in the log. */
  readonly serving: { readonly follow: FollowServing; readonly changes: Change[] };
}

/** An event that nobody has told before, and the id it is recorded by. */
export interface NewEvent<Event extends LineageEvent = LineageEvent> {
  readonly event: Event;
  readonly eventId: EventId;
}

export type EventScope<Event extends LineageEvent = LineageEvent> = RecordScope & NewEvent<Event>;

/** By which a claim wins over another, and the event that made it. */
export interface Claim {
  readonly stamp: Stamp;
  readonly event: EventId;
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
  readonly #datasetsTogether: number;
  /** Hashes of facets that are stored: nearly all of an event's were in the one before. Some 500 bytes each. */
  readonly #bodies = new KnownIds<Uint8Array>(20_000);
  readonly #members = new KnownIds<true>(20_000);

  readonly #follow: FollowServing;

  /** `datasetsTogether`: what one transaction takes of the datasets of one event. */
  constructor(graph: Graph, journal: Journal, follow: FollowServing, datasetsTogether = 200) {
    this.#follow = follow;
    this.#graph = graph;
    this.#journal = journal;
    this.#nodes = new RecordNodes(graph);
    this.#datasetsTogether = datasetsTogether;
  }

  /** Resolves once all of the events are on the disk; those that were recorded before change nothing. */
  async record(context: RequestContext, project: ProjectId, events: readonly LineageEvent[]): Promise<void> {
    const [only] = events;
    if (events.length === 1 && only?.kind === 'run' && isWide(only, this.#datasetsTogether))
      return this.#recordWide(context, project, only);
    const ids = await this.#journal.eventIds(events.length);
    await this.#journal.writeEach(context, project, 'lineage.event', ids, async (tx) => {
      const told = events.map((event, index): NewEvent => ({ event, eventId: ids[index]! }));
      const { of, also } = await this.#recorded(tx, context, project, await newEvents(tx, project, told));
      return [...ids.map((id) => of.get(id)), ...also];
    });
  }

  /**
   * Part by part, so that others are not held up: what it claims unites in any order, so each part is true by itself. It is an event
   * of the log with the last of them; if that never comes, nobody was told that it is recorded, and whoever tells it again ends it.
   */
  async #recordWide(context: RequestContext, project: ProjectId, event: RunEvent): Promise<void> {
    checkRunEvent(event, context.face);
    if (await this.#graph.db.read((queries) => isRecorded(queries, project, event))) return;
    const [eventId] = (await this.#journal.eventIds(1)) as [EventId];
    const parts = partsOf(event, this.#datasetsTogether);
    const told: Recorded[] = [];
    const also: Change[] = [];
    try {
      for (const part of parts.slice(0, -1)) {
        const { recorded, changes } = await this.#graph.db.write(async (tx) => {
          const scope = this.#scope(eventTx(tx, eventId), context, project);
          const [recorded] = await recordRunEvents(scope, [{ event: part, eventId }]);
          return { recorded: recorded!, changes: scope.serving.changes };
        });
        told.push(recorded);
        also.push(...changes);
      }
      await this.#endWide(context, project, event, parts.at(-1)!, eventId, told, also);
    } catch (error) {
      await this.#logPart(context, project, eventId, told, also);
      throw error;
    }
  }

  async #endWide(
    context: RequestContext,
    project: ProjectId,
    event: RunEvent,
    last: RunEvent,
    eventId: EventId,
    parts: readonly Recorded[],
    before: readonly Change[],
  ): Promise<void> {
    await this.#journal.writeEach(context, project, 'lineage.event', [eventId], async (tx) => {
      if ((await newEvents(tx, project, [{ event, eventId }])).length === 0) return [undefined];
      const { of, also } = await this.#recorded(tx, context, project, [{ event: last, eventId }]);
      const change = of.get(eventId)!;
      const touched = parts.flatMap((part) => part.touched);
      return [
        { ...change, touched: [...new Set([...touched, ...(change.touched ?? [])])] },
        ...before,
        ...also,
      ];
    });
  }

  /** What was said before something failed is there: whoever follows the log is told. The failure itself counts, not this one's. */
  async #logPart(
    context: RequestContext,
    project: ProjectId,
    eventId: EventId,
    parts: readonly Recorded[],
    also: readonly Change[],
  ): Promise<void> {
    const [first] = parts;
    if (first === undefined) return;
    const touched = [...new Set(parts.flatMap((part) => part.touched))];
    const change = { node: first.node, touched, body: { parts: parts.length }, isFirst: true };
    await this.#journal
      .writeEach(context, project, 'lineage.part', [eventId], async () => [change, ...also])
      .catch(() => {});
  }

  async #recorded(
    tx: Tx,
    context: RequestContext,
    project: ProjectId,
    told: readonly NewEvent[],
  ): Promise<{ readonly of: ReadonlyMap<EventId, Change>; readonly also: readonly Change[] }> {
    const changes = new Map<EventId, Change>();
    const also: Change[] = [];
    const done = ({ event, eventId }: NewEvent, { node, touched, isCounted }: Recorded) =>
      changes.set(eventId, {
        ...{ node, touched: [...new Set(touched)], bodyText: event.text },
        ...(isCounted && { isFirst: true }),
      });
    const runs = told.filter((one): one is NewEvent<RunEvent> => one.event.kind === 'run');
    const last = runs.at(-1);
    if (last !== undefined) {
      const scope = this.#scope(eventTx(tx, last.eventId), context, project);
      for (const [index, recorded] of (await recordRunEvents(scope, runs)).entries())
        done(runs[index]!, recorded);
      also.push(...scope.serving.changes);
    }
    for (const one of told) {
      if (one.event.kind === 'run') continue;
      const scope = this.#scope(eventTx(tx, one.eventId), context, project);
      done(one, await recordedAlone({ ...scope, event: one.event, eventId: one.eventId }));
    }
    return { of: changes, also };
  }

  #scope(tx: EventTx, context: RequestContext, project: ProjectId): RecordScope {
    return {
      ...{ tx, context, project, graph: this.#graph, nodes: this.#nodes },
      identity: new IdentityChange(tx, this.#graph, context, project),
      ...{ knownBodies: this.#bodies, knownMembers: this.#members },
      serving: { follow: this.#follow, changes: [] },
    };
  }
}

async function isRecorded(queries: Queries, project: ProjectId, { stamp }: LineageEvent): Promise<boolean> {
  const row = await queries.one(
    sql`SELECT event FROM lineage_event WHERE project = ${project} AND stamp = ${stamp}`,
  );
  return row !== undefined;
}

/** Those that were not recorded before, each once; from now on they are. */
async function newEvents(
  tx: Tx,
  project: ProjectId,
  told: readonly NewEvent[],
): Promise<readonly NewEvent[]> {
  const unique = new Map<string, NewEvent>();
  for (const one of told) {
    const stamp = Buffer.from(one.event.stamp).toString('latin1');
    if (!unique.has(stamp)) unique.set(stamp, one);
  }
  const all = [...unique.values()];
  // Sorted, so that two transactions that are told the same wait for each other in one order only.
  const rows = all
    .map(({ event, eventId }) => [project, event.stamp, eventId] as const)
    .sort(([, a], [, b]) => Buffer.compare(a, b));
  let inserted = 0;
  for (const batch of rowBatches(tx.dialect, rows)) {
    inserted += await tx.run(sql`INSERT INTO lineage_event (project, stamp, event) VALUES ${valueRows(batch)}
      ON CONFLICT DO NOTHING`);
  }
  if (inserted === all.length) return all;
  if (inserted === 0) return [];
  const held = await tx.many<{ event: EventId }>(sql`SELECT event FROM lineage_event
    WHERE project = ${project} AND stamp ${anyOfBytes(rows.map(([, stamp]) => stamp))}`);
  const holders = new Set(held.map(({ event }) => event));
  return all.filter(({ eventId }) => holders.has(eventId));
}

function recordedAlone(scope: RecordScope & NewEvent<JobEvent | DatasetEvent>): Promise<Recorded> {
  const { event } = scope;
  return event.kind === 'job' ? recordJobEvent({ ...scope, event }) : recordDatasetEvent({ ...scope, event });
}
