/** Holds what the server gives back against the model: equal in every value, nothing missing, nothing beside it. */
import assert from 'node:assert/strict';
import { compareFiles } from './compare-files.ts';
import type { Point } from './load/effect.ts';
import { datasetKey, type Model, type ModelExperiment, type ModelRun } from './model.ts';
import type { Reader, ReadSummary } from './reader.ts';

/** What is read whole: the points of these series, and the bytes of these files; the rest by summaries and digests. */
export interface Closely {
  readonly keys: Iterable<string>;
  readonly paths: Iterable<string>;
  /** Also where nothing is expected, whether files or links are there. */
  readonly looksForStrays: boolean;
}

export async function compareRun(
  reader: Reader,
  all: Model,
  model: ModelRun,
  closely: Closely,
): Promise<void> {
  const about = `run ${model.id} (${model.name})`;
  if (model.purged) {
    assert.equal(await reader.hasRun(model.id), false, `${about} was purged`);
    return;
  }
  const { params, tags, metrics, ...read } = await reader.run(model.id);
  const { id, name, user, state, started, ended, lifecycle, experiment } = read;
  assert.deepEqual(
    { id, name, user, state, started, ended, lifecycle, experiment },
    {
      id: model.id,
      name: model.name,
      user: model.user,
      state: model.state,
      started: model.started,
      ended: model.ended,
      lifecycle: model.deleted ? 'deleted' : 'active',
      experiment: model.experiment,
    },
    about,
  );
  comparePairs(new Map(Object.entries(params)), model.params, `parameters of ${about}`);
  comparePairs(new Map(Object.entries(tags)), model.tags, `tags of ${about}`);
  assert.deepEqual(Object.keys(metrics).sort(), [...model.series.keys()].sort(), `metrics of ${about}`);
  for (const [key, points] of model.series) {
    compareSummary(metrics[key]!, [...points.values()], `summary of ${key} of ${about}`);
  }
  for (const key of new Set(closely.keys)) {
    const wanted = [...(model.series.get(key)?.values() ?? [])].sort(
      (a, b) => a.time - b.time || a.step - b.step,
    );
    comparePoints(await reader.points(model.id, key), wanted, `points of ${key} of ${about}`);
  }
  const owner = { kind: 'run', id } as const;
  const { looksForStrays } = closely;
  if (looksForStrays || model.files.size > 0) await compareFiles(reader, owner, model.files, closely.paths);
  if (looksForStrays || model.datasets.size > 0) await compareDatasets(reader, model, about);
  if (looksForStrays || model.modelInputs.size + model.modelOutputs.size > 0) {
    await compareModels(reader, all, model, about);
  }
}

async function compareDatasets(reader: Reader, model: ModelRun, about: string): Promise<void> {
  const datasets = await reader.datasets(model.id);
  comparePairs(
    new Map(
      datasets.map(({ dataset, tags }) => [
        datasetKey(dataset.name, dataset.digest),
        inputText(dataset, tags),
      ]),
    ),
    new Map(
      [...model.datasets].map(([key, { context, tags, ...dataset }]) => [
        key,
        inputText({ ...dataset, source_type: 's3' }, [
          { key: 'mlflow.data.context', value: context },
          ...tags,
        ]),
      ]),
    ),
    `datasets of ${about}`,
  );
}

/** Logged models that the run reads and makes. */
async function compareModels(reader: Reader, all: Model, model: ModelRun, about: string): Promise<void> {
  const models = await reader.modelsOf(model.id);
  assert.deepEqual(
    models.in.map(({ id }) => id).sort(),
    [...model.modelInputs].sort(),
    `models read by ${about}`,
  );
  const sources = [...all.models.values()].filter(
    ({ id, sourceRun }) => sourceRun === model.id && !model.modelOutputs.has(id),
  );
  comparePairs(
    new Map(models.out.map(({ id, step }) => [id, String(step)])),
    new Map([
      ...[...model.modelOutputs].map(([id, step]) => [id, String(step)] as const),
      ...sources.map(({ id }) => [id, 'null'] as const),
    ]),
    `models made by ${about}`,
  );
}

function inputText(
  dataset: Readonly<Record<string, unknown>>,
  tags: readonly { readonly key: string; readonly value: string }[],
): string {
  const fields = ['name', 'digest', 'source_type', 'source', 'schema'].map((field) => dataset[field]);
  return JSON.stringify([fields, tags.map(({ key, value }) => [key, value]).sort()]);
}

export async function compareExperiment(reader: Reader, model: ModelExperiment): Promise<void> {
  const { name, lifecycle, tags } = await reader.experiment(model.id);
  const about = `experiment ${model.id}`;
  assert.deepEqual(
    { name, lifecycle },
    { name: model.name, lifecycle: model.deleted ? 'deleted' : 'active' },
    about,
  );
  comparePairs(new Map(tags.map((tag) => [tag.key, tag.value])), model.tags, `tags of ${about}`);
}

/** First differences only: a whole run's worth of pairs tells nobody anything. */
export function comparePairs(
  read: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
  about: string,
): void {
  const wrong = [...wanted].filter(([key, value]) => read.get(key) !== value);
  const extra = [...read].filter(([key]) => !wanted.has(key));
  if (wrong.length + extra.length === 0) return;
  const shown = wrong.slice(0, 5).map(([key, value]) => ({ key, wanted: value, read: read.get(key) }));
  assert.deepEqual({ wrong: shown, extra: extra.slice(0, 5) }, { wrong: [], extra: [] }, about);
}

function comparePoints(read: readonly Omit<Point, 'key'>[], wanted: readonly Point[], about: string): void {
  const length = Math.max(read.length, wanted.length);
  for (let index = 0; index < length; index++) {
    const [is, should] = [read[index], wanted[index]];
    if (is?.step === should?.step && is?.time === should?.time && is?.value === should?.value) continue;
    assert.fail(
      `${about}: ${read.length} points instead of ${wanted.length}; the first difference is at ${index}: ` +
        `${JSON.stringify(is)} instead of ${JSON.stringify(should)}`,
    );
  }
}

export function compareSummary(read: ReadSummary, points: readonly Point[], about: string): void {
  const values = points.map((point) => Number(point.value));
  const reals = values.filter((value) => !Number.isNaN(value));
  const byStep = [...points].sort((a, b) => a.step - b.step);
  const [first, last] = [byStep[0]!, byStep.at(-1)!];
  const { mean, min, max, ...rest } = read;
  const { firstStep, lastStep, lastTime } = rest;
  assert.deepEqual(
    {
      points: rest.points,
      nonFinite: rest.nonFinite,
      first: unsigned(rest.first),
      firstStep,
      last: unsigned(rest.last),
      lastStep,
      lastTime,
    },
    {
      points: points.length,
      nonFinite: values.filter((value) => !Number.isFinite(value)).length,
      first: unsigned(first.value),
      firstStep: first.step,
      last: unsigned(last.value),
      lastStep: last.step,
      lastTime: last.time,
    },
    about,
  );
  const least = reals.length === 0 ? null : reals.reduce((a, b) => (b < a ? b : a)) + 0;
  const greatest = reals.length === 0 ? null : reals.reduce((a, b) => (b > a ? b : a)) + 0;
  assert.equal(min === null ? null : Number(min) + 0, least, `${about}: min`);
  assert.equal(max === null ? null : Number(max) + 0, greatest, `${about}: max`);
}

/** A summary keeps no sign of zero: not every store does. */
const unsigned = (value: Point['value']): Point['value'] => (value === '-0' ? 0 : value);
