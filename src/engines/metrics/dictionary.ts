/**
 * Values of which there are few (correct answers by their number, k/1009; bf16): the different ones in ascending order, and
 * for each point the place of its value among them. Places of neighbours are near each other, so they make planes.
 *
 * Bytes a point after zstd, k/1009 within ± 5 of a slow rise: shuffled 6.73, plain doubles 1.72, dictionary 0.68.
 */
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { planesOf, readPlanes } from './plane-column.ts';
import { compareValues } from './points.ts';
import { readSection, section, writeSection } from './section.ts';
import { doublesOf, doubleWords, fromShuffled, shuffled } from './shuffle.ts';

const codingInner = 0;

/** The bytes, or undefined when more than `allowed` values are different. */
export function dictionaryOf(values: Float64Array, allowed: number): Uint8Array | undefined {
  // A typed array sorts −0 before 0 and NaN last, as compareValues does.
  const sorted = new Float64Array(values).sort();
  let count = 1;
  for (let i = 1; i < sorted.length; i++) {
    if (!Object.is(sorted[i], sorted[count - 1])) sorted[count++] = sorted[i]!;
  }
  if (count > allowed) return undefined;
  const table = sorted.subarray(0, count);
  const places = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) places[i] = placeOf(table, values[i]!);
  const planes = planesOf(places);
  if (planes === undefined) return undefined;
  const writer = new ByteWriter(1024);
  writer.reserve(4);
  writer.varint(count);
  // Each a section: compressed together the table's noise spoils the statistics of the planes.
  writeSection(writer, section(codingInner, shuffled(doubleWords(table), 8)));
  writeSection(writer, section(codingInner, planes));
  return writer.written();
}

function placeOf(table: Float64Array, value: number): number {
  let low = 0;
  let high = table.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareValues(table[middle]!, value) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Reads `count` values, the rest of `reader`. */
export function readDictionary(
  reader: ByteReader,
  count: number,
  allowed: number,
): Float64Array<ArrayBuffer> {
  const size = reader.varint(allowed, 'the number of different values');
  const bytes = readInner(reader, 8 * size);
  if (bytes.length !== 8 * size) reader.fail('a table has another length than it says');
  const table = doublesOf(fromShuffled(bytes, 8));
  const places = readPlanes(new ByteReader(readInner(reader, 8 * count + 64)), count);
  if (reader.left !== 0) reader.fail('the values are longer than their points');
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = table[Number(places[i])];
    if (value === undefined) reader.fail('a value is not in its table');
    values[i] = value;
  }
  return values;
}

function readInner(reader: ByteReader, limit: number): Uint8Array {
  const { coding, plain } = readSection(reader, limit);
  return coding === codingInner ? plain : reader.fail(`a table of the unknown coding ${coding}`);
}
