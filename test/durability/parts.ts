/**
 * Which parts of a write are in the store, for a write that nobody heard the answer of: all or none must be. One that sets
 * a single value has one part.
 */
import { fileIs } from './compare-files.ts';
import type { Creation, Effect, Pair, RegistryEffect } from './load/effect.ts';
import { datasetKey, filesBelow, type Model } from './model.ts';
import type { Reader } from './reader.ts';

type Of<Type extends Effect['type']> = Extract<Effect, { type: Type }>;

export async function partsThere(
  reader: Reader,
  model: Model,
  effect: Exclude<Effect, Creation>,
): Promise<boolean[]> {
  switch (effect.type) {
    case 'experiment':
      return [(await reader.experimentNamed(effect.name)) !== undefined];
    case 'experiment-name':
      return [(await reader.experiment(effect.experiment)).name === effect.name];
    case 'experiment-lifecycle':
      return [((await reader.experiment(effect.experiment)).lifecycle === 'deleted') === effect.deleted];
    case 'experiment-tag': {
      const { tags } = await reader.experiment(effect.experiment);
      return [tags.some(({ key, value }) => key === effect.tag.key && value === effect.tag.value)];
    }
    case 'file': {
      const before = model.owner(effect.owner).files.get(effect.path);
      return [await fileIs(reader, effect.owner, effect.path, before, effect.content)];
    }
    case 'unfile':
      return filesGone(reader, model, effect);
    case 'model-params':
    case 'model-tag':
    case 'model-untag':
    case 'model-status':
    case 'model-delete':
      return partsOfModel(reader, effect);
    case 'registered':
    case 'version':
    case 'alias':
    case 'stage':
    case 'version-delete':
    case 'registered-delete':
      return partsOfRegistry(reader, effect);
    default:
      return partsOfRun(reader, effect);
  }
}

async function filesGone(reader: Reader, model: Model, { owner, path }: Of<'unfile'>): Promise<boolean[]> {
  const there = new Set((await reader.files(owner)).map((file) => file.path));
  const gone = filesBelow(model.owner(owner).files.keys(), path).map((file) => !there.has(file));
  return gone;
}

async function partsOfModel(
  reader: Reader,
  effect: Of<'model-params' | 'model-tag' | 'model-untag' | 'model-status' | 'model-delete'>,
): Promise<boolean[]> {
  const model = await reader.model(effect.model);
  switch (effect.type) {
    case 'model-delete':
      return [model === undefined];
    case 'model-params':
      return effect.params.map(({ key, value }) => model?.params[key] === value);
    case 'model-tag':
      return [model?.tags[effect.tag.key] === effect.tag.value];
    case 'model-untag':
      return [model?.tags[effect.key] === undefined];
    case 'model-status':
      return [model?.status === effect.status];
  }
}

async function partsOfRegistry(reader: Reader, effect: RegistryEffect): Promise<boolean[]> {
  const model = await reader.registered(effect.registered);
  if (effect.type === 'registered') return model === undefined ? [false] : tagsThere(model, effect.tags);
  if (effect.type === 'registered-delete') return [model === undefined];
  if (effect.type === 'alias') {
    const { alias, version } = effect;
    return [model?.aliases.some((one) => one.alias === alias && one.version === version) === true];
  }
  const found = (await reader.versions(effect.registered)).find(({ version }) => version === effect.version);
  switch (effect.type) {
    case 'version':
      return found === undefined
        ? [false]
        : [...tagsThere(found, effect.tags), found.source === effect.source];
    case 'stage':
      return [found?.stage === effect.stage];
    case 'version-delete':
      return [found === undefined];
  }
}

/** Of something that is there. */
function tagsThere({ tags }: { readonly tags: readonly Pair[] }, wanted: readonly Pair[]): boolean[] {
  return [
    true,
    ...wanted.map(({ key, value }) => tags.some((tag) => tag.key === key && tag.value === value)),
  ];
}

async function partsOfRun(
  reader: Reader,
  effect: Of<'tag' | 'untag' | 'update' | 'lifecycle' | 'purge' | 'log' | 'inputs' | 'outputs'>,
): Promise<boolean[]> {
  switch (effect.type) {
    case 'log':
      return partsOfLog(reader, effect);
    case 'inputs':
      return partsOfInputs(reader, effect);
    case 'purge':
      return [!(await reader.hasRun(effect.run))];
    case 'outputs': {
      const { out } = await reader.modelsOf(effect.run);
      return effect.models.map(({ model, step }) => out.some((one) => one.id === model && one.step === step));
    }
    default:
  }
  const run = await reader.run(effect.run);
  switch (effect.type) {
    case 'tag':
      return [run.tags[effect.tag.key] === effect.tag.value];
    case 'untag':
      return [run.tags[effect.key] === undefined];
    case 'update':
      return [
        run.name === effect.name,
        run.tags['mlflow.runName'] === effect.name,
        run.ended === effect.ended,
      ];
    case 'lifecycle':
      return [(run.lifecycle === 'deleted') === effect.deleted];
  }
}

async function partsOfInputs(reader: Reader, { run, datasets, models }: Of<'inputs'>): Promise<boolean[]> {
  const used = new Set(
    (await reader.datasets(run)).map(({ dataset }) => datasetKey(dataset.name, dataset.digest)),
  );
  const read = new Set((await reader.modelsOf(run)).in.map(({ id }) => id));
  return [
    ...datasets.map(({ name, digest }) => used.has(datasetKey(name, digest))),
    ...models.map((id) => read.has(id)),
  ];
}

async function partsOfLog(reader: Reader, effect: Of<'log'>): Promise<boolean[]> {
  const run = await reader.run(effect.run);
  const parts = effect.params.map(({ key, value }) => run.params[key] === value);
  parts.push(...effect.tags.map(({ key, value }) => run.tags[key] === value));
  for (const key of new Set(effect.points.map((point) => point.key))) {
    const steps = new Set((await reader.points(effect.run, key)).map((point) => point.step));
    for (const point of effect.points) if (point.key === key) parts.push(steps.has(point.step));
  }
  if (effect.measures === undefined) return parts;
  const measured = await reader.modelPoints(effect.measures.model);
  const steps = new Set(measured.map(({ key, step }) => `${step} ${key}`));
  return [...parts, ...effect.points.map(({ key, step }) => steps.has(`${step} ${key}`))];
}
