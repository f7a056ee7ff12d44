/**
 * The graph in memory, from the main thread: begun by the first question that is too large for the store, kept up to date, given back when
 * nobody has asked for a while. Whatever becomes of it, questions are answered: over the store, as if it were not there.
 */
import { Worker } from 'node:worker_threads';
import type { StorePlace } from '../../../db/thread-reader.ts';
import { CairnError } from '../../../kernel/errors.ts';
import type { Clock } from '../../../kernel/time.ts';
import { type FoundRow, rowsOf } from '../answers/answer-stream.ts';
import type { WalkQuestion, WalkTold } from '../answers/walk-told.ts';
import {
  type FromGraphThread,
  type GraphThreadSettings,
  type ToGraphThread,
  unpacked,
} from './graph-messages.ts';

/** Source in a checkout, JavaScript in the published package. */
const source = new URL('./graph-worker.ts', import.meta.url);
const workerFile = import.meta.url.endsWith('.ts') ? source : new URL(source.href.replace(/\.ts$/, '.js'));

/** Milliseconds without a question after which the memory is given back. */
const idleTime = 10 * 60 * 1000;
/** Milliseconds between two looks at the log, so that a question finds little left to read. */
const advanceInterval = 1_000;
/** Milliseconds after which what could not be kept in memory is tried again: it may have been purged, or the fault be gone. */
const retryTime = 60 * 60 * 1000;
/** Milliseconds that a walk may take, as a scan may. */
const walkTime = 10_000;
/** Walks that may wait for the one that goes. */
const mostWaiting = 16;
/** Answers that are read page by page at once: each holds its walk, some 100 bytes a node. */
const mostStreams = 2;

export interface GraphMemoryOptions {
  readonly place: StorePlace;
  readonly clock: Clock;
  /** Bytes. */
  readonly most: number;
  /** For the operator. */
  readonly log?: ((message: string, cause: unknown) => void) | undefined;
}

/** It is not there (any more): who asked asks the store. */
export class MemoryGone extends Error {}

interface Pending {
  resolve(message: FromGraphThread): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  loaded: boolean;
  /** Resolves to whether it came to be loaded. */
  readonly kept: PromiseWithResolvers<boolean>;
  streams: number;
  readonly closed: PromiseWithResolvers<void>;
}

export class GraphMemory {
  readonly #options: GraphMemoryOptions;
  #thread: Thread | undefined;
  #next = 1;
  /** ms: not before then is it tried again. */
  #notBefore = 0;
  #asked = 0;
  #bytes = 0;
  #edges = 0;
  #closed = false;

  constructor(options: GraphMemoryOptions) {
    this.#options = options;
  }

  get ready(): boolean {
    return this.#thread?.loaded === true;
  }

  /** It is there, or on its way. */
  get wanted(): boolean {
    return this.#thread !== undefined;
  }

