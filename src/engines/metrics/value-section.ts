/** The values of a chunk: of all codings that hold them exactly, the shortest. */
import { present } from '../../kernel/assert.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { type Decimals, fromDecimals, largestExponent, toDecimals } from './decimal.ts';
import { dictionaryOf, readDictionary } from './dictionary.ts';
import { planesOf, readPlanes } from './plane-column.ts';
import { type Section, section, shortest } from './section.ts';
import { doublesOf, doubleWords, fromShuffled, shuffled, singlesOf, singleWords } from './shuffle.ts';
import { differencesOf, fromDifferences, largestSmoothOrder, smoothness } from './smooth.ts';

const codingConstant = 3;
const codingDictionary = 4;
const codingShuffled64 = 5;
const codingShuffled32 = 6;
const codingDecimal = 7;
const codingSmooth = 8;
/** More make the table longer than what it saves. */
const differentAllowed = (count: number): number => count >> 2;
/** Differences are tried (400 µs a chunk) only where a look at a few of them, before zstd, promises about as much as the best so far. */
const smoothMargin = 1.1;
/** An exception costs 9 bytes or more, a decimal 1 to 3: beyond one in eight shuffling is the shorter way. */
const exceptionsAllowed = (count: number): number => count >> 3;

export function valueSection(values: Float64Array): Section {
  if (values.every((value) => Object.is(value, values[0]))) {
    const writer = new ByteWriter(8);
    writer.f64(values[0]!);
    return section(codingConstant, writer.written());
  }
  const single = isSingle(values);
  const candidates: Section[] = [];
  const decimals = toDecimals(values, exceptionsAllowed(values.length));
  if (decimals !== undefined) candidates.push(section(codingDecimal, decimalBytes(values, decimals)));
  if (single) {
    candidates.push(section(codingShuffled32, shuffled(singleWords(values), 4)));
  } else if (decimals === undefined) {
    candidates.push(section(codingShuffled64, shuffled(doubleWords(values), 8)));
  }
  if (decimals === undefined && repeats(values)) {
    const bytes = dictionaryOf(values, differentAllowed(values.length));
    if (bytes !== undefined) candidates.push(section(codingDictionary, bytes));
  }
  const best = shortest(candidates);
  const { order, bits } = smoothness(values);
  // The low 29 bits of a widened 32-bit float are zeros, and so are those of the differences.
  const expected = ((single ? bits - 29 : bits) * values.length) / 8;
  return expected < best.bytes.length * smoothMargin
    ? shortest([best, section(codingSmooth, smoothBytes(values, order))])
    : best;
}

/** Whether of 1,024 values spread over the column half or more are ones seen before. */
function repeats(values: Float64Array): boolean {
  const samples = Math.min(1024, values.length);
  const seen = new Set<number>();
  for (let i = 0; i < samples && seen.size * 2 <= samples; i++) {
    seen.add(values[Math.floor((i * values.length) / samples)]!);
  }
  return seen.size * 2 <= samples;
}

function smoothBytes(values: Float64Array, order: number): Uint8Array {
  const words = shuffled(differencesOf(values, order), 8);
  const bytes = new Uint8Array(1 + words.length);
  bytes[0] = order;
  bytes.set(words, 1);
  return bytes;
}

/** Whether each value is exactly a 32-bit float (NaN and infinities are). */
export function isSingle(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Math.fround(value) !== value && !Number.isNaN(value)) return false;
  }
  return true;
}

function decimalBytes(values: Float64Array, { exponent, integers, exceptions }: Decimals): Uint8Array {
  const writer = new ByteWriter(64 + 8 * values.length + 12 * exceptions.length);
  writer.byte(exponent);
  writer.varint(exceptions.length);
  let before = -1;
  for (const index of exceptions) {
    writer.varint(index - before);
    writer.f64(values[index]!);
    before = index;
  }
  const planes = present(planesOf(integers), 'planes of decimals');
  writer.reserve(planes.length);
  writer.append(planes);
  return writer.written();
}

/** `count` values from the plain bytes of a section; `outer` reports damage at its place. */
export function readValueSection(
  outer: ByteReader,
  coding: number,
  plain: Uint8Array,
  count: number,
): Float64Array<ArrayBuffer> {
  const expect = (length: number): Uint8Array =>
    plain.length === length ? plain : outer.fail('the values are not as many as the points');
  switch (coding) {
    case codingConstant:
      return new Float64Array(count).fill(new ByteReader(expect(8)).f64());
    case codingDictionary:
      return readDictionary(new ByteReader(plain), count, differentAllowed(count));
    case codingShuffled64:
      return doublesOf(fromShuffled(expect(8 * count), 8));
    case codingShuffled32:
      return singlesOf(fromShuffled(expect(4 * count), 4));
    case codingDecimal:
      return readDecimals(new ByteReader(plain), count);
    case codingSmooth:
      return readSmooth(new ByteReader(expect(8 * count + 1)), count);
    default:
      return outer.fail(`values of the unknown coding ${coding}`);
  }
}

function readSmooth(reader: ByteReader, count: number): Float64Array<ArrayBuffer> {
  const order = reader.byte();
  if (order < 1 || order > largestSmoothOrder) reader.fail(`differences of the unknown order ${order}`);
  return fromDifferences(fromShuffled(reader.take(8 * count), 8), order);
}

function readDecimals(reader: ByteReader, count: number): Float64Array<ArrayBuffer> {
  const exponent = reader.varint(largestExponent, 'an exponent');
  const exceptions = reader.varint(exceptionsAllowed(count), 'the number of exceptions');
  const indexes: number[] = [];
  const exact: number[] = [];
  let index = -1;
  for (let i = 0; i < exceptions; i++) {
    index += reader.varint(count, 'the place of an exception');
    if (index >= count || index < 0) reader.fail('an exception is out of place');
    indexes.push(index);
    exact.push(reader.f64());
  }
  const integers = readPlanes(reader, count);
  if (!(integers instanceof Float64Array)) return reader.fail('a decimal has too many digits');
  const values = fromDecimals(integers, exponent);
  for (let i = 0; i < exceptions; i++) values[indexes[i]!] = exact[i]!;
  return values;
}
