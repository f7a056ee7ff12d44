/** Logged models of an MLflow database: with their parameters, tags and points. */
import type { ForeignDb, ForeignRow } from '../../db/foreign-db.ts';
import { PointGroups } from '../../engines/metrics/index.ts';
import { all, marks } from './database-rows.ts';
import { double, instant, int, lifecycle, modelId, text, Unreadable } from './fields.ts';
import type { Problems } from './problems.ts';
import type { SourceModel } from './source.ts';

export class DatabaseModels {
  readonly #db: ForeignDb;
  readonly #problems: Problems;

  constructor(db: ForeignDb, problems: Problems) {
    this.#db = db;
    this.#problems = problems;
  }

  /** Whole models of rows of `logged_models`: three statements, whatever their number. */
  async read(rows: readonly ForeignRow[]): Promise<SourceModel[]> {
    const ids = rows.map((row) => text(row.model_id));
    const of = async (kind: string) =>
      Map.groupBy(
        await all(
          this.#db,
          `SELECT model_id, ${kind}_key AS name, ${kind}_value AS value FROM logged_model_${kind}s
            WHERE model_id IN (${marks(ids)}) ORDER BY model_id, ${kind}_key`,
          ids,
        ),
        (row) => text(row.model_id),
      );
    const params = await of('param');
    const tags = await of('tag');
    const metrics = Map.groupBy(
      await all(
        this.#db,
        `SELECT model_id, metric_name, metric_timestamp_ms, metric_step, metric_value, run_id, dataset_name, dataset_digest
          FROM logged_model_metrics WHERE model_id IN (${marks(ids)})`,
        ids,
      ),
      (row) => text(row.model_id),
    );
    const pairs = (found: readonly ForeignRow[] = []): [string, string][] =>
      found.map((row) => [text(row.name), text(row.value)]);
    return rows.flatMap((row): SourceModel[] => {
      const id = text(row.model_id);
      return (
        this.#problems.guard(`logged model ${id}`, () => [
          {
            record: {
              id: modelId(id),
              name: text(row.name),
              type: text(row.model_type),
              sourceRun: text(row.source_run_id),
              state: modelState(row.status),
              message: text(row.status_message),
              created: instant(row.creation_timestamp_ms, 'a logged model made at a time'),
              updated: instant(row.last_updated_timestamp_ms, 'a logged model changed at a time'),
              lifecycle: lifecycle(row.lifecycle_stage),
              params: pairs(params.get(id)),
              tags: pairs(tags.get(id)),
            },
            series: this.#tiedSeries(metrics.get(id) ?? []),
          },
        ]) ?? []
      );
    });
  }

  #tiedSeries(rows: readonly ForeignRow[]): SourceModel['series'] {
    const groups = new PointGroups<string>();
    for (const row of rows) {
      this.#problems.guard(`points of logged model ${text(row.model_id)}`, () => {
        const dataset = row.dataset_name === null ? null : [text(row.dataset_name), text(row.dataset_digest)];
        const name = JSON.stringify([text(row.metric_name), text(row.run_id), dataset]);
        const value = row.metric_value === null ? Number.NaN : double(row.metric_value);
        groups.add(
          name,
          value,
          int(row.metric_step, 'a step'),
          int(row.metric_timestamp_ms, 'a time of a point'),
        );
      });
    }
    return groups.finish().map(([name, points]) => {
      const [key, run, dataset] = JSON.parse(name) as [string, string, [string, string] | null];
      return { key, run, dataset: dataset ?? undefined, points };
    });
  }
}

/** As MLflow numbers them: unspecified, pending, ready, failed. */
function modelState(value: ForeignRow[string] | undefined): 'pending' | 'ready' | 'failed' {
  const state = (['pending', 'pending', 'ready', 'failed'] as const)[Number(value)];
  if (state === undefined) throw new Unreadable('a logged model in a state that MLflow does not know');
  return state;
}