  /** Whether it is there in time for who waits as long as a walk may take. */
  async readySoon(signal: AbortSignal): Promise<boolean> {
    const thread = this.#thread;
    if (thread === undefined) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const giveUp = () => resolve(false);
    const cancel = this.#options.clock.after(walkTime, giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      return await Promise.race([promise, thread.kept.promise]);
    } finally {
      cancel();
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** A walk waits for another. */
  get busy(): boolean {
    return (this.#thread?.pending.size ?? 0) > 0;
  }

  get gauges(): Readonly<Record<string, number>> {
    const loaded = this.ready;
    return {
      lineage_memory_bytes: loaded ? this.#bytes : 0,
      lineage_memory_edges: loaded ? this.#edges : 0,
      lineage_walks_waiting: this.#thread?.pending.size ?? 0,
    };
  }

  /** Begins to load, unless that is under way, or was found not to go. */
  want(): void {
    const { clock, place, most } = this.#options;
    if (this.#closed || this.#thread !== undefined || clock.now() < this.#notBefore) return;
    const settings: GraphThreadSettings = { place, mostBytes: most };
    const worker = new Worker(workerFile, { workerData: settings, execArgv: [], name: 'cairn-lineage' });
    const thread: Thread = {
      ...{ worker, pending: new Map(), loaded: false, kept: Promise.withResolvers(), streams: 0 },
      closed: Promise.withResolvers(),
    };
    this.#thread = thread;
    this.#asked = clock.now();
    worker.unref();
    worker.on('message', (message: FromGraphThread) => this.#take(thread, message));
    worker.on('error', (error) => this.#drop(thread, 'the thread that walks in memory failed', error));
    worker.on('exit', () => {
      thread.closed.resolve();
      this.#drop(thread, undefined, undefined);
    });
  }

  /** Fails with MemoryGone where the store has to answer. */
  async walk(
    question: WalkQuestion,
    projects: readonly number[] | undefined,
    signal: AbortSignal,
  ): Promise<WalkTold> {
    const thread = this.#at();
    const id = this.#next++;
    const message = { kind: 'walk', id, question, ...(projects && { projects }) } as const;
    return (await this.#answer(thread, message, signal, 'told')).told;
  }

  async stream(
    question: WalkQuestion,
    projects: readonly number[] | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly told: WalkTold; readonly pages: AsyncIterableIterator<readonly FoundRow[]> }> {
    const thread = this.#at();
    if (thread.streams >= mostStreams) throw new MemoryGone();
    thread.streams++;
    const id = this.#next++;
    const message = { kind: 'stream', id, question, ...(projects && { projects }) } as const;
    try {
      const { told } = await this.#answer(thread, message, signal, 'told');
      return { told, pages: this.#pages(thread, id, signal) };
    } catch (error) {
      thread.streams--;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const thread = this.#thread;
    if (thread === undefined) return;
    thread.worker.ref();
    post(thread, { kind: 'close' });
    await thread.closed.promise;
    await thread.worker.terminate();
  }

  #at(): Thread {
    const thread = this.#thread;
    if (thread?.loaded !== true || thread.pending.size >= mostWaiting) throw new MemoryGone();
    return thread;
  }

  async *#pages(thread: Thread, id: number, signal: AbortSignal): AsyncGenerator<readonly FoundRow[], void> {
    try {
      // The next page is made while this one is read.
      const ask = () => {
        const answer = this.#answer(thread, { kind: 'page', id }, signal, 'page');
        // Its reader may end before it comes.
        answer.catch(() => {});
        return answer;
      };
      for (let next = ask(); ; ) {
        const { page } = await next;
        if (page === undefined) return;
        next = ask();
        yield rowsOf(unpacked(page));
      }
    } catch (error) {
      if (error instanceof MemoryGone) {
        throw new CairnError('unavailable', 'The rest of the answer is lost; ask again.');
      }
      throw error;
    } finally {
      thread.streams--;
      post(thread, { kind: 'stop', id });
    }
  }

  #answer<Kind extends 'told' | 'page'>(
    thread: Thread,
    message: Exclude<ToGraphThread, { kind: 'advance' | 'close' | 'stop' }>,
    signal: AbortSignal,
    _kind: Kind,
  ): Promise<Extract<FromGraphThread, { kind: Kind }>> {
    const { clock } = this.#options;
    const { id } = message;
    this.#asked = clock.now();
    const { promise, resolve, reject } = Promise.withResolvers<FromGraphThread>();
    const stop = (words: string) => {
      post(thread, { kind: 'stop', id });
      reject(new CairnError('query_too_expensive', words));
    };
    const cancelBudget = clock.after(walkTime, () => stop('The query took longer than it may; narrow it.'));
    const onAbort = () => stop('The query was given up because its caller has gone.');
    signal.addEventListener('abort', onAbort, { once: true });
    thread.pending.set(id, { resolve, reject });
    thread.worker.ref();
    if (signal.aborted) onAbort();
    else post(thread, message);
    return promise.finally(() => {
      cancelBudget();
      signal.removeEventListener('abort', onAbort);
      thread.pending.delete(id);
      if (thread.pending.size === 0) thread.worker.unref();
    }) as Promise<Extract<FromGraphThread, { kind: Kind }>>;
  }

  #take(thread: Thread, message: FromGraphThread): void {
    switch (message.kind) {
      case 'kept':
        if (!thread.loaded) this.#advanceLater(thread);
        thread.loaded = true;
        thread.kept.resolve(true);
        this.#bytes = message.bytes;
        this.#edges = message.edges;
        return;
      case 'told':
      case 'page':
        thread.pending.get(message.id)?.resolve(message);
        return;
      case 'failed':
        if (message.id === undefined) this.#drop(thread, message.message, message.code);
        else thread.pending.get(message.id)?.reject(new CairnError(message.code, message.message));
        return;
      case 'closed':
        thread.closed.resolve();
    }
  }

  #advanceLater(thread: Thread): void {
    const { clock } = this.#options;
    clock.after(advanceInterval, () => {
      if (this.#thread !== thread || this.#closed) return;
      if (clock.now() - this.#asked > idleTime && thread.streams === 0) {
        this.#drop(thread, undefined, undefined);
        return;
      }
      if (thread.pending.size === 0) post(thread, { kind: 'advance' });
      this.#advanceLater(thread);
    });
  }

  /** It is as if it had never been; what waits for it asks the store. */
  #drop(thread: Thread, why: string | undefined, cause: unknown): void {
    if (this.#thread !== thread) return;
    if (!this.#closed) this.#thread = undefined;
    if (why !== undefined && !this.#closed) {
      const { clock, log } = this.#options;
      this.#notBefore = clock.now() + retryTime;
      log?.(`lineage is walked over the store: ${why}`, cause);
    }
    for (const { reject } of thread.pending.values()) reject(new MemoryGone());
    thread.kept.resolve(false);
    thread.closed.resolve();
    void thread.worker.terminate();
  }
}

function post(thread: Thread, message: ToGraphThread): void {
  thread.worker.postMessage(message);
}
