/** A chunk: up to 8,192 points of one series in their order, one blob (docs/formats/points.md). */
import { assert } from '../../kernel/assert.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readerOf, sealed } from './envelope.ts';
import { asBigInts, canonicalColumn, type Int64Column } from './int64.ts';
import { planesOf, readPlanes } from './plane-column.ts';
import { isStrictlySorted, type PointColumns } from './points.ts';
import { readSection, type Section, section, writeSection } from './section.ts';
import { fromShuffled, int64sOf, int64Words, shuffled } from './shuffle.ts';
import { readValueSection, valueSection } from './value-section.ts';

/** 8,192 × 8 bytes = 64 KiB a column: within the second-level cache; twice as many save only 0.03 bytes a point more. */
export const maxChunkPoints = 8192;

const version = 1;
const codingPlanes = 1;
const codingWide = 2;
/** The longest coding is decimal: 7 bytes a point and 10 for each exception of one in eight. */
const sectionLimit = (count: number): number => 9 * count + 64;

/** `points`: 1 to maxChunkPoints, strictly ascending by (step, time, value) as mergeSorted and dropDuplicates leave them. */
export function encodeChunk(points: PointColumns): Uint8Array<ArrayBuffer> {
  const count = points.values.length;
  assert(count >= 1 && count <= maxChunkPoints, `${count} points do not make a chunk`);
  assert(points.steps.length === count && points.times.length === count, 'columns of one length');
  assert(isStrictlySorted(points), 'points of a chunk are sorted and distinct');
  const writer = new ByteWriter(1024 + 8 * count);
  writer.reserve(16);
  writer.byte(version);
  writer.varint(count);
  writeSection(writer, columnSection(points.steps));
  writeSection(writer, columnSection(points.times));
  writeSection(writer, valueSection(points.values));
  return sealed(writer);
}

/** The points of a chunk. Throws CorruptPointsError. */
export function decodeChunk(bytes: Uint8Array): PointColumns {
  const reader = readerOf(bytes, version);
  const count = reader.varint(maxChunkPoints, 'the number of points');
  if (count === 0) reader.fail('it holds no points');
  const steps = readColumn(reader, count);
  const times = readColumn(reader, count);
  const { coding, plain } = readSection(reader, sectionLimit(count));
  const values = readValueSection(reader, coding, plain, count);
  if (reader.left !== 0) reader.fail('bytes follow its end');
  return { values, steps, times };
}

function columnSection(column: Int64Column): Section {
  const planes = planesOf(column);
  return planes !== undefined
    ? section(codingPlanes, planes)
    : section(codingWide, shuffled(int64Words(asBigInts(column)), 8));
}

function readColumn(reader: ByteReader, count: number): Int64Column {
  const { coding, plain } = readSection(reader, sectionLimit(count));
  if (coding === codingPlanes) return readPlanes(new ByteReader(plain), count);
  if (coding !== codingWide) reader.fail(`a column of the unknown coding ${coding}`);
  if (plain.length !== 8 * count) reader.fail('a column is not as long as the points');
  return canonicalColumn(int64sOf(fromShuffled(plain, 8)));
}
