/**
 * Where the walks of questions go: over the store, or, what is large, in memory. Every question comes by here, and knows nothing of it: the
 * answers are the same.
 */
import type { Db, Queries } from '../../db/db.ts';
import { traverse } from '../../engines/graph/index.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import {
  type AnswerStream,
  columnPages,
  type FoundColumns,
  type FoundRow,
  PageNames,
  rowsOf,
} from './answer-stream.ts';
import { type GraphMemory, MemoryGone } from './graph-memory.ts';
import { StoredGraph } from './graph-store.ts';
import { asksForOrigins, Origins } from './origins.ts';
import { requestOf, tell, tellWithin, type WalkQuestion, type WalkTold, walkAndTell } from './walk-told.ts';

/** What is read before the walk. */
export interface Asked {
  readonly walk: WalkQuestion;
}

/** A walk that is no larger goes over the store as quickly as anybody looks at it: some 20 ms. */
const small = { nodes: 1_000, edges: 10_000 };

export class Walks {
  readonly #db: Db;
  readonly #memory: GraphMemory | undefined;

  constructor(db: Db, memory?: GraphMemory) {
    this.#db = db;
    this.#memory = memory;
  }

  /**
   * An answer: what is read before the walk, the walk, and what is read for the words of what it found. The walk is of one state of the
   * graph, in which there is everything that was acknowledged before it was asked for; what `answer` reads may be newer than that, and what
   * `ask` read older, never the other way round. No node or edge that a walk found is ever gone.
   */
  async walkFor<Before extends Asked, Answer>(
    context: RequestContext,
    ask: (queries: Queries) => Promise<Before>,
    answer: (queries: Queries, told: WalkTold, before: Before) => Promise<Answer>,
  ): Promise<Answer> {
    const memory = this.#memory;
    // Behind another walk a small one would wait: it tries the store.
    const [inMemory, tries] = [
      memory?.ready === true,
      memory !== undefined && (!memory.ready || memory.busy),
    ];
    const first = await this.#db.scan(async (queries) => {
      const before = await ask(queries);
      if (inMemory && !tries) return { before };
      const store = storedFor(queries, context, before.walk);
      const told = tries ? await tellWithin(store, before.walk, smaller(before.walk)) : undefined;
      if (told === undefined && inMemory) return { before };
      if (told === undefined) memory?.want();
      return { answer: await answer(queries, told ?? (await walkAndTell(store, before.walk)), before) };
    }, context.signal);
    if ('answer' in first) return first.answer;
    const { before } = first;
    const told = await memory?.walk(before.walk, projectsOf(context), context.signal).catch(unlessGone);
    return this.#db.scan(async (queries) => {
      const known = told ?? (await walkAndTell(storedFor(queries, context, before.walk), before.walk));
      return answer(queries, known, before);
    }, context.signal);
  }

  /** All that a walk finds, whatever its size. */
  async pagesFor<Before extends Asked>(
    context: RequestContext,
    ask: (queries: Queries) => Promise<Before>,
  ): Promise<AnswerStream<Before>> {
    const memory = this.#memory;
    const before = await this.#db.scan(ask, context.signal);
    const stream = memory?.ready
      ? await memory.stream(before.walk, projectsOf(context), context.signal).catch(unlessGone)
      : undefined;
    if (stream !== undefined) return { before, ...stream };
    return this.#db.scan(async (queries) => {
      const store = storedFor(queries, context, before.walk);
      const walk = await traverse(store, requestOf(before.walk));
      if (walk.size > small.nodes) memory?.want();
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
    for (const page of pages) {
      yield rowsOf(await this.#db.scan((queries) => names.read(queries, page), context.signal));
    }
  }
}

function smaller({ limits }: WalkQuestion): WalkQuestion['limits'] {
  return { nodes: Math.min(limits.nodes, small.nodes), edges: Math.min(limits.edges, small.edges) };
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof MemoryGone)) throw error;
}

function projectsOf({ scope }: RequestContext): readonly number[] | undefined {
  return scope.projects === 'all' ? undefined : scope.projects;
}

/** Where a walk up ends well is told by what people declared (origins.ts); on the way down nobody asks. */
function storedFor(queries: Queries, context: RequestContext, walk: WalkQuestion): StoredGraph {
  const projects = projectsOf(context);
  return new StoredGraph(queries, {
    ...(projects !== undefined && { projects: new Set(projects) }),
    ...(asksForOrigins(walk) && { origins: new Origins(queries, walk) }),
  });
}
