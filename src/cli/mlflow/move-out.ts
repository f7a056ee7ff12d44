/**
 * Writing what Cairn holds into a database of MLflow that its own server has made and nothing has filled: the tables are MLflow's, so
 * any release that Cairn can read can also be written. Artifacts go into the folder that this server keeps them in.
 */
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ForeignSqliteWriter } from '../../db/sqlite/foreign-sqlite-writer.ts';
import type { RegisteredRecord } from '../../domain/transfer/index.ts';
import { eachPoint, type Point } from '../../engines/metrics/index.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { CairnServer } from './cairn-server.ts';
import { schemaOf } from './database-schema.ts';
import type { Problems } from './problems.ts';
import type { ProgressLine } from './progress.ts';
import type { SourceModel, SourceRun } from './source.ts';

/** What MLflow's databases hold instead of an infinity. */
const largest = Number.MAX_VALUE;

const modelStates = { pending: 1, ready: 2, failed: 3 } as const;

/** Lengths that MLflow's columns have: a server on another database refuses longer ones. */
const experimentIdLimit = 2n ** 63n;

export class MoveOut {
  readonly #source: CairnServer;
  readonly #target: ForeignSqliteWriter;
  readonly #progress: ProgressLine;
  readonly #problems: Problems;

  constructor(source: CairnServer, target: ForeignSqliteWriter, progress: ProgressLine, problems: Problems) {
    this.#source = source;
    this.#target = target;
    this.#progress = progress;
    this.#problems = problems;
  }

