/**
 * Going back: a run that was restarted from a checkpoint logs its steps again, and what it logged from there on before is no
 * longer what happened. Those points become series of their own, told by the rewind: what the run says is as if they had never
 * been logged, and they can still be read. Nothing that is kept is read or written again, save what holds both.
 */
import {
  decodeChunk,
  decodeHead,
  decodeOutline,
  firstFrom,
  type HeadEntry,
  type Int64,
  mergeSorted,
  mergeSummaries,
  type PointColumns,
  planOf,
  type Summary,
  slicePoints,
  sortPoints,
  summarise,
} from '../../engines/metrics/index.ts';
import type { SeriesId } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { ChangeTx } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import type { RunRow } from '../runs/index.ts';
import {
  type ChunkRow,
  chunkBytes,
  chunkExtents,
  deleteChunks,
  insertChunks,
  newChunk,
} from './chunk-store.ts';
import { outlineBytes, takeDownStoreys } from './outline-store.ts';
import { deleteHeads, headsOf, insertHead } from './point-store.ts';
import { rewindKey } from './rewind-store.ts';
import { putSummaries, type SeriesRow, seriesColumns } from './series-store.ts';

export interface Superseded {
  readonly series: number;
  readonly points: number;
}

/** With the series that lost points, and those that got them, where no whole series left. */
export interface Supersession extends Superseded {
  readonly halved: readonly SeriesId[];
}

/** What is left of a series, and what leaves it. */
class Halves {
  readonly row: SeriesRow;
  /** The series of what leaves. */
  readonly id: SeriesId;
  kept: Summary | undefined;
  moved: Summary | undefined;

  constructor(row: SeriesRow, id: SeriesId) {
    this.row = row;
    this.id = id;
  }

  keep(summary: Summary): void {
    this.kept = this.kept === undefined ? summary : mergeSummaries(this.kept, summary);
  }

  move(summary: Summary): void {
    this.moved = this.moved === undefined ? summary : mergeSummaries(this.moved, summary);
  }
}

/** Supersedes all points of a run, which is held, from a step on. Resolves to how many there were. */
export async function supersede(
  tx: ChangeTx,
  graph: Graph,
  run: RunRow,
  id: number,
  step: Int64,
): Promise<Supersession> {
  const rows = await tx.many<SeriesRow>(sql`SELECT ${seriesColumns} FROM series s
    WHERE s.node = ${run.id} AND s.by_key = '' AND s.step_max >= ${step} ORDER BY s.id`);
  if (rows.length === 0) return { series: 0, points: 0, halved: [] };
  const whole = rows.filter((row) => row.step_min >= step);
  const partial = rows.filter((row) => row.step_min < step);
  const by = rewindKey(id);
  if (whole.length > 0) {
    const ids = whole.map((row) => row.id);
    await tx.run(
      sql`UPDATE series SET by_key = ${by}, context = 0 WHERE node = ${run.id} AND id ${anyOf(ids)}`,
    );
    await tx.run(sql`DELETE FROM metric_name WHERE node = ${run.id} AND series ${anyOf(ids)}`);
  }
  const firstId = partial.length === 0 ? 0 : await graph.db.nextIds(partial.length);
  const halves = new Map(
    partial.map((row, index) => [row.id, new Halves(row, (firstId + index) as SeriesId)]),
  );
  await splitHeads(tx, graph, run, halves, step);
  await splitChunks(tx, graph, run, halves, step);
  const all = [...halves.values()];
  const summaries = (of: 'kept' | 'moved') =>
    all.map((half) => {
      const series = of === 'kept' ? { id: half.row.id, by: '' } : { id: half.id, by };
      return { ...series, key: half.row.key, summary: half[of]! };
    });
  await putSummaries(tx, run, summaries('kept'));
  // In no experiment's table of columns.
  await putSummaries(tx, { ...run, context: 0 }, summaries('moved'));
  return {
    series: rows.length,
    points: [...whole, ...all.map((half) => half.moved!)].reduce((sum, { points }) => sum + points, 0),
    halved: all.flatMap((half) => [half.row.id, half.id]),
  };
}

