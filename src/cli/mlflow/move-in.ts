/**
 * A source is read and stored batch by batch. Each batch carries where the reader goes on, kept in the transaction of its records:
 * a move that was cut off goes on there. Stages come one after the other, for models name runs, and links both.
 */
import { hash } from 'node:crypto';
import { UsageError } from '../../config.ts';
import { type Batch, batchLimits, type Refusal, toWire } from '../../domain/transfer/index.ts';
import type { ArtifactCopy } from './artifact-copy.ts';
import type { CairnServer } from './cairn-server.ts';
import { Comparison } from './comparison.ts';
import { Problems } from './problems.ts';
import type { ProgressLine } from './progress.ts';
import type { Source, SourceExperiment, SourceModel, SourceRun } from './source.ts';
import { Tally } from './tally.ts';

const stages = ['experiments', 'runs', 'models', 'links', 'registered', 'files'] as const;
type Stage = (typeof stages)[number];

/** Where a move goes on: after this record of this experiment. */
interface Place {
  readonly stage: Stage;
  readonly experiment: string;
  readonly after: string;
}

export class MoveIn {
  readonly #source: Source;
  readonly #target: CairnServer;
  readonly #copy: ArtifactCopy;
  readonly #progress: ProgressLine;
  /** What stands here already and says something else. */
  readonly refused = new Problems();
  #place: Place | undefined;
  /** The registry moves with all experiments, not with some. */
  #isWhole = true;

  /** What its progress is kept under: a move of some experiments is another one than that of all. */
  name: string;

  constructor(source: Source, target: CairnServer, copy: ArtifactCopy, progress: ProgressLine) {
    this.#copy = copy;
    this.#source = source;
    this.#target = target;
    this.#progress = progress;
    this.name = source.name;
  }

