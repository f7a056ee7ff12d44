import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyPoints } from './arbitrary-points.ts';
import { BandAccumulator, type Bands, firstBeyond, firstFrom } from './bands.ts';
import { dropDuplicates } from './duplicates.ts';
import { type Axis, bucketCount, bucketOf, lastOf, levelFor, startOf } from './grid.ts';
import { int64At } from './int64.ts';
import { mergeSorted } from './merge.ts';
import {
  decodeOutline,
  encodeOutline,
  outlineBuckets,
  outlineLevel,
  outlineOf,
  storeyOf,
} from './outline.ts';
import { eachPoint, type PointColumns, sortPoints } from './points.ts';

const someParts = fc.array(
  anyPoints.map(sortPoints).filter((points) => points.values.length > 0),
  {
    minLength: 1,
    maxLength: 5,
  },
);
const axis = fc.constantFrom<Axis>('step', 'time');

/** Sums apart: their last bits depend on the way. */
function shown({ sums: _, ...bands }: Bands) {
  return {
    ...bands,
    min: [...bands.min].map((value) => value + 0),
    max: [...bands.max].map((value) => value + 0),
  };
}

function bandsOf(parts: readonly PointColumns[], axis: Axis, level: number): Bands {
  const xs = parts.flatMap((part) => [...eachPoint(part)].map((point) => point[axis]));
  const from = xs.reduce((a, b) => (b < a ? b : a));
  const to = xs.reduce((a, b) => (b > a ? b : a));
  const bands = new BandAccumulator(axis, level, bucketOf(from, level), bucketCount(from, to, level));
  for (const part of parts) bands.addPoints(part);
  return bands.finish();
}

/** Parts that share no point, as those of a series do. */
function disjoint(parts: readonly PointColumns[]): PointColumns[] {
  const known: PointColumns[] = [];
  for (const part of parts) known.push(dropDuplicates(part, known));
  return known.filter((part) => part.values.length > 0);
}

test('bands of parts are the bands of all points, in any order', () => {
  fc.assert(
    fc.property(someParts, axis, fc.integer({ min: 54, max: 63 }), (given, axis, level) => {
      const parts = disjoint(given);
      const whole = bandsOf([mergeSorted(parts)], axis, level);
      assert.deepEqual(shown(bandsOf(parts, axis, level)), shown(whole));
      assert.deepEqual(shown(bandsOf(parts.toReversed(), axis, level)), shown(whole));
    }),
  );
});

test('an outline of outlines says what one of all points would, and keeps it as bytes', () => {
  fc.assert(
    fc.property(someParts, (given) => {
      const parts = disjoint(given);
      const storey = storeyOf(parts.map((part) => decodeOutline(encodeOutline(outlineOf(part)))));
      const wanted = outlineOf(mergeSorted(parts));
      const read = decodeOutline(encodeOutline(storey));
      for (const made of [storey, read]) {
        assert.deepEqual(shown(made.step), shown(wanted.step));
        assert.deepEqual(shown(made.time), shown(wanted.time));
        const { sum: _, ...summary } = made.summary;
        const { sum: __, ...other } = wanted.summary;
        assert.deepEqual(plain(summary), plain(other));
      }
      const extent = { ...wanted.summary, timeMin: int64At(wanted.time.first.times, 0) };
      assert.equal(outlineLevel('step', extent), wanted.step.level);
      assert.equal(outlineLevel('time', extent), wanted.time.level);
      assert.ok(wanted.step.counts.length <= outlineBuckets);
    }),
  );
});

/** A head keeps no sign of a zero that is least. */
const plain = (summary: object) =>
  JSON.stringify(summary, (_key, value) =>
    typeof value === 'bigint' || Number.isNaN(value) ? `${value}` : value,
  );

test('a bucket holds what lies between its borders, at every level', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.integer({ min: 0, max: 63 }), (x, level) => {
      const bucket = bucketOf(x, level);
      assert.ok(startOf(bucket, level) <= x && x <= lastOf(bucket, level));
      assert.equal(BigInt(lastOf(bucket, level)) - BigInt(startOf(bucket, level)), 2n ** BigInt(level) - 1n);
    }),
  );
  assert.equal(levelFor(0, 1023, 1024), 0);
  assert.equal(levelFor(0, 1024, 1024), 1);
});

test('places in an ascending column', () => {
  const xs = Float64Array.of(1, 1, 3, 5);
  assert.deepEqual(
    [0, 1, 2, 5, 6].map((x) => firstFrom(xs, x)),
    [0, 0, 2, 3, 4],
  );
  assert.deepEqual(
    [0, 1, 2, 5, 6].map((x) => firstBeyond(xs, x)),
    [0, 2, 2, 4, 4],
  );
});
