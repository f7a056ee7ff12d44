/**
 * A head: all points of one request in one blob (docs/formats/points.md). Written inside the transaction of every request
 * that logs metrics, so it compresses by arithmetic alone: zstd would cost 15 µs before the first byte.
 */
import { assert } from '../../kernel/assert.ts';
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { fromDecimals, largestExponent, toDecimals } from './decimal.ts';
import { readerOf, sealed } from './envelope.ts';
import { type Int64, toInt64 } from './int64.ts';
import type { PointColumns } from './points.ts';
import { readResiduals, skipResiduals, unzigzag, writeResiduals } from './residuals.ts';
import { isSingle } from './value-section.ts';

export interface HeadEntry {
  readonly series: number;
  readonly points: PointColumns;
}

/** Runs of zeros let few bytes stand for many points; 2^20 points × 3 columns × 8 bytes bound what a reader allocates to 24 MiB. */
const maxHeadPoints = 2 ** 20;

const version = 1;
const formatDouble = 0;
const formatSingle = 1;
const formatDecimal = 2;

/** One blob of these entries, points in the order given; entries without points leave no trace. */
export function encodeHead(entries: readonly HeadEntry[]): Uint8Array<ArrayBuffer> {
  let points = 0;
  let filled = 0;
  for (const entry of entries) {
    points += entry.points.values.length;
    if (entry.points.values.length > 0) filled++;
  }
  assert(points <= maxHeadPoints, `${points} points are too many for one head`);
  const writer = new ByteWriter(32 + 16 * filled + 12 * points);
  writer.reserve(16);
  writer.byte(version);
  writer.varint(filled);
  let series = 0;
  let step: Int64 = 0;
  let time: Int64 = 0;
  for (const entry of entries) {
    const { values, steps, times } = entry.points;
    if (values.length === 0) continue;
    assert(steps.length === values.length && times.length === values.length, 'columns of one length');
    assert(Number.isSafeInteger(entry.series) && entry.series >= 0, `${entry.series} is no series id`);
    writer.reserve(20);
    writeSeries(writer, entry.series - series);
    series = entry.series;
    const single = isSingle(values);
    const decimals = toDecimals(values, 0);
    const start = writer.length;
    const format = decimals !== undefined ? formatDecimal : single ? formatSingle : formatDouble;
    writer.varint(values.length * 4 + format);
    writeResiduals(writer, steps, 2, step);
    writeResiduals(writer, times, 2, time);
    step = toInt64(steps[0]!);
    time = toInt64(times[0]!);
    if (decimals === undefined) {
      writeFloats(writer, values, single);
      continue;
    }
    const before = writer.length;
    writer.reserve(1);
    writer.byte(decimals.exponent);
    writeResiduals(writer, decimals.integers, 1, 0);
    if (writer.length - before <= values.length * (single ? 4 : 8)) continue;
    // Scattered decimals can be longer than the floats themselves: take those back. The count's length stays.
    writer.length = start;
    writer.varint(values.length * 4 + (single ? formatSingle : formatDouble));
    writer.length = before;
    writeFloats(writer, values, single);
  }
  return sealed(writer);
}

/** A difference of two ids below 2^53, which as zigzag may need 54 bits. */
function writeSeries(writer: ByteWriter, difference: number): void {
  if (Math.abs(difference) <= 2 ** 52) writer.zigzag(difference);
  else writer.zigzagWide(BigInt(difference));
}

function writeFloats(writer: ByteWriter, values: Float64Array, single: boolean): void {
  writer.reserve(values.length * (single ? 4 : 8));
  if (single) for (let i = 0; i < values.length; i++) writer.f32(values[i]!);
  else for (let i = 0; i < values.length; i++) writer.f64(values[i]!);
}

/** The entries of a head; only those of one series if it is named. Throws CorruptPointsError. */
export function decodeHead(bytes: Uint8Array, only?: number): HeadEntry[] {
  const reader = readerOf(bytes, version);
  const count = reader.varint(maxHeadPoints, 'the number of entries');
  const entries: HeadEntry[] = [];
  let series = 0;
  let step: Int64 = 0;
  let time: Int64 = 0;
  let points = 0;
  for (let i = 0; i < count; i++) {
    series += readDifference(reader);
    if (!Number.isSafeInteger(series) || series < 0) reader.fail('a series id is out of range');
    const word = reader.varint(maxHeadPoints * 4 + 3, 'the number of points');
    const length = word >> 2;
    const format = word & 3;
    points += length;
    if (length === 0) reader.fail('an entry holds no points');
    if (points > maxHeadPoints) reader.fail('it claims more points than a head may hold');
    if (only !== undefined && series !== only) {
      step = skipResiduals(reader, length, step);
      time = skipResiduals(reader, length, time);
      skipValues(reader, length, format);
      continue;
    }
    const steps = readResiduals(reader, length, 2, step);
    const times = readResiduals(reader, length, 2, time);
    step = toInt64(steps[0]!);
    time = toInt64(times[0]!);
    entries.push({ series, points: { values: readValues(reader, length, format), steps, times } });
  }
  if (reader.left !== 0) reader.fail('bytes follow its end');
  return entries;
}

function readDifference(reader: ByteReader): number {
  const word = reader.varintOrWide();
  return word < 0 ? Number(reader.zigzagWide()) : unzigzag(word);
}

function readValues(reader: ByteReader, count: number, format: number): Float64Array {
  if (format === formatDecimal) {
    const exponent = reader.varint(largestExponent, 'an exponent');
    const integers = readResiduals(reader, count, 1, 0);
    if (!(integers instanceof Float64Array)) return reader.fail('a decimal has too many digits');
    return fromDecimals(integers, exponent);
  }
  if (format > formatDecimal) reader.fail(`values of the unknown format ${format}`);
  reader.need(count * (format === formatSingle ? 4 : 8));
  const values = new Float64Array(count);
  if (format === formatSingle) for (let i = 0; i < count; i++) values[i] = reader.f32();
  else for (let i = 0; i < count; i++) values[i] = reader.f64();
  return values;
}

function skipValues(reader: ByteReader, count: number, format: number): void {
  if (format > formatDecimal) reader.fail(`values of the unknown format ${format}`);
  if (format === formatDecimal) {
    reader.skip(1);
    skipResiduals(reader, count, 0);
  } else {
    reader.skip(count * (format === formatSingle ? 4 : 8));
  }
}
