/** Rows of `point_outline`: where points lie, and what is known of them unread, of chunks and of storeys of them (docs/formats/points.md). */
import type { Queries, Tx } from '../../db/db.ts';
import { encodeOutline, type Outline, type StoreyPart } from '../../engines/metrics/index.ts';
import type { ProjectId, SeriesId } from '../../kernel/ids.ts';
import { anyOf, rawSql, type Sql, sql, valueRows } from '../../kernel/sql.ts';
import type { ChunkBytes, ChunkPlace } from './chunk-store.ts';

/** A chunk, or a storey: then its chunks lie within what it says. */
export interface Part extends ChunkPlace, StoreyPart {
  /** The storey it stands in; 0 for none. */
  readonly parent: number;
}

interface PartRow {
  series: SeriesId;
  id: number;
  parent: number;
  height: number;
  points: number;
  step_min: number;
  step_max: number;
  time_min: number;
  time_max: number;
  has_outline: number | boolean;
}

const partColumns = rawSql(
  'series, id, parent, height, points, step_min, step_max, time_min, time_max, data IS NOT NULL AS has_outline',
);

async function partsWhere(queries: Queries, where: Sql): Promise<Part[]> {
  const rows = await queries.many<PartRow>(
    sql`SELECT ${partColumns} FROM point_outline WHERE ${where} ORDER BY series, id`,
  );
  return rows.map((row) => ({
    series: row.series,
    id: row.id,
    parent: row.parent,
    height: row.height,
    points: row.points,
    stepMin: row.step_min,
    stepMax: row.step_max,
    timeMin: row.time_min,
    timeMax: row.time_max,
    hasOutline: Boolean(row.has_outline),
  }));
}

/** Parts that together hold every chunk of these series: as few as there are. In the order of series, then ids. */
export async function rootParts(queries: Queries, series: readonly SeriesId[]): Promise<Part[]> {
  return series.length === 0 ? [] : partsWhere(queries, sql`${ofSeries(series)} AND parent = 0`);
}

/** What these storeys stand on. */
export async function partsOfStoreys(queries: Queries, storeys: readonly ChunkPlace[]): Promise<Part[]> {
  if (storeys.length === 0) return [];
  const ids = storeys.map((storey) => storey.id);
  return partsWhere(queries, sql`${ofSeries(storeys.map((part) => part.series))} AND parent ${anyOf(ids)}`);
}

/** Every part of a series: chunks and storeys. */
export async function allParts(queries: Queries, series: SeriesId): Promise<Part[]> {
  return partsWhere(queries, sql`series = ${series}`);
}

/** Of those parts that have one. */
export async function outlineBytes(queries: Queries, parts: readonly ChunkPlace[]): Promise<ChunkBytes[]> {
  if (parts.length === 0) return [];
  return queries.many(
    sql`SELECT series, id, data FROM point_outline WHERE ${isOneOf(parts)} AND data IS NOT NULL ORDER BY series, id`,
  );
}

export interface NewPart extends Omit<Part, 'hasOutline'> {
  readonly data: Uint8Array | null;
}

/** The row of a storey of these parts, of which this is what they say together. */
export function newStorey(id: number, parts: readonly Part[], outline: Outline): NewPart {
  const { summary, time } = outline;
  return {
    series: parts[0]!.series,
    id,
    parent: 0,
    height: parts[0]!.height + 1,
    points: summary.points,
    stepMin: summary.stepMin,
    stepMax: summary.stepMax,
    timeMin: time.first.times[0]!,
    timeMax: summary.timeMax,
    data: encodeOutline(outline),
  };
}

/** Rows of one statement. */
const rowsPerStatement = 100;

export async function insertParts(tx: Tx, project: ProjectId, parts: readonly NewPart[]): Promise<void> {
  for (let start = 0; start < parts.length; start += rowsPerStatement) {
    const rows = parts
      .slice(start, start + rowsPerStatement)
      .map((part) => [
        part.series,
        part.id,
        project,
        part.parent,
        part.height,
        part.points,
        part.stepMin,
        part.stepMax,
        part.timeMin,
        part.timeMax,
        part.data,
      ]);
    await tx.run(sql`INSERT INTO point_outline
      (series, id, project, parent, height, points, step_min, step_max, time_min, time_max, data) VALUES ${valueRows(rows)}`);
  }
}

/** Puts parts that have no storey into one; resolves to how many there were. */
export async function enterStorey(tx: Tx, storey: number, parts: readonly ChunkPlace[]): Promise<number> {
  return tx.run(sql`UPDATE point_outline SET parent = ${storey} WHERE ${isOneOf(parts)} AND parent = 0`);
}

/** Takes away every storey that stands on one of these parts, at any height: what else stood in them has no storey now. */
export async function takeDownStoreys(tx: Tx, parts: readonly ChunkPlace[]): Promise<void> {
  if (parts.length === 0) return;
  const storeys = await tx.many<ChunkPlace>(sql`SELECT DISTINCT series, parent AS id FROM point_outline
    WHERE ${isOneOf(parts)} AND parent <> 0`);
  if (storeys.length === 0) return;
  // From the top down: a storey tells which one stands on it.
  await takeDownStoreys(tx, storeys);
  const stoodIn = sql`${ofSeries(storeys.map((storey) => storey.series))} AND parent ${anyOf(storeys.map(({ id }) => id))}`;
  await tx.run(sql`UPDATE point_outline SET parent = 0 WHERE ${stoodIn}`);
  await deleteParts(tx, storeys);
}

export async function deleteParts(tx: Tx, parts: readonly ChunkPlace[]): Promise<void> {
  await tx.run(sql`DELETE FROM point_outline WHERE ${isOneOf(parts)}`);
}

export async function deleteAllParts(tx: Tx, series: SeriesId): Promise<void> {
  await tx.run(sql`DELETE FROM point_outline WHERE series = ${series}`);
}

function ofSeries(series: readonly SeriesId[]): Sql {
  const unique = [...new Set(series)];
  return unique.length === 1 ? sql`series = ${unique[0]!}` : sql`series ${anyOf(unique)}`;
}

/** Ids alone would do, being unique; the series lead to them. */
export function isOneOf(parts: readonly ChunkPlace[]): Sql {
  return sql`${ofSeries(parts.map((part) => part.series))} AND id ${anyOf(parts.map((part) => part.id))}`;
}
