/**
 * Points of a series by their rank in the order (step, time, value): what thins a curve evenly. Where few points are wanted of many, the
 * nearest ones that outlines know stand for them: points of the series, but spread not quite as evenly. All others are read from the
 * chunks that hold them.
 */
import type { Queries } from '../../db/db.ts';
import {
  type Bands,
  bucketCount,
  concatPoints,
  decodeOutline,
  firstBeyond,
  firstFrom,
  outlineBuckets,
  outlineLevel,
  type PointColumns,
  pickPoints,
  slicePoints,
} from '../../engines/metrics/index.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { outlineBytes, type Part } from './outline-store.ts';
import {
  type AxisRange,
  liesWithin,
  type Opens,
  type Piece,
  piecesOf,
  type SeriesParts,
} from './series-parts.ts';

/** Given how many points there are, the ranks wanted: ascending, from 0. */
export type Ranks = (count: number) => readonly number[];

/**
 * Buckets of an outline between two wanted ranks, at least: what stands for a point is at most an eighth of the way to the next
 * one off. Of a chunk of regular steps a bucket holds 256 points, so 320 are found without a chunk from 330,000 points on.
 */
const bucketsPerRank = 4;

/** Points within a range of steps, those whose ranks in it are wanted, or near them. */
export async function sampleSeries(
  queries: Queries,
  reader: ChunkReader,
  parts: SeriesParts,
  steps: AxisRange,
  ranks: Ranks,
): Promise<PointColumns> {
  const overlapping = parts.roots.filter((part) => liesWithin('step', part, steps) !== false);
  const about = spacingOf(ranks(overlapping.reduce((sum, part) => sum + part.points, 0)));
  const opens: Opens = (storey) => liesWithin('step', storey, steps) !== true || !maySuffice(storey, about);
  const pieces: Piece[] = [];
  let count = 0;
  for await (const piece of piecesOf(queries, reader, parts, 'step', steps, opens)) {
    const whole = piece.points !== undefined || liesWithin('step', piece.part, steps) === true;
    const found = whole ? piece : { points: await reader.one(queries, piece.part) };
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
  return piece.points === undefined ? piece.part.points : piece.points.values.length;
}

/** The least way from one wanted rank to the next. */
function spacingOf(ranks: readonly number[]): number {
  return ranks.reduce(
    (least, rank, i) => (i === 0 ? least : Math.min(least, rank - ranks[i - 1]!)),
    Number.POSITIVE_INFINITY,
  );
}

/** Whether an outline is fine enough if steps are regular; told by its row. */
function maySuffice(part: Part, spacing: number): boolean {
  const buckets = bucketCount(part.stepMin, part.stepMax, outlineLevel('step', part));
  return part.hasOutline && (part.points / buckets) * bucketsPerRank <= spacing;
}

interface Wanted {
  readonly piece: Piece;
  /** Ranks within the piece. */
  readonly places: readonly number[];
}

async function pick(
  queries: Queries,
  reader: ChunkReader,
  pieces: readonly Piece[],
  ranks: readonly number[],
): Promise<PointColumns> {
  const spacing = spacingOf(ranks);
  const wanted = placesIn(pieces, ranks);
  const parts = wanted.flatMap(({ piece }) => (piece.points === undefined ? [piece.part] : []));
  const known = await knownPoints(queries, parts, spacing);
  const unknown = parts.filter((part) => part.height === 0 && !known.has(part.id));
  const read = reader.each(queries, unknown);
  const found: PointColumns[] = [];
  for (const { piece, places } of wanted) {
    const near = piece.points === undefined ? known.get(piece.part.id) : undefined;
    if (piece.points !== undefined) found.push(pickPoints(piece.points, places));
    else if (near !== undefined) found.push(nearest(near, places));
    else if (piece.part.height === 0) found.push(pickPoints((await read.next()).value!, places));
    else found.push(await pickBelow(queries, reader, piece.part, places));
  }
  return concatPoints(found);
}

/** Of a storey whose outline is too coarse. */
async function pickBelow(
  queries: Queries,
  reader: ChunkReader,
  storey: Part,
  places: readonly number[],
): Promise<PointColumns> {
  const pieces: Piece[] = [];
  const below = { roots: [storey], loose: [] };
  for await (const piece of piecesOf(
    queries,
    reader,
    below,
    'step',
    {},
    (part) => part.height >= storey.height,
  )) {
    pieces.push(piece);
  }
  return pick(queries, reader, pieces, places);
}

/** The pieces that hold points of these ranks. */
function placesIn(pieces: readonly Piece[], ranks: readonly number[]): Wanted[] {
  const wanted: Wanted[] = [];
  let next = 0;
  let begin = 0;
  for (const piece of pieces) {
    const end = begin + sizeOf(piece);
    const places: number[] = [];
    while (next < ranks.length && ranks[next]! < end) places.push(ranks[next++]! - begin);
    if (places.length > 0) wanted.push({ piece, places });
    begin = end;
  }
  return wanted;
}

/** Some points of a part, and their ranks in it: ascending, from 0 to its last. */
interface KnownPoints {
  readonly ranks: readonly number[];
  readonly points: PointColumns;
}

/** Outlines that are read by one statement: some 500 KiB. */
const outlinesAtOnce = 256;

/** What outlines tell of points, of those parts where they lie close enough to each other. */
async function knownPoints(
  queries: Queries,
  parts: readonly Part[],
  spacing: number,
): Promise<Map<number, KnownPoints>> {
  const found = new Map<number, KnownPoints>();
  const worth = parts.filter(
    (part) => part.hasOutline && (part.points / outlineBuckets) * bucketsPerRank <= spacing,
  );
  for (let start = 0; start < worth.length; start += outlinesAtOnce) {
    for (const { id, data } of await outlineBytes(queries, worth.slice(start, start + outlinesAtOnce))) {
      const { summary, step, time } = decodeOutline(data);
      // Where all steps are equal, the order of the series is that of times.
      const bands = summary.stepMin === summary.stepMax ? time : step;
      if (bands.counts.every((count) => count * bucketsPerRank <= spacing))
        found.set(id, pointsOfBands(bands));
    }
  }
  return found;
}

function pointsOfBands({ counts, first, last }: Bands): KnownPoints {
  const ranks: number[] = [];
  let count = 0;
  for (const more of counts) {
    ranks.push(count);
    count += more;
  }
  const end = pickPoints(last, [counts.length - 1]);
  if (ranks.at(-1) === count - 1) return { ranks, points: first };
  return { ranks: [...ranks, count - 1], points: concatPoints([first, end]) };
}

/** Of the known points those nearest to these ranks; both ascend, and the wanted ones lie further from each other. */
function nearest({ ranks, points }: KnownPoints, places: readonly number[]): PointColumns {
  let at = 0;
  return pickPoints(
    points,
    places.map((place) => {
      while (at + 1 < ranks.length && Math.abs(ranks[at + 1]! - place) <= Math.abs(ranks[at]! - place)) at++;
      return at;
    }),
  );
}
