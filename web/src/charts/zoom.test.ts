import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moved, scaled } from './zoom.ts';

test('what is under the hand stays there', () => {
  assert.deepEqual(scaled([0, 100], 25, 0.5, [0, 100]), [12.5, 62.5]);
  assert.deepEqual(scaled([12.5, 62.5], 25, 0.5, [0, 100]), [18.75, 43.75]);
});

test('it ends at all there is, and before points cannot be told apart', () => {
  assert.equal(scaled([10, 60], 25, 4, [0, 100]), undefined);
  assert.deepEqual(scaled([0, 40], 40, 2, [0, 100]), [0, 80]);
  const narrow = [1e6, 1e6 + 1e-7] as const;
  assert.equal(scaled(narrow, 1e6, 0.5, [0, 1e6 + 1]), narrow);
});

test('it moves within what there is', () => {
  assert.deepEqual(moved([10, 30], 0.5, [0, 100]), [20, 40]);
  assert.deepEqual(moved([10, 30], -2, [0, 100]), [0, 20]);
  assert.deepEqual(moved([10, 30], 9, [0, 100]), [80, 100]);
});
