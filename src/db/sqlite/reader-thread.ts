/** The main thread's end of one reader thread. */
import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { CairnError } from '../../kernel/errors.ts';
import type { FromReader, ReaderSettings, ToReader } from './reader-messages.ts';
import type { RowSet } from './sqlite-connection.ts';

/** Source in a checkout, JavaScript in the published package. */
const source = new URL('./reader-worker.ts', import.meta.url);
const workerFile = import.meta.url.endsWith('.ts') ? source : new URL(source.href.replace(/\.ts$/, '.js'));

/**
 * For rows on their way to the main thread. Left to itself a thread takes three times as much when large pages are read, and never
 * gives it back.
 */
const youngMebibytes = 48;

interface Pending {
  readonly resolve: (set: RowSet) => void;
  readonly reject: (error: unknown) => void;
}

export class ReaderThread {
  /** Settles when the thread takes statements; starting one takes some 50 ms. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  #pending: Pending | undefined;
  #dead = false;
  #readied: () => void = () => {};
  #ended: () => void = () => {};

  constructor(settings: ReaderSettings, onDeath: (thread: ReaderThread) => void) {
    this.ready = new Promise((resolve) => {
      this.#readied = resolve;
    });
    this.#worker = new Worker(workerFile, {
      workerData: settings,
      execArgv: [],
      name: 'cairn-reader',
      resourceLimits: { maxYoungGenerationSizeMb: youngMebibytes },
    });
    this.#worker.on('message', (message: FromReader) => this.#settle(message));
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('exit', () => {
      this.#die(undefined);
      onDeath(this);
    });
  }

  /** A statement is on its way. */
  get running(): boolean {
    return this.#pending !== undefined;
  }

  get dead(): boolean {
    return this.#dead;
  }

  query(text: string, values: SQLInputValue[]): Promise<RowSet> {
    return new Promise((resolve, reject) => {
      if (this.#dead) {
        reject(new CairnError('unavailable', 'The reader of this query has ended; try again.'));
        return;
      }
      this.#pending = { resolve, reject };
      this.#post({ kind: 'query', text, values });
    });
  }

  /** Resolves when the snapshot is closed (or the thread dead): until then it holds the write-ahead log. */
  end(): Promise<void> {
    if (this.#dead) return Promise.resolve();
    return new Promise((resolve) => {
      this.#ended = resolve;
      this.#post({ kind: 'end' });
    });
  }

  ref(): void {
    this.#worker.ref();
  }

  unref(): void {
    this.#worker.unref();
  }

  /** Resolves when the thread has ended, which is not before the statement that it runs. */
  async terminate(): Promise<void> {
    this.#dead = true;
    await this.#worker.terminate();
  }

  #post(message: ToReader): void {
    this.#worker.postMessage(message);
  }

  #settle(message: FromReader): void {
    if (message.kind === 'ready') this.#readied();
    else if (message.kind === 'ended') this.#ended();
    else {
      const pending = this.#pending;
      this.#pending = undefined;
      if (message.kind === 'rows') pending?.resolve(message.set);
      else pending?.reject(driverError(message.message, message.errcode));
    }
  }

  #die(cause: unknown): void {
    this.#dead = true;
    // Who waits for it learns that it is dead from the first statement.
    this.#readied();
    this.#ended();
    this.#pending?.reject(
      new CairnError('unavailable', 'The reader of this query ended; try again.', { cause }),
    );
    this.#pending = undefined;
  }
}

/** An error cannot carry its fields between threads; this is what the driver would have thrown. */
function driverError(message: string, errcode: number | undefined): Error {
  return Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode });
}
