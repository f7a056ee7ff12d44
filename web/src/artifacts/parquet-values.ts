/** Values of Parquet as texts that lose nothing, and the words for its types. */
import type { ParquetParsers, SchemaElement } from 'hyparquet';

/** Times as ISO text with the digits that the file has: a Date ends at milliseconds. */
export const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value: bigint) => timeText(value, 3),
  timestampFromMicroseconds: (value: bigint) => timeText(value, 6),
  timestampFromNanoseconds: (value: bigint) => timeText(value, 9),
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
  jsonFromBytes: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};

function timeText(value: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const rest = ((value % unit) + unit) % unit;
  const seconds = Number((value - rest) / unit);
  const whole = new Date(seconds * 1000);
  if (Number.isNaN(whole.getTime())) return String(value);
  const fraction = String(rest).padStart(digits, '0').replace(/0+$/, '');
  return `${whole.toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}`;
}

export function parquetCell(value: unknown, single: boolean): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return single ? singleText(value) : String(value);
  if (value instanceof Uint8Array) return bytesText(value);
  if (typeof value === 'object') return JSON.stringify(value, plainly);
  return String(value);
}

/** Inside of lists and structs. */
function plainly(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (value instanceof Uint8Array) return bytesText(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}

/** The shortest digits that mean this single-precision number: 0.1, not 0.10000000149011612. */
function singleText(value: number): string {
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

function bytesText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Not text.
  }
  const hex = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `0x${hex}${bytes.length > 16 ? '…' : ''} (${bytes.length} bytes)`;
}

const physical: Readonly<Record<string, string>> = {
  BOOLEAN: 'bool',
  INT32: 'int32',
  INT64: 'int64',
  INT96: 'timestamp',
  FLOAT: 'float',
  DOUBLE: 'double',
  BYTE_ARRAY: 'bytes',
  FIXED_LEN_BYTE_ARRAY: 'bytes',
};

/** `int64`, `string`, `timestamp[us]`, `decimal(10, 2)`, `list`, `struct`. */
export function shownType(element: SchemaElement, nested: boolean): string {
  const { logical_type: logical, converted_type: converted } = element;
  switch (logical?.type) {
    case 'INTEGER':
      return `${logical.isSigned ? '' : 'u'}int${logical.bitWidth}`;
    case 'TIMESTAMP':
      return `timestamp[${{ MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' }[logical.unit]}]`;
    case 'DECIMAL':
      return `decimal(${logical.precision}, ${logical.scale})`;
  }
  if (logical !== undefined) return logical.type.toLowerCase();
  if (converted === 'UTF8') return 'string';
  if (converted === 'DECIMAL') return `decimal(${element.precision}, ${element.scale})`;
  if (converted !== undefined) return converted.toLowerCase().replace(/^(u?)int_/, '$1int');
  if (nested) return 'struct';
  return physical[element.type ?? ''] ?? 'unknown';
}
