/** Points as a batch of columns (docs/formats/ingest.md), as a reader of whole series is given them. The client's own writer is in `sdk/`. */
import { crc32 } from 'node:zlib';
import { assert } from '../../kernel/assert.ts';
import { asBigInts, type Int64Column } from './int64.ts';
import { batchLimits, type NamedPoints } from './point-batch.ts';
import { isSingle } from './value-section.ts';

/** Names and points within the limits of a batch; at least one series, none of them empty. */
export function encodePointBatch(series: readonly NamedPoints[]): Buffer<ArrayBuffer> {
  const points = series.reduce((sum, [, { values }]) => sum + values.length, 0);
  assert(points > 0 && points <= batchLimits.points, `${points} points do not make a batch`);
  const front = Buffer.alloc(16);
  front.write('CPTS', 'latin1');
  front[4] = 1;
  front.writeUInt32LE(series.length, 8);
  front.writeUInt32LE(points, 12);
  const parts = [front];
  for (const [name, { steps, times, values }] of series) {
    const text = Buffer.from(name, 'utf8');
    const head = Buffer.alloc(6);
    head.writeUInt16LE(text.length, 0);
    head.writeUInt32LE(values.length, 2);
    parts.push(
      head.subarray(0, 2),
      text,
      head.subarray(2),
      integers(steps),
      integers(times),
      doubles(values),
    );
  }
  const body = Buffer.concat(parts);
  const end = Buffer.alloc(4);
  end.writeUInt32LE(crc32(body));
  return Buffer.concat([body, end]);
}

function integers(column: Int64Column): Buffer<ArrayBuffer> {
  if (column instanceof Float64Array) return regular(column) ?? near(column) ?? plain(column);
  return plain(column);
}

/** Coding 1: a first number and one difference. */
function regular(column: Float64Array): Buffer<ArrayBuffer> | undefined {
  const [first, second] = [column[0]!, column[1] ?? column[0]!];
  const difference = second - first;
  if (!Number.isSafeInteger(difference)) return undefined;
  for (let i = 2; i < column.length; i++) if (column[i]! - column[i - 1]! !== difference) return undefined;
  const bytes = Buffer.alloc(17);
  bytes[0] = 1;
  bytes.writeBigInt64LE(BigInt(first), 1);
  bytes.writeBigInt64LE(BigInt(difference), 9);
  return bytes;
}

/** Coding 2: offsets of 32 bits from the least. */
function near(column: Float64Array): Buffer<ArrayBuffer> | undefined {
  let [least, greatest] = [column[0]!, column[0]!];
  for (const value of column) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (greatest - least > 0xffff_ffff) return undefined;
  const bytes = Buffer.alloc(9 + 4 * column.length);
  bytes[0] = 2;
  bytes.writeBigInt64LE(BigInt(least), 1);
  for (let i = 0; i < column.length; i++) bytes.writeUInt32LE(column[i]! - least, 9 + 4 * i);
  return bytes;
}

function plain(column: Int64Column): Buffer<ArrayBuffer> {
  const wide = asBigInts(column);
  const bytes = Buffer.alloc(1 + 8 * wide.length);
  for (let i = 0; i < wide.length; i++) bytes.writeBigInt64LE(wide[i]!, 1 + 8 * i);
  return bytes;
}

function doubles(values: Float64Array): Buffer<ArrayBuffer> {
  const single = isSingle(values);
  const width = single ? 4 : 8;
  const bytes = Buffer.alloc(1 + width * values.length);
  bytes[0] = single ? 1 : 0;
  for (let i = 0; i < values.length; i++) {
    if (single) bytes.writeFloatLE(values[i]!, 1 + 4 * i);
    else bytes.writeDoubleLE(values[i]!, 1 + 8 * i);
  }
  return bytes;
}
