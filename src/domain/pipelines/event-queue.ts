/**
 * Events that wait to be recorded. Those that come while others are written are recorded together: the statements of a
 * transaction hardly depend on the number of its events, and what several say of one thing is written once.
 */
import { CairnError } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { LineageEvent } from './lineage-event.ts';

/** Events of one transaction, and what they weigh all in all: with SQLite nothing else is done meanwhile. */
const eventsTogether = 64;
const weightTogether = 3_000;
/** From here on an event waits for its like only: it is recorded in several transactions, between which others go on. */
const heavy = 500;
/** Turns of the event loop that events are gathered over, as long as each brings further ones. */
const gatherTurns = 4;

interface Waiting {
  readonly context: RequestContext;
  readonly event: LineageEvent;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Write = (context: RequestContext, events: readonly LineageEvent[]) => Promise<void>;

/** Of one project and principal. */
class EventQueue {
  readonly #write: Write;
  readonly #writesAtOnce: number;
  readonly #ended: () => void;
  readonly #waiting: Waiting[] = [];
  #writes = 0;
  #gathers = false;

  /** `ended` is called whenever nothing is left to do. */
  constructor(write: Write, writesAtOnce: number, ended: () => void) {
    this.#write = write;
    this.#writesAtOnce = writesAtOnce;
    this.#ended = ended;
  }

  /** Resolves once the event is on the disk. */
  add(context: RequestContext, event: LineageEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ context, event, resolve, reject });
      this.#begin();
    });
  }

  #begin(): void {
    if (this.#gathers || this.#writes >= this.#writesAtOnce || this.#waiting.length === 0) return;
    this.#gathers = true;
    this.#gather(this.#waiting.length, gatherTurns);
  }

  #gather(before: number, turns: number): void {
    setImmediate(() => {
      const { length } = this.#waiting;
      if (turns > 1 && length > before && length < eventsTogether) return this.#gather(length, turns - 1);
      this.#gathers = false;
      this.#writes += 1;
      const group = this.#take();
      this.#begin();
      this.#record(group).then(() => {
        this.#writes -= 1;
        this.#begin();
        if (this.#writes === 0 && this.#waiting.length === 0) this.#ended();
      });
    });
  }

  #take(): Waiting[] {
    let [count, weight] = [0, 0];
    for (const { event } of this.#waiting) {
      weight += weightOf(event);
      if (count > 0 && (count >= eventsTogether || weight > weightTogether)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** Where all together are refused, each is tried alone: one hurts no other. */
  async #record(group: readonly Waiting[]): Promise<void> {
    try {
      // What the requests of one principal differ by, beside their events, is nothing that is recorded.
      await this.#write(
        group[0]!.context,
        group.map(({ event }) => event),
      );
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length > 1 && isOfOne(error)) for (const one of group) await this.#record([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}

/** Whether it may be about one of several events; else the store itself takes nothing. */
function isOfOne(error: unknown): boolean {
  return !(error instanceof CairnError) || !storeErrors.has(error.code);
}
const storeErrors: ReadonlySet<string> = new Set(['unavailable', 'storage_full', 'too_many_requests']);

/** About the rows that it may write. */
function weightOf(event: LineageEvent): number {
  if (event.kind === 'dataset') return 10;
  let weight = 10;
  for (const list of [event.inputs, event.outputs])
    for (const { facets, useFacets } of list) weight += 2 + 2 * facets.length + useFacets.length;
  return weight;
}

type WriteOf = (
  context: RequestContext,
  project: ProjectId,
  events: readonly LineageEvent[],
) => Promise<void>;

/** One for each project, face and principal, and one for their heavy events, as long as it has something to do. */
export class EventQueues {
  readonly #write: WriteOf;
  readonly #writesAtOnce: number;
  readonly #queues = new Map<string, EventQueue>();

  /** `writesAtOnce`: transactions of one queue at a time; more events than these take wait for each other's company. */
  constructor(write: WriteOf, writesAtOnce: number) {
    this.#write = write;
    this.#writesAtOnce = writesAtOnce;
  }

  add(context: RequestContext, project: ProjectId, event: LineageEvent): Promise<void> {
    const lane = weightOf(event) > heavy ? 'heavy' : 'light';
    const name = `${lane} ${project} ${context.face} ${context.actor.name}`;
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = new EventQueue(
        (first, events) => this.#write(first, project, events),
        this.#writesAtOnce,
        () => this.#queues.delete(name),
      );
      this.#queues.set(name, queue);
    }
    return queue.add(context, event);
  }
}
