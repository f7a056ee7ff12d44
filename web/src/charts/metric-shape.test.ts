import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricSummary } from '../api/types.ts';
import { barAxis, barsOf, curvesOf, isOneValue } from './metric-shape.ts';

function summary(last: number | 'NaN', rest: Partial<MetricSummary> = {}): MetricSummary {
  const value = last === 'NaN' ? null : last;
  return {
    last,
    lastStep: 0,
    lastTime: 0,
    min: value,
    minStep: value === null ? null : 0,
    max: value,
    maxStep: value === null ? null : 0,
    first: last,
    mean: value,
    points: 1,
    ...rest,
  };
}

test('a metric is a curve where any run has points at more than one step', () => {
  const once = summary(0.9);
  const heap = summary(0.9, { points: 30, min: 0.1 });
  const again = summary(0.9, { points: 2 });
  const course = summary(0.9, { points: 2, lastStep: '9', min: 0.1 });
  const flat = summary(0.9, { points: 5, lastStep: 4 });
  const onlyNaN = summary('NaN', { points: 3, lastStep: 2 });
  const first = { metrics: { once, heap, again, course: once, flat, onlyNaN } };
  const second = { metrics: { once, course } };
  assert.deepEqual([once, again, heap, flat].map(isOneValue), [true, true, false, false]);
  assert.deepEqual([...curvesOf([first, second], 'step')], ['flat', 'onlyNaN', 'course']);
  assert.deepEqual([...curvesOf([first, second], 'relative')], ['heap', 'flat', 'onlyNaN', 'course']);
});

test('against another metric one value of each of several runs is a place', () => {
  const run = { metrics: { once: summary(1) } };
  assert.deepEqual([...curvesOf([run, run], 'metrics.loss')], ['once']);
  assert.deepEqual([...curvesOf([run], 'metrics.loss')], []);
});

test('bars begin at 0, unless all values lie close together', () => {
  assert.deepEqual(barAxis([0.2, 0.9]), { from: 0, to: 0.9, base: 0, isCut: false });
  assert.deepEqual(barAxis([-2, 4]), { from: -2, to: 4, base: 0, isCut: false });
  assert.deepEqual(barAxis([0.9167, 0.9444]), { from: 0.91, to: 0.9444, base: 0.91, isCut: true });
  assert.deepEqual(barAxis([-101, -100]), { from: -101, to: -99, base: -99, isCut: true });
  assert.deepEqual(barAxis([3, 3]), { from: 0, to: 3, base: 0, isCut: false });
  assert.deepEqual(barAxis([0, 0]), { from: 0, to: 1, base: 0, isCut: false });
  assert.deepEqual(barAxis([Number.NaN, 5]), { from: 0, to: 5, base: 0, isCut: false });
});

test('runs of a group are one bar: their mean, from least to greatest', () => {
  const source = (id: string, last: number | 'NaN', group?: string) => ({
    id,
    name: `run ${id}`,
    colour: 'red',
    group,
    summary: summary(last),
  });
  const bars = barsOf(
    [source('1', 1, 'adam'), source('2', 5), source('3', 3, 'adam'), source('4', 'NaN', 'adam')],
    (group) => `of ${group}`,
  );
  assert.deepEqual(bars, [
    { id: 'group adam', name: 'adam', colour: 'of adam', value: 2, runs: 3, least: 1, most: 3 },
    { id: '2', name: 'run 2', colour: 'red', value: 5, runs: 1, least: 5, most: 5 },
  ]);
});
