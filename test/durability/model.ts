/** What the server must hold after the writes it acknowledged: a plain state, to which effects are applied one by one. */
import type {
  Content,
  DatasetInput,
  Effect,
  Measured,
  ModelStatus,
  Owner,
  Pair,
  Point,
  RegistryEffect,
} from './load/effect.ts';

export interface ModelRun {
  readonly id: string;
  readonly experiment: string;
  name: string;
  readonly user: string;
  readonly started: number;
  state: string;
  ended: number | null;
  deleted: boolean;
  purged: boolean;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  /** Key → step → point. Writers never use a step twice. */
  readonly series: Map<string, Map<number, Point>>;
  readonly files: Map<string, Content>;
  /** By name and digest. */
  readonly datasets: Map<string, DatasetInput>;
  /** Ids of logged models. */
  readonly modelInputs: Set<string>;
  /** Id → step. */
  readonly modelOutputs: Map<string, number>;
}

/** A logged model. */
export interface ModelModel {
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  readonly kind: string;
  readonly sourceRun: string;
  status: ModelStatus;
  deleted: boolean;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly files: Map<string, Content>;
  /** Points of each metric, run and dataset, as `seriesOfModel` names these. */
  readonly points: Map<string, Point[]>;
}

export interface ModelRegistered {
  readonly name: string;
  readonly tags: Map<string, string>;
  /** By number. */
  readonly versions: Map<
    number,
    { readonly source: string; readonly tags: Map<string, string>; stage: string }
  >;
  /** Alias → number. */
  readonly aliases: Map<string, number>;
  deleted: boolean;
}

export function seriesOfModel(
  key: string,
  run: string,
  dataset: { readonly name: string; readonly digest: string } | null | undefined,
): string {
  return JSON.stringify([key, run, dataset?.name ?? null, dataset?.digest ?? null]);
}

export const datasetKey = (name: string, digest: string): string => JSON.stringify([name, digest]);

export interface ModelExperiment {
  readonly id: string;
  name: string;
  deleted: boolean;
  readonly tags: Map<string, string>;
}

export class Model {
  readonly runs = new Map<string, ModelRun>();
  readonly experiments = new Map<string, ModelExperiment>();
  readonly models = new Map<string, ModelModel>();
  /** By name. */
  readonly registered = new Map<string, ModelRegistered>();

  /** `id` is that of the run, model or experiment that was made, for effects that make one. */
  apply(effect: Effect, id: string): void {
    switch (effect.type) {
      case 'experiment':
        this.experiments.set(id, { id, name: effect.name, deleted: false, tags: mapOf(effect.tags) });
        return;
      case 'experiment-tag':
        this.experiment(effect.experiment).tags.set(effect.tag.key, effect.tag.value);
        return;
      case 'experiment-name':
        this.experiment(effect.experiment).name = effect.name;
        return;
      case 'experiment-lifecycle':
        this.experiment(effect.experiment).deleted = effect.deleted;
        return;
      case 'run':
        this.runs.set(id, newRun(effect, id));
        return;
      case 'model':
        this.models.set(id, newModel(effect, id));
        return;
      case 'file':
        this.owner(effect.owner).files.set(effect.path, effect.content);
        return;
      case 'unfile': {
        const { files } = this.owner(effect.owner);
        for (const path of filesBelow(files.keys(), effect.path)) files.delete(path);
        return;
      }
      case 'model-params':
        for (const { key, value } of effect.params) this.model(effect.model).params.set(key, value);
        return;
      case 'model-tag':
        this.model(effect.model).tags.set(effect.tag.key, effect.tag.value);
        return;
      case 'model-untag':
        this.model(effect.model).tags.delete(effect.key);
        return;
      case 'model-status':
        this.model(effect.model).status = effect.status;
        return;
      case 'model-delete':
        this.model(effect.model).deleted = true;
        return;
      case 'registered':
      case 'version':
      case 'alias':
      case 'stage':
      case 'version-delete':
      case 'registered-delete':
        this.#applyToRegistry(effect);
        return;
      default:
        this.#applyToRun(this.run(effect.run), effect);
    }
  }

  owner({ kind, id }: Owner): ModelRun | ModelModel {
    return kind === 'run' ? this.run(id) : this.model(id);
  }

  model(id: string): ModelModel {
    const model = this.models.get(id);
    if (model === undefined) throw new Error(`the model has no logged model ${id}`);
    return model;
  }

  run(id: string): ModelRun {
    const run = this.runs.get(id);
    if (run === undefined) throw new Error(`the model has no run ${id}`);
    return run;
  }

  experiment(id: string): ModelExperiment {
    const experiment = this.experiments.get(id);
    if (experiment === undefined) throw new Error(`the model has no experiment ${id}`);
    return experiment;
  }

  registeredModel(name: string): ModelRegistered {
    const model = this.registered.get(name);
    if (model === undefined) throw new Error(`the model has no registered model ${name}`);
    return model;
  }

