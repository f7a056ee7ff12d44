import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { anyPoints } from './arbitrary-points.ts';
import { CorruptPointsError } from './corrupt-points-error.ts';
import { decodeHead, encodeHead, type HeadEntry } from './head.ts';
import { eachPoint, noPoints, pointsFrom } from './points.ts';

const series = fc.oneof(fc.nat({ max: 40 }), fc.maxSafeNat());
const entries = fc.array(fc.record({ series, points: anyPoints }), { maxLength: 6 });

/** Rows distinguish NaN, −0 and bigint; typed arrays compared by deepEqual do too, but also compare their kinds. */
const rows = (found: readonly HeadEntry[]) =>
  found.map((entry) => ({ series: entry.series, points: [...eachPoint(entry.points)] }));

test('a head gives back every entry, whole or one series of it', () => {
  fc.assert(
    fc.property(entries, (written) => {
      const bytes = encodeHead(written);
      const read = decodeHead(bytes);
      assert.deepEqual(rows(read), rows(written));
      for (const [i, entry] of read.entries()) {
        assert.equal(entry.points.steps.constructor, written[i]!.points.steps.constructor);
      }
      const only = written[0]?.series ?? 7;
      assert.deepEqual(rows(decodeHead(bytes, only)), rows(written.filter((entry) => entry.series === only)));
    }),
  );
});

test('entries without points leave no trace', () => {
  const one = pointsFrom([{ value: 1.5, step: 3, time: 4 }]);
  assert.deepEqual(
    rows(
      decodeHead(
        encodeHead([
          { series: 1, points: noPoints },
          { series: 2, points: one },
        ]),
      ),
    ),
    [{ series: 2, points: [{ value: 1.5, step: 3, time: 4 }] }],
  );
  assert.deepEqual(decodeHead(encodeHead([])), []);
});

test('one point is a few bytes', () => {
  const point = (value: number) => pointsFrom([{ value, step: 1200, time: 1_700_000_000_123 }]);
  assert.equal(encodeHead([{ series: 9_000, points: point(0.1234567890123) }]).length, 25);
  assert.equal(encodeHead([{ series: 9_000, points: point(Math.fround(0.1234567)) }]).length, 22);
  assert.equal(encodeHead([{ series: 9_000, points: point(0.953) }]).length, 21);
});

test('every flipped or missing byte is noticed', () => {
  fc.assert(
    fc.property(entries, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, place, flip) => {
      const bytes = encodeHead(written);
      const broken = bytes.slice();
      broken[place % bytes.length]! ^= flip;
      assert.throws(() => decodeHead(broken), CorruptPointsError);
      assert.throws(() => decodeHead(bytes.subarray(0, place % bytes.length)), CorruptPointsError);
    }),
  );
});

/** Forged bytes whose checksum holds: the reader itself has to be careful. */
function forged(body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 4);
  bytes.set(body);
  new DataView(bytes.buffer).setUint32(body.length, crc32(body), true);
  return bytes;
}

test('forged heads are refused or harmless, and allocate no more than a head may hold', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (body) => {
      try {
        const read = decodeHead(forged(Uint8Array.of(1, ...body)));
        assert.ok(read.reduce((sum, entry) => sum + entry.points.values.length, 0) <= 2 ** 20);
      } catch (error) {
        assert.ok(error instanceof CorruptPointsError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});

test('a forged count is refused before anything is allocated', () => {
  const claim = forged(Uint8Array.of(1, 1, 2, 0xfc, 0xff, 0xff, 0x01, 0, 0, 0, 0));
  assert.throws(() => decodeHead(claim), CorruptPointsError);
  assert.throws(() => decodeHead(forged(Uint8Array.of(2, 0))), /version 2 is not known/);
});
