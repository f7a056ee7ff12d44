/** The server that the demo logs to: whether it is one of ours and lets us in, and which of its pages to look at. */
import { UsageError } from '../config.ts';

/** The demo cannot log to that server; the message tells a person why and what to do. */
export class ServerUnfit extends Error {}

/** A page is: experiment, run (latest of that name) or the comparison of all runs of these names. */
const pages = [
  { experiment: 'digits-network', what: 'a network learns digits: curves by batch, system metrics, images' },
  {
    experiment: 'digits-network',
    runs: ['svm-degree-3'],
    what: 'a model with its signature, data and scores',
  },
  { experiment: 'breast-cancer-screening', what: 'a grid search with a child run for each candidate' },
  {
    experiment: 'breast-cancer-screening',
    runs: ['logistic-curves'],
    what: 'confusion matrix, ROC and precision-recall',
  },
  {
    experiment: 'diabetes-progression',
    what: 'boosting, two versions of a data set, a run that failed',
  },
  {
    experiment: 'wine-cultivars',
    runs: ['tree', 'forest', 'bayes', 'neighbors', 'logistic', 'svm'],
    what: 'six kinds of model compared',
  },
] as const satisfies readonly { experiment: string; runs?: readonly string[]; what: string }[];

interface Named {
  readonly id: string;
  readonly name: string;
}

export class DemoServer {
  readonly url: string;
  readonly #token: string | undefined;

  constructor(address: string, token: string | undefined) {
    const url = URL.parse(address);
    if (url === null || !['http:', 'https:'].includes(url.protocol)) {
      throw new UsageError(`--server must be an address like http://127.0.0.1:5000, not ${address}`);
    }
    this.url = address.replace(/\/+$/, '');
    this.#token = token;
  }

  /** What MLflow's client needs to know. */
  get clientEnvironment(): Readonly<Record<string, string>> {
    return {
      MLFLOW_TRACKING_URI: this.url,
      ...(this.#token === undefined ? {} : { MLFLOW_TRACKING_TOKEN: this.#token }),
    };
  }

  /** Throws unless a Cairn answers that lets us in. */
  async greet(): Promise<void> {
    const response = await this.#fetch('/api/v1/server').catch((error: Error) => {
      const why = error.cause instanceof Error ? error.cause.message : error.message;
      throw new ServerUnfit(
        `no server answers at ${this.url} (${why}).\nStart one in another terminal, \`cairn serve\` (in a clone: ` +
          '`npm start`), or name another with --server URL.',
      );
    });
    if (response.status === 401) {
      throw new ServerUnfit(
        this.#token === undefined
          ? `the server at ${this.url} asks for a token: set CAIRN_TOKEN to the one it was started with`
          : `the server at ${this.url} does not take the token of CAIRN_TOKEN`,
      );
    }
    const answer = (await response.json().catch(() => undefined)) as { name?: unknown } | undefined;
    if (answer?.name !== 'Cairn') {
      throw new ServerUnfit(
        `what answers at ${this.url} is not Cairn (status ${response.status}); name its address with --server URL`,
      );
    }
  }

  /** Whether anything still answers at the address. */
  async answers(): Promise<boolean> {
    return this.#fetch('/healthz').then(
      () => true,
      () => false,
    );
  }

  /** Where a live training can be watched. */
  async liveAddress(): Promise<string> {
    const experiments = await this.#experiments();
    const id = experiments.get('digits-network');
    return id === undefined ? `${this.url}/` : `${this.url}/experiments/${id}`;
  }

  /** Addresses worth a look, with what is there; only of what has been logged. */
  async pages(): Promise<(readonly [address: string, what: string])[]> {
    const experiments = await this.#experiments();
    const found: (readonly [string, string])[] = [];
    for (const page of pages) {
      const experiment = experiments.get(page.experiment);
      if (experiment === undefined) continue;
      if (!('runs' in page)) found.push([`${this.url}/experiments/${experiment}`, page.what]);
      else {
        const ids = await this.#latest(experiment, page.runs);
        if (ids.length < page.runs.length) continue;
        const where = ids.length === 1 ? `runs/${ids[0]}` : `compare?runs=${ids.join('%2C')}`;
        found.push([`${this.url}/${where}`, page.what]);
      }
    }
    return found.length === 0 ? [[`${this.url}/`, 'all experiments']] : found;
  }

  async #experiments(): Promise<ReadonlyMap<string, string>> {
    const { items } = await this.#read<{ items: Named[] }>('/api/v1/experiments?limit=1000');
    return new Map(items.map(({ id, name }) => [name, id]));
  }

  /** Ids of the latest run of each name. */
  async #latest(experiment: string, names: readonly string[]): Promise<string[]> {
    const filter = `name IN (${names.map((name) => `'${name}'`).join(', ')})`;
    const { items } = await this.#read<{ items: Named[] }>('/api/v1/runs/search', {
      experiments: [experiment],
      filter,
      order: ['started desc'],
      columns: { params: [], tags: [], metrics: [] },
    });
    return names.flatMap((name) => items.find((run) => run.name === name)?.id ?? []);
  }

  async #read<T>(path: string, body?: unknown): Promise<T> {
    const response = await this.#fetch(path, body);
    if (!response.ok)
      throw new ServerUnfit(`the server at ${this.url} answers ${path} with ${response.status}`);
    return (await response.json()) as T;
  }

  #fetch(path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      },
    });
  }
}