  /** Experiments that move, all or some, in the order of their ids. */
  async experiments(only: readonly string[] | undefined): Promise<readonly SourceExperiment[]> {
    this.#isWhole = only === undefined;
    if (only !== undefined)
      this.name = `${this.#source.name} ${hash('sha256', [...only].sort().join(), 'hex').slice(0, 12)}`;
    return (await experimentsOf(this.#source, only)).map((experiment) => this.#copy.placed(experiment));
  }

  async run(experiments: readonly SourceExperiment[], from: string | undefined): Promise<void> {
    this.#place = from === undefined ? undefined : placeOf(from);
    await this.#experiments(experiments);
    for (const experiment of experiments) await this.#runs(experiment);
    for (const experiment of experiments) await this.#models(experiment);
    for (const experiment of experiments) await this.#links(experiment);
    if (this.#isWhole) await this.#registered();
    for (const experiment of experiments) await this.#files(experiment);
    await this.#put({ cursor: null });
  }

  async #experiments(experiments: readonly SourceExperiment[]): Promise<void> {
    if (this.#isPast('experiments', '')) return;
    for (let start = 0; start < experiments.length; start += batchLimits.experiments) {
      const records = experiments.slice(start, start + batchLimits.experiments).map(({ record }) => record);
      await this.#put({
        experiments: records,
        cursor: cursorOf({ stage: 'experiments', experiment: '', after: '' }),
      });
    }
  }

  async #runs({ record: { id, name } }: SourceExperiment): Promise<void> {
    if (this.#isPast('runs', id)) return;
    for await (const { items, after } of this.#source.runs(id, this.#after('runs', id))) {
      const cursor = cursorOf({ stage: 'runs', experiment: id, after });
      for (const runs of withinLimits(items, weightOfRun)) {
        const isLast = runs.at(-1) === items.at(-1);
        await this.#put({
          experiment: { id, name },
          runs: runs.map(({ record, series }) => ({
            ...record,
            series: series.map(({ key, points }) => ({ key, points: toWire(points) })),
          })),
          // Of a page that takes several batches only the last one may say that all of it is stored.
          cursor: isLast ? cursor : this.#cursorNow(id),
        });
      }
      this.#progress.runs(items.filter((run) => !run.continues).length, pointsOf(items));
    }
  }

  async #models({ record: { id, name } }: SourceExperiment): Promise<void> {
    if (this.#isPast('models', id)) return;
    for await (const { items, after } of this.#source.models(id, this.#after('models', id))) {
      for (const models of withinLimits(items, weightOfModel)) {
        await this.#put({
          experiment: { id, name },
          models: models.map(({ record, series }) => ({
            ...record,
            series: series.map(({ key, run, dataset, points }) => ({
              key,
              run,
              ...(dataset !== undefined && { dataset: [...dataset] }),
              points: toWire(points),
            })),
          })),
          cursor: cursorOf({ stage: 'models', experiment: id, after }),
        });
      }
    }
  }

  async #links({ record: { id } }: SourceExperiment): Promise<void> {
    if (this.#isPast('links', id)) return;
    const cursor = cursorOf({ stage: 'links', experiment: id, after: '' });
    for await (const page of this.#source.links(id)) {
      for (let start = 0; start < page.length; start += batchLimits.links)
        await this.#put({ links: page.slice(start, start + batchLimits.links), cursor });
    }
  }

  async #registered(): Promise<void> {
    if (this.#isPast('registered', '')) return;
    const cursor = cursorOf({ stage: 'registered', experiment: '', after: '' });
    for await (const page of this.#source.registered()) {
      for (let start = 0; start < page.length; start += batchLimits.registered) {
        const records = page.slice(start, start + batchLimits.registered);
        await this.#put({ registered: records.map((record) => this.#copy.placedVersions(record)), cursor });
      }
    }
  }

  async #files(experiment: SourceExperiment): Promise<void> {
    const { id } = experiment.record;
    if (this.#isPast('files', id)) return;
    const copied = await this.#copy.copy(this.#source, this.#target, experiment, this.refused);
    if (copied > 0) this.#progress.note(`${copied} files of experiment ${id} copied`);
    await this.#put({ cursor: cursorOf({ stage: 'files', experiment: id, after: '' }) });
  }

  async #put(batch: Omit<Batch, 'source'>): Promise<void> {
    const { refused } = await this.#target.put({ source: this.name, ...batch });
    for (const refusal of refused) this.refused.add(wordOf(refusal), `${refusal.kind} ${refusal.id}`);
    this.#last = batch.cursor;
  }

  #last: string | null | undefined;

  /** What was stored last of this experiment's runs; its beginning, where nothing was. */
  #cursorNow(experiment: string): string {
    const last = typeof this.#last === 'string' ? placeOf(this.#last) : undefined;
    if (last?.stage === 'runs' && last.experiment === experiment) return cursorOf(last);
    return cursorOf({ stage: 'runs', experiment, after: this.#after('runs', experiment) ?? '' });
  }

  /** Whether a move before has stored all of it. */
  #isPast(stage: Stage, experiment: string): boolean {
    const place = this.#place;
    if (place === undefined) return false;
    const order = stages.indexOf(stage) - stages.indexOf(place.stage);
    return (
      order < 0 ||
      (order === 0 &&
        stage !== 'experiments' &&
        stage !== 'registered' &&
        compareIds(experiment, place.experiment) < 0)
    );
  }

  #after(stage: Stage, experiment: string): string | undefined {
    const place = this.#place;
    return place?.stage === stage && place.experiment === experiment ? place.after : undefined;
  }

  /** Runs of these experiments that a move before has stored. */
  async stored(experiments: readonly SourceExperiment[], from: string): Promise<number> {
    this.#place = placeOf(from);
    let count = 0;
    for (const { record } of experiments) {
      const after = this.#after('runs', record.id);
      if (this.#isPast('runs', record.id)) count += await this.#source.countRuns(record.id);
      else if (after !== undefined) count += await this.#source.countRuns(record.id, after);
    }
    return count;
  }
}

async function experimentsOf(
  source: Source,
  only: readonly string[] | undefined,
): Promise<readonly SourceExperiment[]> {
  const found: SourceExperiment[] = [];
  for await (const page of source.experiments())
    for (const experiment of page) if (only?.includes(experiment.record.id) ?? true) found.push(experiment);
  const missing = only?.find((id) => !found.some(({ record }) => record.id === id));
  if (missing !== undefined) throw new UsageError(`--only: there is no experiment ${missing}`);
  return found.sort((a, b) => compareIds(a.record.id, b.record.id));
}

/** Reads everything and stores nothing; resolves to how many of each kind there are. */
export async function dryRun(
  source: Source,
  only: readonly string[] | undefined,
  progress: ProgressLine,
): Promise<readonly { readonly kind: string; readonly there: number }[]> {
  const comparison = new Comparison();
  for (const experiment of await experimentsOf(source, only)) {
    comparison.add(await tallyOf(source, experiment, progress), new Tally());
  }
  progress.end();
  return comparison.lines;
}

