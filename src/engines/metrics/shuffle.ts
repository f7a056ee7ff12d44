/**
 * Floats as bytes, transposed: all lowest bytes, then all second bytes, … Signs, exponents and high digits of neighbours are alike,
 * so they compress once they stand side by side.
 */
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const quietNan = 0x7ff80000;

/** The doubles in little-endian bytes, every NaN the quiet one. A copy. */
export function doubleBytes(values: Float64Array): Uint8Array<ArrayBuffer> {
  const copy = new Float64Array(values);
  const words = new Uint32Array(copy.buffer);
  const high = littleEndian ? 1 : 0;
  for (let i = 0; i < copy.length; i++) {
    if (Number.isNaN(copy[i])) {
      words[2 * i + high] = quietNan;
      words[2 * i + 1 - high] = 0;
    }
  }
  if (!littleEndian) Buffer.from(copy.buffer).swap64();
  return new Uint8Array(copy.buffer);
}

/** The doubles rounded to 32 bits, the same way. */
export function singleBytes(values: Float64Array): Uint8Array<ArrayBuffer> {
  const copy = new Float32Array(values);
  const words = new Uint32Array(copy.buffer);
  for (let i = 0; i < copy.length; i++) if (Number.isNaN(copy[i])) words[i] = 0x7fc00000;
  if (!littleEndian) Buffer.from(copy.buffer).swap32();
  return new Uint8Array(copy.buffer);
}

/** int64, little-endian. A copy. */
export function int64Bytes(column: BigInt64Array): Uint8Array<ArrayBuffer> {
  const copy = new BigInt64Array(column);
  if (!littleEndian) Buffer.from(copy.buffer).swap64();
  return new Uint8Array(copy.buffer);
}

export function int64sFrom(bytes: Uint8Array): BigInt64Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  if (!littleEndian) Buffer.from(copy.buffer).swap64();
  return new BigInt64Array(copy.buffer);
}

/** `bytes` holds whole doubles. */
export function doublesFrom(bytes: Uint8Array): Float64Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  if (!littleEndian) Buffer.from(copy.buffer).swap64();
  return canonicalNans(new Float64Array(copy.buffer));
}

export function singlesFrom(bytes: Uint8Array): Float64Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  if (!littleEndian) Buffer.from(copy.buffer).swap32();
  return canonicalNans(new Float64Array(new Float32Array(copy.buffer)));
}

/** A forged blob may carry other NaNs; nothing of ours ever shows one. */
function canonicalNans(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = Number.NaN;
  return values;
}

/** `width` planes of `bytes.length / width` bytes each. */
export function shuffle(bytes: Uint8Array, width: 4 | 8): Uint8Array<ArrayBuffer> {
  const count = bytes.length / width;
  const planes = new Uint8Array(bytes.length);
  for (let byte = 0; byte < width; byte++) {
    const plane = byte * count;
    for (let i = 0, at = byte; i < count; i++, at += width) planes[plane + i] = bytes[at]!;
  }
  return planes;
}

export function unshuffle(planes: Uint8Array, width: 4 | 8): Uint8Array<ArrayBuffer> {
  const count = planes.length / width;
  const bytes = new Uint8Array(planes.length);
  for (let byte = 0; byte < width; byte++) {
    const plane = byte * count;
    for (let i = 0, at = byte; i < count; i++, at += width) bytes[at] = planes[plane + i]!;
  }
  return bytes;
}
