/** A run that is being logged to. Every call returns at once; what was logged is on its way (outbox.ts). */
import { checkInteger, checkKey, checkNumber, textOf } from './checks.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import type { Counts, RunState, Text } from './pieces.ts';

/** The queue of a run is full, and the client was told to say so rather than to drop. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

export interface RunOptions extends OutboxOptions {
  readonly whenFull: 'drop-oldest' | 'throw';
  /** ms that `finish` and `flush` wait unless they are told. */
  readonly patience: number;
  readonly now: () => number;
  /** The run needs no more looking after. */
  readonly ended: (run: Run) => void;
}

export type Values = Readonly<Record<string, string | number | boolean>>;

export class Run {
  readonly #outbox: Outbox;
  readonly #options: RunOptions;
  /** What each parameter was logged as: it never changes. */
  readonly #params = new Map<string, string>();
  #nextStep = 0;
  #isFinished = false;
  #isDropping = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#outbox = new Outbox(options);
  }

  /** 32 hex digits; undefined until the server has answered (`ready`). */
  get id(): string | undefined {
    return this.#outbox.started?.id;
  }

  /** What waits to be sent, and what is on its way. */
  get pending(): Counts {
    return this.#outbox.pending;
  }

  /** What was never delivered: pushed out of a full queue, or refused. */
  get lost(): Counts {
    return this.#outbox.lost;
  }

  /** Bytes of memory that wait. */
  get queuedBytes(): number {
    return this.#outbox.bytes;
  }

  /** What went wrong last; also where a retry has put it right since. */
  get lastError(): Error | undefined {
    return this.#outbox.lastError;
  }

  /** Why nothing of this run is sent any more: it is gone, or we may not; undefined while all is well. */
  get failure(): Error | undefined {
    return this.#outbox.failure;
  }

  /** Resolves to the id of the run, once the server has it. */
  async ready(): Promise<string> {
    if (this.id === undefined) await this.#outbox.flush(this.#options.patience);
    return this.id!;
  }

  /**
   * One value for each metric, at a step: unless told the one after the last. Throws a TypeError where a name or a value is
   * not acceptable; nothing was logged then.
   */
  log(
    metrics: Readonly<Record<string, number>>,
    { step = this.#nextStep, time = this.#options.now() }: { step?: number; time?: number } = {},
  ): void {
    this.#checkOpen();
    checkInteger('step', step);
    checkInteger('time', time);
    const { points } = this.#outbox;
    const names = Object.keys(metrics);
    for (const name of names) {
      if (!points.knows(name)) checkKey('metric', name);
      checkNumber(name, metrics[name]!);
    }
    if (this.#options.whenFull === 'throw' && points.length + names.length > points.capacity)
      throw new QueueFullError(`${points.length} points wait to be sent; await run.drained()`);
    if (step >= this.#nextStep) this.#nextStep = step + 1;
    const before = points.dropped;
    for (const name of names) points.push(name, metrics[name]!, step, time);
    if (points.dropped > before) this.#dropping();
    else if (points.length < points.capacity / 2) this.#isDropping = false;
    if (names.length > 0) this.#outbox.pointsAdded();
  }

  /** A parameter never changes: another value under a known name throws. */
  logParam(name: string, value: string | number | boolean): void {
    this.logParams({ [name]: value });
  }

  logParams(params: Values): void {
    const texts = this.#texts('parameter', params);
    for (const { key, value } of texts) {
      const before = this.#params.get(key);
      if (before !== undefined && before !== value)
        throw new TypeError(`the parameter ${key} was logged as ${before} and cannot become ${value}`);
    }
    const fresh = texts.filter(({ key }) => !this.#params.has(key));
    for (const { key, value } of fresh) this.#params.set(key, value);
    if (fresh.length > 0) this.#outbox.addTexts('params', fresh);
  }

  setTag(name: string, value: string | number | boolean): void {
    this.setTags({ [name]: value });
  }

  setTags(tags: Values): void {
    const texts = this.#texts('tag', tags);
    if (texts.length > 0) this.#outbox.addTexts('tags', texts);
  }

  /**
   * A file: its path on this machine, or its bytes. `path` is where it goes below the artifacts of the run; a file of this
   * machine goes under its own name unless told. What is at a path is read when its turn comes, not now.
   */
  logArtifact(source: string | Uint8Array | Blob, { path }: { path?: string } = {}): void {
    this.#checkOpen();
    const name = path ?? (typeof source === 'string' ? source.split(/[/\\]/).at(-1) : undefined);
    if (name === undefined || name === '')
      throw new TypeError('logArtifact needs a path for bytes: { path }');
    if (name.startsWith('/') || name.split('/').some((part) => ['', '.', '..'].includes(part)))
      throw new TypeError(`an artifact needs a path below its run, not ${name}`);
    if (typeof source === 'string') {
      this.#outbox.addFile({ path: name, source, bytes: 0 });
      return;
    }
    const blob = source instanceof Blob ? source : new Blob([source as Uint8Array<ArrayBuffer>]);
    this.#outbox.addFile({ path: name, source: blob, bytes: blob.size });
  }

  /** Resolves when there is room for half a queue again: where points are logged faster than they can be sent. */
  drained(): Promise<void> {
    return this.#outbox.drained();
  }

  /** Resolves when everything logged so far has been stored; rejects when the run failed, or after `timeout` ms. */
  flush({ timeout = this.#options.patience }: { timeout?: number } = {}): Promise<void> {
    return quiet(this.#outbox.flush(timeout));
  }

  /** Ends the run, behind all that was logged. Waiting for it is up to the caller: a program that ends on its own waits by itself. */
  finish(state: RunState = 'finished', { timeout }: { timeout?: number } = {}): Promise<void> {
    if (!this.#isFinished) {
      this.#isFinished = true;
      this.#outbox.end(state, this.#options.now());
    }
    const delivered = this.flush(timeout === undefined ? {} : { timeout });
    delivered.then(
      () => this.#options.ended(this),
      () => {},
    );
    return delivered;
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** For `await using`: finishes the run. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish();
  }

  /** What waits is lost. Called by the client when it is closed. */
  close(): void {
    this.#outbox.close();
  }

  #texts(what: 'parameter' | 'tag', values: Values): Text[] {
    this.#checkOpen();
    return Object.entries(values).map(([key, value]) => {
      checkKey(what, key);
      return { key, value: textOf(key, value) };
    });
  }

  #checkOpen(): void {
    if (this.#isFinished) throw new TypeError('the run is finished: nothing can be logged to it');
  }

  /** Told once for each time that the queue runs full. */
  #dropping(): void {
    if (this.#isDropping) return;
    this.#isDropping = true;
    const { capacity } = this.#outbox.points;
    const why = this.lastError === undefined ? '' : ` (${this.lastError.message})`;
    const error = new QueueFullError(`${capacity} points wait to be sent${why}; the oldest are dropped`);
    this.#options.report(error, false);
  }
}

/** A promise that nobody needs to wait for: its rejection is no error of the program. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
