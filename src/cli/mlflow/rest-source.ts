/** A running MLflow server, by its REST: slower than its database, for those who cannot reach that. Runs come in the server's order. */
import type { ExperimentRecord, LinkRecord, RegisteredRecord } from '../../domain/transfer/index.ts';
import { PointBuilder, type PointColumns, PointGroups } from '../../engines/metrics/index.ts';
import { CairnError } from '../../kernel/errors.ts';
import {
  instant,
  int,
  lifecycle,
  modelId,
  optionalInstant,
  runId,
  runState,
  text,
  Unreadable,
} from './fields.ts';
import { Problems } from './problems.ts';
import {
  type ArtifactPlace,
  pointsOfPage,
  type Source,
  type SourceExperiment,
  type SourceModel,
  type SourcePage,
  type SourceRun,
  type Survey,
} from './source.ts';

/** JSON of another program. */
type Json = string | number | bigint | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type Fields = Readonly<Record<string, Json | undefined>>;

const runsOfPage = 200;
const historyOfPage = 25_000;
const stages = ['None', 'Staging', 'Production', 'Archived'] as const;

export class RestSource implements Source {
  readonly name: string;
  readonly problems = new Problems();
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #shown: Promise<ReadonlySet<string>> | undefined;

  /** `env` holds what MLflow's own clients read: a token, or user and password. */
  constructor(address: string, env: Readonly<Record<string, string | undefined>>) {
    const url = new URL(address);
    const user = decodeURIComponent(url.username) || env.MLFLOW_TRACKING_USERNAME;
    const password = decodeURIComponent(url.password) || env.MLFLOW_TRACKING_PASSWORD;
    url.username = '';
    url.password = '';
    this.#url = url.href.replace(/\/+$/, '');
    this.name = this.#url;
    const basic =
      user === undefined ? undefined : Buffer.from(`${user}:${password ?? ''}`).toString('base64');
    const token = env.MLFLOW_TRACKING_TOKEN;
    this.#headers = {
      'content-type': 'application/json',
      ...(basic !== undefined
        ? { authorization: `Basic ${basic}` }
        : token && { authorization: `Bearer ${token}` }),
    };
  }

  async survey(): Promise<Survey> {
    let experiments = 0;
    for await (const page of this.experiments()) experiments += page.length;
    const unheld = [
      { what: 'kinds a server does not list whole: traces, scorers, deleted logged models', count: 1 },
    ];
    return { description: `MLflow server at ${this.#url}`, experiments, runs: 0, unheld };
  }

  async countRuns(): Promise<number> {
    return 0;
  }

  async *experiments(): AsyncGenerator<readonly SourceExperiment[]> {
    const ask = { max_results: 1_000, view_type: 'ALL' };
    for await (const page of this.#pages('experiments/search', ask, 'experiments')) {
      yield page.flatMap((found): SourceExperiment[] => {
        const id = told(found.experiment_id);
        const record = this.problems.guard(`experiment ${id}`, (): ExperimentRecord => {
          const created = instant(value(found.creation_time), 'an experiment made at a time');
          return {
            id,
            name: told(found.name),
            location: told(found.artifact_location) || `mlflow-artifacts:/${id}`,
            lifecycle: lifecycle(value(found.lifecycle_stage)),
            created,
            updated:
              optionalInstant(value(found.last_update_time), 'an experiment changed at a time') ?? created,
            tags: pairs(found.tags),
          };
        });
        return record === undefined ? [] : [{ record }];
      });
    }
  }

  async *runs(experiment: string): AsyncGenerator<SourcePage<SourceRun>> {
    for await (const page of this.#runPages(experiment)) {
      let items: SourceRun[] = [];
      let size = 0;
      for (const found of page) {
        const { info = {}, data = {}, inputs = {} } = found as Readonly<Record<string, Fields>>;
        const id = told(info.run_id);
        const record = this.problems.guard(`run ${id}`, () => runRecord(info, data, inputs));
        if (record === undefined) continue;
        let continues = false;
        let series: SourceRun['series'][number][] = [];
        for (const metric of list(data.metrics)) {
          const key = told(metric.key);
          for await (const points of this.#history(id, key)) {
            series.push({ key, points });
            size += points.values.length;
            if (size < pointsOfPage) continue;
            yield { items: [...items, { record, series, continues }], after: '' };
            [items, series, size, continues] = [[], [], 0, true];
          }
        }
        items.push({ record, series, continues });
      }
      // The order is the server's: a move that is cut off begins the experiment anew, which doubles nothing.
      yield { items, after: '' };
    }
  }

  #runPages(experiment: string): AsyncGenerator<readonly Fields[]> {
    const ask = { experiment_ids: [experiment], run_view_type: 'ALL', max_results: runsOfPage };
    return this.#pages('runs/search', ask, 'runs');
  }

  async *#history(run: string, key: string): AsyncGenerator<PointColumns> {
    const query = { run_id: run, metric_key: key, max_results: String(historyOfPage) };
    for await (const page of this.#pages('metrics/get-history', query, 'metrics', 'GET')) {
      const builder = new PointBuilder(page.length || 1);
      for (const { value: written, step = 0, timestamp } of page) {
        this.problems.guard(`metric ${key} of run ${run}`, () =>
          builder.push(
            Number(written),
            int(value(step), 'a step'),
            int(value(timestamp), 'a time of a point'),
          ),
        );
      }
      if (builder.length > 0) yield builder.finish();
    }
  }

  async *models(experiment: string): AsyncGenerator<SourcePage<SourceModel>> {
    const ask = { experiment_ids: [experiment], max_results: 50 };
    for await (const page of this.#pages('logged-models/search', ask, 'models')) {
      const items = page.flatMap((found): SourceModel[] => {
        const { info = {}, data = {} } = found as Readonly<Record<string, Fields>>;
        const model = this.problems.guard(`logged model ${told(info.model_id)}`, () => modelOf(info, data));
        return model === undefined ? [] : [model];
      });
      yield { items, after: '' };
    }
  }

  async *links(experiment: string): AsyncGenerator<readonly LinkRecord[]> {
    const shown = await this.#shownModels();
    for await (const page of this.#runPages(experiment)) {
      yield page.flatMap((found): LinkRecord[] => {
        const { info = {}, inputs = {}, outputs = {} } = found as Readonly<Record<string, Fields>>;
        const run = told(info.run_id);
        const read = list(inputs.model_inputs).map(({ model_id }) => ({
          role: 'input' as const,
          model: told(model_id),
          step: '0',
        }));
        const made = list(outputs.model_outputs).map(({ model_id, step = 0 }) => ({
          ...{ role: 'output' as const, model: told(model_id), step: String(step) },
        }));
        return [...read, ...made].flatMap((link) => {
          if (shown.has(link.model)) return { run, ...link };
          this.problems.add(
            'a link to a logged model that the server does not show, for it is deleted',
            link.model,
          );
          return [];
        });
      });
    }
  }

  /** Ids of the logged models that the server lists: not the deleted ones. */
  #shownModels(): Promise<ReadonlySet<string>> {
    this.#shown ??= (async () => {
      const ids = new Set<string>();
      for await (const experiments of this.experiments()) {
        for (const { record } of experiments)
          for await (const { items } of this.models(record.id))
            for (const model of items) ids.add(model.record.id);
      }
      return ids;
    })();
    return this.#shown;
  }

  /** Numbers that are missing below the greatest are those of deleted versions. */
  async *registered(): AsyncGenerator<readonly RegisteredRecord[]> {
    const models = this.#pages(
      'registered-models/search',
      { max_results: '100' },
      'registered_models',
      'GET',
    );
    for await (const page of models) {
      for (const found of page) {
        const name = told(found.name);
        const filter = `name='${name.replaceAll("'", "''")}'`;
        const versions: Fields[] = [];
        const query = { filter, max_results: '1000' };
        for await (const some of this.#pages('model-versions/search', query, 'model_versions', 'GET'))
          versions.push(...some);
        const record = this.problems.guard(`registered model ${name}`, () => registeredOf(found, versions));
        if (record !== undefined) yield [record];
      }
    }
  }

  async *places(experiment: string): AsyncGenerator<readonly ArtifactPlace[]> {
    for await (const page of this.#runPages(experiment)) {
      yield page.map((found) => {
        const { info = {} } = found as Readonly<Record<string, Fields>>;
        return { owner: 'run', id: told(info.run_id), uri: told(info.artifact_uri) };
      });
    }
  }

  async close(): Promise<void> {}

  async *#pages(
    path: string,
    ask: Readonly<Record<string, unknown>>,
    field: string,
    method: 'GET' | 'POST' = 'POST',
  ): AsyncGenerator<readonly Fields[]> {
    for (let token = ''; ; ) {
      const whole = token === '' ? ask : { ...ask, page_token: token };
      const found = await this.#ask(path, whole, method);
      yield list(found[field]);
      const next = told(found.next_page_token);
      if (next === '' || next === token) return;
      token = next;
    }
  }

  async #ask(path: string, ask: Readonly<Record<string, unknown>>, method: 'GET' | 'POST'): Promise<Fields> {
    const query = method === 'GET' ? `?${new URLSearchParams(ask as Record<string, string>)}` : '';
    const response = await fetch(`${this.#url}/api/2.0/mlflow/${path}${query}`, {
      method,
      headers: this.#headers,
      // What it answers is read, wherever it would rather send us.
      redirect: 'error',
      ...(method === 'POST' && { body: JSON.stringify(ask) }),
    }).catch((error: Error) => {
      const why = error.cause instanceof Error ? error.cause.message : error.message;
      throw new CairnError('unavailable', `no MLflow server answers at ${this.#url} (${why})`);
    });
    const body = await response.text();
    if (!response.ok) {
      const hint =
        response.status === 401
          ? '; set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD'
          : '';
      throw new CairnError(
        'failed_precondition',
        `${this.#url} answers ${path} with ${response.status}${hint}`,
      );
    }
    // NaN stands bare in what old servers say.
    return JSON.parse(
      body.replaceAll(/(?<=[:[,]\s*)(NaN|-?Infinity)(?=\s*[,}\]])/g, '"$1"'),
      exact,
    ) as Fields;
  }
}

