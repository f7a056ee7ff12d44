/** Rows of `series`: one summary each. NaN and −0 do not survive every store's double column: a mark beside it keeps them. */
import type { Queries, Tx } from '../../db/db.ts';
import { type Int64, meanOf, type Summary } from '../../engines/metrics/index.ts';
import type { KeyId, NodeId, ProjectId, SeriesId } from '../../kernel/ids.ts';
import { anyOf, emptySql, rawSql, type Sql, type SqlValue, sql, valueRows } from '../../kernel/sql.ts';
import type { LatestPoint, MetricSummary } from './metric.ts';

/** What a double column cannot hold, by the mark beside it. */
const valueMarks = { real: 0, nan: 1, 'negative-zero': 2 } as const;

export interface SeriesRow {
  readonly id: SeriesId;
  readonly node: NodeId;
  readonly key: KeyId;
  /** '' for a series of the node itself, else where its points come from (table series_by). */
  readonly by_key: string;
  readonly points: number;
  readonly non_finite: number;
  readonly first_value: number | null;
  readonly first_kind: number;
  readonly first_step: Int64;
  readonly first_time: Int64;
  readonly last_value: number | null;
  readonly last_kind: number;
  readonly last_step: Int64;
  readonly last_time: Int64;
  readonly min_value: number | null;
  readonly min_step: Int64 | null;
  readonly max_value: number | null;
  readonly max_step: Int64 | null;
  readonly sum_value: number;
  readonly step_min: Int64;
  readonly step_max: Int64;
  readonly time_max: Int64;
}

const names = [
  'id',
  'node',
  'key',
  'by_key',
  'points',
  'non_finite',
  'first_value',
  'first_kind',
  'first_step',
  'first_time',
  'last_value',
  'last_kind',
  'last_step',
  'last_time',
  'min_value',
  'min_step',
  'max_value',
  'max_step',
  'sum_value',
  'step_min',
  'step_max',
  'time_max',
] as const satisfies readonly (keyof SeriesRow)[];

/** Columns of SeriesRow, of the table under the alias `s`. */
export const seriesColumns: Sql = rawSql(names.map((name) => `s.${name}`).join(', '));

/** All series of one node, those tied to others too; or those of the keys given. */
export async function seriesOfNode(
  queries: Queries,
  node: NodeId,
  keys?: readonly KeyId[],
): Promise<SeriesRow[]> {
  let where = sql`s.node = ${node}`;
  if (keys?.length === 1) where = sql`${where} AND s.key = ${keys[0]!}`;
  else if (keys !== undefined) where = sql`${where} AND s.key ${anyOf(keys)}`;
  return queries.many(sql`SELECT ${seriesColumns} FROM series s WHERE ${where}`);
}

/** The series of many runs, or those of the keys given: their own, or those of another `by`. */
export async function seriesOfRuns(
  queries: Queries,
  runs: readonly NodeId[],
  keys?: readonly KeyId[],
  by = '',
): Promise<SeriesRow[]> {
  const ofKeys = keys === undefined ? sql`` : sql`AND s.key ${anyOf(keys)}`;
  return queries.many(
    sql`SELECT ${seriesColumns} FROM series s WHERE s.node ${anyOf(runs)} AND s.by_key = ${by} ${ofKeys}`,
  );
}

/** What is needed of a series to tell its latest point: a quarter of its columns, and of the time to read them. */
export type LatestRow = Pick<
  SeriesRow,
  'node' | 'key' | 'last_value' | 'last_kind' | 'last_step' | 'last_time'
>;

/** In no order; at most `limit` of them. */
export async function latestOfRuns(
  queries: Queries,
  runs: readonly NodeId[],
  limit?: number,
): Promise<LatestRow[]> {
  const most = limit === undefined ? emptySql : sql`LIMIT ${limit}`;
  return queries.many(sql`SELECT s.node, s.key, s.last_value, s.last_kind, s.last_step, s.last_time FROM series s
    WHERE s.node ${anyOf(runs)} AND s.by_key = '' ${most}`);
}

