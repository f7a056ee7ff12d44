/** Where events come in. What records them is loaded with the first one: most servers start without any. */
import type { ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { LineageEvent } from './lineage-event.ts';

export class LineageEvents {
  readonly #graph: Graph;
  readonly #journal: Journal;
  #recorder: Promise<EventRecorder> | undefined;

  constructor(graph: Graph, journal: Journal) {
    this.#graph = graph;
    this.#journal = journal;
  }

  /** Resolves once the event is on the disk; one that was recorded before changes nothing. */
  async record(context: RequestContext, project: ProjectId, event: LineageEvent): Promise<void> {
    this.#recorder ??= import('./event-recorder.ts').then(
      (module) => new module.EventRecorder(this.#graph, this.#journal),
    );
    await (await this.#recorder).record(context, project, event);
  }
}
