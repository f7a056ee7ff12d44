/** One metric over another of the same run. */
import type { Queries } from '../../db/db.ts';
import {
  concatPoints,
  type Int64,
  type PairBands,
  type Pairs,
  type PointColumns,
  pairBands,
  pairsOf,
} from '../../engines/metrics/index.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { pointsOf, type SeriesParts } from './series-parts.ts';

/** Points of each of the two metrics: 24 MiB of columns. */
export const pairLimit = 2 ** 20;
/** Below it every pair is drawn. */
const pairsPerPixel = 2;

export interface PairWindow {
  /** Least and greatest x that are wanted. */
  readonly from?: Int64 | undefined;
  readonly to?: Int64 | undefined;
  readonly pixels: number;
}

/** `query_too_expensive` where one of the metrics has too many points. */
export async function drawOverMetric(
  queries: Queries,
  reader: ChunkReader,
  axis: SeriesParts,
  parts: SeriesParts,
  { from, to, pixels }: PairWindow,
): Promise<{ readonly pairs: Pairs } | { readonly pairBands: PairBands }> {
  const pairs = pairsOf(
    await allPoints(queries, reader, axis),
    await allPoints(queries, reader, parts),
    (x) => (from === undefined || x >= from) && (to === undefined || x <= to),
  );
  if (pairs.xs.length <= pairsPerPixel * pixels) return { pairs };
  const [first, last] = [pairs.xs[0]!, pairs.xs.at(-1)!];
  return { pairBands: pairBands(pairs, Number(from ?? first), Number(to ?? last), pixels) };
}

async function allPoints(queries: Queries, reader: ChunkReader, parts: SeriesParts): Promise<PointColumns> {
  const found: PointColumns[] = [];
  let count = 0;
  for await (const points of pointsOf(queries, reader, parts, 'step')) {
    count += points.values.length;
    if (count > pairLimit) {
      throw new CairnError(
        'query_too_expensive',
        `A metric is drawn over another where each has up to ${pairLimit} points; one of these has more.`,
        { field: 'x' },
      );
    }
    found.push(points);
  }
  return concatPoints(found);
}
