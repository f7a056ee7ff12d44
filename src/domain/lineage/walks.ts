/** Where the walks of questions go: every question comes by here, and knows nothing of what answers it. */
import type { Db, Queries } from '../../db/db.ts';
import { traverse } from '../../engines/graph/index.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import {
  type AnswerStream,
  columnPages,
  type FoundColumns,
  type FoundRow,
  PageNames,
} from './answer-stream.ts';
import { StoredGraph } from './graph-store.ts';
import { Origins } from './origins.ts';
import { requestOf, tell, type WalkQuestion, type WalkTold, walkAndTell } from './walk-told.ts';

/** What is read before the walk. */
export interface Asked {
  readonly walk: WalkQuestion;
}

export class Walks {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * An answer: what is read before the walk, the walk, and what is read for the words of what it found. A walk sees everything that was
   * acknowledged before it was asked for; what `answer` reads may be newer than that, never older.
   */
  walkFor<Before extends Asked, Answer>(
    context: RequestContext,
    ask: (queries: Queries) => Promise<Before>,
    answer: (queries: Queries, told: WalkTold, before: Before) => Promise<Answer>,
  ): Promise<Answer> {
    return this.#db.scan(async (queries) => {
      const before = await ask(queries);
      return answer(
        queries,
        await walkAndTell(storedFor(queries, context, before.walk), before.walk),
        before,
      );
    }, context.signal);
  }

  /** All that a walk finds, whatever its size. */
  pagesFor<Before extends Asked>(
    context: RequestContext,
    ask: (queries: Queries) => Promise<Before>,
  ): Promise<AnswerStream<Before>> {
    return this.#db.scan(async (queries) => {
      const before = await ask(queries);
      const store = storedFor(queries, context, before.walk);
      const walk = await traverse(store, requestOf(before.walk));
      const told = await tell(store, before.walk, walk);
      return { before, told, pages: this.#named(context, columnPages(walk, before.walk)) };
    }, context.signal);
  }

  /** Each page has a scan of its own: none is held while its reader takes its time. */
  async *#named(
    context: RequestContext,
    pages: Iterable<FoundColumns>,
  ): AsyncGenerator<readonly FoundRow[], void> {
    const names = new PageNames();
    for (const page of pages) yield this.#db.scan((queries) => names.rows(queries, page), context.signal);
  }
}

/** Where a walk up ends well is told by what people declared (origins.ts); on the way down nobody asks. */
function storedFor(queries: Queries, { scope }: RequestContext, walk: WalkQuestion): StoredGraph {
  const { asOf, knownAt, direction, doubts } = walk;
  return new StoredGraph(queries, {
    ...(scope.projects !== 'all' && { projects: new Set(scope.projects) }),
    ...((direction === 'up' || doubts === true) && { origins: new Origins(queries, { asOf, knownAt }) }),
  });
}
