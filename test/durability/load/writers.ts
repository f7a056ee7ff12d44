/** Writers of every kind of change to experiments and runs; the others stand beside, and all of them in one table. */
import type { Random } from '../../conformance/generated/random.ts';
import { artifactWriters } from './artifact-writers.ts';
import type { Effect } from './effect.ts';
import type { Answer, Write } from './ledger.ts';
import { modelWriters } from './model-writers.ts';
import { registryWriters } from './registry-writers.ts';
import {
  batchOf,
  contentOf,
  createRun,
  firstTime,
  type Half,
  mlflow,
  native,
  pairs,
  pointOf,
  RunWriter,
  Sequence,
  textOf,
  upload,
  type WriterClass,
  wireValue,
} from './sequence.ts';

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

/** Points alone, by the binary route. */
class IngestPoints extends RunWriter {
  protected write(run: string): Half {
    const count = 1 + this.random.below(300);
    const effect = batchOf(this.random, this.name, this.id, run, this.count, count, 0);
    const points = { ...effect, params: [], tags: [] };
    return { ...native('POST', `runs/${run}/points`, {}, points, true), batch: effect.points };
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

/** Makes a run with everything, deletes it, and purges it: over and over. */
class PurgeRun extends RunWriter {
  #steps = 0;

  protected write(run: string): Half {
    this.#steps += 1;
    if (this.#steps === 1)
      return upload(this.artifactRoot, {
        type: 'file',
        owner: { kind: 'run', id: run },
        path: 'deep/file.bin',
        content: contentOf(this.random, this.id),
      });
    if (this.#steps === 2) {
      const effect = batchOf(this.random, this.name, this.id, run, this.count, 30, 8);
      const { points: metrics, params, tags } = effect;
      return native('POST', `runs/${run}/log`, { metrics, params, tags }, effect, false);
    }
    if (this.#steps === 3)
      return mlflow('runs/delete', { run_id: run }, { type: 'lifecycle', run, deleted: true });
    this.#steps = 0;
    this.leave();
    return native('POST', 'retention/purge', { olderThan: 0, runs: [run] }, { type: 'purge', run }, false);
  }

  override learn(write: Write, answer: Answer): void {
    super.learn(write, answer);
    if (write.effect.type === 'run') this.#steps = 0;
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

function tagExperiment(experiment: string, id: string, random: Random): Half {
  const tag = { key: `tag.${id.replace(/\.\d+$/, '')}.${random.below(4)}`, value: id };
  return mlflow(
    'experiments/set-experiment-tag',
    { experiment_id: experiment, ...tag },
    { type: 'experiment-tag', experiment, tag },
  );
}

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
  ['ingest', IngestPoints],
  ['ingest-shared', IngestPoints],
  ['update-run', UpdateRun],
  ['native-update-run', UpdateRun],
  ['delete-run', DeleteRun],
  ['purge-run', PurgeRun],
  ['second-purge-run', PurgeRun],
  ['change-experiment', ChangeExperiment],
  ['tag-experiment', TagExperiment],
  ...artifactWriters,
  ...modelWriters,
  ...registryWriters,
];
