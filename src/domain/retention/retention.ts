/** Removing for good what was deleted. What does it loads with the first purge: a start has no use for it. */
import type { ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Artifacts } from '../artifacts/index.ts';
import type { Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import type { NamedThings } from './chosen.ts';
import type { KindFigures } from './purge.ts';

export interface PurgeRequest {
  /** Only what was deleted at least so many ms ago, counted from the first part. */
  readonly olderThan: number;
  /** Counts only. */
  readonly dryRun: boolean;
  /** Nothing else than these; all that is deleted where none are named. */
  readonly named?: NamedThings;
  readonly cursor?: string | undefined;
}

export interface PurgeResult {
  readonly kinds: readonly KindFigures[];
  /** Bytes of artifacts that left the disk; let go by this purge or earlier. */
  readonly freed: { readonly blobs: number; readonly bytes: number };
  /** There is more to look at. */
  readonly cursor?: string;
}

export class Retention {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #artifacts: Artifacts;

  constructor(graph: Graph, journal: Journal, artifacts: Artifacts) {
    this.#graph = graph;
    this.#journal = journal;
    this.#artifacts = artifacts;
  }

  /** A bounded part of the work; with the cursor of the answer, the next. */
  async purge(context: RequestContext, project: ProjectId, request: PurgeRequest): Promise<PurgeResult> {
    const { Purging } = await import('./purging.ts');
    return new Purging(this.#graph, this.#journal, this.#artifacts).purge(context, project, request);
  }
}