  #applyToRegistry(effect: RegistryEffect): void {
    if (effect.type === 'registered') {
      const { registered: name, tags } = effect;
      const made = { name, tags: mapOf(tags), versions: new Map(), aliases: new Map(), deleted: false };
      this.registered.set(name, made);
      return;
    }
    const { versions, aliases } = this.registeredModel(effect.registered);
    switch (effect.type) {
      case 'version':
        versions.set(effect.version, { source: effect.source, tags: mapOf(effect.tags), stage: 'None' });
        return;
      case 'alias':
        aliases.set(effect.alias, effect.version);
        return;
      case 'stage':
        versions.get(effect.version)!.stage = effect.stage;
        return;
      case 'version-delete':
        versions.delete(effect.version);
        for (const [alias, version] of aliases) if (version === effect.version) aliases.delete(alias);
        return;
      case 'registered-delete':
        this.registeredModel(effect.registered).deleted = true;
    }
  }

  #applyToRun(run: ModelRun, effect: RunEffect): void {
    switch (effect.type) {
      case 'log':
        for (const point of effect.points) this.#addPoint(run, point);
        if (effect.measures !== undefined) this.#measure(effect, effect.measures);
        for (const { key, value } of effect.params) run.params.set(key, value);
        for (const { key, value } of effect.tags) run.tags.set(key, value);
        return;
      case 'tag':
        run.tags.set(effect.tag.key, effect.tag.value);
        return;
      case 'untag':
        run.tags.delete(effect.key);
        return;
      case 'update':
        Object.assign(run, { state: effect.state, ended: effect.ended, name: effect.name });
        run.tags.set('mlflow.runName', effect.name);
        return;
      case 'lifecycle':
        run.deleted = effect.deleted;
        return;
      case 'purge':
        run.purged = true;
        return;
      case 'inputs':
        // What is recorded already stays as it was first written.
        for (const input of effect.datasets) {
          const key = datasetKey(input.name, input.digest);
          if (!run.datasets.has(key)) run.datasets.set(key, input);
        }
        for (const id of effect.models) run.modelInputs.add(id);
        return;
      case 'outputs':
        for (const { model, step } of effect.models) {
          if (!run.modelOutputs.has(model)) run.modelOutputs.set(model, step);
        }
    }
  }

  #measure({ run, points }: Extract<Effect, { type: 'log' }>, { model, dataset }: Measured): void {
    const series = this.model(model).points;
    for (const point of points) {
      const name = seriesOfModel(point.key, run, dataset);
      series.set(name, [...(series.get(name) ?? []), point]);
    }
  }

  #addPoint(run: ModelRun, point: Point): void {
    const series = run.series.get(point.key) ?? new Map<number, Point>();
    series.set(point.step, point);
    run.series.set(point.key, series);
  }
}

type RunEffect = Extract<Effect, { run: string }>;

export interface Touched {
  readonly run?: string;
  readonly model?: string;
  readonly experiment?: string;
  /** Name of a registered model. */
  readonly registered?: string;
  /** Series of the run. */
  readonly keys?: readonly string[];
  /** Files of the run or model. */
  readonly paths?: readonly string[];
}

/** What an effect changes of what is there. */
export function touches(effect: Effect): Touched {
  switch (effect.type) {
    case 'run':
    case 'model':
    case 'experiment':
      return {};
    case 'log':
      return {
        run: effect.run,
        keys: [...new Set(effect.points.map((point) => point.key))],
        ...(effect.measures !== undefined && { model: effect.measures.model }),
      };
    case 'file':
    case 'unfile':
      return { [effect.owner.kind]: effect.owner.id, paths: [effect.path] };
    default:
      if ('registered' in effect) return { registered: effect.registered };
      if ('run' in effect) return { run: effect.run };
      return 'model' in effect ? { model: effect.model } : { experiment: effect.experiment };
  }
}

/** The file itself, or all that a folder holds. */
export function filesBelow(paths: Iterable<string>, path: string): string[] {
  return [...paths].filter((file) => file === path || file.startsWith(`${path}/`));
}

function newRun(effect: Extract<Effect, { type: 'run' }>, id: string): ModelRun {
  const { experiment, name, user, started, tags } = effect;
  return {
    id,
    experiment,
    name,
    user,
    started,
    state: 'running',
    ended: null,
    deleted: false,
    purged: false,
    params: new Map(),
    tags: mapOf(tags).set('mlflow.runName', name),
    series: new Map(),
    files: new Map(),
    datasets: new Map(),
    modelInputs: new Set(),
    modelOutputs: new Map(),
  };
}

function newModel(effect: Extract<Effect, { type: 'model' }>, id: string): ModelModel {
  const { experiment, name, kind, sourceRun, params, tags } = effect;
  return {
    ...{ id, experiment, name, kind, sourceRun, params: mapOf(params), tags: mapOf(tags) },
    status: 'pending',
    deleted: false,
    files: new Map(),
    points: new Map(),
  };
}

function mapOf(pairs: readonly Pair[]): Map<string, string> {
  return new Map(pairs.map(({ key, value }) => [key, value]));
}
