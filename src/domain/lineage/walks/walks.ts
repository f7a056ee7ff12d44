/**
 * Where the walks of questions go: over the store, or, what is large, in memory. Every question comes by here, and knows nothing of it: the
 * answers are the same.
 */
import type { Db, Queries } from '../../../db/db.ts';
import { type GraphStore, traverse } from '../../../engines/graph/index.ts';
import { CairnError } from '../../../kernel/errors.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import {
  type AnswerStream,
  columnPages,
  type FoundColumns,
  type FoundRow,
  PageNames,
  rowsOf,
} from '../answers/answer-stream.ts';
import { asksForOrigins, Origins } from '../answers/origins.ts';
import { requestOf, tell, type WalkQuestion, type WalkTold, walkAndTell } from '../answers/walk-told.ts';
import { type GraphMemory, MemoryGone } from './graph-memory.ts';
import { StoredGraph } from './graph-store.ts';
import { type Effort, WatchedStore } from './watched-store.ts';

/** What is read before the walk. */
export interface Asked {
  readonly walk: WalkQuestion;
}

/** A walk that is no larger goes over the store as quickly as anybody looks at it: some 20 ms; of a deep one each request is a round trip. */
const small: Effort = { nodes: 1_000, edges: 10_000, requests: 300 };

/** The walk goes on in memory. */
class HandedOver extends Error {}

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
    const goesToMemory = memory?.ready === true && !memory.busy;
    let before: Before | undefined;
    const first = await this.#inTime(context, () =>
      this.#db.scan(async (queries) => {
        const asked = await ask(queries);
        before = asked;
        if (goesToMemory) return undefined;
        const store = storedFor(queries, context, asked.walk);
        const told = await this.#overStore(store, (watched) => walkAndTell(watched, asked.walk));
        return told && { answer: await answer(queries, told, asked) };
      }, context.signal),
    );
    if (first !== undefined) return first.answer;
    const asked = before ?? (await this.#db.scan(ask, context.signal));
    const { walk } = asked;
    const told = await memory?.walk(walk, projectsOf(context), context.signal).catch(unlessGone);
    return this.#db.scan(async (queries) => {
      const known = told ?? (await walkAndTell(storedFor(queries, context, walk), walk));
      return answer(queries, known, asked);
    }, context.signal);
  }

  /** All that a walk finds, whatever its size. */
  async pagesFor<Before extends Asked>(
    context: RequestContext,
    ask: (queries: Queries) => Promise<Before>,
  ): Promise<AnswerStream<Before>> {
    const memory = this.#memory;
    const before = await this.#db.scan(ask, context.signal);
    const inMemory = async (): Promise<AnswerStream<Before> | undefined> => {
      if (memory?.ready !== true) return undefined;
      const stream = await memory.stream(before.walk, projectsOf(context), context.signal).catch(unlessGone);
      return stream && { before, ...stream };
    };
    const overStore = (watch: boolean) =>
      this.#db.scan(async (queries) => {
        const stored = storedFor(queries, context, before.walk);
        const go = async (store: GraphStore): Promise<AnswerStream<Before>> => {
          const walk = await traverse(store, requestOf(before.walk));
          const told = await tell(store, before.walk, walk);
          return { before, told, pages: this.#named(context, columnPages(walk, before.walk)) };
        };
        return watch ? this.#overStore(stored, go) : go(stored);
      }, context.signal);
    const first =
      (await inMemory()) ?? (await this.#inTime(context, () => overStore(memory?.ready !== true)));
    return first ?? (await inMemory()) ?? (await overStore(false))!;
  }

  /**
   * A walk over the store; undefined where it has become large, and memory has it. A large one makes memory be loaded, and goes on meanwhile:
   * whichever is there first answers.
   */
  async #overStore<Told>(
    store: GraphStore,
    walk: (watched: GraphStore) => Promise<Told>,
  ): Promise<Told | undefined> {
    const memory = this.#memory;
    if (memory === undefined) return walk(store);
    const watched = new WatchedStore(store, small, () => {
      if (memory.ready) throw new HandedOver();
      memory.want();
    });
    try {
      return await walk(watched);
    } catch (error) {
      if (error instanceof HandedOver) return undefined;
      throw error;
    }
  }

  /** What takes the store longer than it may waits for memory, if that is on its way: undefined once it is there. */
  async #inTime<Told>(
    { signal }: RequestContext,
    walk: () => Promise<Told | undefined>,
  ): Promise<Told | undefined> {
    const wasReady = this.#memory?.ready === true;
    try {
      return await walk();
    } catch (error) {
      const isOver = error instanceof CairnError && error.code === 'query_too_expensive';
      if (!isOver || signal.aborted || wasReady || this.#memory?.wanted !== true) throw error;
      if (await this.#memory.readySoon(signal)) return undefined;
      throw new CairnError(
        'query_too_expensive',
        'The query took longer than it may. The graph is being read into memory, where it may not: ask again in some seconds, or narrow it.',
      );
    }
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
