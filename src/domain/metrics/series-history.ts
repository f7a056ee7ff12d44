/** The history of one metric, page by page: only the parts are read that a page may stand in. */
import type { Queries } from '../../db/db.ts';
import {
  compareHistory,
  eachPoint,
  type Int64,
  type PointColumns,
  pointAt,
  slicePoints,
} from '../../engines/metrics/index.ts';
import { invalid } from '../../kernel/errors.ts';
import { fromJsonInt64 } from '../../kernel/json-number.ts';
import {
  type CursorValue,
  decodeCursor,
  encodeCursor,
  type Page,
  queryFingerprint,
} from '../../kernel/page.ts';
import type { Graph } from '../graph/index.ts';
import type { RunRow } from '../runs/index.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { MetricPoint } from './metric.ts';
import { rewindKey } from './rewind-store.ts';
import { partsOf, pointsOf } from './series-parts.ts';
import { seriesOfNode } from './series-store.ts';

export interface HistoryPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Instead of what the run says now: what this rewind superseded. */
  readonly rewind?: number | undefined;
}

/** A page as columns, one stretch after the other: 25,000 points of it are a tenth of the time that as many objects take. */
export interface HistoryColumns {
  readonly stretches: readonly PointColumns[];
  readonly cursor?: string;
}

/** In the order (time, step, value). An unknown metric has no points. */
export async function historyPage(
  queries: Queries,
  graph: Graph,
  reader: ChunkReader,
  run: RunRow,
  key: string,
  page: HistoryPage,
): Promise<Page<MetricPoint>> {
  const { stretches, cursor } = await historyColumns(queries, graph, reader, run, key, page);
  const items = stretches.flatMap((points) => Array.from(eachPoint(points), (point) => ({ key, ...point })));
  return { items, ...(cursor !== undefined && { cursor }) };
}

/** The same without an object for each point. */
export async function historyColumns(
  queries: Queries,
  graph: Graph,
  reader: ChunkReader,
  run: RunRow,
  key: string,
  { limit, cursor, rewind }: HistoryPage,
): Promise<HistoryColumns> {
  const by = rewind === undefined ? '' : rewindKey(rewind);
  const fingerprint = queryFingerprint(['history', run.project, run.uid, key, by]);
  const after = cursor === undefined ? undefined : decodeCursor(cursor, fingerprint, 3, 'cursor');
  const keyId = key.includes('\0') ? undefined : (await graph.keys.find(queries, [key])).get(key);
  const series = keyId === undefined ? [] : await seriesOfNode(queries, run.id, [keyId]);
  const own = series.find((row) => row.by_key === by);
  if (own === undefined) return { stretches: [] };
  const parts = (await partsOf(queries, [run.id], [own.id])).get(own.id)!;
  const from = after === undefined ? undefined : fromCursor(after[0]);
  const stretches: PointColumns[] = [];
  let left = limit;
  for await (const points of pointsOf(queries, reader, parts, 'time', { from })) {
    const start = after === undefined ? 0 : firstAfter(points, after);
    const end = Math.min(points.values.length, start + left);
    if (end < points.values.length) {
      const last = end > start ? slicePoints(points, start, end) : stretches.at(-1)!;
      if (end > start) stretches.push(last);
      const { time, step, value } = pointAt(last, last.values.length - 1);
      return { stretches, cursor: encodeCursor(fingerprint, [String(time), String(step), spell(value)]) };
    }
    if (end > start) stretches.push(slicePoints(points, start, end));
    left -= end - start;
  }
  return { stretches };
}

function spell(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function fromCursor(value: CursorValue | undefined): Int64 {
  const text = String(value);
  const exact = /^-?\d{1,19}$/.test(text) ? fromJsonInt64(text) : undefined;
  if (exact === undefined) throw invalid('cursor', 'Invalid page token: not one of this server');
  return exact;
}

/** Index of the first point after the cursor's in the order (time, step, value). */
function firstAfter(points: PointColumns, after: readonly CursorValue[]): number {
  const cursor = {
    times: columnOf(fromCursor(after[0])),
    steps: columnOf(fromCursor(after[1])),
    values: Float64Array.of(Number(after[2])),
  };
  let low = 0;
  let high = points.values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareHistory(points, middle, cursor, 0) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function columnOf(value: Int64): PointColumns['times'] {
  return typeof value === 'bigint' ? BigInt64Array.of(value) : Float64Array.of(value);
}
