/** The client: where the server is, the runs that are logged to, and everything that can be read. */
import { checkInteger, checkKey, textOf } from './checks.ts';
import { type EventOptions, followEvents } from './event-stream.ts';
import { beforeExit, environment, program } from './exit.ts';
import { type History, historyOf } from './history.ts';
import type { Started } from './outbox.ts';
import { RequestError } from './request-error.ts';
import { Run, type Values } from './run.ts';
import { type Input, type OperationId, type Output, Transport } from './transport.ts';
import type {
  ArtifactEntry,
  ListedExperiment as ExperimentRecord,
  Operations,
  RecordedEvent,
  Run as RunRecord,
} from './wire.ts';

type Search = Operations['run.search']['body'];

export interface CairnOptions {
  /** Address of the server; unless given CAIRN_URL, else http://127.0.0.1:5000. */
  readonly url?: string;
  /** Unless given CAIRN_TOKEN. */
  readonly token?: string;
  /** Name of the project; the default one unless given. */
  readonly project?: string;
  /** Points of one run that may wait to be sent. */
  readonly maxQueuedPoints?: number;
  /** Bytes of parameters, tags and files in memory of one run that may wait. */
  readonly maxQueuedBytes?: number;
  /** What `log` does when the points are full: drop the oldest, count and report them; or throw a QueueFullError. */
  readonly whenFull?: 'drop-oldest' | 'throw';
  /** ms that points wait for others to go with them. */
  readonly flushInterval?: number;
  /** ms that one request may take. */
  readonly timeout?: number;
  /** ms that `flush`, `finish` and `close` wait unless they are told. */
  readonly patience?: number;
  /** ms that a Node program stays at its end, to deliver what was logged. */
  readonly exitPatience?: number;
  /** Told of whatever goes wrong while sending; a warning on the console unless given. Must not throw. */
  readonly onError?: (
    error: Error,
    about: { readonly run: string | undefined; readonly willRetry: boolean },
  ) => void;
  /** For tests, and for proxies. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface NewRun {
  /** Name of the experiment, which is made where there is none; the default one unless given. */
  readonly experiment?: string;
  /** Or its id. */
  readonly experimentId?: string;
  /** Invented by the server unless given. */
  readonly name?: string;
  readonly params?: Values;
  readonly tags?: Values;
  /** Unless given the user of this machine. */
  readonly user?: string;
  /** Id of the run that this one is nested in. */
  readonly parent?: string;
  /** ms since 1970; now unless given. */
  readonly started?: number;
}

export interface RunSearch extends Omit<Search, 'experiments' | 'cursor' | 'skip' | 'count' | 'limit'> {
  /** Names of experiments; all active ones unless given. */
  readonly experiments?: readonly string[];
  readonly experimentIds?: readonly string[];
  /** Runs on a page of the answer. */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

export class Cairn {
  readonly #options: CairnOptions;
  readonly #transport: Transport;
  readonly #runs = new Set<Run>();
  readonly #experiments = new Map<string, Promise<string>>();
  readonly #leave: () => void;
  #isWarned = false;
  #isClosed = false;

