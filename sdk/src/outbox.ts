/**
 * What one run has to send, and its way to the server: in order, one request at a time, each until it is answered. Filling it
 * never waits and never fails for reasons of the network; it holds what it was told to hold at most, and counts what it loses.
 */

import {
  add,
  bytesOf,
  type Counts,
  endPiece,
  filePiece,
  nothing,
  type Piece,
  pointsPiece,
  type RunState,
  type Text,
  textsPiece,
  worded,
} from './pieces.ts';
import { PointQueue } from './point-queue.ts';
import { RequestError } from './request-error.ts';
import { backoff, Timer } from './timer.ts';
import type { Transport } from './transport.ts';
import type { FileToSend } from './upload.ts';

export interface OutboxLimits {
  /** Points that may wait. */
  readonly points: number;
  /** Bytes of parameters, tags and files in memory that may wait. */
  readonly bytes: number;
}

/** The run as the server has it. */
export interface Started {
  readonly id: string;
  readonly artifactUri: string;
}

export interface OutboxOptions {
  readonly transport: Transport;
  /** Begins the run, or finds the one that goes on; asked again, with the same key, until it is answered. */
  readonly start: (key: string, signal: AbortSignal) => Promise<Started>;
  readonly limits: OutboxLimits;
  /** ms that points wait for others to go with them. */
  readonly flushInterval: number;
  readonly report: (error: Error, willRetry: boolean) => void;
}

/** So many points do not wait for more. */
const fullBatch = 32_768;
const textsInRequest = 1000;
/** Tries of a request that the server answers with a failure of its own. */
const triesOfFailure = 8;
/** Refusals that hold for everything of this run, whatever comes after. */
const fatal = new Set(['not_found', 'failed_precondition', 'unauthenticated', 'permission_denied']);

