import type { Finding, Queries } from '../../db/db.ts';
import {
  CorruptPointsError,
  decodeChunk,
  mergeSorted,
  type PointColumns,
  planOf,
  type Summary,
  sortPoints,
} from '../../engines/metrics/index.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { rawSql, sql } from '../../kernel/sql.ts';
import { type ChunkRow, chunkBytes, chunkExtents } from './chunk-store.ts';
import { partOfChunk, wrongParts } from './outline-check.ts';
import { type NewPart, rootParts } from './outline-store.ts';
import { headParts } from './point-store.ts';
import { orderOf } from './series-order.ts';
import { type SeriesRow, seriesOfNode, summaryOfRow } from './series-store.ts';

/** Runs whose points a shallow check reads, from the latest back. */
const shallowRuns = 100;
const batch = 100;
/** Sums of the same numbers in another order differ by a share of the sum of their sizes: 1e300, 1 and −1e300 make 0 or 1. */
const sumTolerance = 1e-6;

/** Each summary is what its points say; each blob can be read. */
export async function checkSeries(queries: Queries, deep: boolean): Promise<Finding[]> {
  let before = Number.MAX_SAFE_INTEGER;
  let runs = 0;
  let series = 0;
  const wrong: string[] = [];
  for (;;) {
    const nodes = await queries.many<{ node: NodeId }>(sql`SELECT DISTINCT node FROM series
      WHERE node < ${before} ORDER BY node DESC LIMIT ${rawSql(String(batch))}`);
    for (const { node } of nodes) series += await checkRun(queries, node, wrong);
    runs += nodes.length;
    before = nodes.at(-1)?.node ?? 0;
    if (nodes.length < batch || (!deep && runs >= shallowRuns)) break;
  }
  if (wrong.length === 0) {
    return [
      {
        level: 'ok',
        check: 'series',
        detail: `${series} summaries of ${runs} runs are what their points say`,
      },
    ];
  }
  return [
    {
      level: 'error',
      check: 'series',
      detail: `${wrong.length} series differ:\n${wrong.slice(0, 10).join('\n')}`,
    },
  ];
}

async function checkRun(queries: Queries, node: NodeId, wrong: string[]): Promise<number> {
  const rows = await seriesOfNode(queries, node);
  const ids = rows.map((row) => row.id);
  try {
    const loose = await headParts(queries, [node], ids);
    const chunks = Map.groupBy(await chunkExtents(queries, ids), (chunk) => chunk.series);
    const outlined = new Set([
      ...chunks.keys(),
      ...(await rootParts(queries, ids)).map((part) => part.series),
    ]);
    for (const row of rows) {
      const parts = (loose.get(row.id) ?? []).map(sortPoints);
      const outlines: NewPart[] = [];
      for (const chunk of chunks.get(row.id) ?? []) {
        const points = await checkChunk(queries, chunk, wrong);
        if (points === undefined) continue;
        parts.push(points);
        outlines.push(partOfChunk(chunk, points));
      }
      if (outlined.has(row.id)) {
        for (const line of await wrongParts(queries, row.id, outlines)) {
          wrong.push(`series ${row.id} of node ${node}: ${line}; \`cairn rebuild\` makes it again`);
        }
      }
      const problem = problemOf(row, parts);
      if (problem !== undefined) wrong.push(`series ${row.id} of node ${node} ${problem}`);
    }
  } catch (error) {
    if (!(error instanceof CorruptPointsError)) throw error;
    wrong.push(`node ${node}: ${error.message}`);
    return rows.length;
  }
  await checkNames(queries, node, rows, wrong);
  return rows.length;
}

function problemOf(row: SeriesRow, parts: readonly PointColumns[]): string | undefined {
  const count = parts.reduce((sum, part) => sum + part.values.length, 0);
  const points = mergeSorted(parts);
  if (points.values.length === 0) return 'has no points';
  if (count !== points.values.length) return `holds ${count - points.values.length} points twice`;
  return difference(summaryOfRow(row), orderOf(row.by_key).summarise(points), sumOfSizes(points.values));
}

/** The points of a chunk that is what its row says; undefined when it is gone. */
async function checkChunk(
  queries: Queries,
  chunk: ChunkRow,
  wrong: string[],
): Promise<PointColumns | undefined> {
  const [bytes] = await chunkBytes(queries, [chunk]);
  if (bytes === undefined) return undefined;
  const points = decodeChunk(bytes.data);
  const { stepMin, stepMax, timeMin, timeMax } = planOf(points);
  const said = [chunk.points, chunk.stepMin, chunk.stepMax, chunk.timeMin, chunk.timeMax].map(String);
  const found = [points.values.length, stepMin, stepMax, timeMin, timeMax].map(String);
  if (said.join() !== found.join())
    wrong.push(`the row of chunk ${chunk.id} says ${said}, its points ${found}`);
  return points;
}

async function checkNames(
  queries: Queries,
  node: NodeId,
  rows: readonly SeriesRow[],
  wrong: string[],
): Promise<void> {
  const own = rows.filter((row) => row.by_key === '').length;
  const row = await queries.one<{ named: number; listed: number }>(sql`SELECT
    (SELECT count(*) FROM metric_name m JOIN series s ON s.id = m.series JOIN interned_key k ON k.id = s.key
      WHERE m.node = ${node} AND s.node = m.node AND s.by_key = '' AND k.name = m.name) AS named,
    (SELECT count(*) FROM metric_name m WHERE m.node = ${node}) AS listed`);
  if (row?.named === own && row.listed === own) return;
  wrong.push(
    `node ${node} lists ${row?.listed} names of ${own} metrics, ${row?.named} of them right; \`cairn rebuild\` lists them again`,
  );
}

/** Whether a summary is not what its points say, up to the last bits of the sum; `size`: the sum of the sizes of its values. */
export function differs(kept: Summary, found: Summary, size: number): boolean {
  return difference(kept, found, size) !== undefined;
}

function difference(kept: Summary, found: Summary, size: number): string | undefined {
  const exact = (summary: Summary) => {
    const { sum: _, min, max, ...rest } = summary;
    return JSON.stringify([rest, min, max], (_key, value) =>
      typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))
        ? `${value}`
        : value,
    );
  };
  if (exact(kept) !== exact(found)) return `says ${exact(kept)}, its points ${exact(found)}`;
  if (kept.sum !== found.sum && !(Math.abs(kept.sum - found.sum) <= size * sumTolerance)) {
    return `says the sum is ${kept.sum}, its points ${found.sum}`;
  }
  return undefined;
}

export function sumOfSizes(values: Float64Array): number {
  return values.reduce((sum, value) => (Number.isFinite(value) ? sum + Math.abs(value) : sum), 0);
}
