/** Moving whole stores in and out. What does it is loaded with the first record: most servers never move any. */
import type { ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { LoadFollowBindings } from '../datasets/index.ts';
import type { Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { Moves, PutResult, RecordsRead } from './moves.ts';
import type { Batch, RecordKind } from './records.ts';
import type { Progress } from './transfer-store.ts';

export class Transfers {
  readonly #load: () => Promise<Moves>;
  #moves: Promise<Moves> | undefined;

  constructor(graph: Graph, journal: Journal, metrics: Metrics, follow: LoadFollowBindings) {
    this.#load = async () => new (await import('./moves.ts')).Moves(graph, journal, metrics, await follow());
  }

  /** Undefined for a source that nothing was moved in from. */
  async progress(context: RequestContext, project: ProjectId, source: string): Promise<Progress | undefined> {
    return (await this.#loaded()).progress(context, project, source);
  }

  /** Stores one batch, whole or not at all; the same again changes nothing. */
  async put(context: RequestContext, project: ProjectId, batch: Batch): Promise<PutResult> {
    return (await this.#loaded()).put(context, project, batch);
  }

  /** A page of what is here, as records. Of one moment each, deleted things too. */
  async read(
    context: RequestContext,
    project: ProjectId,
    query: {
      readonly kind: RecordKind;
      readonly experiment?: string | undefined;
      readonly cursor?: string | undefined;
    },
  ): Promise<RecordsRead> {
    return (await this.#loaded()).read(context, project, query);
  }

  #loaded(): Promise<Moves> {
    this.#moves ??= this.#load();
    return this.#moves;
  }
}