/** Reads both sides again. */
export async function compare(
  there: Source,
  here: CairnServer,
  experiments: readonly SourceExperiment[],
  copy: ArtifactCopy,
  isWhole: boolean,
): Promise<Comparison> {
  const comparison = new Comparison();
  if (isWhole) {
    const sides = [new Tally(), new Tally()] as const;
    for await (const page of there.registered())
      for (const record of page) sides[0].registered(copy.placedVersions(record));
    for await (const page of here.registered()) for (const record of page) sides[1].registered(record);
    comparison.add(...sides);
  }
  const wanted = new Map(experiments.map((experiment) => [experiment.record.id, experiment]));
  const held = new Map<string, SourceExperiment>();
  for await (const page of here.experiments())
    for (const experiment of page)
      if (wanted.has(experiment.record.id)) held.set(experiment.record.id, experiment);
  for (const [id, experiment] of wanted) {
    const found = held.get(id);
    const wantedTally = await tallyOf(there, experiment);
    const heldTally = found === undefined ? new Tally() : await tallyOf(here, found);
    await copy.tally(there, here, experiment, wantedTally, heldTally);
    comparison.add(wantedTally, heldTally);
  }
  return comparison;
}

async function tallyOf(
  source: Source,
  experiment: SourceExperiment,
  progress?: ProgressLine,
): Promise<Tally> {
  const tally = new Tally();
  const { id } = experiment.record;
  tally.experiment(experiment);
  for await (const { items } of source.runs(id)) {
    for (const run of items) tally.run(run);
    progress?.runs(items.filter((run) => !run.continues).length, pointsOf(items));
  }
  for await (const { items } of source.models(id)) for (const model of items) tally.model(model);
  for await (const links of source.links(id)) for (const link of links) tally.link(link);
  return tally;
}

const cursorOf = (place: Place): string => JSON.stringify([place.stage, place.experiment, place.after]);

/** A cursor of another version of Cairn is none: the move begins again, which changes nothing that is stored. */
function placeOf(cursor: string): Place | undefined {
  const [stage, experiment, after] = JSON.parse(cursor) as unknown[];
  const known = stages.find((name) => name === stage);
  if (known === undefined || typeof experiment !== 'string' || typeof after !== 'string') return undefined;
  return { stage: known, experiment, after };
}

/** Decimal ids by their number, whatever their length. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

const wordOf = ({ kind, why }: Refusal): string => `${kind} not moved: ${why}`;

const pointsOf = (items: readonly { readonly series: SourceRun['series'] }[]): number =>
  items.reduce(
    (sum, { series }) => sum + series.reduce((inner, { points }) => inner + points.values.length, 0),
    0,
  );

/** What bounds a batch: its JSON holds no more than so many values, bytes and records. */
const weightLimit = 60_000;
const byteLimit = 24 * 1024 * 1024;

interface Weight {
  readonly values: number;
  readonly bytes: number;
}

function weightOfRun({ record, series }: SourceRun): Weight {
  const inputs = record.inputs.reduce(
    (sum, { source, schema = '', profile = '', tags }) =>
      sum + source.length + schema.length + profile.length + pairBytes(tags),
    0,
  );
  const values =
    20 + 2 * (record.params.length + record.tags.length) + 12 * record.inputs.length + 5 * series.length;
  return {
    values,
    bytes: 3 * (pairBytes(record.params) + pairBytes(record.tags) + inputs) + columnBytes(series),
  };
}

function weightOfModel({ record, series }: SourceModel): Weight {
  const values = 20 + 2 * (record.params.length + record.tags.length) + 9 * series.length;
  return { values, bytes: 3 * (pairBytes(record.params) + pairBytes(record.tags)) + columnBytes(series) };
}

const pairBytes = (pairs: readonly (readonly string[])[]): number =>
  pairs.reduce((sum, [key = '', value = '']) => sum + key.length + value.length, 0);

const columnBytes = (series: readonly { readonly points: SourceRun['series'][number]['points'] }[]): number =>
  series.reduce((sum, { points }) => sum + 32 * points.values.length + 100, 0);

function withinLimits<T>(items: readonly T[], weightOf: (item: T) => Weight): T[][] {
  const batches: T[][] = [[]];
  let values = 0;
  let bytes = 0;
  for (const item of items) {
    const weight = weightOf(item);
    values += weight.values;
    bytes += weight.bytes;
    if (batches.at(-1)!.length > 0 && (values > weightLimit || bytes > byteLimit)) {
      batches.push([]);
      values = weight.values;
      bytes = weight.bytes;
    }
    batches.at(-1)!.push(item);
  }
  return batches.filter((batch) => batch.length > 0);
}
