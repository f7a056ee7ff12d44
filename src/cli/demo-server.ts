/** The server that the demo logs to: whether it is one of ours and lets us in, and which of its pages to look at. */
import { Cairn, RequestError } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import { ServerUnfit } from './server-unfit.ts';

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

export class DemoServer {
  readonly url: string;
  readonly #token: string | undefined;
  readonly #cairn: Cairn;

  constructor(address: string, token: string | undefined) {
    const url = URL.parse(address);
    if (url === null || !['http:', 'https:'].includes(url.protocol)) {
      throw new UsageError(`--server must be an address like http://127.0.0.1:5000, not ${address}`);
    }
    this.#token = token;
    this.#cairn = new Cairn({ url: address, ...(token !== undefined && { token }) });
    this.url = this.#cairn.url;
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
    let status = 200;
    try {
      if ((await this.#cairn.call('server.get', {})).name === 'Cairn') return;
    } catch (error) {
      // What answers something else than JSON is none of ours.
      if (error instanceof RequestError) status = this.#judge(error);
    }
    throw new ServerUnfit(
      `what answers at ${this.url} is not Cairn (status ${status}); name its address with --server URL`,
    );
  }

  /** The status of the answer, if there was one that may be another server's. */
  #judge({ status, message }: RequestError): number {
    if (status === undefined) {
      throw new ServerUnfit(
        `no server answers at ${this.url} (${message.slice(message.indexOf(': ') + 2)}).\nStart one in another terminal, ` +
          '`cairn serve` (in a clone: `npm start`), or name another with --server URL.',
      );
    }
    if (status === 401) {
      throw new ServerUnfit(
        this.#token === undefined
          ? `the server at ${this.url} asks for a token: set CAIRN_TOKEN to the one it was started with`
          : `the server at ${this.url} does not take the token of CAIRN_TOKEN`,
      );
    }
    return status;
  }

  /** Whether anything still answers at the address. */
  async answers(): Promise<boolean> {
    return this.#cairn.call('server.get', {}).then(
      () => true,
      (error) => !(error instanceof RequestError && error.status === undefined),
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
    found.push(...(await this.#pipeline()));
    return found.length === 0 ? [[`${this.url}/`, 'all experiments']] : found;
  }

  /** The nightly job, and where the model that learned from it serves. */
  async #pipeline(): Promise<(readonly [address: string, what: string])[]> {
    const { items } = await this.#cairn.call('job.list', { query: { search: 'churn.split', limit: 1 } });
    const endpoints = await this.#cairn.call('endpoint.list', { query: { search: 'prod/churn', limit: 1 } });
    return [
      ...items.map(
        ({ uid }) => [`${this.url}/jobs/${uid}`, 'a nightly job: what it reads and writes'] as const,
      ),
      ...endpoints.items.map(
        ({ name }) =>
          [
            `${this.url}/endpoint?name=${encodeURIComponent(name)}`,
            'what serves: a model that learned from what that job wrote',
          ] as const,
      ),
    ];
  }

  async #experiments(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for await (const { id, name } of this.#cairn.experiments()) found.set(name, id);
    return found;
  }

  /** Ids of the latest run of each name. */
  async #latest(experiment: string, names: readonly string[]): Promise<string[]> {
    const latest = new Map<string, string>();
    const search = {
      experimentIds: [experiment],
      filter: `name IN (${names.map((name) => `'${name}'`).join(', ')})`,
      order: ['started desc'],
      columns: { params: [], tags: [], metrics: [] },
    };
    for await (const { id, name } of this.#cairn.searchRuns(search)) {
      if (!latest.has(name)) latest.set(name, id);
      if (latest.size === names.length) break;
    }
    return names.flatMap((name) => latest.get(name) ?? []);
  }
}
