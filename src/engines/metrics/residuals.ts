/**
 * Columns of integers as differences (docs/formats/points.md, Residuals): order 2 makes a regular column all zeros, order 1
 * suits values that wander. Two paths give the same bytes: numbers where no difference can leave 2^53, else bigints
 * that wrap at 64 bits (an order of magnitude slower, and needed by hardly anyone).
 */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { asBigInts, canonicalColumn, type Int64, type Int64Column, toInt64 } from './int64.ts';

export type Order = 1 | 2;

/** The most bytes `writeResiduals` can need: 10 a residual, and one for a run of zeros between two of them. */
const residualBytes = (count: number): number => 11 * count + 16;

/**
 * A first value of up to 2^51 from a base of as much is 2^52 away, and a span of 2^50 gives differences of differences of
 * 2^51: zigzag of each stays below 2^53. Microseconds since 1970 (2^50.6) still fit.
 */
const largestStart = 2 ** 51;
const largestSpan = 2 ** 50;

/** Writes a non-empty column; `writer` grows as needed. */
export function writeResiduals(writer: ByteWriter, column: Int64Column, order: Order, base: Int64): void {
  writer.reserve(residualBytes(column.length));
  if (column instanceof Float64Array && typeof base === 'number' && isNarrow(column, base)) {
    writeNumbers(writer, column, order, base);
  } else {
    writeBigInts(writer, asBigInts(column), order, BigInt(base));
  }
}

function isNarrow(column: Float64Array, base: number): boolean {
  let low = column[0]!;
  let high = low;
  for (let i = 1; i < column.length; i++) {
    const value = column[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return (
    low >= -largestStart &&
    high <= largestStart &&
    Math.abs(base) <= largestStart &&
    high - low <= largestSpan
  );
}

function writeNumbers(writer: ByteWriter, column: Float64Array, order: Order, base: number): void {
  const last = column.length - 1;
  let previous = column[0]!;
  let delta = 0;
  let zeros = 0;
  writer.zigzag(previous - base);
  for (let i = 1; i <= last; i++) {
    const value = column[i]!;
    const step = value - previous;
    const residual = step - delta;
    previous = value;
    if (order === 2) delta = step;
    if (residual === 0) {
      zeros++;
      continue;
    }
    if (zeros > 0) {
      writer.byte(0);
      writer.varint(zeros - 1);
      zeros = 0;
    }
    writer.zigzag(residual);
  }
  writeLastZeros(writer, zeros);
}

function writeBigInts(writer: ByteWriter, column: BigInt64Array, order: Order, base: bigint): void {
  let previous = column[0]!;
  let delta = 0n;
  let zeros = 0;
  writer.zigzagWide(BigInt.asIntN(64, previous - base));
  for (let i = 1; i < column.length; i++) {
    const value = column[i]!;
    const step = BigInt.asIntN(64, value - previous);
    const residual = BigInt.asIntN(64, step - delta);
    previous = value;
    if (order === 2) delta = step;
    if (residual === 0n) {
      zeros++;
      continue;
    }
    if (zeros > 0) {
      writer.byte(0);
      writer.varint(zeros - 1);
      zeros = 0;
    }
    writer.zigzagWide(residual);
  }
  writeLastZeros(writer, zeros);
}

/** A run of one zero at the very end has no length: a reader knows that nothing can follow. */
function writeLastZeros(writer: ByteWriter, zeros: number): void {
  if (zeros === 0) return;
  writer.byte(0);
  if (zeros > 1) writer.varint(zeros - 1);
}

/** Reads `count` ≥ 1 values; the caller has bounded `count`. */
export function readResiduals(reader: ByteReader, count: number, order: Order, base: Int64): Int64Column {
  const start = reader.offset;
  if (typeof base === 'number') {
    const numbers = readNumbers(reader, count, order, base);
    if (numbers !== undefined) return numbers;
  }
  reader.offset = start;
  return readBigInts(reader, count, order, BigInt(base));
}

/** Undefined when a value or a difference on the way leaves the safe integers. */
function readNumbers(
  reader: ByteReader,
  count: number,
  order: Order,
  base: number,
): Float64Array | undefined {
  const first = reader.varintOrWide();
  if (first < 0) return undefined;
  let value = base + unzigzag(first);
  if (!Number.isSafeInteger(value)) return undefined;
  const column = new Float64Array(count);
  column[0] = value;
  let delta = 0;
  for (let i = 1; i < count; ) {
    const word = reader.varintOrWide();
    if (word < 0) return undefined;
    if (word === 0) {
      const end = i + readRun(reader, count - i);
      for (; i < end; i++) {
        value += delta;
        column[i] = value;
      }
    } else {
      if (order === 2) {
        delta += unzigzag(word);
        value += delta;
        if (!Number.isSafeInteger(delta)) return undefined;
      } else {
        value += unzigzag(word);
      }
      column[i++] = value;
    }
    // Sums of two safe integers are exact while the sum is safe, and rounding never brings an unsafe one back.
    if (!Number.isSafeInteger(value)) return undefined;
  }
  return column;
}

function readBigInts(reader: ByteReader, count: number, order: Order, base: bigint): Int64Column {
  const column = new BigInt64Array(count);
  let value = BigInt.asIntN(64, base + reader.zigzagWide());
  column[0] = value;
  let delta = 0n;
  for (let i = 1; i < count; ) {
    const residual = reader.zigzagWide();
    if (residual === 0n) {
      const end = i + readRun(reader, count - i);
      for (; i < end; i++) {
        value = BigInt.asIntN(64, value + delta);
        column[i] = value;
      }
    } else {
      if (order === 2) delta = BigInt.asIntN(64, delta + residual);
      value = BigInt.asIntN(64, value + (order === 2 ? delta : residual));
      column[i++] = value;
    }
  }
  return canonicalColumn(column);
}

function readRun(reader: ByteReader, left: number): number {
  return left === 1 ? 1 : reader.varint(left - 1, 'a run of zeros') + 1;
}

/** Passes over a column, returning only its first value. */
export function skipResiduals(reader: ByteReader, count: number, base: Int64): Int64 {
  const first = readResiduals(reader, 1, 1, base);
  for (let i = 1; i < count; ) {
    const word = reader.varintOrWide();
    if (word < 0) reader.skipVarint();
    i += word === 0 ? readRun(reader, count - i) : 1;
  }
  return toInt64(first[0]!);
}

/** The inverse of zigzag, for words up to 2^53. (`%` on numbers beyond 2^31 is a division of floats: ten times slower.) */
export function unzigzag(word: number): number {
  if (word <= 0x7fffffff) return (word >>> 1) ^ -(word & 1);
  const half = Math.floor(word / 2);
  return half * 2 === word ? half : -half - 1;
}
