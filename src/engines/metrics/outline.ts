/**
 * An outline: what is known of a chunk, or of a storey of chunks, without its points. Its summary, and bands on both axes, fine enough that a chart of a
 * long series opens no chunk, and coarse enough that they cost a few hundredths of a byte a point for each column. Derived:
 * it can be made again from the chunk, and a reader without it opens the chunk instead.
 *
 * As bytes it is a head whose entries are the columns (docs/formats/points.md): small numbers, written by arithmetic alone.
 */
import { assert } from '../../kernel/assert.ts';
import { BandAccumulator, type Bands } from './bands.ts';
import { CorruptPointsError } from './corrupt-points-error.ts';
import type { PartExtent } from './extent.ts';
import { type Axis, bucketCount, bucketOf, largestLevel, levelFor } from './grid.ts';
import { decodeHead, encodeHead } from './head.ts';
import { type Int64, type Int64Column, int64At } from './int64.ts';
import type { PointColumns } from './points.ts';
import { mergeSummaries, type Summary, summarise } from './summary.ts';

/**
 * Buckets of one axis at most. 8,192 steps that begin anywhere lie in 33 of 256: a chart of a thousand pixels opens chunks only where it
 * shows fewer than a quarter of a million points, which decode in 8 ms. Twice as many buckets cost 0.1 bytes a point more.
 */
export const outlineBuckets = 33;

/** A chunk of fewer points is read as fast as its outline. */
export const worthAnOutline = 2048;

export interface Outline {
  readonly summary: Summary;
  readonly step: Bands;
  readonly time: Bands;
}

/** Of the points of one chunk. */
export function outlineOf(points: PointColumns): Outline {
  const summary = summarise(points);
  return {
    summary,
    step: bandsOf(points, 'step', summary.stepMin, summary.stepMax),
    time: bandsOf(points, 'time', least(points.times), summary.timeMax),
  };
}

/**
 * What several outlines say together; made from theirs alone, at least one. The bits of the sums depend on their order, nothing
 * else does.
 */
export function storeyOf(outlines: readonly Outline[]): Outline {
  const [first, ...more] = outlines.map((outline) => outline.summary);
  const summary = more.reduce((all, next) => mergeSummaries(all, next), first!);
  const step = bandsBetween('step', summary.stepMin, summary.stepMax);
  const begins = outlines.map(({ time }) => int64At(time.first.times, 0));
  const time = bandsBetween(
    'time',
    begins.reduce((a, b) => (b < a ? b : a)),
    summary.timeMax,
  );
  for (const outline of outlines) {
    step.addBands(outline.step);
    time.addBands(outline.time);
  }
  return { summary, step: step.finish(), time: time.finish() };
}

/** The level of the bands of an outline, told by where its points lie. */
export function outlineLevel(axis: Axis, part: PartExtent): number {
  return axis === 'step'
    ? levelFor(part.stepMin, part.stepMax, outlineBuckets)
    : levelFor(part.timeMin, part.timeMax, outlineBuckets);
}

function bandsOf(points: PointColumns, axis: Axis, from: Int64, to: Int64): Bands {
  const bands = bandsBetween(axis, from, to);
  bands.addPoints(points);
  return bands.finish();
}

function bandsBetween(axis: Axis, from: Int64, to: Int64): BandAccumulator {
  const level = levelFor(from, to, outlineBuckets);
  return new BandAccumulator(axis, level, bucketOf(from, level), bucketCount(from, to, level));
}

function least(column: Int64Column): Int64 {
  let at = 0;
  for (let i = 1; i < column.length; i++) if (column[i]! < column[at]!) at = i;
  return int64At(column, at);
}

/** Numbers of entries: three numbers of the summary, then five columns of each axis. */
const entryOfSummary = 0;
const entryOf = { step: 8, time: 16 } as const;
const entriesInAll = 11;

export function encodeOutline({ summary, step, time }: Outline): Uint8Array<ArrayBuffer> {
  const { min, max, sum } = summary;
  const zero = new Float64Array(3);
  return encodeHead([
    {
      series: entryOfSummary,
      points: {
        values: Float64Array.of(min?.value ?? Number.NaN, max?.value ?? Number.NaN, sum),
        steps: stepsOf(min?.step ?? 0, max?.step ?? 0),
        times: zero,
      },
    },
    ...entriesOf(step),
    ...entriesOf(time),
  ]);
}

function stepsOf(min: Int64, max: Int64): Int64Column {
  return typeof min === 'number' && typeof max === 'number'
    ? Float64Array.of(min, max, 0)
    : BigInt64Array.of(BigInt(min), BigInt(max), 0n);
}

function entriesOf(bands: Bands) {
  const first = entryOf[bands.axis];
  const size = bands.counts.length;
  const zeros = new Float64Array(size);
  return [
    { series: first, points: bands.first },
    { series: first + 1, points: bands.last },
    { series: first + 2, points: { values: bands.min, steps: bands.buckets, times: bands.counts } },
    {
      series: first + 3,
      points: { values: bands.max, steps: bands.nonFinite, times: zeros.map(() => bands.level) },
    },
    { series: first + 4, points: { values: bands.sums, steps: zeros, times: zeros } },
  ];
}

/** Throws CorruptPointsError. */
export function decodeOutline(bytes: Uint8Array): Outline {
  const entries = new Map(decodeHead(bytes).map(({ series, points }) => [series, points]));
  const extremes = entries.get(entryOfSummary);
  if (entries.size !== entriesInAll || extremes?.values.length !== 3) fail('it has other columns');
  const step = readBands(entries, 'step');
  const time = readBands(entries, 'time');
  const [min, max, sum] = extremes.values as unknown as readonly [number, number, number];
  const total = (column: Float64Array) => column.reduce((all, count) => all + count, 0);
  const end = step.counts.length - 1;
  const pointOf = (points: PointColumns, index: number) => ({
    value: points.values[index]!,
    step: int64At(points.steps, index),
    time: int64At(points.times, index),
  });
  const [first, last] = [pointOf(step.first, 0), pointOf(step.last, end)];
  return {
    summary: {
      points: total(step.counts),
      nonFinite: total(step.nonFinite),
      first,
      last,
      min: Number.isNaN(min) ? undefined : { value: min, step: int64At(extremes.steps, 0) },
      max: Number.isNaN(max) ? undefined : { value: max, step: int64At(extremes.steps, 1) },
      sum,
      stepMin: first.step,
      stepMax: last.step,
      timeMax: int64At(time.last.times, time.last.times.length - 1),
    },
    step,
    time,
  };
}

function readBands(entries: ReadonlyMap<number, PointColumns>, axis: Axis): Bands {
  const [first, last, min, max, sums] = [0, 1, 2, 3, 4].map((column) => entries.get(entryOf[axis] + column));
  const size = first?.values.length;
  if (
    !first ||
    !last ||
    !min ||
    !max ||
    !sums ||
    [last, min, max, sums].some((c) => c.values.length !== size)
  ) {
    return fail('its columns differ in length');
  }
  const level = int64At(max.times, 0);
  if (typeof level === 'bigint' || level < 0 || level > largestLevel) return fail(`level ${level} is none`);
  assert(min.times instanceof Float64Array && max.steps instanceof Float64Array, 'counts are safe integers');
  return {
    axis,
    level,
    buckets: min.steps,
    counts: min.times,
    nonFinite: max.steps,
    first,
    last,
    min: min.values,
    max: max.values,
    sums: sums.values,
  };
}

function fail(what: string): never {
  throw new CorruptPointsError(what, 0);
}
