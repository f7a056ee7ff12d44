/** Writers of what runs read and make: datasets as inputs, logged models with all that is said of them. */
import type { DatasetInput, Effect, ModelStatus } from './effect.ts';
import type { Answer, Write } from './ledger.ts';
import {
  contentOf,
  type Half,
  type Message,
  mlflow,
  pairs,
  pointOf,
  RunWriter,
  Sequence,
  textOf,
  upload,
  type WriterKind,
  wireValue,
} from './sequence.ts';

const requestsPerModel = 150;

class CreateModel extends Sequence {
  protected step(): Half {
    const random = this.random;
    const effect: Extract<Effect, { type: 'model' }> = {
      type: 'model',
      experiment: this.stage.experiment,
      // Names of models have no dots.
      name: this.id.replaceAll('.', ' ü '),
      kind: random.pick(['', 'tree', 'Wald']),
      sourceRun: random.chance(0.7) ? this.stage.run : '',
      params: pairs('made', random.below(5), textOf(random, this.id)),
      tags: pairs('tag', random.below(4), this.id),
    };
    const { experiment, name, kind, sourceRun, params, tags } = effect;
    return mlflow(
      'logged-models',
      { experiment_id: experiment, name, model_type: kind, source_run_id: sourceRun, params, tags },
      effect,
    );
  }
}

/** A writer to a logged model, which it makes first. */
abstract class ModelWriter extends CreateModel {
  #model: string | undefined;
  #experiment = '';
  #left = 0;

