import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyPoints, collidingPoint } from './arbitrary-points.ts';
import { dropDuplicates, mayHoldDuplicates } from './duplicates.ts';
import { mergeSorted, splitIntoChunks } from './merge.ts';
import { concatPoints, eachPoint, type Point, pointsFrom, sortForHistory } from './points.ts';
import { comparePoint, summarise } from './summary.ts';

const rows = fc.oneof(
  anyPoints.map((points) => [...eachPoint(points)]),
  fc.array(collidingPoint, { maxLength: 30 }),
);

/** The same by rows and the slow way: sort, then keep what differs from the one before. */
function sortedDistinct(points: readonly Point[]): Point[] {
  return points
    .toSorted(comparePoint)
    .filter((point, i, all) => i === 0 || comparePoint(all[i - 1]!, point) !== 0);
}

test('dropping duplicates leaves what is new, sorted', () => {
  fc.assert(
    fc.property(rows, fc.array(rows, { maxLength: 3 }), (batch, stored) => {
      const existing = stored.map((part) => pointsFrom(part));
      const kept = [...eachPoint(dropDuplicates(pointsFrom(batch), existing))];
      const known = stored.flat();
      assert.deepEqual(
        kept,
        sortedDistinct(batch).filter((point) => !known.some((other) => comparePoint(other, point) === 0)),
      );
    }),
  );
});

test('a batch that cannot hold duplicates holds none', () => {
  let ruledOut = 0;
  fc.assert(
    fc.property(rows, rows, (stored, batch) => {
      if (stored.length === 0) return;
      const summary = summarise(dropDuplicates(pointsFrom(stored)));
      if (mayHoldDuplicates(pointsFrom(batch), summary)) return;
      ruledOut++;
      assert.ok(!batch.some((point) => stored.some((other) => comparePoint(other, point) === 0)));
    }),
  );
  assert.ok(ruledOut > 0, 'the property was never tried');
});

test('what live training sends is known to hold no duplicates', () => {
  const stored = summarise(pointsFrom([{ value: 1, step: 10, time: 1000 }]));
  assert.equal(mayHoldDuplicates(pointsFrom([{ value: 1, step: 11, time: 1000 }]), stored), false);
  assert.equal(mayHoldDuplicates(pointsFrom([{ value: 1, step: 0, time: 1001 }]), stored), false);
  assert.equal(mayHoldDuplicates(pointsFrom([{ value: 1, step: 10, time: 1000 }]), stored), true);
  assert.equal(mayHoldDuplicates(pointsFrom([{ value: 1, step: 10, time: 1000 }]), undefined), false);
});

test('merging sorted parts is sorting all their points', () => {
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 6 }), (parts) => {
      const merged = mergeSorted(parts.map((part) => dropDuplicates(pointsFrom(part))));
      assert.deepEqual([...eachPoint(merged)], sortedDistinct(parts.flat()));
      assert.deepEqual(merged.steps, pointsFrom(eachPoint(merged)).steps, 'canonical columns');
    }),
  );
});

test('chunks are the points cut, each with its range', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 20 }), (points, size) => {
      const sorted = dropDuplicates(pointsFrom(points));
      const plans = splitIntoChunks(sorted, size);
      assert.deepEqual(
        [...eachPoint(concatPoints(plans.map((plan) => plan.points)))],
        [...eachPoint(sorted)],
      );
      for (const plan of plans) {
        const count = plan.points.values.length;
        assert.ok(count >= 1 && count <= size);
        const byTime = [...eachPoint(sortForHistory(plan.points))];
        const { stepMin, stepMax } = summarise(plan.points);
        assert.deepEqual(
          [plan.stepMin, plan.stepMax, plan.timeMin, plan.timeMax],
          [stepMin, stepMax, byTime[0]!.time, byTime.at(-1)!.time],
        );
      }
    }),
  );
});
