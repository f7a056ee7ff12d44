import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyInt64, anyValue } from './arbitrary-points.ts';
import { PointGroups } from './point-groups.ts';
import { eachPoint, pointsFrom } from './points.ts';

const row = fc.record({
  key: fc.constantFrom('loss', 'accuracy', 'lr'),
  value: anyValue,
  step: anyInt64,
  time: anyInt64,
});

test('rows are grouped by key, in the order they came', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
      const groups = new PointGroups<string>();
      for (const { key, value, step, time } of rows) groups.add(key, value, step, time);
      assert.equal(groups.length, rows.length);
      const expected = Map.groupBy(rows, ({ key }) => key);
      const found = groups.finish();
      assert.deepEqual(
        found.map(([key, points]) => [key, [...eachPoint(points)]]),
        Array.from(expected, ([key, of]) => [
          key,
          of.map(({ value, step, time }) => ({ value, step, time })),
        ]),
      );
      for (const [, points] of found) assert.deepEqual(points.steps, pointsFrom(eachPoint(points)).steps);
    }),
  );
});

test('what is no int64 is a bug of the caller', () => {
  const add = (step: number | bigint) => new PointGroups<string>().add('loss', 1, step, 0);
  assert.throws(() => add(1.5), /not an integer/);
  assert.throws(() => add(Number.NaN), /not an integer/);
  assert.throws(() => add(2n ** 63n), /beyond int64/);
  assert.throws(() => add(2 ** 63), /beyond int64/);
});

test('−0 as a step is 0, and an unsafe number is what it says', () => {
  const groups = new PointGroups<string>();
  groups.add('loss', 1, -0, 2 ** 60);
  const [[, points]] = groups.finish() as [[string, ReturnType<typeof pointsFrom>]];
  assert.deepEqual([...eachPoint(points)], [{ value: 1, step: 0, time: 2n ** 60n }]);
});
