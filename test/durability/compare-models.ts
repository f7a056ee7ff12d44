/** Holds a logged model as the server tells it against the model. */
import assert from 'node:assert/strict';
import { comparePairs, compareSummary } from './compare.ts';
import { compareFiles } from './compare-files.ts';
import type { Point } from './load/effect.ts';
import { type ModelModel, seriesOfModel } from './model.ts';
import type { Reader } from './reader.ts';

export async function compareModel(
  reader: Reader,
  model: ModelModel,
  paths: Iterable<string>,
): Promise<void> {
  const about = `model ${model.id} (${model.name})`;
  const found = await reader.model(model.id);
  assert.equal(found === undefined, model.deleted, `${about} is ${model.deleted ? 'deleted' : 'there'}`);
  if (found === undefined) return;
  const { params, tags, metrics, name, type, status, experiment, sourceRun } = found;
  assert.deepEqual(
    { name, type, status, experiment, sourceRun: sourceRun ?? '' },
    {
      name: model.name,
      type: model.kind,
      status: model.status,
      experiment: model.experiment,
      sourceRun: model.sourceRun,
    },
    about,
  );
  comparePairs(new Map(Object.entries(params)), model.params, `parameters of ${about}`);
  comparePairs(new Map(Object.entries(tags)), model.tags, `tags of ${about}`);
  const series = new Map(metrics.map((read) => [seriesOfModel(read.key, read.run, read.dataset), read]));
  assert.deepEqual([...series.keys()].sort(), [...model.points.keys()].sort(), `metrics of ${about}`);
  for (const [key, points] of model.points) {
    const { key: _key, run: _run, dataset: _dataset, ...summary } = series.get(key)!;
    compareSummary(summary, points, `summary of ${key} of ${about}`);
  }
  await comparePoints(reader, model, about);
  await compareFiles(reader, { kind: 'model', id: model.id }, model.files, paths);
}

async function comparePoints(reader: Reader, model: ModelModel, about: string): Promise<void> {
  if (model.points.size === 0) return;
  const read = (await reader.modelPoints(model.id)).map((point) => {
    const { key, run_id, dataset_name: name, dataset_digest: digest } = point;
    const dataset = name === undefined ? null : { name, digest: digest ?? '' };
    return pointText(seriesOfModel(key, run_id, dataset), point.step, point.timestamp, point.value);
  });
  const wanted = [...model.points].flatMap(([series, points]) =>
    points.map((point: Point) => pointText(series, point.step, point.time, point.value)),
  );
  comparePairs(once(read), once(wanted), `points of ${about}`);
}

/** Each text, and how often it is there. */
function once(texts: readonly string[]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return new Map([...counts].map(([text, count]) => [text, String(count)]));
}

function pointText(series: string, step: number, time: number, value: number | string): string {
  const number = Number(value);
  return `${series} ${step} ${time} ${Object.is(number, -0) ? '-0' : number}`;
}