  /** Throws unless the target is a database of MLflow with nothing in it. */
  check(): void {
    let revision: unknown;
    try {
      revision = this.#target.value('SELECT version_num FROM alembic_version');
    } catch {
      revision = undefined;
    }
    const { hasModels, hasWorkspaces } = schemaOf(revision === undefined ? undefined : String(revision));
    if (!hasModels || !hasWorkspaces)
      throw new CairnError(
        'failed_precondition',
        'the target is of an MLflow before 3.10; write into one of 3.17',
      );
    const used = ['runs', 'logged_models', 'registered_models'].find((table) => this.#count(table) > 0);
    if (used !== undefined || this.#count('experiments') > 1)
      throw new CairnError(
        'failed_precondition',
        'the target is not empty: moving out fills a new database only',
      );
  }

  #count(table: string): number {
    return Number(this.#target.value(`SELECT count(*) FROM ${table}`));
  }

  /** Artifacts are copied into `folder`, if one is given. */
  async run(folder: string | undefined): Promise<void> {
    const locations = new Map<string, string>();
    for await (const page of this.#source.experiments()) {
      for (const { record } of page) {
        if (BigInt(record.id) >= experimentIdLimit) {
          this.#problems.add('an experiment whose number no database holds', record.id);
          continue;
        }
        locations.set(record.id, record.location.replace(/\/+$/, ''));
        const { id, name, lifecycle, created, updated } = record;
        this.#target.insert('experiments', {
          ...{
            experiment_id: BigInt(id),
            name,
            artifact_location: record.location,
            lifecycle_stage: lifecycle,
          },
          ...{ creation_time: created, last_update_time: updated, workspace: 'default' },
        });
        for (const [key = '', value = ''] of record.tags)
          this.#target.insert('experiment_tags', { key, value, experiment_id: BigInt(id) });
      }
    }
    for (const [id, location] of locations) {
      for await (const { items } of this.#source.runs(id))
        for (const run of items) this.#run(id, location, run);
      for await (const { items } of this.#source.models(id))
        for (const model of items) this.#model(id, location, model);
      for await (const links of this.#source.links(id)) {
        for (const { run, model, role, step } of links) {
          const word = role.toUpperCase();
          this.#target.insert('inputs', {
            ...{ input_uuid: digest(run, role, model), source_type: `RUN_${word}`, source_id: run },
            ...{ destination_type: `MODEL_${word}`, destination_id: model, step: BigInt(step) },
          });
        }
      }
    }
    for await (const page of this.#source.registered()) for (const record of page) this.#registered(record);
    if (folder === undefined) return;
    for (const location of new Set(locations.values())) await this.#files(location, folder);
  }

  #run(experiment: string, location: string, { record, series, continues }: SourceRun): void {
    const { id, name, user, state, started, ended, lifecycle, deleted } = record;
    if (!continues) {
      this.#target.insert('runs', {
        ...{
          run_uuid: id,
          name,
          source_type: 'UNKNOWN',
          source_name: '',
          entry_point_name: '',
          user_id: user,
        },
        ...{ status: state.toUpperCase(), start_time: started, end_time: ended, source_version: '' },
        ...{ lifecycle_stage: lifecycle, artifact_uri: `${location}/${id}/artifacts` },
        ...{ experiment_id: BigInt(experiment), deleted_time: lifecycle === 'deleted' ? deleted : null },
      });
      for (const [key = '', value = ''] of record.params)
        this.#target.insert('params', { key, value, run_uuid: id });
      for (const [key = '', value = ''] of record.tags)
        this.#target.insert('tags', { key, value, run_uuid: id });
      for (const input of record.inputs) this.#input(experiment, id, input);
      this.#progress.runs(1, 0);
    }
    for (const { key, points } of series) {
      const before = this.#latest.get(id)?.get(key);
      let last: Point | undefined = before;
      for (const point of eachPoint(points)) {
        this.#target.insert('metrics', { key, run_uuid: id, ...cellsOf(point) });
        if (last === undefined || isLater(point, last)) last = point;
      }
      if (last === undefined || last === before) continue;
      this.#target.insert('latest_metrics', { key, run_uuid: id, ...cellsOf(last) });
      this.#remember(id, key, last);
    }
  }

  /** Latest points of the run under way: its series may come in pieces. */
  #latest = new Map<string, Map<string, Point>>();

  #remember(id: string, key: string, point: Point): void {
    let latest = this.#latest.get(id);
    if (latest === undefined) {
      latest = new Map();
      this.#latest = new Map([[id, latest]]);
    }
    latest.set(key, point);
  }

  #input(experiment: string, run: string, input: SourceRun['record']['inputs'][number]): void {
    const { name, digest: told, sourceType, source, schema, profile, tags } = input;
    const dataset = digest(experiment, name, told);
    this.#target.insert('datasets', {
      ...{ dataset_uuid: dataset, experiment_id: BigInt(experiment), name, digest: told },
      ...{ dataset_source_type: sourceType, dataset_source: source },
      ...{ dataset_schema: schema ?? null, dataset_profile: profile ?? null },
    });
    const uuid = digest(dataset, run);
    this.#target.insert('inputs', {
      ...{ input_uuid: uuid, source_type: 'DATASET', source_id: dataset },
      ...{ destination_type: 'RUN', destination_id: run, step: 0 },
    });
    for (const [key = '', value = ''] of tags)
      this.#target.insert('input_tags', { input_uuid: uuid, name: key, value });
  }

  #model(experiment: string, location: string, { record, series }: SourceModel): void {
    const { id, name, type, sourceRun, state, message, created, updated, lifecycle } = record;
    const owner = { model_id: id, experiment_id: BigInt(experiment) };
    this.#target.insert('logged_models', {
      ...{
        ...owner,
        name,
        artifact_location: `${location}/models/${id}/artifacts`,
        model_type: type || null,
      },
      ...{ creation_timestamp_ms: created, last_updated_timestamp_ms: updated, status: modelStates[state] },
      ...{ lifecycle_stage: lifecycle, source_run_id: sourceRun || null, status_message: message || null },
    });
    for (const [key = '', value = ''] of record.params)
      this.#target.insert('logged_model_params', { ...owner, param_key: key, param_value: value });
    for (const [key = '', value = ''] of record.tags)
      this.#target.insert('logged_model_tags', { ...owner, tag_key: key, tag_value: value });
    for (const { key, run, dataset, points } of series) {
      for (const { value, step, time } of eachPoint(points)) {
        this.#target.insert('logged_model_metrics', {
          ...{ ...owner, metric_name: key, metric_timestamp_ms: time, metric_step: step },
          ...{ metric_value: Number.isNaN(value) ? null : bounded(value), run_id: run },
          dataset_uuid: dataset === undefined ? null : digest(experiment, ...dataset),
          ...{ dataset_name: dataset?.[0] ?? null, dataset_digest: dataset?.[1] ?? null },
        });
      }
    }
  }

  #registered(record: RegisteredRecord): void {
    const { name, created, updated, description = null } = record;
    const workspace = 'default';
    this.#target.insert('registered_models', {
      ...{ name, creation_time: created, last_updated_time: updated, description, workspace },
    });
    for (const [key = '', value = ''] of record.tags)
      this.#target.insert('registered_model_tags', { key, value, name, workspace });
    for (const version of record.versions) {
      this.#target.insert('model_versions', {
        ...{
          name,
          version: version.version,
          creation_time: version.created,
          last_updated_time: version.updated,
        },
        ...{
          description: version.description ?? null,
          user_id: version.creator || null,
          current_stage: version.stage,
        },
        ...{ source: version.source, storage_location: version.location, run_id: version.run },
        ...{ status: 'READY', status_message: null, run_link: version.runLink, workspace },
      });
      for (const [key = '', value = ''] of version.tags)
        this.#target.insert('model_version_tags', { key, value, name, version: version.version, workspace });
    }
    for (const version of record.deleted) {
      this.#target.insert('model_versions', {
        ...{
          name,
          version,
          creation_time: created,
          last_updated_time: updated,
          description: null,
          user_id: null,
        },
        ...{
          current_stage: 'Deleted_Internal',
          source: 'REDACTED-SOURCE-PATH',
          storage_location: null,
          run_id: 'REDACTED-RUN-ID',
        },
        ...{ status: 'READY', status_message: null, run_link: 'REDACTED-RUN-LINK', workspace },
      });
    }
    for (const [alias = '', version] of record.aliases)
      this.#target.insert('registered_model_aliases', { alias, version: Number(version), name, workspace });
  }

  /** All files of an experiment into the folder, each whole or not at all. */
  async #files(location: string, folder: string): Promise<void> {
    const below = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/i.exec(location)?.[1];
    if (below === undefined) {
      this.#problems.add('an experiment whose artifacts stay where they are', location);
      return;
    }
    for (const { path: name } of await this.#source.files(location)) {
      // Paths of the tree are checked when they come in: no dots, no drive, no backslash.
      const file = path.join(folder, ...below.split('/'), ...name.split('/'));
      if (existsSync(file)) continue;
      mkdirSync(path.dirname(file), { recursive: true });
      const part = `${file}.part`;
      const bytes = await this.#source.readFile(below === '' ? name : `${below}/${name}`);
      await pipeline(Readable.fromWeb(bytes as never), createWriteStream(part));
      renameSync(part, file);
    }
  }
}

/** Ids that are made anew, the same each time. */
function digest(...parts: readonly string[]): string {
  return createHash('md5').update(JSON.stringify(parts)).digest('hex');
}

const bounded = (value: number): number => Math.min(largest, Math.max(-largest, value));

function cellsOf({ value, step, time }: Point) {
  const isAbsent = Number.isNaN(value);
  return { value: isAbsent ? 0 : bounded(value), timestamp: time, step, is_nan: isAbsent ? 1 : 0 };
}

/** As MLflow tells the latest point: by step, then time, then value, which NaN has none of. */
function isLater(a: Point, b: Point): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.time !== b.time) return a.time > b.time;
  return (Number.isNaN(a.value) ? 0 : a.value) > (Number.isNaN(b.value) ? 0 : b.value);
}