/** A head that holds both is replaced by a new one: no blob ever changes under its id. */
async function splitHeads(
  tx: ChangeTx,
  graph: Graph,
  run: RunRow,
  halves: ReadonlyMap<SeriesId, Halves>,
  step: Int64,
): Promise<void> {
  if (halves.size === 0) return;
  const replaced: number[] = [];
  const rewritten: HeadEntry[][] = [];
  for (const head of await headsOf(tx, [run.id])) {
    const entries: HeadEntry[] = [];
    let changed = false;
    for (const entry of decodeHead(head.data)) {
      const half = halves.get(entry.series as SeriesId);
      const { before, from } = splitAt(sortPoints(entry.points), step);
      if (half === undefined) entries.push(entry);
      else {
        if (before !== undefined) half.keep(summarise(before));
        if (from !== undefined) half.move(summarise(from));
        if (before !== undefined) entries.push({ series: entry.series, points: before });
        if (from !== undefined) entries.push({ series: half.id, points: from });
        changed ||= from !== undefined;
      }
    }
    if (!changed) continue;
    replaced.push(head.id);
    rewritten.push(entries.sort((a, b) => a.series - b.series));
  }
  if (replaced.length === 0) return;
  await deleteHeads(tx, run.id, replaced);
  const firstId = await graph.db.nextIds(rewritten.length);
  for (const [index, entries] of rewritten.entries()) {
    await insertHead(tx, { id: firstId + index, node: run.id, project: run.project }, entries);
  }
}

/** Chunks behind the step change their series; the few that hold both are cut in two. */
async function splitChunks(
  tx: ChangeTx,
  graph: Graph,
  run: RunRow,
  halves: ReadonlyMap<SeriesId, Halves>,
  step: Int64,
): Promise<void> {
  const chunks = await chunkExtents(tx, [...halves.keys()]);
  const summaries = await summariesOf(
    tx,
    chunks.filter((chunk) => chunk.stepMin >= step || chunk.stepMax < step),
  );
  for (const chunk of chunks) {
    const summary = summaries.get(chunk.id);
    if (summary === undefined) continue;
    const half = halves.get(chunk.series)!;
    if (chunk.stepMin >= step) half.move(summary);
    else half.keep(summary);
  }
  await takeDownStoreys(
    tx,
    chunks.filter((chunk) => chunk.stepMax >= step),
  );
  const leaving = Map.groupBy(
    chunks.filter((chunk) => chunk.stepMin >= step),
    (chunk) => chunk.series,
  );
  for (const [series, some] of leaving) {
    const where = sql`series = ${series} AND id ${anyOf(some.map((chunk) => chunk.id))}`;
    await tx.run(sql`UPDATE point_chunk SET series = ${halves.get(series)!.id} WHERE ${where}`);
    await tx.run(sql`UPDATE point_outline SET series = ${halves.get(series)!.id} WHERE ${where}`);
  }
  const both = chunks.filter((chunk) => chunk.stepMin < step && chunk.stepMax >= step);
  const made = (await chunkBytes(tx, both)).flatMap(({ series, data }) => {
    const half = halves.get(series)!;
    const { before, from } = splitAt(decodeChunk(data), step);
    half.keep(summarise(before!));
    half.move(summarise(from!));
    return [newChunk(series, planOf(before!)), newChunk(half.id, planOf(from!))];
  });
  if (made.length === 0) return;
  await deleteChunks(tx, both);
  await insertChunks(tx, run.project, await graph.db.nextIds(made.length), made);
}

/** Of a chunk with an outline, what that says; of others, what their points say. */
async function summariesOf(tx: ChangeTx, chunks: readonly ChunkRow[]): Promise<Map<number, Summary>> {
  const found = new Map<number, Summary>();
  for (const { id, data } of await outlineBytes(tx, chunks)) found.set(id, decodeOutline(data).summary);
  const rest = chunks.filter((chunk) => !found.has(chunk.id));
  for (const { id, data } of await chunkBytes(tx, rest)) found.set(id, summarise(decodeChunk(data)));
  return found;
}

function splitAt(
  points: PointColumns,
  step: Int64,
): { before: PointColumns | undefined; from: PointColumns | undefined } {
  const at = firstFrom(points.steps, step);
  const [before, from] = [slicePoints(points, 0, at), slicePoints(points, at, points.values.length)];
  return {
    before: at === 0 ? undefined : before,
    from: at === points.values.length ? undefined : mergeSorted([from]),
  };
}
