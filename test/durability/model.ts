/** What the server must hold after the writes it acknowledged: a plain state, to which effects are applied one by one. */
import type { Effect, Pair, Point } from './load/effect.ts';

export interface ModelRun {
  readonly id: string;
  readonly experiment: string;
  name: string;
  readonly user: string;
  readonly started: number;
  state: string;
  ended: number | null;
  deleted: boolean;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  /** Key → step → point. Writers never use a step twice. */
  readonly series: Map<string, Map<number, Point>>;
}

export interface ModelExperiment {
  readonly id: string;
  name: string;
  deleted: boolean;
  readonly tags: Map<string, string>;
}

export class Model {
  readonly runs = new Map<string, ModelRun>();
  readonly experiments = new Map<string, ModelExperiment>();

  /** `id` is that of the run or experiment that was made, for effects that make one. */
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
      default:
        this.#applyToRun(this.run(effect.run), effect);
    }
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

  #applyToRun(run: ModelRun, effect: RunEffect): void {
    switch (effect.type) {
      case 'log':
        for (const point of effect.points) this.#addPoint(run, point);
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
    }
  }

  #addPoint(run: ModelRun, point: Point): void {
    const series = run.series.get(point.key) ?? new Map<number, Point>();
    series.set(point.step, point);
    run.series.set(point.key, series);
  }
}

type RunEffect = Extract<Effect, { run: string }>;

/** The run an effect changes, and the series it adds to. */
export function touches(effect: Effect): { run?: string; experiment?: string; keys: readonly string[] } {
  if (effect.type === 'log')
    return { run: effect.run, keys: [...new Set(effect.points.map((point) => point.key))] };
  if ('run' in effect) return { run: effect.run, keys: [] };
  if (effect.type !== 'run' && 'experiment' in effect) return { experiment: effect.experiment, keys: [] };
  return { keys: [] };
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
    params: new Map(),
    tags: mapOf(tags).set('mlflow.runName', name),
    series: new Map(),
  };
}

function mapOf(pairs: readonly Pair[]): Map<string, string> {
  return new Map(pairs.map(({ key, value }) => [key, value]));
}
