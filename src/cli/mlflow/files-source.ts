/** A file store of MLflow: the folder `mlruns`, a folder for each experiment and run, a file for each value. */
import type { ExperimentRecord, LinkRecord, RegisteredRecord } from '../../domain/transfer/index.ts';
import {
  dropDuplicates,
  PointBuilder,
  type PointColumns,
  PointGroups,
  slicePoints,
} from '../../engines/metrics/index.ts';
import { instant, int, lifecycle, modelId, optionalInstant, runId, runState, Unreadable } from './fields.ts';
import { FilesReader, required, told } from './files-reader.ts';
import { registeredIn } from './files-registry.ts';
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

const runsOfPage = 200;
const trash = '.trash';
const meta = 'meta.yaml';

/** Names in the folder of an experiment that are no runs. */
const reserved = ['tags', 'datasets', 'models', 'traces'];

export class FilesSource implements Source {
  readonly name: string;
  readonly problems = new Problems();
  readonly #root: string;
  readonly #files: FilesReader;
  /** Folders of experiments, by id: those that are deleted lie elsewhere. */
  #folders: Promise<ReadonlyMap<string, readonly string[]>> | undefined;

  constructor(folder: string) {
    this.#root = folder;
    this.name = `file://${folder}`;
    this.#files = new FilesReader(folder, this.problems);
  }

  async survey(): Promise<Survey> {
    const folders = await this.#experimentFolders();
    if (folders.size === 0)
      throw new Unreadable('the folder holds no experiment of MLflow (a folder with a meta.yaml)');
    let runs = 0;
    let traces = 0;
    for (const [id, folder] of folders) {
      runs += (await this.#runIds(id)).length;
      traces += (await this.#files.list(...folder, 'traces')).length;
    }
    const unheld = [{ what: 'traces', count: traces }].filter(({ count }) => count > 0);
    return { description: 'File store of MLflow', experiments: folders.size, runs, unheld };
  }

  async countRuns(experiment: string, after?: string): Promise<number> {
    const ids = await this.#runIds(experiment);
    return after === undefined ? ids.length : ids.filter((id) => id <= after).length;
  }

  async *experiments(): AsyncGenerator<readonly SourceExperiment[]> {
    const found: SourceExperiment[] = [];
    for (const [id, folder] of await this.#experimentFolders()) {
      await this.problems.guardAsync(`experiment ${id}`, async () => {
        const map = await this.#files.yaml(...folder, meta);
        const created = instant(told(map, 'creation_time'), 'an experiment made at a time');
        const record: ExperimentRecord = {
          id,
          name: required(map, 'name'),
          location: told(map, 'artifact_location') ?? `mlflow-artifacts:/${id}`,
          lifecycle: lifecycle(told(map, 'lifecycle_stage') ?? (folder[0] === trash ? 'deleted' : 'active')),
          created,
          updated:
            optionalInstant(told(map, 'last_update_time'), 'an experiment changed at a time') ?? created,
          tags: await this.#files.pairs(...folder, 'tags'),
        };
        found.push({ record });
      });
    }
    if (found.length > 0) yield found;
  }

  async *runs(experiment: string, after = ''): AsyncGenerator<SourcePage<SourceRun>> {
    const folder = await this.#folderOf(experiment);
    if (folder === undefined) return;
    let items: SourceRun[] = [];
    let size = 0;
    let done = after;
    for (const id of (await this.#runIds(experiment)).filter((run) => run > after)) {
      const head = await this.problems.guardAsync(`run ${id} of experiment ${experiment}`, () =>
        this.#head(folder, id),
      );
      if (head === undefined) continue;
      let continues = false;
      let series: SourceRun['series'][number][] = [];
      for await (const key of this.#files.keys(...folder, id, 'metrics')) {
        const points = await this.#points(key, [...folder, id, 'metrics', ...key.split('/')]);
        for (let start = 0; start < points.values.length; start += pointsOfPage) {
          const piece = slicePoints(points, start, Math.min(points.values.length, start + pointsOfPage));
          series.push({ key, points: piece });
          size += piece.values.length;
          if (size < pointsOfPage) continue;
          yield { items: [...items, { ...head, series, continues }], after: done };
          continues = true;
          items = [];
          series = [];
          size = 0;
        }
      }
      items.push({ ...head, series, continues });
      done = id;
      if (items.length < runsOfPage) continue;
      yield { items, after: done };
      items = [];
      size = 0;
    }
    if (items.length > 0) yield { items, after: done };
  }

  async #head(folder: readonly string[], id: string): Promise<Pick<SourceRun, 'record'>> {
    const map = await this.#files.yaml(...folder, id, meta);
    if (runId(told(map, 'run_id') ?? told(map, 'run_uuid') ?? id) !== id)
      throw new Unreadable('a run whose folder is called otherwise');
    const tags = await this.#files.pairs(...folder, id, 'tags');
    return {
      record: {
        id,
        name: told(map, 'run_name') || (tags.find(([key]) => key === 'mlflow.runName')?.[1] ?? ''),
        user: told(map, 'user_id') ?? '',
        state: runState(told(map, 'status') ?? '1'),
        started: instant(told(map, 'start_time'), 'a run that began at a time'),
        ended: optionalInstant(told(map, 'end_time'), 'a run that ended at a time'),
        lifecycle: lifecycle(told(map, 'lifecycle_stage')),
        deleted: optionalInstant(told(map, 'deleted_time'), 'a run deleted at a time'),
        params: await this.#files.pairs(...folder, id, 'params'),
        tags,
        inputs: await this.#inputs(folder, id),
      },
    };
  }

  async #inputs(folder: readonly string[], id: string): Promise<SourceRun['record']['inputs']> {
    const inputs: SourceRun['record']['inputs'] = [];
    for (const { name: input } of await this.#files.list(...folder, id, 'inputs')) {
      await this.problems.guardAsync(`input ${input} of run ${id}`, async () => {
        const map = await this.#files.yaml(...folder, id, 'inputs', input, meta);
        if (told(map, 'source_type') !== 'DATASET') return;
        const data = await this.#files.yaml(...folder, 'datasets', required(map, 'source_id'), meta);
        const tags = map.get('tags');
        const schema = told(data, 'schema');
        const profile = told(data, 'profile');
        inputs.push({
          name: required(data, 'name'),
          digest: required(data, 'digest'),
          sourceType: told(data, 'source_type') ?? '',
          source: told(data, 'source') ?? '',
          ...(schema !== null && { schema }),
          ...(profile !== null && { profile }),
          tags: tags instanceof Map ? [...tags] : [],
        });
      });
    }
    return inputs;
  }

  /** All points of a metric's file, each once: `timestamp value step`, where old ones have no step. */
  async #points(key: string, segments: readonly string[]): Promise<PointColumns> {
    const where = segments.join('/');
    const builder = new PointBuilder();
    for await (const line of this.#files.lines(...segments)) {
      if (line.trim() === '') continue;
      const fields = line.trim().split(' ');
      await this.problems.guardAsync(where, async () => {
        if (![2, 3, 5].includes(fields.length))
          throw new Unreadable('a line of points with other than 2, 3 or 5 fields');
        const [time, value, step = '0'] = fields;
        builder.push(pythonFloat(value), int(step, 'a step'), int(time, 'a time of a point'));
      });
    }
    const points = builder.finish();
    const unique = dropDuplicates(points);
    const twice = points.values.length - unique.values.length;
    if (twice > 0) this.problems.add('a metric with points that stand twice, kept once', `${key} (${where})`);
    return unique;
  }