/** Whole numbers beyond 2^53 stay whole. */
function exact(_key: string, parsed: unknown, { source = '' }: { source?: string } = {}): unknown {
  if (typeof parsed !== 'number' || Number.isSafeInteger(parsed) || !/^-?\d{1,19}$/.test(source))
    return parsed;
  return BigInt(source);
}

const list = (found: Json | undefined): readonly Fields[] => (Array.isArray(found) ? found : []);
const value = (found: Json | undefined) => (typeof found === 'object' ? undefined : found);
const told = (found: Json | undefined): string => text(value(found) ?? null);
const pairs = (found: Json | undefined): [string, string][] =>
  list(found).map((pair) => [told(pair.key), told(pair.value)]);

function runRecord(info: Fields, data: Fields, inputs: Fields): SourceRun['record'] {
  return {
    id: runId(value(info.run_id)),
    name: told(info.run_name),
    user: told(info.user_id),
    state: runState(value(info.status)),
    started: instant(value(info.start_time), 'a run that began at a time'),
    ended: optionalInstant(value(info.end_time), 'a run that ended at a time'),
    lifecycle: lifecycle(value(info.lifecycle_stage)),
    // A server does not tell when.
    deleted: null,
    params: pairs(data.params),
    tags: pairs(data.tags),
    inputs: list(inputs.dataset_inputs).map((input) => {
      const dataset = input.dataset as Fields;
      return {
        name: told(dataset.name),
        digest: told(dataset.digest),
        sourceType: told(dataset.source_type),
        source: told(dataset.source),
        ...(dataset.schema !== undefined && { schema: told(dataset.schema) }),
        ...(dataset.profile !== undefined && { profile: told(dataset.profile) }),
        tags: pairs(input.tags),
      };
    }),
  };
}

