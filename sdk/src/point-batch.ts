/**
 * Points as the server takes them in bulk: docs/formats/ingest.md. Of the codings that hold a column exactly, the shortest. No
 * dependency, so that it runs in browsers too.
 */

/** The type of a body of points. */
export const pointBatchType = 'application/vnd.cairn.points';
/** What one batch may hold. */
export const batchLimits = { points: 131_072, series: 10_000, bytes: 4 * 1024 * 1024 } as const;

/** int64: numbers where each is a safe integer, else a BigInt64Array. */
export type IntegerColumn = ArrayLike<number> | BigInt64Array;

/** Points of one metric, as columns of one length. */
export interface SeriesColumns {
  readonly name: string;
  readonly steps: IntegerColumn;
  /** ms since 1970 */
  readonly times: IntegerColumn;
  readonly values: ArrayLike<number>;
}

const frontBytes = 16;
const utf8 = new TextEncoder();

/** The bytes of one batch; no name twice, no series empty, within `batchLimits`. */
export function encodePointBatch(series: readonly SeriesColumns[]): Uint8Array<ArrayBuffer> {
  const names = series.map(({ name }) => utf8.encode(name));
  let points = 0;
  let room = frontBytes + 4;
  for (const [index, { values }] of series.entries()) {
    points += values.length;
    room += 2 + names[index]!.length + 4 + 3 + 24 * values.length;
  }
  const writer = new Writer(room);
  writer.u32(0x53545043);
  writer.u32(1);
  writer.u32(series.length);
  writer.u32(points);
  let before: SeriesColumns | undefined;
  for (const [index, columns] of series.entries()) {
    writer.u16(names[index]!.length);
    writer.append(names[index]!);
    writer.u32(columns.values.length);
    writer.integers(columns.steps, before?.steps);
    writer.integers(columns.times, before?.times);
    writer.values(columns.values);
    before = columns;
  }
  return writer.sealed();
}

class Writer {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #length = 0;

  constructor(room: number) {
    this.#bytes = new Uint8Array(room);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u16(value: number): void {
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  integers(column: IntegerColumn, before: IntegerColumn | undefined): void {
    if (before !== undefined && isSame(column, before)) this.#byte(3);
    else if (column instanceof BigInt64Array) this.#wide(column);
    else this.#numbers(column);
  }

  #numbers(column: ArrayLike<number>): void {
    const count = column.length;
    const first = column[0]!;
    const difference = count > 1 ? column[1]! - first : 0;
    let low = first;
    let high = first;
    let isRegular = Number.isSafeInteger(difference);
    for (let i = 1; i < count; i++) {
      const value = column[i]!;
      if (value < low) low = value;
      else if (value > high) high = value;
      if (value - column[i - 1]! !== difference) isRegular = false;
    }
    if (isRegular && count > 1) {
      this.#byte(1);
      this.#i64(first);
      this.#i64(difference);
    } else if (high - low < 2 ** 32 && count > 2) {
      this.#byte(2);
      this.#i64(low);
      for (let i = 0; i < count; i++) this.#view.setUint32(this.#length + 4 * i, column[i]! - low, true);
      this.#length += 4 * count;
    } else {
      this.#byte(0);
      for (let i = 0; i < count; i++) this.#i64(column[i]!);
    }
  }

  values(column: ArrayLike<number>): void {
    const count = column.length;
    let isSingle = true;
    for (let i = 0; isSingle && i < count; i++) {
      const value = column[i]!;
      isSingle = Math.fround(value) === value || Number.isNaN(value);
    }
    this.#byte(isSingle ? 1 : 0);
    if (isSingle) {
      for (let i = 0; i < count; i++) this.#view.setFloat32(this.#length + 4 * i, column[i]!, true);
      this.#length += 4 * count;
    } else {
      for (let i = 0; i < count; i++) this.#view.setFloat64(this.#length + 8 * i, column[i]!, true);
      this.#length += 8 * count;
    }
  }

  sealed(): Uint8Array<ArrayBuffer> {
    this.u32(crc32(this.#bytes, this.#length));
    return this.#bytes.slice(0, this.#length);
  }

  #wide(column: BigInt64Array): void {
    this.#byte(0);
    for (let i = 0; i < column.length; i++) this.#view.setBigInt64(this.#length + 8 * i, column[i]!, true);
    this.#length += 8 * column.length;
  }

  #i64(value: number): void {
    this.#view.setUint32(this.#length, value >>> 0, true);
    this.#view.setInt32(this.#length + 4, Math.floor(value / 2 ** 32), true);
    this.#length += 8;
  }

  #byte(value: number): void {
    this.#bytes[this.#length++] = value;
  }
}

function isSame(a: IntegerColumn, b: IntegerColumn): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

let table: Uint32Array | undefined;

/** CRC-32 of the first bytes, as zlib has it. */
function crc32(bytes: Uint8Array, length: number): number {
  table ??= Uint32Array.from({ length: 256 }, (_, index) => {
    let word = index;
    for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1;
    return word;
  });
  let crc = 0xffffffff;
  for (let i = 0; i < length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
