/**
 * Writers of every kind of change. Each is a small client with state: `next` is the request it sends now, `learn` is told
 * the answer. Everything a writer sends follows from the seed and from the answers it got.
 */
import type { Random } from '../../conformance/generated/random.ts';
import type { Effect, Pair, Point } from './effect.ts';
import type { Answer, Write } from './ledger.ts';

export interface Writer {
  readonly name: string;
  next(): Write;
  learn(write: Write, answer: Answer): void;
}

/** What all writers write to beside their own: made before the first round. */
export interface Stage {
  readonly experiment: string;
  readonly run: string;
}

type Message = { readonly [name: string]: unknown };
type Half = Pick<Write, 'method' | 'path' | 'body' | 'effect'> & { readonly keyed?: boolean };

/** Requests of a writer to one run, after which it begins another. */
const requestsPerRun = 1500;
const firstTime = 1_760_000_000_000;

abstract class Sequence implements Writer {
  readonly name: string;
  protected readonly random: Random;
  protected readonly stage: Stage;
  protected count = 0;
  #id = '';

  constructor(name: string, random: Random, stage: Stage) {
    this.name = name;
    this.random = random;
    this.stage = stage;
  }

  /** Unique in the test; part of every value that this request sets. */
  protected get id(): string {
    return this.#id;
  }

  next(): Write {
    this.count += 1;
    this.#id = `${this.name}.${this.count}`;
    const { keyed, ...half } = this.step();
    return { id: this.#id, kind: this.name, idempotencyKey: keyed ? `key ${this.#id}` : undefined, ...half };
  }

  learn(_write: Write, _answer: Answer): void {}

  protected abstract step(): Half;
}

/** A writer to a run, which it makes first: its own, or the one that all share. */
abstract class RunWriter extends Sequence {
  #run: string | undefined;
  #left = requestsPerRun;

  protected get sharesRun(): boolean {
    return this.name.endsWith('-shared');
  }

  protected step(): Half {
    if (this.#left === 0) this.#run = undefined;
    const run = this.sharesRun ? this.stage.run : this.#run;
    if (run === undefined) return createRun(this.stage.experiment, this.id, this.random);
    this.#left -= 1;
    return this.write(run);
  }

  override learn(write: Write, answer: Answer): void {
    if (write.effect.type !== 'run') return;
    this.#run = JSON.parse(answer.text).run.info.run_id;
    this.#left = requestsPerRun;
  }

  protected abstract write(run: string): Half;
}

class CreateExperiment extends Sequence {
  protected step(): Half {
    const tags = [{ key: 'made.by', value: this.id }];
    const effect: Effect = { type: 'experiment', name: `experiment ${this.id}`, tags };
    return mlflow('experiments/create', { name: effect.name, tags }, effect);
  }
}

class CreateExperimentNatively extends Sequence {
  protected step(): Half {
    const effect: Effect = {
      type: 'experiment',
      name: `é ${this.id}`,
      tags: [{ key: 'made.by', value: this.id }],
    };
    return native('POST', 'experiments', { name: effect.name, tags: effect.tags }, effect, true);
  }
}

class CreateRun extends Sequence {
  protected step(): Half {
    return createRun(this.stage.experiment, this.id, this.random);
  }
}

class CreateRunNatively extends Sequence {
  protected step(): Half {
    const { experiment } = this.stage;
    const tags = pairs('made', this.random.below(6), this.id);
    const effect: Effect = {
      type: 'run',
      experiment,
      name: this.id,
      user: 'zoë',
      started: firstTime + this.count,
      tags,
    };
    const { name, user, started } = effect;
    return native('POST', 'runs', { experiment, name, user, started, tags }, effect, true);
  }
}

class LogMetric extends RunWriter {
  protected write(run: string): Half {
    // Two writers of the shared run write the same metric: their steps never meet.
    const offset = this.name.startsWith('second') ? 1 : 0;
    const point = pointOf(this.random, 'loss', this.count * 2 + offset);
    const { key, step } = point;
    const body = { run_id: run, key, value: wireValue(point), timestamp: point.time, step };
    return mlflow('runs/log-metric', body, { type: 'log', run, points: [point], params: [], tags: [] });
  }
}

class LogParameter extends RunWriter {
  protected write(run: string): Half {
    const param = { key: `param/${this.id}`, value: textOf(this.random, this.id) };
    return mlflow(
      'runs/log-parameter',
      { run_id: run, ...param },
      { type: 'log', run, points: [], params: [param], tags: [] },
    );
  }
}

class SetTag extends RunWriter {
  protected write(run: string): Half {
    const tag = { key: `tag ${this.name} ${this.random.below(5)}`, value: textOf(this.random, this.id) };
    return mlflow('runs/set-tag', { run_id: run, ...tag }, { type: 'tag', run, tag });
  }
}

/** Sets tags and takes them away again. */
class DeleteTag extends RunWriter {
  #pending: { readonly run: string; readonly key: string } | undefined;

