/** Points of a series by their rank in the order (step, time, value): what thins a curve evenly. Reads the chunks of those ranks only. */
import type { Queries } from '../../db/db.ts';
import {
  concatPoints,
  firstBeyond,
  firstFrom,
  type PointColumns,
  pickPoints,
  slicePoints,
} from '../../engines/metrics/index.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { type AxisRange, liesWithin, type Piece, piecesOf, type SeriesParts } from './series-parts.ts';

/** Given how many points there are, the ranks wanted: ascending, from 0. */
export type Ranks = (count: number) => readonly number[];

/** Points within a range of steps, those whose ranks in it are wanted. */
export async function sampleSeries(
  queries: Queries,
  reader: ChunkReader,
  parts: SeriesParts,
  steps: AxisRange,
  ranks: Ranks,
): Promise<PointColumns> {
  const pieces: Piece[] = [];
  let count = 0;
  for await (const piece of piecesOf(queries, reader, parts, 'step', steps)) {
    const whole = piece.points !== undefined || liesWithin('step', piece.chunk, steps) === true;
    const found = whole ? piece : { points: await reader.one(queries, piece.chunk) };
    const kept = found.points === undefined ? found : { points: narrow(found.points, steps) };
    count += sizeOf(kept);
    pieces.push(kept);
  }
  return pick(queries, reader, pieces, ranks(count));
}

function narrow(points: PointColumns, { from, to }: AxisRange): PointColumns {
  const start = from === undefined ? 0 : firstFrom(points.steps, from);
  return slicePoints(points, start, to === undefined ? points.values.length : firstBeyond(points.steps, to));
}

function sizeOf(piece: Piece): number {
  return piece.points === undefined ? piece.chunk.points : piece.points.values.length;
}

async function pick(
  queries: Queries,
  reader: ChunkReader,
  pieces: readonly Piece[],
  ranks: readonly number[],
): Promise<PointColumns> {
  const wanted: { readonly piece: Piece; readonly places: number[] }[] = [];
  let next = 0;
  let begin = 0;
  for (const piece of pieces) {
    const end = begin + sizeOf(piece);
    const places: number[] = [];
    while (next < ranks.length && ranks[next]! < end) places.push(ranks[next++]! - begin);
    if (places.length > 0) wanted.push({ piece, places });
    begin = end;
  }
  const chunks = wanted.flatMap(({ piece }) => (piece.points === undefined ? [piece.chunk] : []));
  const read = reader.each(queries, chunks);
  const found: PointColumns[] = [];
  for (const { piece, places } of wanted) {
    const points = piece.points ?? (await read.next()).value!;
    found.push(pickPoints(points, places));
  }
  return concatPoints(found);
}
