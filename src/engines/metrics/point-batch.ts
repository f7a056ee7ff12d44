/**
 * Points as a client sends them in bulk (docs/formats/ingest.md): columns by name, which become those of a head without a
 * point ever being an object. The bytes come from anyone: every count is held against its limit and against the bytes that
 * are there before memory is taken for it, and what is wrong is told by its place.
 */
import { crc32 } from 'node:zlib';
import { type CairnError, invalid } from '../../kernel/errors.ts';
import { canonicalColumn, type Int64Column } from './int64.ts';
import type { PointColumns } from './points.ts';

/** Points of one metric, by its name. */
export type NamedPoints = readonly [name: string, points: PointColumns];

/** docs/formats/ingest.md gives the arithmetic. */
export const batchLimits = { bytes: 4 * 1024 * 1024, points: 131_072, series: 10_000 } as const;

const magic = 0x53545043; // "CPTS", as a little-endian word
const version = 1;
const frontBytes = 16;
const crcBytes = 4;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const largest = 2n ** 63n - 1n;
const smallest = -(2n ** 63n);

/** The series of a batch in its order, no name twice; `invalid_argument` naming the place where it is not one. */
export function decodePointBatch(bytes: Uint8Array): NamedPoints[] {
  const reader = new BatchReader(bytes);
  const { series, points } = reader.front();
  const names = new Set<string>();
  const found: NamedPoints[] = [];
  let left = points;
  let before: PointColumns | undefined;
  for (let index = 0; index < series; index++) {
    const at = (part: string) => `series[${index}].${part}`;
    const name = reader.name(at('name'));
    if (names.has(name)) throw reader.refuse(at('name'), 'the name stands twice');
    names.add(name);
    const count = reader.u32(at('points'));
    if (count === 0) throw reader.refuse(at('points'), 'a series without points');
    if (count > left) throw reader.refuse(at('points'), `more points than the ${points} of the whole batch`);
    left -= count;
    const steps = reader.integers(at('steps'), count, before?.steps);
    const times = reader.integers(at('times'), count, before?.times);
    before = { steps, times, values: reader.values(at('values'), count) };
    found.push([name, before]);
  }
  if (left > 0) throw reader.refuse('points', `${left} of the ${points} points are missing`);
  if (reader.left > 0) throw reader.refuse('body', `${reader.left} bytes follow the last series`);
  return found;
}

class BatchReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Where the checksum begins. */
  readonly #end: number;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length - crcBytes;
  }

  get left(): number {
    return this.#end - this.#offset;
  }

  refuse(place: string, why: string): CairnError {
    return invalid(place, `${place}: ${why} (at byte ${this.#offset} of the body)`);
  }

  front(): { series: number; points: number } {
    if (this.left < frontBytes) throw this.refuse('body', 'too short to be a batch of points');
    if (this.u32('body') !== magic) throw this.refuse('body', 'not a batch of points');
    const marks = this.u32('version');
    if ((marks & 0xff) !== version)
      throw this.refuse('version', `version ${marks & 0xff} of a batch is not known here`);
    if (marks >>> 8 !== 0) throw this.refuse('flags', 'flags that are not known here');
    const stored = this.#view.getUint32(this.#end, true);
    if (crc32(this.#bytes.subarray(0, this.#end)) !== stored)
      throw this.refuse('crc', 'the checksum does not fit the bytes');
    const series = this.#count('series', batchLimits.series);
    return { series, points: this.#count('points', batchLimits.points) };
  }

  name(place: string): string {
    this.#need(place, 2);
    const length = this.#view.getUint16(this.#offset, true);
    this.#offset += 2;
    this.#need(place, length);
    try {
      const name = utf8.decode(this.#bytes.subarray(this.#offset, this.#offset + length));
      this.#offset += length;
      return name;
    } catch {
      throw this.refuse(place, 'the name is not UTF-8');
    }
  }

  u32(place: string): number {
    this.#need(place, 4);
    const value = this.#view.getUint32(this.#offset, true);
    this.#offset += 4;
    return value;
  }

  /** A column of int64. `count` has been held against the points of the batch, which are bounded. */
  integers(place: string, count: number, before: Int64Column | undefined): Int64Column {
    const coding = this.#coding(place);
    if (coding === 0) return this.#plain(place, count);
    if (coding === 1) return this.#regular(place, count);
    if (coding === 2) return this.#near(place, count);
    if (coding !== 3) throw this.refuse(place, `${coding} is no coding of integers`);
    if (before?.length !== count)
      throw this.refuse(place, 'the same as before, where nothing of that length is before');
    return before;
  }

  values(place: string, count: number): Float64Array {
    const coding = this.#coding(place);
    if (coding > 1) throw this.refuse(place, `${coding} is no coding of values`);
    const width = coding === 0 ? 8 : 4;
    this.#need(place, width * count);
    const values = new Float64Array(count);
    const [view, from] = [this.#view, this.#offset];
    if (width === 8) for (let i = 0; i < count; i++) values[i] = view.getFloat64(from + 8 * i, true);
    else for (let i = 0; i < count; i++) values[i] = view.getFloat32(from + 4 * i, true);
    this.#offset += width * count;
    return values;
  }

  #plain(place: string, count: number): Int64Column {
    this.#need(place, 8 * count);
    const [view, from] = [this.#view, this.#offset];
    this.#offset += 8 * count;
    const numbers = new Float64Array(count);
    let i = 0;
    for (; i < count; i++) {
      const value = view.getInt32(from + 8 * i + 4, true) * 2 ** 32 + view.getUint32(from + 8 * i, true);
      if (!Number.isSafeInteger(value)) break;
      numbers[i] = value;
    }
    if (i === count) return numbers;
    const wide = new BigInt64Array(count);
    for (i = 0; i < count; i++) wide[i] = view.getBigInt64(from + 8 * i, true);
    return wide;
  }

  #regular(place: string, count: number): Int64Column {
    this.#need(place, 16);
    const first = this.#i64();
    const difference = this.#i64();
    const last = first + difference * BigInt(count - 1);
    if (last > largest || last < smallest) throw this.refuse(place, 'a number leaves int64');
    if (isSafe(first) && isSafe(last) && isSafe(difference)) {
      const [start, step] = [Number(first), Number(difference)];
      return new Float64Array(count).map((_, i) => start + i * step);
    }
    return canonicalColumn(new BigInt64Array(count).map((_, i) => first + difference * BigInt(i)));
  }

  #near(place: string, count: number): Int64Column {
    this.#need(place, 8 + 4 * count);
    const base = this.#i64();
    const [view, from] = [this.#view, this.#offset];
    this.#offset += 4 * count;
    if (isSafe(base) && isSafe(base + 2n ** 32n)) {
      const start = Number(base);
      const numbers = new Float64Array(count);
      for (let i = 0; i < count; i++) numbers[i] = start + view.getUint32(from + 4 * i, true);
      return numbers;
    }
    const wide = new BigInt64Array(count);
    for (let i = 0; i < count; i++) {
      const value = base + BigInt(view.getUint32(from + 4 * i, true));
      if (value > largest) throw this.refuse(place, 'a number leaves int64');
      wide[i] = value;
    }
    return canonicalColumn(wide);
  }

  #i64(): bigint {
    const value = this.#view.getBigInt64(this.#offset, true);
    this.#offset += 8;
    return value;
  }

  #coding(place: string): number {
    this.#need(place, 1);
    return this.#bytes[this.#offset++]!;
  }

  #count(place: string, limit: number): number {
    const count = this.u32(place);
    if (count === 0) throw this.refuse(place, 'there is none');
    if (count > limit)
      throw this.refuse(place, `${count} are more than the ${limit} that one batch may hold`);
    return count;
  }

  #need(place: string, count: number): void {
    if (count > this.left) throw this.refuse(place, 'the body ends early');
  }
}

const isSafe = (value: bigint): boolean =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
