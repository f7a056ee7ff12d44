import type { Finding, Queries } from '../../db/db.ts';
import { CorruptPointsError, mergeSorted, type Summary, sortPoints } from '../../engines/metrics/index.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { rawSql, sql } from '../../kernel/sql.ts';
import { loadParts } from './point-store.ts';
import { ownOrder, tiedOrder } from './series-order.ts';
import { seriesOfNode, summaryOfRow } from './series-store.ts';

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
  let parts: Awaited<ReturnType<typeof loadParts>>;
  try {
    parts = await loadParts(
      queries,
      [node],
      rows.map((row) => row.id),
    );
  } catch (error) {
    if (!(error instanceof CorruptPointsError)) throw error;
    wrong.push(`node ${node}: ${error.message}`);
    return rows.length;
  }
  for (const row of rows) {
    const stored = parts.get(row.id) ?? [];
    const count = stored.reduce((sum, part) => sum + part.values.length, 0);
    const points = mergeSorted(stored.map(sortPoints));
    const kept = summaryOfRow(row);
    const order = row.by_key === '' ? ownOrder : tiedOrder;
    const problem =
      points.values.length === 0
        ? 'has no points'
        : count !== points.values.length
          ? `holds ${count - points.values.length} points twice`
          : difference(kept, order.summarise(points), sumOfSizes(points.values));
    if (problem !== undefined) wrong.push(`series ${row.id} of node ${node} ${problem}`);
  }
  return rows.length;
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

function sumOfSizes(values: Float64Array): number {
  return values.reduce((sum, value) => (Number.isFinite(value) ? sum + Math.abs(value) : sum), 0);
}
