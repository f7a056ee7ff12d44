/** What heads and chunks share: a version byte in front, the CRC-32 of everything before it at the end. */
import { crc32 } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CorruptPointsError } from './corrupt-points-error.ts';

/** The finished blob: what was written and its checksum, in memory of its own. */
export function sealed(writer: ByteWriter): Uint8Array<ArrayBuffer> {
  writer.reserve(4);
  writer.u32(crc32(writer.written()));
  return writer.written().slice();
}

/** A reader that stands behind the version byte and ends before the checksum, both of which hold. */
export function readerOf(bytes: Uint8Array, version: number): ByteReader {
  if (bytes.length < 6) throw new CorruptPointsError(`${bytes.length} bytes are too few`, 0);
  const end = bytes.length - 4;
  const stored = new ByteReader(bytes, end).u32();
  if (crc32(bytes.subarray(0, end)) !== stored) throw new CorruptPointsError('the checksum is wrong', end);
  if (bytes[0] !== version) throw new CorruptPointsError(`version ${bytes[0]} is not known here`, 0);
  return new ByteReader(bytes, 1, end);
}