/** How many of the runs, from the first on, have no more than `limit` series together; at least one. */
export async function runsWithin(queries: Queries, runs: readonly NodeId[], limit: number): Promise<number> {
  let left = limit;
  for (const [index, run] of runs.entries()) {
    const row = await queries.one<{ n: number }>(sql`SELECT count(*) AS n FROM
      (SELECT 1 FROM series s WHERE s.node = ${run} AND s.by_key = '' LIMIT ${left + 1}) AS counted`);
    left -= row?.n ?? 0;
    if (left < 0) return Math.max(1, index);
  }
  return runs.length;
}

export function latestFromRow(row: LatestRow, key: string): LatestPoint {
  const { last_value, last_kind, last_step: step, last_time: time } = row;
  return { key, last: { value: numberOf(last_value, last_kind), step, time } };
}

export async function seriesByIds(queries: Queries, ids: readonly SeriesId[]): Promise<SeriesRow[]> {
  return queries.many(sql`SELECT ${seriesColumns} FROM series s WHERE s.id ${anyOf(ids)}`);
}

export interface NewSummary {
  readonly id: SeriesId;
  readonly key: KeyId;
  readonly by: string;
  readonly summary: Summary;
}

/** 24 values a row: a thousand rows stay below every store's limit of bound values. */
const rowsPerStatement = 1_000;

/** Inserts summaries, or replaces those of the same (node, key, by). */
export async function putSummaries(
  tx: Tx,
  owner: { readonly id: NodeId; readonly project: ProjectId; readonly context: NodeId | 0 },
  series: readonly NewSummary[],
): Promise<void> {
  const rows = series.map(({ id, key, by, summary }) => [
    owner.project,
    owner.context,
    id,
    owner.id,
    key,
    by,
    ...toColumns(summary),
  ]);
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await tx.run(sql`INSERT INTO series (project, context, ${rawSql(names.join(', '))})
      VALUES ${valueRows(rows.slice(start, start + rowsPerStatement))}
      ON CONFLICT (node, key, by_key) DO UPDATE SET ${replaceAll}`);
  }
}

const replaceAll = rawSql(
  names
    .slice(4)
    .map((name) => `${name} = excluded.${name}`)
    .join(', '),
);

function toColumns(summary: Summary): SqlValue[] {
  return [
    summary.points,
    summary.nonFinite,
    ...markedValue(summary.first.value),
    summary.first.step,
    summary.first.time,
    ...markedValue(summary.last.value),
    summary.last.step,
    summary.last.time,
    summary.min?.value ?? null,
    summary.min?.step ?? null,
    summary.max?.value ?? null,
    summary.max?.step ?? null,
    summary.sum,
    summary.stepMin,
    summary.stepMax,
    summary.timeMax,
  ];
}

function markedValue(value: number): [SqlValue, number] {
  if (Number.isNaN(value)) return [null, valueMarks.nan];
  return Object.is(value, -0) ? [0, valueMarks['negative-zero']] : [value, valueMarks.real];
}

function numberOf(value: number | null, mark: number): number {
  if (mark === valueMarks.nan || value === null) return Number.NaN;
  return mark === valueMarks['negative-zero'] ? -0 : value;
}

export function summaryOfRow(row: SeriesRow): Summary {
  return {
    points: row.points,
    nonFinite: row.non_finite,
    first: { value: numberOf(row.first_value, row.first_kind), step: row.first_step, time: row.first_time },
    last: { value: numberOf(row.last_value, row.last_kind), step: row.last_step, time: row.last_time },
    min: row.min_value === null ? undefined : { value: row.min_value, step: row.min_step ?? 0 },
    max: row.max_value === null ? undefined : { value: row.max_value, step: row.max_step ?? 0 },
    sum: row.sum_value,
    stepMin: row.step_min,
    stepMax: row.step_max,
    timeMax: row.time_max,
  };
}

export function summaryFromRow(row: SeriesRow, key: string): MetricSummary {
  const summary = summaryOfRow(row);
  return {
    run: row.node,
    key,
    points: summary.points,
    nonFinite: summary.nonFinite,
    first: summary.first,
    last: summary.last,
    min: summary.min,
    max: summary.max,
    mean: meanOf(summary),
  };
}
