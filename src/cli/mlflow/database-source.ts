/**
 * The database of an MLflow server: SQLite, PostgreSQL or MySQL, by its tables. A page of runs is read by one statement for each
 * table; points are streamed. Read like this a store of any size takes little memory.
 */
import { type ForeignDb, type ForeignRow, openForeignDb } from '../../db/foreign-db.ts';
import type { LinkRecord, RegisteredRecord } from '../../domain/transfer/index.ts';
import { DatabaseModels } from './database-models.ts';
import { registeredIn } from './database-registry.ts';
import { all, marks } from './database-rows.ts';
import { type Schema, schemaOf } from './database-schema.ts';
import { double, flag, instant, int, lifecycle, optionalInstant, runId, runState, text } from './fields.ts';
import { type RunHead, RunPoints } from './page-builder.ts';
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
import { unheldIn } from './unheld.ts';

/** Runs read by one statement. */
const runsOfPage = 200;
const modelsOfPage = 50;
/** A database without workspaces is all of this one. */
const defaultWorkspace = 'default';

export interface DatabaseOptions {
  /** Without secrets. */
  readonly name: string;
  readonly workspace?: string | undefined;
}

export async function openDatabaseSource(address: string, options: DatabaseOptions): Promise<Source> {
  const db = await openForeignDb(address);
  try {
    const tables = await db.tables();
    const revision = tables.has('alembic_version')
      ? (await all(db, 'SELECT version_num FROM alembic_version'))[0]?.version_num
      : undefined;
    const schema = schemaOf(revision === undefined ? undefined : text(revision));
    return new DatabaseSource(db, schema, tables, options);
  } catch (error) {
    await db.close();
    throw error;
  }
}

class DatabaseSource implements Source {
  readonly name: string;
  readonly problems = new Problems();
  readonly #db: ForeignDb;
  readonly #schema: Schema;
  readonly #tables: ReadonlySet<string>;
  readonly #workspace: string;
  readonly #models: DatabaseModels;
  /** Ids of runs by experiment: a scan of the table for each experiment would take the square of their number. */
  #runIds: Promise<ReadonlyMap<string, readonly string[]>> | undefined;

  constructor(db: ForeignDb, schema: Schema, tables: ReadonlySet<string>, options: DatabaseOptions) {
    this.#db = db;
    this.#schema = schema;
    this.#tables = tables;
    this.#workspace = options.workspace ?? defaultWorkspace;
    this.#models = new DatabaseModels(db, this.problems);
    this.name =
      schema.hasWorkspaces && this.#workspace !== defaultWorkspace
        ? `${options.name}#${this.#workspace}`
        : options.name;
  }

  async survey(): Promise<Survey> {
    const runs = await this.#runsByExperiment();
    let count = 0;
    for (const ids of runs.values()) count += ids.length;
    return {
      description: `${titles[this.#db.kind]} database of MLflow, schema ${this.#schema.revision}`,
      experiments: (await this.#experimentRows()).length,
      runs: count,
      unheld: await unheldIn(this.#tables, (statement, values) => this.#count(statement, values), {
        workspace: this.#schema.hasWorkspaces ? this.#workspace : undefined,
      }),
    };
  }

  async countRuns(experiment: string, after?: string): Promise<number> {
    const ids = (await this.#runsByExperiment()).get(experiment) ?? [];
    return after === undefined ? ids.length : ids.filter((id) => id <= after).length;
  }

  async *experiments(): AsyncGenerator<readonly SourceExperiment[]> {
    const tags = Map.groupBy(
      await this.#all(
        'SELECT experiment_id, "key", value FROM experiment_tags ORDER BY experiment_id, "key"',
      ),
      (row) => text(row.experiment_id),
    );
    const found: SourceExperiment[] = [];
    for (const row of await this.#experimentRows()) {
      const id = text(row.experiment_id);
      this.problems.guard(`experiment ${id}`, () => {
        const location = text(row.artifact_location) || `mlflow-artifacts:/${id}`;
        const created = instant(row.creation_time, 'an experiment made at a time');
        found.push({
          record: {
            id,
            name: text(row.name),
            location,
            lifecycle: lifecycle(row.lifecycle_stage),
            created,
            updated: optionalInstant(row.last_update_time, 'an experiment changed at a time') ?? created,
            tags: (tags.get(id) ?? []).map((tag) => [text(tag.key), text(tag.value)]),
          },
        });
      });
    }
    if (found.length > 0) yield found;
  }

