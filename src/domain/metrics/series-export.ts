/**
 * Whole series, read from one end to the other. Each slice is a short scan of its own that begins behind the last point of the one before:
 * whoever reads slowly holds neither a snapshot nor a thread, and memory is that of a slice. What is logged or superseded meanwhile behind
 * the place that was reached is part of what is read.
 */
import {
  type Axis,
  compareHistory,
  comparePoints,
  concatPoints,
  type Int64,
  int64At,
  noPoints,
  type PointColumns,
  pickPoints,
  slicePoints,
} from '../../engines/metrics/index.ts';
import { invalid } from '../../kernel/errors.ts';
import type { ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Graph } from '../graph/index.ts';
import { ChunkReader } from './chunk-reader.ts';
import { rewindKey } from './rewind-store.ts';
import { findLines } from './series-lines.ts';
import { type AxisRange, partsOf, pointsOf } from './series-parts.ts';
import type { SeriesRow } from './series-store.ts';

export const exportLimits = {
  /** Runs times metrics of one request. */
  lines: 10_000,
  /** Points of a slice: 750 KiB of columns, some 3 MiB as text. */
  slice: 32_768,
} as const;

export interface ExportRequest {
  /** Ids; one that is not there has no points. */
  readonly runs: readonly string[];
  readonly keys: readonly string[];
  /** In whose order points come, and what `from` and `to` are: both ends are in it. */
  readonly x: Axis;
  readonly from?: Int64 | undefined;
  readonly to?: Int64 | undefined;
  /** Only steps that are multiples of it. */
  readonly every?: number | undefined;
  readonly rewind?: number | undefined;
}

/** A slice of one series, never empty. */
export interface ExportedPoints {
  readonly run: Uid;
  readonly key: string;
  readonly points: PointColumns;
}

interface ExportedLine {
  readonly run: Uid;
  readonly key: string;
  readonly row: SeriesRow;
}

/** Runs in the order asked, of each the metrics in the order asked. What is refused is refused before anything is read. */
export async function exportSeries(
  context: RequestContext,
  graph: Graph,
  project: ProjectId,
  request: ExportRequest,
): Promise<AsyncGenerator<ExportedPoints>> {
  const count = new Set(request.runs).size * new Set(request.keys).size;
  if (count > exportLimits.lines) {
    throw invalid('keys', `${count} series are too many for one request; ${exportLimits.lines} are allowed`);
  }
  if (request.from !== undefined && request.to !== undefined && request.from > request.to) {
    throw invalid('to', 'to is less than from');
  }
  const by = request.rewind === undefined ? '' : rewindKey(request.rewind);
  const found = await graph.db.scan(
    (queries) => findLines(queries, graph, project, request.runs, request.keys, by),
    context.signal,
  );
  return slicesOf(
    context,
    graph,
    request,
    found.map(({ run, key, row }) => ({ run, key, row })),
  );
}

async function* slicesOf(
  context: RequestContext,
  graph: Graph,
  request: ExportRequest,
  lines: readonly ExportedLine[],
): AsyncGenerator<ExportedPoints> {
  for (const { run, key, row } of lines) {
    let last: PointColumns | undefined;
    do {
      const slice = await nextSlice(context, graph, request, row, last);
      last = slice.last;
      const points = everyOf(slice.points, request.every);
      if (points.values.length > 0) yield { run, key, points };
    } while (last !== undefined);
  }
}

/** The points behind `last`, which is a single one; `last` is not given again where they are the end of the series. */
async function nextSlice(
  context: RequestContext,
  graph: Graph,
  { x, from, to }: ExportRequest,
  row: SeriesRow,
  last: PointColumns | undefined,
): Promise<{ points: PointColumns; last: PointColumns | undefined }> {
  const reader = new ChunkReader(0);
  const range: AxisRange = { from: last === undefined ? from : int64At(columnOf(last, x), 0), to };
  return graph.db.scan(async (queries) => {
    const parts = (await partsOf(queries, [row.node], [row.id])).get(row.id)!;
    const found: PointColumns[] = [];
    let left: number = exportLimits.slice;
    for await (const points of pointsOf(queries, reader, parts, x, range)) {
      const begin =
        last === undefined
          ? firstAt(points, (i) => from === undefined || columnOf(points, x)[i]! >= from)
          : behind(points, x, last);
      const end = firstAt(points, (i) => to !== undefined && columnOf(points, x)[i]! > to);
      if (begin >= end) continue;
      const some = slicePoints(points, begin, Math.min(end, begin + left));
      found.push(some);
      left -= some.values.length;
      if (left === 0) return { points: concatPoints(found), last: lastOf(some) };
    }
    return { points: found.length === 0 ? noPoints : concatPoints(found), last: undefined };
  }, context.signal);
}

const columnOf = (points: PointColumns, x: Axis) => (x === 'step' ? points.steps : points.times);
const lastOf = (points: PointColumns) => pickPoints(points, [points.values.length - 1]);

function behind(points: PointColumns, x: Axis, last: PointColumns): number {
  const compare = x === 'step' ? comparePoints : compareHistory;
  return firstAt(points, (i) => compare(points, i, last, 0) > 0);
}

/** Index of the first point of which it is true, and stays so. */
function firstAt(points: PointColumns, isThere: (index: number) => boolean): number {
  let low = 0;
  let high = points.values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isThere(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function everyOf(points: PointColumns, every: number | undefined): PointColumns {
  if (every === undefined || every === 1) return points;
  const places: number[] = [];
  for (let i = 0; i < points.values.length; i++) {
    const step = points.steps[i]!;
    if (typeof step === 'number' ? step % every === 0 : step % BigInt(every) === 0n) places.push(i);
  }
  return pickPoints(points, places);
}
