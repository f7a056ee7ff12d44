/** The thread that keeps the graph in memory, reads on in the log before each walk, and walks: one walk after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Queries } from '../../../db/db.ts';
import { openThreadReader, type ThreadReader } from '../../../db/thread-reader.ts';
import { traverse } from '../../../engines/graph/index.ts';
import { CairnError } from '../../../kernel/errors.ts';
import { systemClock } from '../../../kernel/time.ts';
import { columnPages, type FoundColumns, PageNames } from '../answers/answer-stream.ts';
import { asksForOrigins, declaredOrigins, keptOrigins } from '../answers/origins.ts';
import { requestOf, tell } from '../answers/walk-told.ts';
import { GraphColumns } from './graph-columns.ts';
import {
  type FromGraphThread,
  type GraphThreadSettings,
  packed,
  type ToGraphThread,
  type WalkMessage,
} from './graph-messages.ts';

/** Milliseconds of a walk after which the thread looks whether it is still waited for. */
const hearAfter = 20;

/** What is left of a walk of which all is told. */
interface Stream {
  readonly pages: Iterator<FoundColumns>;
  readonly names: PageNames;
}

class GraphThread {
  readonly #reader: ThreadReader;
  readonly #columns: GraphColumns;
  readonly #streams = new Map<number, Stream>();
  /** Walks that are waited for. */
  readonly #wanted = new Set<number>();
  #closing = false;
  #last: Promise<void>;

  constructor(reader: ThreadReader, mostBytes: number) {
    this.#reader = reader;
    this.#columns = new GraphColumns(reader, mostBytes);
    this.#last = this.#columns
      .load(() => this.#hear())
      .then(() => this.#size())
      .catch((error) => fail(error));
  }

  take(message: ToGraphThread): void {
    if (message.kind === 'close') void this.#close();
    else if (message.kind === 'stop') {
      this.#wanted.delete(message.id);
      this.#streams.delete(message.id);
    } else {
      if (message.kind !== 'advance') this.#wanted.add(message.id);
      // Of pages nothing waits for the columns.
      const run =
        message.kind === 'page' ? this.#page(message.id) : this.#last.then(() => this.#run(message));
      if (message.kind !== 'page') this.#last = run;
    }
  }

  async #run(message: Exclude<ToGraphThread, { kind: 'close' | 'stop' | 'page' }>): Promise<void> {
    try {
      if (message.kind === 'advance') {
        await this.#columns.advance(() => this.#hear());
        this.#size();
      } else if (this.#wanted.has(message.id)) await this.#walk(message);
    } catch (error) {
      // What failed while the columns were changed may have left them half changed.
      if (message.kind === 'advance' || !(error instanceof CairnError)) fail(error);
      else fail(error, message.id);
    }
  }

  async #walk({ kind, id, question, projects }: WalkMessage & { readonly kind: 'walk' | 'stream' }) {
    let declared: ReadonlySet<number> = new Set();
    await this.#advance([...question.starts, ...(question.among ?? [])], async (queries) => {
      if (asksForOrigins(question)) declared = await declaredOrigins(queries, question);
    });
    const seen = projects && new Set(projects);
    const { graph } = this.#columns;
    const store = graph.seenBy({
      ...(seen && { isHidden: (owner: number) => !seen.has(owner) }),
      isOrigin: keptOrigins(graph, declared, question),
    });
    let heard = systemClock.now();
    const pause = () => {
      if (systemClock.now() - heard < hearAfter) return;
      return this.#hear().then(() => {
        heard = systemClock.now();
        if (!this.#wanted.has(id)) throw new CairnError('query_too_expensive', 'The walk was given up.');
      });
    };
    const walk = await traverse(store, requestOf(question, pause));
    const told = await tell(store, question, walk, pause);
    if (kind === 'stream') {
      this.#streams.set(id, { pages: columnPages(walk, question), names: new PageNames() });
    } else this.#wanted.delete(id);
    say({ kind: 'told', id, told });
  }

  /** Half changed columns answer nothing any more. */
  async #advance(nodes: readonly number[], besides: (queries: Queries) => Promise<void>): Promise<void> {
    try {
      await this.#columns.advance(() => this.#hear(), nodes, besides);
    } catch (error) {
      fail(error);
      throw error;
    }
  }

  async #page(id: number): Promise<void> {
    try {
      const stream = this.#streams.get(id);
      const next = stream?.pages.next();
      if (stream === undefined || next === undefined || next.done === true) {
        this.#streams.delete(id);
        say({ kind: 'page', id, page: undefined });
        return;
      }
      const page = await this.#reader.read((queries) => stream.names.read(queries, next.value));
      say({ kind: 'page', id, page: packed(page) });
    } catch (error) {
      fail(error, id);
    }
  }

  #size(): void {
    const { bytes, edgeCount: edges } = this.#columns.graph;
    say({ kind: 'kept', bytes, edges });
  }

  /** Lets messages in. */
  async #hear(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#closing) throw new CairnError('unavailable', 'The server is stopping.');
  }

  async #close(): Promise<void> {
    this.#closing = true;
    this.#wanted.clear();
    await this.#last;
    await this.#reader.close();
    say({ kind: 'closed' });
  }
}

function say(message: FromGraphThread): void {
  parentPort?.postMessage(message);
}

function fail(error: unknown, id?: number): void {
  const code = error instanceof CairnError ? error.code : 'internal';
  say({ kind: 'failed', ...(id !== undefined && { id }), code, message: String((error as Error).message) });
}

const { place, mostBytes } = workerData as GraphThreadSettings;
const waiting: ToGraphThread[] = [];
let thread: GraphThread | undefined;
parentPort?.on('message', (message: ToGraphThread) => {
  if (thread === undefined) waiting.push(message);
  else thread.take(message);
});
thread = new GraphThread(await openThreadReader(place), mostBytes);
for (const message of waiting) thread.take(message);