export class Outbox {
  readonly points: PointQueue;
  started: Started | undefined;
  /** Why nothing of this run is sent any more. */
  failure: Error | undefined;
  lastError: Error | undefined;
  readonly #options: OutboxOptions;
  readonly #params = new Map<string, string>();
  readonly #tags = new Map<string, string>();
  readonly #files: FileToSend[] = [];
  #end: { readonly state: RunState; readonly ended: number } | undefined;
  #bytes = 0;
  #onWay: Piece | undefined;
  #lost: Counts = nothing;
  #isWorking = false;
  /** How many wait for delivery: nothing is put off then, and the process stays. */
  #flushing = 0;
  readonly #waiting = new Set<() => void>();
  readonly #timer = new Timer();
  readonly #pause = new Timer();
  readonly #stop = new AbortController();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.points = new PointQueue(options.limits.points);
    this.#wake(0);
  }

  get pending(): Counts {
    const own = {
      points: this.points.length,
      params: this.#params.size,
      tags: this.#tags.size,
      files: this.#files.length,
    };
    return add(own, this.#onWay?.holds ?? nothing);
  }

  /** Memory that waits, the request under way included. */
  get bytes(): number {
    return this.points.bytes + this.#bytes + (this.#onWay?.bytes ?? 0);
  }

  get lost(): Counts {
    return { ...this.#lost, points: this.#lost.points + this.points.dropped };
  }

  get isDelivered(): boolean {
    const { points, params, tags, files } = this.pending;
    if (this.failure !== undefined) return true;
    return (
      points + params + tags + files === 0 &&
      this.started !== undefined &&
      this.#end === undefined &&
      !this.#isWorking
    );
  }

  /** Points were put into the queue. */
  pointsAdded(): void {
    if (this.failure !== undefined) this.#lose({ ...nothing, points: this.points.clear() });
    else this.#wake(this.points.length >= fullBatch ? 0 : this.#options.flushInterval);
  }

  addTexts(kind: 'params' | 'tags', texts: readonly Text[]): void {
    if (!this.#hasRoom(bytesOf(texts))) {
      this.#refuse({ ...nothing, [kind]: texts.length });
      return;
    }
    const list = kind === 'params' ? this.#params : this.#tags;
    for (const text of texts) {
      const before = list.get(text.key);
      if (before !== undefined) this.#bytes -= bytesOf([{ key: text.key, value: before }]);
      list.set(text.key, text.value);
      this.#bytes += bytesOf([text]);
    }
    this.#wake(this.#options.flushInterval);
  }

  addFile(file: FileToSend): void {
    if (!this.#hasRoom(file.bytes)) {
      this.#refuse({ ...nothing, files: 1 });
      return;
    }
    this.#files.push(file);
    this.#bytes += file.bytes;
    this.#wake(this.#options.flushInterval);
  }

  end(state: RunState, ended: number): void {
    this.#end = { state, ended };
    const { points } = this.lost;
    // Whoever looks at the run later must see that its curves have holes.
    if (points > 0) this.#tags.set('cairn.lostPoints', String(points));
    this.#wake(0);
  }

  /** When all that was put in so far (and since) has been delivered; rejects when the run failed, or after `patience` ms. */
  async flush(patience: number): Promise<void> {
    this.#flushing++;
    this.#pause.fire();
    this.#wake(0);
    const late = new Timer();
    let isLate = false;
    late.start(patience, true, () => {
      isLate = true;
      this.#tell();
    });
    try {
      while (!this.isDelivered && !isLate) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    } finally {
      late.stop();
      this.#flushing--;
    }
    if (this.failure !== undefined) throw this.failure;
    if (isLate)
      throw new Error(
        `not delivered within ${patience} ms: ${worded(this.pending) || 'the end of the run'}`,
        {
          cause: this.lastError,
        },
      );
  }

  /** When at most half of the points wait that may. */
  async drained(): Promise<void> {
    // As with `flush`: a program that waits for room has not come to its end.
    this.#flushing++;
    this.#pause.fire();
    this.#wake(0);
    try {
      while (this.points.length > this.points.capacity / 2)
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
    } finally {
      this.#flushing--;
    }
  }

  /** Nothing more is sent; what waits is lost. */
  close(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort(new Error('the client was closed'));
    this.#timer.stop();
    this.#pause.fire();
    if (!this.isDelivered) this.#fail(new Error('the client was closed before everything was delivered'));
  }

  #hasRoom(bytes: number): boolean {
    const { limits } = this.#options;
    return this.failure === undefined && (this.#bytes === 0 || this.#bytes + bytes <= limits.bytes);
  }

  #refuse(lost: Counts): void {
    this.#lose(lost);
    if (this.failure === undefined)
      this.#report(new Error(`the queue of this run is full; not sent: ${worded(lost)}`), false);
  }

  #wake(delay: number): void {
    if (this.#isWorking || this.failure !== undefined) return;
    this.#timer.start(this.#flushing > 0 ? 0 : delay, this.#flushing > 0, () => void this.#work());
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      if (this.started === undefined) await this.#start();
      for (let isFirst = true; this.failure === undefined; isFirst = false) {
        const piece = this.#next(isFirst);
        if (piece === undefined) break;
        await this.#deliver(piece);
        this.#tell();
      }
    } finally {
      this.#isWorking = false;
      this.#tell();
      if (!this.isDelivered) this.#wake(this.#options.flushInterval);
    }
  }

  async #start(): Promise<void> {
    const key = crypto.randomUUID();
    await this.#deliver({
      holds: nothing,
      bytes: 0,
      send: async (signal) => {
        this.started = await this.#options.start(key, signal);
      },
    });
  }

  /** Few points wait for more, unless they are the first after their time, or somebody waits for the end. */
  #next(isFirst: boolean): Piece | undefined {
    const { transport } = this.#options;
    const { id, artifactUri } = this.started!;
    if (this.#params.size + this.#tags.size > 0) {
      const [params, tags] = [takeTexts(this.#params), takeTexts(this.#tags)];
      this.#bytes -= bytesOf([...params, ...tags]);
      return textsPiece(transport, id, params, tags);
    }
    const isDue = isFirst || this.#flushing > 0 || this.#end !== undefined || this.points.length >= fullBatch;
    if (this.points.length > 0 && isDue) return pointsPiece(transport, id, this.points.take(fullBatch));
    const file = this.#files.shift();
    if (file !== undefined) {
      this.#bytes -= file.bytes;
      return filePiece(transport, id, artifactUri, file);
    }
    const end = this.#end;
    this.#end = undefined;
    return end && endPiece(transport, id, end.state, end.ended);
  }

  async #deliver(piece: Piece): Promise<void> {
    const { signal } = this.#stop;
    this.#onWay = piece;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await piece.send(signal);
        this.#onWay = undefined;
        return;
      } catch (error) {
        if (signal.aborted) break;
        const again = this.#judge(piece, error as Error, attempt);
        if (again === undefined) {
          this.#onWay = undefined;
          return;
        }
        if (again === 'other') return this.#deliver(this.#onWay!);
        await new Promise<void>((resolve) => this.#pause.start(again, this.#flushing > 0, resolve));
      }
    }
    this.#onWay = undefined;
    this.#lose(piece.holds);
  }

  /** After how many ms to try again; `other` where another piece stands in for this one; undefined where it is lost. */
  #judge(piece: Piece, error: Error, attempt: number): number | 'other' | undefined {
    const refusal = error instanceof RequestError ? error : undefined;
    const isOurs = refusal?.status === 500 && attempt + 1 >= triesOfFailure;
    if (refusal?.isTemporary && !isOurs) {
      this.#report(error, true);
      return Math.max(backoff(attempt), refusal.retryAfter ?? 0);
    }
    const part = refusal && piece.without?.(refusal);
    this.#lose(part?.lost ?? piece.holds);
    this.#report(error, false);
    if (this.started === undefined || (refusal && part === undefined && fatal.has(refusal.code)))
      this.#fail(error);
    if (part?.rest === undefined) return undefined;
    this.#onWay = part.rest;
    return 'other';
  }

  #fail(error: Error): void {
    this.failure = error;
    this.#lose({
      points: this.points.clear(),
      params: this.#params.size,
      tags: this.#tags.size,
      files: this.#files.length,
    });
    this.#params.clear();
    this.#tags.clear();
    this.#files.length = 0;
    this.#bytes = 0;
    this.#tell();
  }

  #lose(lost: Counts): void {
    this.#lost = add(this.#lost, lost);
  }

  #report(error: Error, willRetry: boolean): void {
    this.lastError = error;
    this.#options.report(error, willRetry);
  }

  /** Whoever waits looks again. */
  #tell(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

function takeTexts(list: Map<string, string>): Text[] {
  const taken: Text[] = [];
  for (const [key, value] of list) {
    if (taken.length === textsInRequest) break;
    taken.push({ key, value });
    list.delete(key);
  }
  return taken;
}
