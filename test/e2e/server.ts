/** A server of one test file's own, and writers that fill it: the native API, and MLflow's as its client speaks it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { CairnCommand } from '../start/cairn-command.ts';

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
}

export class TestServer {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'cairn-e2e-'));
  readonly #options: ServerOptions;
  #command: CairnCommand | undefined;
  url = '';

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Also again after `stop`: on the same address and store. */
  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const command = new CairnCommand(['serve', '--port', port, '--data', this.#folder], this.#options);
    this.#command = command;
    this.url = (await command.ready()).replace(/\/$/, '');
  }

  async stop(): Promise<void> {
    await this.#command?.end();
    this.#command = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A call of the native API; throws what the server objects to. */
  async call<T = unknown>(method: string, operation: string, body?: unknown): Promise<T> {
    return this.#send<T>(method, `/api/v1${operation}`, body);
  }

  /** A call of MLflow's REST API. */
  async mlflow<T = unknown>(operation: string, body: unknown): Promise<T> {
    return this.#send<T>('POST', `/api/2.0/mlflow/${operation}`, body);
  }

  /** Stores a file of a run, or of a logged model (by the place its artifacts have in the tree). */
  async putFile(
    owner: string | { readonly tree: string },
    name: string,
    body: string | Uint8Array,
  ): Promise<void> {
    const address =
      typeof owner === 'string'
        ? `/api/v1/runs/${owner}/artifacts?path=${encodeURIComponent(name)}`
        : `/api/2.0/mlflow-artifacts/artifacts/${owner.tree}/${name}`;
    const token = this.#options.env?.CAIRN_TOKEN;
    const response = await fetch(`${this.url}${address}`, {
      method: 'PUT',
      headers: {
        'content-type': 'application/octet-stream',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: typeof body === 'string' ? body : Uint8Array.from(body),
    });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  }

  async #send<T>(method: string, address: string, body: unknown): Promise<T> {
    const token = this.#options.env?.CAIRN_TOKEN;
    const response = await fetch(`${this.url}${address}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${address}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

/** Started now, gone after the tests of the file. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const server = new TestServer(options);
  after(() => server.dispose());
  await server.start();
  return server;
}

export interface SeededRun {
  readonly name: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Values by step, from step 0 on. */
  readonly metrics?: Readonly<Record<string, readonly (number | string)[]>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly started?: number;
  /** ms */
  readonly duration?: number;
  readonly state?: 'running' | 'finished' | 'failed' | 'killed';
  readonly user?: string;
}

/** Resolves to the id of the new experiment. */
export async function createExperiment(server: TestServer, name: string): Promise<string> {
  const { id } = await server.call<{ id: string }>('POST', '/experiments', { name });
  return id;
}

/** Resolves to the id of the new run. */
export async function createRun(server: TestServer, experiment: string, run: SeededRun): Promise<string> {
  const started = run.started ?? Date.now();
  const { id } = await server.call<{ id: string }>('POST', '/runs', {
    experiment,
    name: run.name,
    started,
    user: run.user ?? 'ada',
  });
  const list = (values: Readonly<Record<string, string>> = {}) =>
    Object.entries(values).map(([key, value]) => ({ key, value }));
  await server.call('POST', `/runs/${id}/log`, {
    params: list(run.params),
    tags: list(run.tags),
    metrics: Object.entries(run.metrics ?? {}).flatMap(([key, values]) =>
      values.map((value, step) => ({ key, value, step, time: started + step * 1000 })),
    ),
  });
  const state = run.state ?? 'finished';
  if (state !== 'running')
    await server.call('PATCH', `/runs/${id}`, { state, ended: started + (run.duration ?? 250_000) });
  return id;
}

/** Creates them in this order, a few at a time; resolves to their ids. */
export async function createRuns(
  server: TestServer,
  experiment: string,
  runs: readonly SeededRun[],
): Promise<string[]> {
  const ids: string[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < runs.length; index = next++)
      ids[index] = await createRun(server, experiment, runs[index]!);
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return ids;
}