  protected override step(): Half {
    if (this.#left === 0) this.#model = undefined;
    if (this.#model === undefined) return super.step();
    this.#left -= 1;
    return this.write(this.#model);
  }

  override learn(write: Write, answer: Answer): void {
    if (write.effect.type !== 'model') return;
    this.#model = JSON.parse(answer.text).model.info.model_id;
    this.#experiment = write.effect.experiment;
    this.#left = requestsPerModel;
    this.begin();
  }

  protected get artifactRoot(): string {
    return `${this.#experiment}/models/${this.#model}/artifacts`;
  }

  /** Told of each new model. */
  protected begin(): void {}

  /** The next request is for a new model. */
  protected finish(): void {
    this.#left = 0;
  }

  protected abstract write(model: string): Half;
}

const statuses = {
  pending: 'LOGGED_MODEL_PENDING',
  ready: 'LOGGED_MODEL_READY',
  failed: 'LOGGED_MODEL_UPLOAD_FAILED',
} as const;

class ChangeModel extends ModelWriter {
  #status: ModelStatus = 'pending';
  #tag: string | undefined;

  protected override begin(): void {
    this.#status = 'pending';
    this.#tag = undefined;
  }

  protected write(model: string): Half {
    const choice = this.random.below(4);
    if (choice === 0) {
      const params = pairs(`param ${this.id}`, 1 + this.random.below(6), textOf(this.random, this.id));
      return change('POST', model, '/params', { params }, { type: 'model-params', model, params });
    }
    if (choice === 1) {
      const others = (Object.keys(statuses) as ModelStatus[]).filter((status) => status !== this.#status);
      const status = this.random.pick(others);
      this.#status = status;
      return change(
        'PATCH',
        model,
        '',
        { status: statuses[status] },
        { type: 'model-status', model, status },
      );
    }
    const key = this.#tag;
    this.#tag = undefined;
    if (key !== undefined && choice === 2) {
      return change(
        'DELETE',
        model,
        `/tags/${encodeURIComponent(key)}`,
        {},
        { type: 'model-untag', model, key },
      );
    }
    const tag = { key: `tag ${this.random.below(3)} ü`, value: textOf(this.random, this.id) };
    this.#tag = tag.key;
    return change('PATCH', model, '/tags', { tags: [tag] }, { type: 'model-tag', model, tag });
  }
}

class DeleteModel extends ModelWriter {
  protected write(model: string): Half {
    this.finish();
    return change('DELETE', model, '', {}, { type: 'model-delete', model });
  }
}

class UploadOfModel extends ModelWriter {
  protected write(model: string): Half {
    const path = this.random.chance(0.5) ? 'MLmodel' : `data/${this.id}`;
    const owner = { kind: 'model', id: model } as const;
    return upload(this.artifactRoot, { type: 'file', owner, path, content: contentOf(this.random, this.id) });
  }
}

/** Points of the shared run that measure a model, on one of two datasets or on none. */
class MeasureModel extends ModelWriter {
  protected write(model: string): Half {
    const run = this.stage.run;
    const dataset = this.random.pick([
      undefined,
      { name: 'rows', digest: 'd0' },
      { name: 'ü', digest: 'd1' },
    ]);
    const count = this.random.chance(0.3) ? 1 : 1 + this.random.below(40);
    const points = Array.from({ length: count }, (_, index) =>
      pointOf(this.random, `${this.name}/m${index % 4}`, this.count * 100 + index),
    );
    const metrics = points.map((point) => ({
      ...{
        key: point.key,
        value: wireValue(point),
        timestamp: point.time,
        step: point.step,
        model_id: model,
      },
      ...(dataset !== undefined && { dataset_name: dataset.name, dataset_digest: dataset.digest }),
    }));
    const measures = { model, dataset };
    const effect: Effect = { type: 'log', run, points, params: [], tags: [], measures };
    if (count === 1) return mlflow('runs/log-metric', { run_id: run, ...metrics[0] }, effect);
    return mlflow('runs/log-batch', { run_id: run, metrics }, effect);
  }
}

/** The model becomes an output of the shared run, then an input, and then it is the next one's turn. */
class LinkModel extends ModelWriter {
  #isOutput = false;

  protected override begin(): void {
    this.#isOutput = false;
  }

  protected write(model: string): Half {
    const run = this.stage.run;
    if (this.#isOutput) {
      this.finish();
      const effect: Effect = { type: 'inputs', run, datasets: [], models: [model] };
      return mlflow('runs/log-inputs', { run_id: run, models: [{ model_id: model }] }, effect);
    }
    this.#isOutput = true;
    const step = this.random.below(1000);
    const models = [{ model, step }];
    return mlflow(
      'runs/outputs',
      { run_id: run, models: [{ model_id: model, step }] },
      { type: 'outputs', run, models },
    );
  }
}

/** Datasets that a run reads. Writers to runs of one experiment make the same records at the same time. */
class LogInputs extends RunWriter {
  protected write(run: string): Half {
    // On the run that is shared, of this writer alone.
    const own = this.sharesRun ? `${this.name} ` : '';
    const datasets = this.random
      .many(1 + this.random.below(3), () => 0)
      .map((_, index): DatasetInput => {
        const name = `${own}rows ${(this.count + index) % 5}`;
        const digest = `d${this.count}.${index}`;
        return {
          ...{ name, digest },
          source: JSON.stringify({ uri: `s3://bucket/${name}` }),
          schema: JSON.stringify({ of: digest }),
          context: index === 0 ? 'training' : 'test',
          tags: pairs('own', index, this.id),
        };
      });
    return mlflow(
      'runs/log-inputs',
      { run_id: run, datasets: datasets.map(inputMessage) },
      { type: 'inputs', run, datasets, models: [] },
    );
  }
}

function inputMessage({ context, tags, ...dataset }: DatasetInput): Message {
  return {
    tags: [{ key: 'mlflow.data.context', value: context }, ...tags],
    dataset: { ...dataset, source_type: 's3' },
  };
}

function change(method: string, model: string, path: string, body: Message, effect: Effect): Half {
  return { ...mlflow(`logged-models/${model}${path}`, { model_id: model, ...body }, effect), method };
}

export const modelWriters: readonly WriterKind[] = [
  ['create-model', CreateModel],
  ['change-model', ChangeModel],
  ['delete-model', DeleteModel],
  ['upload-of-model', UploadOfModel],
  ['measure-model', MeasureModel],
  ['second-measure-model', MeasureModel],
  ['link-model', LinkModel],
  ['log-inputs', LogInputs],
  ['second-log-inputs', LogInputs],
  ['log-inputs-shared', LogInputs],
];
