import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sampleRanks } from './point-sampling.ts';

it('gives all points when they fit', () => {
  assert.deepEqual(sampleRanks(5, 5), [0, 1, 2, 3, 4]);
  assert.deepEqual(sampleRanks(0, 5), []);
});

it('spreads the sample and keeps both ends', () => {
  // 10 points in 3 buckets of 4, 3, 3: their first ones are 0, 4, 7; the last gives way to the very last point.
  assert.deepEqual(sampleRanks(10, 3), [0, 4, 9]);
  assert.deepEqual(sampleRanks(10, 1), [9]);
});

it('has ascending ranks, each once', () => {
  for (let count = 0; count < 60; count++) {
    for (let size = 1; size < 60; size++) {
      const ranks = sampleRanks(count, size);
      assert.equal(ranks.length, Math.min(count, size));
      assert.ok(ranks.every((rank, index) => rank < count && (index === 0 || rank > ranks[index - 1]!)));
    }
  }
});