  constructor(options: CairnOptions = {}) {
    this.#options = options;
    for (const name of [
      'maxQueuedPoints',
      'maxQueuedBytes',
      'flushInterval',
      'timeout',
      'patience',
    ] as const) {
      if (options[name] !== undefined) checkInteger(name, options[name]);
    }
    this.#transport = new Transport({
      url: options.url ?? environment.CAIRN_URL ?? 'http://127.0.0.1:5000',
      token: options.token ?? environment.CAIRN_TOKEN,
      project: options.project,
      timeout: options.timeout ?? 60_000,
      fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    });
    this.#leave = beforeExit(() => void this.#end());
  }

  get url(): string {
    return this.#transport.url;
  }

  /** Begins a run. Returns at once: the server may be slow, or away. */
  startRun(given: NewRun = {}): Run {
    const { experiment, experimentId, name, params = {}, tags = {}, parent, started = Date.now() } = given;
    if (experiment !== undefined) textOf('experiment', experiment);
    const tagList = Object.entries(tags).map(([key, value]) => {
      checkKey('tag', key);
      return { key, value: textOf(key, value) };
    });
    const user = given.user ?? environment.USER ?? environment.USERNAME;
    const run = this.#open(async (idempotencyKey, signal) => {
      const body = {
        experiment: experimentId ?? (experiment === undefined ? '0' : await this.#experimentFor(experiment)),
        ...(name !== undefined && { name }),
        ...(user !== undefined && { user }),
        ...(parent !== undefined && { parent }),
        started,
        tags: tagList,
      };
      return this.#transport.call('run.create', { body, idempotencyKey, signal });
    });
    run.logParams(params);
    return run;
  }

  /** Goes on logging to a run that is there, as after a restart from a checkpoint. */
  resumeRun(id: string): Run {
    return this.#open((_key, signal) => this.#transport.call('run.get', { params: { run: id }, signal }));
  }

  /** Resolves when everything logged to every run has been stored. */
  async flush(options: { timeout?: number } = {}): Promise<void> {
    await settled(Array.from(this.#runs, (run) => run.flush(options)));
  }

  /** Delivers what waits, for `timeout` ms at most, and ends: what is left then is lost, and this rejects. Runs that are not finished stay running. */
  async close({ timeout = this.#patience }: { timeout?: number } = {}): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#leave();
    try {
      // What failed has been told, and has nothing left to deliver.
      const whole = [...this.#runs].filter((run) => run.failure === undefined);
      await settled(whole.map((run) => run.flush({ timeout })));
    } finally {
      for (const run of this.#runs) run.close();
      this.#runs.clear();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Any operation of the API, with its types. */
  call<Id extends OperationId>(id: Id, input: Input<Id>): Promise<Output<Id>> {
    return this.#transport.call(id, input);
  }

  /** The same, with the body of the answer as it comes: rows, a file. */
  open<Id extends OperationId>(id: Id, input: Input<Id>): Promise<Response> {
    return this.#transport.open(id, input, 0);
  }

  /** One run with its parameters, tags and metrics. */
  getRun(id: string): Promise<RunRecord> {
    return this.call('run.get', { params: { run: id } });
  }

  /** Runs that pass a filter, page by page as they are asked for. */
  async *searchRuns(search: RunSearch = {}): AsyncGenerator<RunRecord> {
    const { experiments: names, experimentIds, pageSize = 100, signal, ...rest } = search;
    const ids = [...(experimentIds ?? [])];
    for (const name of names ?? []) {
      const id = await this.experimentId(name);
      if (id === undefined) throw new RequestError(`no experiment is called ${name}`, { code: 'not_found' });
      ids.push(id);
    }
    if (names === undefined && experimentIds === undefined)
      for await (const { id } of this.experiments()) ids.push(id);
    if (ids.length === 0) return;
    let cursor: string | undefined;
    do {
      const body = { ...rest, experiments: ids, limit: pageSize, cursor, count: false };
      const page = await this.call('run.search', { body, signal });
      yield* page.items as readonly RunRecord[];
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** Experiments, those made last first unless told; `search` is a part of the name. */
  async *experiments(query: Operations['experiment.list']['query'] = {}): AsyncGenerator<ExperimentRecord> {
    let cursor: string | undefined;
    do {
      const page = await this.call('experiment.list', { query: { limit: 1000, ...query, cursor } });
      yield* page.items;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** Id of the active experiment of this name; undefined where there is none. */
  async experimentId(name: string): Promise<string | undefined> {
    for await (const found of this.experiments({ search: name.slice(0, 500) })) {
      if (found.name === name) return found.id;
    }
    return undefined;
  }

  /** All points of one metric, as columns; of what a rewind superseded, where it is named. */
  history(
    run: string,
    metric: string,
    options: { readonly rewind?: number; readonly signal?: AbortSignal } = {},
  ): Promise<History> {
    return historyOf(this.#transport, run, metric, options);
  }

  /** Metrics of runs as a chart draws them, in as many buckets as it has pixels. */
  draw(request: Operations['series.draw']['body']): Promise<Output<'series.draw'>> {
    return this.call('series.draw', { body: request });
  }

  /** Files and folders directly in a folder of a run; the root unless told. */
  async *artifacts(run: string, path?: string): AsyncGenerator<ArtifactEntry> {
    let cursor: string | undefined;
    do {
      const page = await this.call('artifact.list', { params: { run }, query: { path, cursor } });
      yield* page.items;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** The bytes of one file, as they come. */
  async download(
    run: string,
    path: string,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#transport.open(
      'artifact.get',
      { params: { run }, query: { path }, signal },
      0,
    );
    return response.body ?? new Blob([]).stream();
  }

  /** What changes, as it changes. A connection that breaks is taken up again where it was. */
  events(options: EventOptions = {}): AsyncGenerator<RecordedEvent> {
    return followEvents(this.#transport, options);
  }

  get #patience(): number {
    return this.#options.patience ?? 300_000;
  }

  #open(start: (key: string, signal: AbortSignal) => Promise<Started>): Run {
    if (this.#isClosed) throw new TypeError('the client is closed');
    const { maxQueuedPoints = 1_000_000, maxQueuedBytes = 64 * 2 ** 20, flushInterval = 500 } = this.#options;
    const run: Run = new Run({
      transport: this.#transport,
      start,
      limits: { points: Math.max(1, maxQueuedPoints), bytes: maxQueuedBytes },
      flushInterval,
      whenFull: this.#options.whenFull ?? 'drop-oldest',
      patience: this.#patience,
      now: Date.now,
      ended: () => this.#runs.delete(run),
      report: (error, willRetry) => this.#report(run, error, willRetry),
    });
    this.#runs.add(run);
    return run;
  }

  #report(run: Run, error: Error, willRetry: boolean): void {
    const { onError } = this.#options;
    if (onError !== undefined) onError(error, { run: run.id, willRetry });
    else if (!willRetry || !this.#isWarned) {
      // An outage is told once; what is lost each time.
      this.#isWarned ||= willRetry;
      console.warn(`cairn: ${error.message}${willRetry ? '; trying again' : ''}`);
    }
  }

  /** The experiment of this name, made where there is none; asked once by a client. */
  #experimentFor(name: string): Promise<string> {
    let found = this.#experiments.get(name);
    if (found === undefined) {
      found = this.#findOrMake(name);
      this.#experiments.set(name, found);
      found.catch(() => this.#experiments.delete(name));
    }
    return found;
  }

  async #findOrMake(name: string): Promise<string> {
    const found = await this.experimentId(name);
    if (found !== undefined) return found;
    try {
      return (await this.call('experiment.create', { body: { name } })).id;
    } catch (error) {
      // Somebody else was faster, or an answer was lost.
      const isTaken = error instanceof RequestError && error.code === 'already_exists';
      const made = isTaken ? await this.experimentId(name) : undefined;
      if (made === undefined) throw error;
      return made;
    }
  }

  /** A Node program has nothing left to do: runs end as it does, and what waits is delivered. */
  async #end(): Promise<void> {
    if (this.#isClosed) return;
    const isGood = program?.exitCode === undefined || program.exitCode === 0;
    const timeout = this.#options.exitPatience ?? 30_000;
    for (const run of this.#runs) void run.finish(isGood ? 'finished' : 'failed', { timeout });
    await this.close({ timeout }).catch((error: Error) => {
      console.warn(`cairn: not everything was delivered to ${this.url}: ${error.message}`);
    });
  }
}

/** When all have settled; rejects with the first that did. */
async function settled(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
