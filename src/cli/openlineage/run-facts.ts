/** What is known of a run, read from a server: all that its events are made of. */
import type { Cairn, Output, RunRecord } from '../../../sdk/src/index.ts';
import { pagesOf } from '../server-access.ts';

export type Run = RunRecord;
export type MetricSummary = Run['metrics'][string];
export type DatasetVersion = Output<'dataset-version.get'>;
export type LoggedModel = Output<'model.get'>;
export type ModelVersion = Output<'model-version.of-run'>['items'][number];
export type Deployment = Output<'deployment.list'>['items'][number];
type Lineage = Output<'run.lineage'>;

/** A run by the names that it has as a run of a job. */
export interface NamedRun {
  readonly run: Run;
  /** Name of its experiment. */
  readonly experiment: string;
}

export interface RunInput {
  readonly input: Lineage['inputs'][number];
  /** Its schema and figures. */
  readonly version: DatasetVersion;
}

export interface RunFacts extends NamedRun {
  /** The run that it is nested in, first; the one at the top last. */
  readonly ancestors: readonly NamedRun[];
  /** By their names. */
  readonly metrics: readonly (readonly [key: string, summary: MetricSummary])[];
  readonly inputs: readonly RunInput[];
  readonly modelsRead: readonly LoggedModel[];
  readonly modelsMade: readonly LoggedModel[];
  /** Versions of registered models that came from it, the earliest first. */
  readonly versions: readonly ModelVersion[];
  /** Of these and of the models that it made, the earliest begun first. */
  readonly deployments: readonly Deployment[];
}

const parentTag = 'mlflow.parentRunId';
/** Runs above one another that are followed. */
const mostAncestors = 100;

export class RunReader {
  readonly #cairn: Cairn;
  readonly #experiments = new Map<string, Promise<string>>();
  readonly #runs = new Map<string, Promise<Run | undefined>>();
  readonly #datasets = new Map<string, Promise<DatasetVersion>>();

  constructor(cairn: Cairn) {
    this.#cairn = cairn;
  }

  async factsOf(run: Run): Promise<RunFacts> {
    const cairn = this.#cairn;
    const params = { run: run.id };
    const { inputs, models } = await cairn.call('run.lineage', { params });
    const versions = await pagesOf(Infinity, (cursor) =>
      cairn.call('model-version.of-run', { params, query: { limit: 1000, cursor } }),
    );
    const modelsMade = await this.#models(models.out);
    const served = [
      ...modelsMade.map(({ id }) => `models:/${id}`),
      ...versions.map(({ model, version }) => `models:/${model}/${version}`),
    ];
    const deployments: Deployment[] = [];
    for (const model of served)
      deployments.push(
        ...(await pagesOf(Infinity, (cursor) =>
          cairn.call('deployment.list', { query: { model, limit: 1000, cursor } }),
        )),
      );
    return {
      run,
      experiment: await this.#experiment(run.experiment),
      ancestors: await this.#ancestors(run),
      metrics: await this.#metrics(run),
      inputs: await Promise.all(
        inputs.map(async (input) => ({ input, version: await this.#dataset(input.uid) })),
      ),
      modelsRead: await this.#models(models.in),
      modelsMade,
      versions: versions.sort((a, b) => a.created - b.created || (a.uid < b.uid ? -1 : 1)),
      deployments: deployments.sort((a, b) => a.started - b.started || (a.uid < b.uid ? -1 : 1)),
    };
  }

  /** Deleted ones are left out. */
  async #models(linked: Lineage['models']['in']): Promise<LoggedModel[]> {
    const there = linked.filter((model) => !model.deleted);
    return Promise.all(there.map(({ id }) => this.#cairn.call('model.get', { params: { model: id } })));
  }

  /** What comes with a run is not always all of them. */
  async #metrics(run: Run): Promise<(readonly [string, MetricSummary])[]> {
    const found = Object.entries(run.metrics);
    for (let cursor = run.moreMetrics; cursor !== undefined; ) {
      const query = { limit: 1000, cursor };
      const page = await this.#cairn.call('run.metrics', { params: { run: run.id }, query });
      for (const { key, ...summary } of page.items) found.push([key, summary]);
      cursor = page.cursor;
    }
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  async #ancestors(run: Run): Promise<NamedRun[]> {
    const found: NamedRun[] = [];
    const seen = new Set([run.id]);
    for (let id = run.tags[parentTag]; id && !seen.has(id) && found.length < mostAncestors; ) {
      seen.add(id);
      const parent = await this.#run(id);
      if (parent === undefined) break;
      found.push({ run: parent, experiment: await this.#experiment(parent.experiment) });
      id = parent.tags[parentTag];
    }
    return found;
  }

  /** Undefined where there is none: a tag may say anything. */
  #run(id: string): Promise<Run | undefined> {
    return known(this.#runs, id, async () => {
      const { RequestError } = await import('../../../sdk/src/index.ts');
      try {
        return await this.#cairn.getRun(id);
      } catch (error) {
        if (error instanceof RequestError && (error.status === 404 || error.status === 400)) return undefined;
        throw error;
      }
    });
  }

  #experiment(id: string): Promise<string> {
    return known(this.#experiments, id, async () => {
      const { name } = await this.#cairn.call('experiment.get', { params: { experiment: id } });
      return name;
    });
  }

  #dataset(uid: string): Promise<DatasetVersion> {
    return known(this.#datasets, uid, () =>
      this.#cairn.call('dataset-version.get', { params: { version: uid } }),
    );
  }
}

function known<T>(cache: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const found = cache.get(key) ?? load();
  // Runs that are exported one after the other share these; a bound keeps many from piling up.
  if (cache.size >= 10_000) cache.clear();
  cache.set(key, found);
  return found;
}