  protected write(run: string): Half {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending !== undefined) {
      const { run, key } = pending;
      return mlflow('runs/delete-tag', { run_id: run, key }, { type: 'untag', run, key });
    }
    const tag = { key: `short-lived.${this.id}`, value: this.id };
    this.#pending = { run, key: tag.key };
    return mlflow('runs/set-tag', { run_id: run, ...tag }, { type: 'tag', run, tag });
  }
}

class LogBatch extends RunWriter {
  protected write(run: string): Half {
    const large = this.name.startsWith('large');
    const effect = batchOf(
      this.random,
      this.name,
      this.id,
      run,
      this.count,
      large ? 200 : 12,
      large ? 40 : 2,
    );
    const metrics = effect.points.map((point) => ({
      key: point.key,
      value: wireValue(point),
      timestamp: point.time,
      step: point.step,
    }));
    return mlflow(
      'runs/log-batch',
      { run_id: run, metrics, params: effect.params, tags: effect.tags },
      effect,
    );
  }
}

class LogNatively extends RunWriter {
  protected write(run: string): Half {
    const effect = batchOf(
      this.random,
      this.name,
      this.id,
      run,
      this.count,
      1 + this.random.below(60),
      this.random.below(8),
    );
    const { points: metrics, params, tags } = effect;
    return native('POST', `runs/${run}/log`, { metrics, params, tags }, effect, true);
  }
}

const statuses = { running: 'RUNNING', finished: 'FINISHED', failed: 'FAILED', killed: 'KILLED' } as const;

class UpdateRun extends RunWriter {
  protected write(run: string): Half {
    const state = this.random.pick(Object.keys(statuses) as (keyof typeof statuses)[]);
    const effect: Effect = {
      type: 'update',
      run,
      state,
      ended: firstTime + this.count,
      name: `renamed ${this.id}`,
    };
    const { ended, name } = effect;
    if (this.name.startsWith('native'))
      return native('PATCH', `runs/${run}`, { state, ended, name }, effect, true);
    return mlflow(
      'runs/update',
      { run_id: run, status: statuses[state], end_time: ended, run_name: name },
      effect,
    );
  }
}

class DeleteRun extends RunWriter {
  #deleted = false;

  protected write(run: string): Half {
    this.#deleted = !this.#deleted;
    const effect: Effect = { type: 'lifecycle', run, deleted: this.#deleted };
    return mlflow(`runs/${this.#deleted ? 'delete' : 'restore'}`, { run_id: run }, effect);
  }

  override learn(write: Write, answer: Answer): void {
    super.learn(write, answer);
    if (write.effect.type === 'run') this.#deleted = false;
  }
}

/** Tags, renames, deletes and restores an experiment of its own. */
class ChangeExperiment extends Sequence {
  #experiment: string | undefined;
  #deleted = false;