  async *models(experiment: string, after = ''): AsyncGenerator<SourcePage<SourceModel>> {
    const folder = await this.#folderOf(experiment);
    if (folder === undefined) return;
    for (const { name: id, directory } of await this.#files.list(...folder, 'models')) {
      if (!directory || id <= after) continue;
      const model = await this.problems.guardAsync(`logged model ${id}`, () =>
        this.#model([...folder, 'models', id], id),
      );
      yield { items: model === undefined ? [] : [model], after: id };
    }
  }

  async #model(folder: readonly string[], id: string): Promise<SourceModel> {
    const map = await this.#files.yaml(...folder, meta);
    const created = instant(told(map, 'creation_timestamp'), 'a logged model made at a time');
    return {
      record: {
        id: modelId(told(map, 'model_id') ?? id),
        name: required(map, 'name'),
        type: told(map, 'model_type') ?? '',
        sourceRun: told(map, 'source_run_id') ?? '',
        state: modelStateOf(told(map, 'status')),
        message: told(map, 'status_message') ?? '',
        created,
        updated:
          optionalInstant(told(map, 'last_updated_timestamp'), 'a logged model changed at a time') ?? created,
        lifecycle: lifecycle(told(map, 'lifecycle_stage')),
        params: await this.#files.pairs(...folder, 'params'),
        tags: await this.#files.pairs(...folder, 'tags'),
      },
      series: await this.#tiedSeries([...folder, 'metrics']),
    };
  }

  /** Lines of `timestamp value step run`, then perhaps data set and digest. */
  async #tiedSeries(folder: readonly string[]): Promise<SourceModel['series']> {
    const groups = new PointGroups<string>();
    for await (const key of this.#files.keys(...folder)) {
      const segments = [...folder, ...key.split('/')];
      for await (const line of this.#files.lines(...segments)) {
        if (line.trim() === '') continue;
        await this.problems.guardAsync(segments.join('/'), async () => {
          const fields = line.trim().split(' ');
          if (![4, 6].includes(fields.length))
            throw new Unreadable('a line of a model’s points with other than 4 or 6 fields');
          const [time, value, step, run, ...dataset] = fields;
          const name = JSON.stringify([key, run, dataset.length === 2 ? dataset : null]);
          groups.add(name, pythonFloat(value), int(step, 'a step'), int(time, 'a time of a point'));
        });
      }
    }
    return groups.finish().map(([name, points]) => {
      const [key, run, dataset] = JSON.parse(name) as [string, string, [string, string] | null];
      return { key, run, dataset: dataset ?? undefined, points: dropDuplicates(points) };
    });
  }

  async *links(experiment: string): AsyncGenerator<readonly LinkRecord[]> {
    const folder = await this.#folderOf(experiment);
    if (folder === undefined) return;
    for (const id of await this.#runIds(experiment)) {
      const links: LinkRecord[] = [];
      for (const { name } of await this.#files.list(...folder, id, 'inputs')) {
        await this.problems.guardAsync(`input ${name} of run ${id}`, async () => {
          const map = await this.#files.yaml(...folder, id, 'inputs', name, meta);
          if (told(map, 'source_type') !== 'MODEL') return;
          links.push({ run: id, model: required(map, 'source_id'), role: 'input', step: '0' });
        });
      }
      for (const { name } of await this.#files.list(...folder, id, 'outputs')) {
        await this.problems.guardAsync(`output ${name} of run ${id}`, async () => {
          const map = await this.#files.yaml(...folder, id, 'outputs', name, meta);
          const step = int(told(map, 'step') ?? '0', 'a step');
          links.push({ run: id, model: required(map, 'source_id'), role: 'output', step: String(step) });
        });
      }
      if (links.length > 0) yield links;
    }
  }

  registered(): AsyncGenerator<readonly RegisteredRecord[]> {
    return registeredIn(this.#files, this.problems);
  }

  /** They lie in the folders of their owners, wherever the store was when it was written. */
  async *places(experiment: string): AsyncGenerator<readonly ArtifactPlace[]> {
    const folder = await this.#folderOf(experiment);
    if (folder === undefined) return;
    const at = (...below: readonly string[]) => [this.#root, ...folder, ...below, 'artifacts'].join('/');
    yield (await this.#runIds(experiment)).map((id) => ({ owner: 'run', id, uri: at(id) }));
    const models = await this.#files.list(...folder, 'models');
    yield models.map(({ name }) => ({ owner: 'model', id: name, uri: at('models', name) }));
  }

  async close(): Promise<void> {}

  async #folderOf(experiment: string): Promise<readonly string[] | undefined> {
    return (await this.#experimentFolders()).get(experiment);
  }

  #experimentFolders(): Promise<ReadonlyMap<string, readonly string[]>> {
    this.#folders ??= this.#findFolders();
    return this.#folders;
  }

  async #findFolders(): Promise<ReadonlyMap<string, readonly string[]>> {
    const folders = new Map<string, readonly string[]>();
    for (const above of [[], [trash]]) {
      for (const { name, directory } of await this.#files.list(...above)) {
        if (!directory || [trash, 'models'].includes(name)) continue;
        const hasMeta = (await this.#files.list(...above, name)).some((entry) => entry.name === meta);
        if (!hasMeta) continue;
        if (/^\d{1,64}$/.test(name) && !folders.has(name)) folders.set(name, [...above, name]);
        else
          this.problems.add(
            'an experiment whose folder is no number, or stands twice',
            [...above, name].join('/'),
          );
      }
    }
    return folders;
  }

  async #runIds(experiment: string): Promise<string[]> {
    const folder = await this.#folderOf(experiment);
    if (folder === undefined) return [];
    const ids: string[] = [];
    for (const { name, directory } of await this.#files.list(...folder)) {
      if (!directory || reserved.includes(name)) continue;
      if (/^[0-9a-f]{32}$/.test(name)) ids.push(name);
      else if ((await this.#files.list(...folder, name)).some((entry) => entry.name === meta))
        this.problems.add('a run whose id is not 32 hexadecimal digits', [...folder, name].join('/'));
    }
    return ids.sort();
  }
}

/** As Python writes floats, and as its old versions did. */
function pythonFloat(text: string | undefined): number {
  const word = (text ?? '').toLowerCase().replace(/^\+/, '');
  if (word === 'nan' || word === '-nan') return Number.NaN;
  if (word === 'inf' || word === 'infinity') return Number.POSITIVE_INFINITY;
  if (word === '-inf' || word === '-infinity') return Number.NEGATIVE_INFINITY;
  if (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(word)) return Number(word);
  throw new Unreadable('a point whose value is no number');
}

/** A name, or the number that older versions wrote. */
function modelStateOf(text: string | null): 'pending' | 'ready' | 'failed' {
  const states = { PENDING: 'pending', READY: 'ready', FAILED: 'failed', UNSPECIFIED: 'pending' } as const;
  const numbered = ['UNSPECIFIED', 'PENDING', 'READY', 'FAILED'] as const;
  const word = /^\d$/.test(text ?? '') ? numbered[Number(text)] : text?.replace(/^LOGGED_MODEL_/, '');
  const state = states[word as keyof typeof states];
  if (state === undefined) throw new Unreadable('a logged model in a state that MLflow does not know');
  return state;
}
