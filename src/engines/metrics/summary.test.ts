import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyPoints, collidingPoint } from './arbitrary-points.ts';
import { dropDuplicates } from './duplicates.ts';
import { eachPoint, type Point, pointsFrom } from './points.ts';
import { meanOf, mergeSummaries, type Summary, summarise } from './summary.ts';

const distinct = fc
  .oneof(anyPoints, fc.array(collidingPoint, { minLength: 1, maxLength: 30 }).map(pointsFrom))
  .map((points) => [...eachPoint(dropDuplicates(points))]);

/** All but the sum, which rounds differently from one order to another. */
const exact = ({ sum: _, ...rest }: Summary) => rest;

function assertAlike(a: Summary, b: Summary, points: readonly Point[]): void {
  assert.deepEqual(exact(a), exact(b));
  const size = points.reduce((sum, { value }) => sum + (Number.isFinite(value) ? Math.abs(value) : 0), 0);
  if (size < Number.MAX_VALUE) {
    assert.ok(Math.abs(a.sum - b.sum) <= size * points.length * 2 ** -52, `${a.sum} and ${b.sum}`);
  } else {
    assert.ok(!Number.isNaN(a.sum) && !Number.isNaN(b.sum));
  }
}

test('points in any order and grouping give one summary', () => {
  fc.assert(
    fc.property(
      distinct.chain((points) =>
        fc.tuple(
          fc.constant(points),
          fc.shuffledSubarray(points, { minLength: points.length }),
          fc.array(fc.nat({ max: 3 }), { minLength: points.length, maxLength: points.length }),
        ),
      ),
      ([points, shuffled, group]) => {
        const whole = summarise(pointsFrom(points));
        assertAlike(summarise(pointsFrom(shuffled)), whole, points);
        const parts = [0, 1, 2, 3]
          .map((g) => shuffled.filter((_, i) => group[i] === g))
          .filter((part) => part.length > 0)
          .map((part) => summarise(pointsFrom(part)));
        assertAlike(parts.reduce(mergeSummaries), whole, points);
        assertAlike(
          parts.reduceRight((right, left) => mergeSummaries(left, right)),
          whole,
          points,
        );
        if (parts.length > 1) {
          assert.deepEqual(mergeSummaries(parts[0]!, parts[1]!), mergeSummaries(parts[1]!, parts[0]!));
        }
      },
    ),
  );
});

test('a summary says what its points say', () => {
  const summary = summarise(
    pointsFrom([
      { value: 2, step: 5, time: 10 },
      { value: Number.NaN, step: 5, time: 10 },
      { value: Number.NEGATIVE_INFINITY, step: 4, time: 99 },
      { value: 2, step: 1, time: 50 },
      { value: -3, step: 2n ** 60n, time: 9 },
    ]),
  );
  assert.deepEqual(summary, {
    points: 5,
    nonFinite: 2,
    first: { value: 2, step: 1, time: 50 },
    last: { value: -3, step: 2n ** 60n, time: 9 },
    min: { value: Number.NEGATIVE_INFINITY, step: 4 },
    max: { value: 2, step: 1 },
    sum: 1,
    stepMin: 1,
    stepMax: 2n ** 60n,
    timeMax: 99,
  });
  assert.equal(meanOf(summary), 1 / 3);
});

test('at one step and time NaN is last, and only NaN leaves no extremes', () => {
  const summary = summarise(
    pointsFrom([
      { value: Number.NaN, step: 1, time: 1 },
      { value: Number.POSITIVE_INFINITY, step: 1, time: 1 },
    ]),
  );
  assert.ok(Number.isNaN(summary.last.value));
  assert.equal(summary.max?.value, Number.POSITIVE_INFINITY);
  const empty = summarise(pointsFrom([{ value: Number.NaN, step: 1, time: 1 }]));
  assert.equal(empty.min, undefined);
  assert.equal(empty.max, undefined);
  assert.equal(empty.sum, 0);
  assert.ok(Number.isNaN(meanOf(empty)));
});

test('a sum keeps small values beside large ones, and is infinite only when it must be', () => {
  const of = (...values: number[]) =>
    summarise(pointsFrom(values.map((value, i) => ({ value, step: i, time: 0 }))));
  assert.equal(of(1, 1e100, 1, -1e100).sum, 2);
  assert.equal(of(1e308, 1e308, -1e308).sum, 1e308);
  assert.equal(of(1e308, 1e308).sum, Number.POSITIVE_INFINITY);
  const both = mergeSummaries(of(1e308, 1e308), of(-1e308, -1e308));
  assert.equal(both.sum, Number.POSITIVE_INFINITY);
});
