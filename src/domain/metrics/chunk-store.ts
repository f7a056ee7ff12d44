/** Rows of chunks: columns of one series. Bytes: docs/formats/points.md. */
import type { Queries, Tx } from '../../db/db.ts';
import {
  type ChunkExtent,
  type ChunkPlan,
  encodeChunk,
  encodeOutline,
  outlineOf,
  worthAnOutline,
} from '../../engines/metrics/index.ts';
import type { ProjectId, SeriesId } from '../../kernel/ids.ts';
import { anyOf, sql, valueRows } from '../../kernel/sql.ts';
import { deleteParts, insertParts, isOneOf, takeDownStoreys } from './outline-store.ts';

export interface ChunkPlace {
  readonly series: SeriesId;
  readonly id: number;
}

/** What is known of a chunk without its bytes. */
export interface ChunkRow extends ChunkPlace, ChunkExtent {}

/** The chunks of some series. They are in no order but that of their ids. */
export async function chunkExtents(queries: Queries, series: readonly SeriesId[]): Promise<ChunkRow[]> {
  if (series.length === 0) return [];
  const of = series.length === 1 ? sql`series = ${series[0]!}` : sql`series ${anyOf(series)}`;
  const rows = await queries.many<{
    series: SeriesId;
    id: number;
    points: number;
    step_min: number;
    step_max: number;
    time_min: number;
    time_max: number;
  }>(sql`SELECT series, id, points, step_min, step_max, time_min, time_max FROM point_chunk
    WHERE ${of} ORDER BY series, id`);
  return rows.map((row) => ({
    series: row.series,
    id: row.id,
    points: row.points,
    stepMin: row.step_min,
    stepMax: row.step_max,
    timeMin: row.time_min,
    timeMax: row.time_max,
  }));
}

export interface ChunkBytes extends ChunkPlace {
  readonly data: Uint8Array;
}

export async function chunkBytes(queries: Queries, chunks: readonly ChunkPlace[]): Promise<ChunkBytes[]> {
  if (chunks.length === 0) return [];
  return queries.many(
    sql`SELECT series, id, data FROM point_chunk WHERE ${isOneOf(chunks)} ORDER BY series, id`,
  );
}

/** A chunk that is ready to be written: everything that takes time is done. */
export interface NewChunk extends ChunkExtent {
  readonly series: SeriesId;
  readonly data: Uint8Array;
  /** None for a small chunk. */
  readonly outline: Uint8Array | undefined;
}

export function newChunk(series: SeriesId, { points, ...extent }: ChunkPlan): NewChunk {
  return {
    ...extent,
    series,
    points: points.values.length,
    data: encodeChunk(points),
    outline: points.values.length < worthAnOutline ? undefined : encodeOutline(outlineOf(points)),
  };
}

/** Rows of one statement: 6 MiB of full chunks. */
const rowsPerStatement = 100;

/** Ids from `firstId` on. Their outlines come with them; no storey stands on them yet. */
export async function insertChunks(
  tx: Tx,
  project: ProjectId,
  firstId: number,
  chunks: readonly NewChunk[],
): Promise<void> {
  for (let start = 0; start < chunks.length; start += rowsPerStatement) {
    const some = chunks.slice(start, start + rowsPerStatement);
    const rows = some.map(({ series, points, stepMin, stepMax, timeMin, timeMax, data }, index) => [
      series,
      firstId + start + index,
      project,
      points,
      stepMin,
      stepMax,
      timeMin,
      timeMax,
      data,
    ]);
    await tx.run(sql`INSERT INTO point_chunk (series, id, project, points, step_min, step_max, time_min, time_max, data)
      VALUES ${valueRows(rows)}`);
  }
  const parts = chunks.map((chunk, index) => ({
    ...chunk,
    id: firstId + index,
    parent: 0,
    height: 0,
    data: chunk.outline ?? null,
  }));
  await insertParts(tx, project, parts);
}

/** Resolves to how many chunks were there; their outlines go with them, and every storey that stood on one. */
export async function deleteChunks(tx: Tx, chunks: readonly ChunkPlace[]): Promise<number> {
  if (chunks.length === 0) return 0;
  await takeDownStoreys(tx, chunks);
  await deleteParts(tx, chunks);
  return tx.run(sql`DELETE FROM point_chunk WHERE ${isOneOf(chunks)}`);
}
