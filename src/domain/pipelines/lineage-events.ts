/** Where events come in. What records them is loaded with the first one: most servers start without any. */
import type { ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import type { EventQueues } from './event-queue.ts';
import type { LineageEvent } from './lineage-event.ts';
import type { FollowServing } from './run-serving.ts';

export class LineageEvents {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #follow: () => Promise<FollowServing>;
  #queues: Promise<EventQueues> | undefined;

  /** `follow`: loads what records that runs serve models. */
  constructor(graph: Graph, journal: Journal, follow: () => Promise<FollowServing>) {
    this.#follow = follow;
    this.#graph = graph;
    this.#journal = journal;
  }

  /** Resolves once the event is on the disk; one that was recorded before changes nothing. */
  async record(context: RequestContext, project: ProjectId, event: LineageEvent): Promise<void> {
    this.#queues ??= this.#load();
    await (await this.#queues).add(context, project, event);
  }

  async #load(): Promise<EventQueues> {
    const [{ EventQueues }, { EventRecorder }, follow] = await Promise.all([
      import('./event-queue.ts'),
      import('./event-recorder.ts'),
      this.#follow(),
    ]);
    const recorder = new EventRecorder(this.#graph, this.#journal, follow);
    // With one writer a second transaction would only make the first smaller.
    const writesAtOnce = this.#graph.db.dialect.positionsInTransaction ? 1 : 4;
    return new EventQueues((first, of, events) => recorder.record(first, of, events), writesAtOnce);
  }
}
