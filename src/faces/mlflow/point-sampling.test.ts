import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { MetricPoint } from '../../domain/metrics/index.ts';
import { samplePoints } from './point-sampling.ts';

const point = (step: number, time = 0, value = 0): MetricPoint => ({ key: 'm', value, time, step });
const steps = (points: readonly MetricPoint[]) => points.map((found) => found.step);
const upTo = (count: number) => Array.from({ length: count }, (_, step) => point(step));

it('gives all points when they fit', () => {
  assert.deepEqual(steps(samplePoints(upTo(5), undefined, 5)), [0, 1, 2, 3, 4]);
  assert.deepEqual(samplePoints([], undefined, 5), []);
});

it('spreads the sample and keeps both ends', () => {
  // 10 points in 3 buckets of 4, 3, 3: their first ones are 0, 4, 7; the last gives way to the very last point.
  assert.deepEqual(steps(samplePoints(upTo(10), undefined, 3)), [0, 4, 9]);
  assert.deepEqual(steps(samplePoints(upTo(10), undefined, 1)), [9]);
});

it('keeps to the range, both ends included', () => {
  assert.deepEqual(steps(samplePoints(upTo(10), { start: 2, end: 4n }, 100)), [2, 3, 4]);
});

it('orders by step, time and value, NaN last', () => {
  const points = [point(1, 1, Number.NaN), point(1, 1, 5), point(1, 0, 9), point(-1, 7, 1)];
  assert.deepEqual(
    samplePoints(points, undefined, 10).map((found) => found.value),
    [1, 9, 5, Number.NaN],
  );
});
