import { CorruptPointsError } from './corrupt-points-error.ts';

/** Reads the words of docs/formats/points.md; every read beyond the end or beyond 2^64 throws CorruptPointsError. */
export class ByteReader {
  offset: number;
  readonly end: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = from;
    this.end = to;
  }

  get left(): number {
    return this.end - this.offset;
  }

  fail(what: string): never {
    throw new CorruptPointsError(what, this.offset);
  }

  /** That `count` more bytes are there. */
  need(count: number): void {
    if (!(count <= this.end - this.offset)) this.fail('it ends early');
  }

  byte(): number {
    if (this.offset >= this.end) this.fail('it ends early');
    return this.#bytes[this.offset++]!;
  }

  /** Exact up to 2^53−1; −1 (and the offset unmoved) for a larger one, which `varintWide` reads. */
  varintOrWide(): number {
    const start = this.offset;
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 128;
    do {
      byte = this.byte();
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80 && this.offset - start < 10);
    if (byte < 0x80 && value <= Number.MAX_SAFE_INTEGER) return value;
    this.offset = start;
    return -1;
  }

  /** A whole number that must be at most `limit` (≤ 2^53−1). */
  varint(limit: number, what: string): number {
    const value = this.varintOrWide();
    if (value < 0 || value > limit) this.fail(`${what} is beyond its limit`);
    return value;
  }

  /** Any varint, as written by zigzag: an int64. */
  zigzagWide(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value >> 64n !== 0n) this.fail('a varint is beyond 64 bits');
        return (value >> 1n) ^ -(value & 1n);
      }
    }
    return this.fail('a varint is longer than 10 bytes');
  }

  skipVarint(): void {
    const limit = this.offset + 10;
    while (this.byte() >= 0x80) if (this.offset >= limit) this.fail('a varint is longer than 10 bytes');
  }

  f64(): number {
    this.need(8);
    const value = this.#view.getFloat64(this.offset, true);
    this.offset += 8;
    return Number.isNaN(value) ? Number.NaN : value;
  }

  f32(): number {
    this.need(4);
    const value = this.#view.getFloat32(this.offset, true);
    this.offset += 4;
    return Number.isNaN(value) ? Number.NaN : value;
  }

  u32(): number {
    this.need(4);
    const value = this.#view.getUint32(this.offset, true);
    this.offset += 4;
    return value;
  }

  take(count: number): Uint8Array {
    this.need(count);
    const bytes = this.#bytes.subarray(this.offset, this.offset + count);
    this.offset += count;
    return bytes;
  }

  skip(count: number): void {
    this.need(count);
    this.offset += count;
  }
}
