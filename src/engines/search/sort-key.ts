/**
 * Sort values as bytes: `Buffer.compare` of two keys is the order of the rows, whatever the columns and directions. So an
 * order by several values is one column of an index, and rows found in parts are merged by comparing bytes.
 *
 *   narrow integer   1 byte
 *   integer          8 bytes, big-endian, the sign bit flipped
 *   double           8 bytes, big-endian; the sign bit flipped, or all bits where it is set; −0 is 0
 *   text             its UTF-8 bytes and a zero byte (no stored text holds U+0000)
 *   NULL             1 zero byte: a rank before it has told it apart
 *
 * The bytes of a descending column are inverted.
 */
import type { SqlValue } from '../../kernel/sql.ts';
import type { SortColumn } from './order.ts';

const wordRange = 2 ** 32;

export function sortKey(columns: readonly SortColumn[], values: readonly SqlValue[]): Buffer {
  const parts: Buffer[] = [];
  for (const [index, column] of columns.entries()) {
    const part = columnBytes(column, values[index] ?? null);
    if (column.descending) for (let i = 0; i < part.length; i++) part[i] = ~part[i]! & 0xff;
    parts.push(part);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

function columnBytes({ type, narrow }: SortColumn, value: SqlValue): Buffer {
  if (value === null) return Buffer.of(0);
  if (type === 'text') return Buffer.from(`${value as string}\0`);
  if (narrow === true) return Buffer.of(Number(value));
  const bytes = Buffer.allocUnsafe(8);
  if (type === 'double') {
    // Adding zero turns −0 into 0.
    bytes.writeDoubleBE(Number(value) + 0);
    if (bytes[0]! >= 0x80) for (let i = 0; i < 8; i++) bytes[i] = ~bytes[i]! & 0xff;
    else bytes[0]! |= 0x80;
  } else if (typeof value === 'bigint') {
    bytes.writeBigInt64BE(value);
    bytes[0]! ^= 0x80;
  } else {
    const whole = Number(value);
    bytes.writeInt32BE(Math.floor(whole / wordRange), 0);
    bytes.writeUInt32BE(whole >>> 0, 4);
    bytes[0]! ^= 0x80;
  }
  return bytes;
}