function modelOf(info: Fields, data: Fields): SourceModel {
  const groups = new PointGroups<string>();
  for (const metric of list(data.metrics)) {
    const dataset =
      metric.dataset_name === undefined ? null : [told(metric.dataset_name), told(metric.dataset_digest)];
    const name = JSON.stringify([told(metric.key), told(metric.run_id), dataset]);
    groups.add(
      name,
      Number(metric.value),
      int(value(metric.step ?? 0), 'a step'),
      int(value(metric.timestamp), 'a time of a point'),
    );
  }
  const states = {
    LOGGED_MODEL_PENDING: 'pending',
    LOGGED_MODEL_READY: 'ready',
    LOGGED_MODEL_UPLOAD_FAILED: 'failed',
  } as const;
  return {
    record: {
      id: modelId(told(info.model_id)),
      name: told(info.name),
      type: told(info.model_type),
      sourceRun: told(info.source_run_id),
      state: states[told(info.status) as keyof typeof states] ?? 'pending',
      message: told(info.status_message),
      created: instant(value(info.creation_timestamp_ms), 'a logged model made at a time'),
      updated: instant(value(info.last_updated_timestamp_ms), 'a logged model changed at a time'),
      lifecycle: 'active',
      params: pairs(data.params),
      tags: pairs(info.tags),
    },
    series: groups.finish().map(([name, points]) => {
      const [key, run, dataset] = JSON.parse(name) as [string, string, [string, string] | null];
      return { key, run, dataset: dataset ?? undefined, points };
    }),
  };
}

function registeredOf(found: Fields, versions: readonly Fields[]): RegisteredRecord {
  const created = instant(value(found.creation_timestamp), 'a registered model made at a time');
  const numbers = versions.map(({ version }) => Number(version));
  const greatest = Math.max(0, ...numbers);
  return {
    name: told(found.name),
    ...(found.description !== undefined && { description: told(found.description) }),
    created,
    updated:
      optionalInstant(value(found.last_updated_timestamp), 'a registered model changed at a time') ?? created,
    tags: pairs(found.tags),
    aliases: list(found.aliases).map(({ alias, version }) => [told(alias), told(version)]),
    versions: versions.map((version) => {
      const stage = stages.find((known) => known === (told(version.current_stage) || 'None'));
      if (stage === undefined) throw new Unreadable('a version in a stage that MLflow does not know');
      const made = instant(value(version.creation_timestamp), 'a version made at a time');
      const source = told(version.source);
      return {
        version: Number(version.version),
        ...(version.description !== undefined && { description: told(version.description) }),
        created: made,
        updated:
          optionalInstant(value(version.last_updated_timestamp), 'a version changed at a time') ?? made,
        creator: told(version.user_id),
        stage,
        source,
        location: source,
        run: told(version.run_id),
        runLink: told(version.run_link),
        loggedModel: told(version.model_id),
        tags: pairs(version.tags),
      };
    }),
    deleted: Array.from({ length: greatest }, (_, index) => index + 1).filter(
      (number) => !numbers.includes(number),
    ),
  };
}