  async *runs(experiment: string, after = ''): AsyncGenerator<SourcePage<SourceRun>> {
    const ids = ((await this.#runsByExperiment()).get(experiment) ?? []).filter((id) => id > after);
    for (let start = 0; start < ids.length; start += runsOfPage) {
      const before = ids[start - 1] ?? after;
      yield* this.#page(experiment, ids.slice(start, start + runsOfPage), before);
    }
  }

  /** One page of runs, in pieces where they have many points. */
  async *#page(
    experiment: string,
    ids: readonly string[],
    before: string,
  ): AsyncGenerator<SourcePage<SourceRun>> {
    const heads = await this.#heads(experiment, ids);
    const columns = '"key", value, "timestamp", step, is_nan, run_uuid';
    const statement = `SELECT ${columns} FROM metrics WHERE run_uuid IN (${marks(ids)}) ORDER BY run_uuid`;
    const points = new RunPoints();
    let done: SourceRun[] = [];
    let size = 0;
    let after = before;
    let place = 0;
    let begun = false;
    const finish = (id: string) => {
      const head = heads.get(id);
      if (head !== undefined) done.push({ ...head, series: points.take(), continues: begun });
      points.take();
      begun = false;
      after = id;
    };
    for await (const rows of this.#db.rows(statement, ids)) {
      for (const row of rows) {
        const id = text(row.run_uuid);
        while (ids[place] !== id) finish(ids[place++]!);
        if (!heads.has(id)) continue;
        this.problems.guard(`run ${id}`, () => {
          const value = flag(row.is_nan) ? Number.NaN : double(row.value);
          const step = int(row.step, 'a step');
          points.add(text(row.key), value, step, int(row.timestamp, 'a time of a point'));
          size++;
        });
      }
      if (size < pointsOfPage) continue;
      const id = ids[place];
      const head = id === undefined ? undefined : heads.get(id);
      if (head !== undefined && points.length > 0) {
        done.push({ ...head, series: points.take(), continues: begun });
        begun = true;
      }
      yield { items: done, after };
      done = [];
      size = 0;
    }
    while (place < ids.length) finish(ids[place++]!);
    yield { items: done, after };
  }

  /** The runs without their points; what cannot be read is left out. */
  async #heads(experiment: string, ids: readonly string[]): Promise<ReadonlyMap<string, RunHead>> {
    const within = `WHERE run_uuid IN (${marks(ids)}) ORDER BY run_uuid`;
    const of = async (table: string) =>
      Map.groupBy(
        await this.#all(`SELECT run_uuid, "key", value FROM ${table} ${within}, "key"`, ids),
        (row) => text(row.run_uuid),
      );
    const params = await of('params');
    const tags = await of('tags');
    const inputs = await this.#inputs(ids);
    const pairs = (rows: readonly ForeignRow[] = []): [string, string][] =>
      rows.map((row) => [text(row.key), text(row.value)]);
    const heads = new Map<string, RunHead>();
    const rows = await this.#all(
      `SELECT run_uuid, name, user_id, status, start_time, end_time, deleted_time, lifecycle_stage FROM runs ${within}`,
      ids,
    );
    for (const row of rows) {
      const written = text(row.run_uuid);
      this.problems.guard(`run ${written} of experiment ${experiment}`, () => {
        const own = pairs(tags.get(written));
        const name = text(row.name) || (own.find(([key]) => key === 'mlflow.runName')?.[1] ?? '');
        heads.set(written, {
          record: {
            id: runId(row.run_uuid),
            name,
            user: text(row.user_id),
            state: runState(row.status ?? 'SCHEDULED'),
            started: instant(row.start_time, 'a run that began at a time'),
            ended: optionalInstant(row.end_time, 'a run that ended at a time'),
            lifecycle: lifecycle(row.lifecycle_stage),
            deleted: optionalInstant(row.deleted_time, 'a run deleted at a time'),
            params: pairs(params.get(written)),
            tags: own,
            inputs: inputs.get(written) ?? [],
          },
        });
      });
    }
    return heads;
  }

  async #inputs(ids: readonly string[]): Promise<ReadonlyMap<string, RunHead['record']['inputs']>> {
    const rows = await this.#all(
      `SELECT i.destination_id AS run, i.input_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source, d.dataset_schema,
        d.dataset_profile FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
        WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id IN (${marks(ids)})
        ORDER BY i.destination_id, d.name, d.digest`,
      ids,
    );
    const uuids = rows.map((row) => text(row.input_uuid));
    const tags = new Map<string, [string, string][]>(uuids.map((uuid) => [uuid, []]));
    for (let start = 0; start < uuids.length; start += runsOfPage) {
      const some = uuids.slice(start, start + runsOfPage);
      const statement = `SELECT input_uuid, name, value FROM input_tags WHERE input_uuid IN (${marks(some)}) ORDER BY input_uuid, name`;
      for (const row of await this.#all(statement, some))
        tags.get(text(row.input_uuid))!.push([text(row.name), text(row.value)]);
    }
    const byRun = Map.groupBy(rows, (row) => text(row.run));
    return new Map(
      [...byRun].map(([run, list]) => [
        run,
        list.map((row) => ({
          name: text(row.name),
          digest: text(row.digest),
          sourceType: text(row.dataset_source_type),
          source: text(row.dataset_source),
          ...(row.dataset_schema !== null && { schema: text(row.dataset_schema) }),
          ...(row.dataset_profile !== null && { profile: text(row.dataset_profile) }),
          tags: tags.get(text(row.input_uuid)) ?? [],
        })),
      ]),
    );
  }

  async *models(experiment: string, after = ''): AsyncGenerator<SourcePage<SourceModel>> {
    if (!this.#schema.hasModels) return;
    for (let from = after; ; ) {
      const rows = await this.#all(
        `SELECT model_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms, status, lifecycle_stage,
          model_type, source_run_id, status_message FROM logged_models
          WHERE experiment_id = ? AND model_id > ? ORDER BY model_id LIMIT ${modelsOfPage}`,
        [Number(experiment), from],
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      from = text(last.model_id);
      yield { items: await this.#models.read(rows), after: from };
    }
  }

  async *links(experiment: string): AsyncGenerator<readonly LinkRecord[]> {
    if (!this.#schema.hasModels) return;
    const step = this.#schema.hasSteps ? 'i.step' : '0';
    // Models are destinations of inputs and of outputs alike; what runs read and make hangs on the run as the source.
    const rows = this.#db.rows(
      `SELECT i.source_type, i.source_id, i.destination_id, ${step} AS step FROM inputs i
        JOIN runs r ON r.run_uuid = i.source_id
        WHERE i.source_type IN ('RUN_INPUT', 'RUN_OUTPUT') AND i.destination_type IN ('MODEL_INPUT', 'MODEL_OUTPUT')
          AND r.experiment_id = ? ORDER BY i.source_id, i.source_type, i.destination_id`,
      [Number(experiment)],
    );
    for await (const chunk of rows) {
      yield chunk.map((row): LinkRecord => {
        const role = text(row.source_type) === 'RUN_OUTPUT' ? 'output' : 'input';
        const at = role === 'input' ? 0 : int(row.step, 'a step');
        return { run: text(row.source_id), model: text(row.destination_id), role, step: String(at) };
      });
    }
  }

  registered(): AsyncIterable<readonly RegisteredRecord[]> {
    return registeredIn(this.#db, this.problems, this.#schema.hasWorkspaces ? this.#workspace : undefined);
  }

  async *places(experiment: string): AsyncGenerator<readonly ArtifactPlace[]> {
    const values = [Number(experiment)];
    const runs = this.#db.rows('SELECT run_uuid, artifact_uri FROM runs WHERE experiment_id = ?', values);
    for await (const rows of runs)
      yield rows.map((row) => ({ owner: 'run', id: text(row.run_uuid), uri: text(row.artifact_uri) }));
    if (!this.#schema.hasModels) return;
    const statement = 'SELECT model_id, artifact_location FROM logged_models WHERE experiment_id = ?';
    for await (const rows of this.#db.rows(statement, values))
      yield rows.map((row) => ({ owner: 'model', id: text(row.model_id), uri: text(row.artifact_location) }));
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  #experimentRows(): Promise<ForeignRow[]> {
    const columns =
      'experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time';
    if (!this.#schema.hasWorkspaces)
      return this.#all(`SELECT ${columns} FROM experiments ORDER BY experiment_id`);
    const statement = `SELECT ${columns} FROM experiments WHERE workspace = ? ORDER BY experiment_id`;
    return this.#all(statement, [this.#workspace]);
  }

  #runsByExperiment(): Promise<ReadonlyMap<string, readonly string[]>> {
    this.#runIds ??= this.#loadRunIds();
    return this.#runIds;
  }

  async #loadRunIds(): Promise<ReadonlyMap<string, readonly string[]>> {
    const wanted = new Set((await this.#experimentRows()).map((row) => text(row.experiment_id)));
    const ids = new Map<string, string[]>();
    for await (const rows of this.#db.rows('SELECT experiment_id, run_uuid FROM runs')) {
      for (const row of rows) {
        const experiment = text(row.experiment_id);
        if (!wanted.has(experiment)) continue;
        const id = this.problems.guard(`run ${text(row.run_uuid)} of experiment ${experiment}`, () =>
          runId(row.run_uuid),
        );
        if (id === undefined) continue;
        const list = ids.get(experiment);
        if (list === undefined) ids.set(experiment, [id]);
        else list.push(id);
      }
    }
    for (const list of ids.values()) list.sort();
    return ids;
  }

  #all(statement: string, values: readonly (string | number)[] = []): Promise<ForeignRow[]> {
    return all(this.#db, statement, values);
  }

  async #count(statement: string, values: readonly string[]): Promise<number> {
    return Number((await this.#all(statement, values))[0]?.count ?? 0);
  }
}

const titles = { sqlite: 'SQLite', postgres: 'PostgreSQL', mysql: 'MySQL' } as const;
