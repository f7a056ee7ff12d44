/** The values of a chunk: of all codings that hold them exactly, the shortest. */
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { type Decimals, fromDecimals, largestExponent, toDecimals } from './decimal.ts';
import { readResiduals, residualBytes, writeResiduals } from './residuals.ts';
import { type Section, section, shortest } from './section.ts';
import { doubleBytes, doublesFrom, shuffle, singleBytes, singlesFrom, unshuffle } from './shuffle.ts';

const codingConstant = 3;
const codingRaw = 4;
const codingShuffled64 = 5;
const codingShuffled32 = 6;
const codingDecimal = 7;
/** An exception costs 9 bytes or more, a decimal 1 to 3: beyond one in eight shuffling is the shorter way. */
const exceptionsAllowed = (count: number): number => count >> 3;

export function valueSection(values: Float64Array): Section {
  if (values.every((value) => Object.is(value, values[0]))) {
    return section(codingConstant, doubleBytes(values.subarray(0, 1)));
  }
  const candidates: Section[] = [];
  const decimals = toDecimals(values, exceptionsAllowed(values.length));
  if (decimals !== undefined) candidates.push(section(codingDecimal, decimalBytes(values, decimals)));
  if (isSingle(values)) {
    candidates.push(section(codingShuffled32, shuffle(singleBytes(values), 4)));
  } else {
    const bytes = doubleBytes(values);
    const shuffled = section(codingShuffled64, shuffle(bytes, 8));
    candidates.push(
      shuffled.bytes.length < bytes.length
        ? shuffled
        : { coding: codingRaw, plainLength: bytes.length, bytes },
    );
  }
  return shortest(candidates);
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
  const writer = new ByteWriter(residualBytes(values.length) + 16 + 16 * exceptions.length);
  writer.byte(exponent);
  writer.varint(exceptions.length);
  let before = -1;
  for (const index of exceptions) {
    writer.varint(index - before);
    writer.f64(values[index]!);
    before = index;
  }
  writeResiduals(writer, integers, 1, 0);
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
      return new Float64Array(count).fill(doublesFrom(expect(8))[0]!);
    case codingRaw:
      return doublesFrom(expect(8 * count));
    case codingShuffled64:
      return doublesFrom(unshuffle(expect(8 * count), 8));
    case codingShuffled32:
      return singlesFrom(unshuffle(expect(4 * count), 4));
    case codingDecimal:
      return readDecimals(new ByteReader(plain), count);
    default:
      return outer.fail(`values of the unknown coding ${coding}`);
  }
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
  const integers = readResiduals(reader, count, 1, 0);
  if (!(integers instanceof Float64Array)) return reader.fail('a decimal has too many digits');
  if (reader.left !== 0) reader.fail('the values are longer than their points');
  const values = fromDecimals(integers, exponent);
  for (let i = 0; i < exceptions; i++) values[indexes[i]!] = exact[i]!;
  return values;
}