  protected step(): Half {
    const experiment = this.#experiment;
    if (experiment === undefined) {
      const effect: Effect = { type: 'experiment', name: `own ${this.id}`, tags: [] };
      return mlflow('experiments/create', { name: effect.name }, effect);
    }
    if (this.#deleted || this.random.chance(0.3)) {
      this.#deleted = !this.#deleted;
      const effect: Effect = { type: 'experiment-lifecycle', experiment, deleted: this.#deleted };
      return mlflow(
        `experiments/${this.#deleted ? 'delete' : 'restore'}`,
        { experiment_id: experiment },
        effect,
      );
    }
    if (this.random.chance(0.4)) {
      const name = `renamed ${this.id}`;
      return mlflow(
        'experiments/update',
        { experiment_id: experiment, new_name: name },
        { type: 'experiment-name', experiment, name },
      );
    }
    return tagExperiment(experiment, this.id, this.random);
  }

  override learn(write: Write, answer: Answer): void {
    if (write.effect.type === 'experiment') this.#experiment = JSON.parse(answer.text).experiment_id;
  }
}

class TagExperiment extends Sequence {
  protected step(): Half {
    return tagExperiment(this.stage.experiment, this.id, this.random);
  }
}

type WriterClass = new (name: string, random: Random, stage: Stage) => Writer;

/** Every kind of write that the API has, some of them more than once to meet each other on one run. */
export const writerKinds: readonly (readonly [name: string, kind: WriterClass])[] = [
  ['create-experiment', CreateExperiment],
  ['native-create-experiment', CreateExperimentNatively],
  ['create-run', CreateRun],
  ['native-create-run', CreateRunNatively],
  ['log-metric', LogMetric],
  ['log-metric-shared', LogMetric],
  ['second-log-metric-shared', LogMetric],
  ['log-parameter', LogParameter],
  ['log-parameter-shared', LogParameter],
  ['set-tag', SetTag],
  ['delete-tag-shared', DeleteTag],
  ['log-batch', LogBatch],
  ['log-batch-shared', LogBatch],
  ['large-log-batch', LogBatch],
  ['native-log', LogNatively],
  ['native-log-shared', LogNatively],
  ['update-run', UpdateRun],
  ['native-update-run', UpdateRun],
  ['delete-run', DeleteRun],
  ['change-experiment', ChangeExperiment],
  ['tag-experiment', TagExperiment],
];

function mlflow(path: string, body: Message, effect: Effect): Half {
  // `JSON.stringify` cannot write NaN bare, as Python does: a mark stands in for it.
  const text = JSON.stringify(body).replaceAll(/"bare (NaN|-?Infinity)"/g, '$1');
  return { method: 'POST', path: `/api/2.0/mlflow/${path}`, body: text, effect };
}

function native(method: string, path: string, body: Message, effect: Effect, keyed: boolean): Half {
  return { method, path: `/api/v1/${path}`, body: JSON.stringify(body), effect, keyed };
}

function createRun(experiment: string, id: string, random: Random): Half {
  const tags = pairs('made', random.below(6), id);
  const effect: Effect = { type: 'run', experiment, name: id, user: 'ada', started: firstTime, tags };
  const { name, user, started } = effect;
  return mlflow(
    'runs/create',
    { experiment_id: experiment, run_name: name, user_id: user, start_time: started, tags },
    effect,
  );
}

function tagExperiment(experiment: string, id: string, random: Random): Half {
  const tag = { key: `tag.${id.replace(/\.\d+$/, '')}.${random.below(4)}`, value: id };
  return mlflow(
    'experiments/set-experiment-tag',
    { experiment_id: experiment, ...tag },
    { type: 'experiment-tag', experiment, tag },
  );
}

/** Points of several metrics, parameters and tags: the steps, keys and values of no two batches meet. */
function batchOf(
  random: Random,
  name: string,
  id: string,
  run: string,
  count: number,
  points: number,
  pairCount: number,
) {
  return {
    type: 'log' as const,
    run,
    points: random
      .many(points, () => 0)
      .map((_, index) => pointOf(random, `${name}/m${index % 8}`, count * 1000 + index)),
    params: pairs(`param ${id}`, pairCount, textOf(random, id)),
    tags: [...pairs(`tag ${id}`, pairCount >> 1, id), { key: `latest of ${name}`, value: id }],
  };
}

function pairs(prefix: string, count: number, value: string): Pair[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `${prefix} ${index}`,
    value: `${value}#${index}`,
  }));
}

function pointOf(random: Random, key: string, step: number): Point {
  const value = random.weighted<() => Point['value']>([
    [6, () => Math.exp(-step / 1000) + random.next() / 100],
    [2, () => random.below(100)],
    [1, () => Math.fround(random.next())],
    [1, () => 10 ** (random.below(600) - 300) * (random.chance(0.5) ? 1 : -1)],
    [1, () => random.pick(['NaN', 'Infinity', '-Infinity', '-0'] as const)],
  ])();
  return { key, step, time: firstTime + step * 10 + random.below(10), value };
}

function wireValue({ value }: Point): unknown {
  return value === '-0' ? value : typeof value === 'string' ? `bare ${value}` : value;
}

function textOf(random: Random, id: string): string {
  return random.weighted([
    [6, id],
    [1, `${id} ✓ 日本 "quoted" \\ \u0000 end`],
    [1, `${id} ${'x'.repeat(1 + random.below(3000))}`],
  ]);
}
