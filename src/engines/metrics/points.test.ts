import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyPoints, anyValue, collidingPoint } from './arbitrary-points.ts';
import { int64Column } from './int64.ts';
import {
  compareHistory,
  comparePoints,
  compareValues,
  eachPoint,
  pointAt,
  pointsFrom,
  slicePoints,
  sortForHistory,
  sortPoints,
} from './points.ts';
import { comparePoint } from './summary.ts';

test('values order from −Infinity to Infinity, −0 before 0, NaN last', () => {
  const ordered = [
    Number.NEGATIVE_INFINITY,
    -1,
    -0,
    0,
    Number.MIN_VALUE,
    1,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ];
  for (const [i, a] of ordered.entries()) {
    for (const [j, b] of ordered.entries()) assert.equal(Math.sign(compareValues(a, b)), Math.sign(i - j));
  }
  fc.assert(fc.property(anyValue, anyValue, (a, b) => (compareValues(a, b) === 0) === Object.is(a, b)));
});

test('sorting is by the order, loses nothing and leaves sorted points as they are', () => {
  const points = fc.oneof(anyPoints, fc.array(collidingPoint, { maxLength: 40 }).map(pointsFrom));
  fc.assert(
    fc.property(points, (given) => {
      for (const [sort, compare] of [
        [sortPoints, comparePoints],
        [sortForHistory, compareHistory],
      ] as const) {
        const sorted = sort(given);
        for (let i = 1; i < sorted.values.length; i++) assert.ok(compare(sorted, i - 1, sorted, i) <= 0);
        assert.equal(sort(sorted), sorted);
        assert.deepEqual(
          [...eachPoint(sorted)].toSorted(comparePoint),
          [...eachPoint(given)].toSorted(comparePoint),
        );
      }
    }),
  );
});

test('a column is of numbers exactly while every value is a safe integer', () => {
  assert.ok(int64Column([1, 2n, -3]) instanceof Float64Array);
  assert.ok(int64Column([1, 2n ** 53n]) instanceof BigInt64Array);
  const points = pointsFrom([
    { value: 1, step: 1, time: 2 },
    { value: 2, step: 2n ** 62n, time: 3 },
  ]);
  assert.ok(points.steps instanceof BigInt64Array);
  assert.ok(slicePoints(points, 0, 1).steps instanceof Float64Array, 'a part becomes numbers again');
  assert.deepEqual(pointAt(points, 0), { value: 1, step: 1, time: 2 });
});
