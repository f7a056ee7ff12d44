/** A column inside a chunk: coding, lengths, bytes, compressed where that is shorter (docs/formats/points.md). */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

const compressed = 0x80;
/** Frames of ours cover at most 9 × 8,192 + 64 plain bytes in one segment; a forged one may not ask for more memory. */
const windowLog = 17;
/** Below this the header and tables eat what it saves. */
const worthTrying = 48;
const level = 3;

export interface Section {
  readonly coding: number;
  readonly plainLength: number;
  /** What is stored: a zstd frame if shorter than `plainLength`, else the plain bytes. */
  readonly bytes: Uint8Array;
}

export function section(coding: number, plain: Uint8Array): Section {
  let bytes = plain;
  if (plain.length >= worthTrying) {
    const frame = zstdCompressSync(plain, {
      pledgedSrcSize: plain.length,
      params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_windowLog]: windowLog },
    });
    // The length of the plain bytes is stored beside the frame: three bytes at most.
    if (frame.length + 3 < plain.length) bytes = frame;
  }
  return { coding, plainLength: plain.length, bytes };
}

export function shortest(sections: readonly Section[]): Section {
  return sections.reduce((best, next) => (next.bytes.length < best.bytes.length ? next : best));
}

export function writeSection(writer: ByteWriter, { coding, plainLength, bytes }: Section): void {
  writer.reserve(9 + bytes.length);
  const isCompressed = bytes.length !== plainLength;
  writer.byte(isCompressed ? coding | compressed : coding);
  writer.varint(bytes.length);
  if (isCompressed) writer.varint(plainLength);
  writer.append(bytes);
}

/** `limit`: the most plain bytes that a section of this many points can have. */
export function readSection(reader: ByteReader, limit: number): { coding: number; plain: Uint8Array } {
  const word = reader.byte();
  const stored = reader.varint(reader.left, 'the length of a section');
  if ((word & compressed) === 0) return { coding: word, plain: reader.take(stored) };
  const plainLength = reader.varint(limit, 'the plain length of a section');
  const frame = reader.take(stored);
  let plain: Uint8Array;
  try {
    plain = zstdDecompressSync(frame, {
      maxOutputLength: Math.max(plainLength, 1),
      params: { [constants.ZSTD_d_windowLogMax]: windowLog },
    });
  } catch {
    return reader.fail('a section does not decompress');
  }
  if (plain.length !== plainLength) reader.fail('a section has another length than it says');
  return { coding: word & ~compressed, plain };
}
