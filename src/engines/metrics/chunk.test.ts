import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { anyPoints } from './arbitrary-points.ts';
import { decodeChunk, encodeChunk, maxChunkPoints } from './chunk.ts';
import { CorruptPointsError } from './corrupt-points-error.ts';
import { dropDuplicates } from './duplicates.ts';
import { type PointColumns, pointsFrom } from './points.ts';

const sorted = anyPoints.map((points) => dropDuplicates(points));
const bits = (values: Float64Array) =>
  Array.from(new BigUint64Array(values.slice().buffer), (word, i) =>
    Number.isNaN(values[i]) ? 'NaN' : word.toString(16),
  );

function assertSame(read: PointColumns, written: PointColumns): void {
  assert.deepEqual(bits(read.values), bits(written.values));
  assert.deepEqual(read.steps, written.steps);
  assert.deepEqual(read.times, written.times);
}

test('a chunk gives back every point, bit by bit', () => {
  fc.assert(
    fc.property(sorted, (points) => assertSame(decodeChunk(encodeChunk(points)), points)),
    {
      numRuns: 500,
    },
  );
});

/** A small generator, so that long columns are the same on every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const kinds: Record<string, (i: number, random: () => number) => number> = {
  constant: () => 0.25,
  integers: (i) => i * 3 - 17,
  'four decimals': (_, random) => Math.round(random() * 1e4) / 1e4,
  'four decimals, sometimes NaN, infinite, −0': (i, random) =>
    i % 50 === 0
      ? [Number.NaN, Number.POSITIVE_INFINITY, -0, Number.NEGATIVE_INFINITY][(i / 50) % 4]!
      : Math.round(random() * 1e4) / 1e4,
  '32-bit': (_, random) => Math.fround(random()),
  'a smooth schedule': (i) => 0.0005 * (1 + Math.cos((Math.PI * i) / 100_000)),
  'few different': (_, random) => Math.floor(random() * 300) / 1009,
  '64-bit': (_, random) => random() / 3,
  'bits without pattern': (i, random) => random() * 10 ** ((i % 600) - 300),
};

for (const [kind, value] of Object.entries(kinds)) {
  test(`a full chunk of ${kind} values comes back`, () => {
    const random = noise(1);
    const rows = Array.from({ length: maxChunkPoints }, (_, i) => ({
      value: value(i, random),
      step: i,
      time: 1_700_000_000_000 + 100 * i + Math.floor(random() * 20),
    }));
    const points = pointsFrom(rows);
    const bytes = encodeChunk(points);
    assertSame(decodeChunk(bytes), points);
    assert.ok(bytes.length < 8.1 * maxChunkPoints + 64, `${bytes.length} bytes`);
  });
}

test('every NaN is the quiet one afterwards', () => {
  const odd = new Float64Array(new BigUint64Array([0xfff8000000000123n, 0x7ff0000000000001n]).buffer);
  const points = { values: odd, steps: Float64Array.of(1, 2), times: Float64Array.of(1, 2) };
  const read = decodeChunk(encodeChunk(points));
  assert.deepEqual(
    [...new BigUint64Array(read.values.slice().buffer)],
    [0x7ff8000000000000n, 0x7ff8000000000000n],
  );
});

test('points out of order, twice, none or too many are a bug of the caller', () => {
  const point = { value: 1, step: 2, time: 3 };
  assert.throws(() => encodeChunk(pointsFrom([])), /do not make a chunk/);
  assert.throws(() => encodeChunk(pointsFrom([point, point])), /sorted and distinct/);
  assert.throws(() => encodeChunk(pointsFrom([point, { ...point, step: 1 }])), /sorted and distinct/);
});

test('every flipped or missing byte is noticed', () => {
  fc.assert(
    fc.property(sorted, fc.nat(), fc.integer({ min: 1, max: 255 }), (points, place, flip) => {
      const bytes = encodeChunk(points);
      const broken = bytes.slice();
      broken[place % bytes.length]! ^= flip;
      assert.throws(() => decodeChunk(broken), CorruptPointsError);
      assert.throws(() => decodeChunk(bytes.subarray(0, place % bytes.length)), CorruptPointsError);
    }),
  );
});

/** The same bytes with a checksum that holds. */
function resealed(body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 4);
  bytes.set(body);
  new DataView(bytes.buffer).setUint32(body.length, crc32(body), true);
  return bytes;
}

test('forged chunks are refused or harmless', () => {
  fc.assert(
    fc.property(sorted, fc.nat(), fc.integer({ min: 1, max: 255 }), (points, place, flip) => {
      const body = encodeChunk(points).slice(0, -4);
      body[place % body.length]! ^= flip;
      try {
        assert.ok(decodeChunk(resealed(body)).values.length <= maxChunkPoints);
      } catch (error) {
        assert.ok(error instanceof CorruptPointsError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test('a section that would decompress to more than a chunk holds is refused', () => {
  const bomb = zstdCompressSync(new Uint8Array(64 << 20));
  const length = bomb.length;
  const head = Uint8Array.of(1, 1, 0x82, (length & 0x7f) | 0x80, length >> 7, 0x54);
  const body = new Uint8Array(head.length + length);
  body.set(head);
  body.set(bomb, head.length);
  assert.throws(() => decodeChunk(resealed(body)), CorruptPointsError);
});
