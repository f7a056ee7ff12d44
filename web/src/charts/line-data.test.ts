import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aligned, bucketed, lineOf, type Points, smoothed } from './line-data.ts';

const nan = Number.NaN;

function pointsOf(values: readonly number[], steps = values.map((_, index) => index)): Points {
  return { value: values, step: steps, time: values.map((_, index) => 5000 + index * 1000) };
}

function all(line: ReturnType<typeof lineOf>, width: number, log = false) {
  return bucketed(line, { from: line.x[0]!, to: line.x.at(-1)!, width, log });
}

test('smoothing is corrected for its start, and what is no number passes through it', () => {
  assert.deepEqual(
    [...smoothed(Float64Array.of(4, 4, 4), 0.9)].map((value) => Math.round(value * 1e9) / 1e9),
    [4, 4, 4],
  );
  assert.deepEqual([...smoothed(Float64Array.of(0, 3), 0.5)], [0, 2]);
  const [, second, third] = smoothed(Float64Array.of(1, nan, 1), 0.5);
  assert.ok(Number.isNaN(second));
  assert.equal(third, 1);
});

test('the x axis is the step, the time since the start, or the time', () => {
  const points = pointsOf([1, 2], [10, 20]);
  assert.deepEqual([...lineOf(points, 'step', 5000, 0).x], [10, 20]);
  assert.deepEqual([...lineOf(points, 'relative', 5000, 0).x], [0, 1000]);
  assert.deepEqual([...lineOf(points, 'wall', 5000, 0).x], [5000, 6000]);
});

test('steps that went back are put in order, and equal ones fall together as a band', () => {
  const drawn = all(lineOf(pointsOf([1, 2, 5, 4], [0, 1, 1, 0]), 'step', 0, 0), 100);
  assert.deepEqual(drawn.x, [0, 1]);
  assert.deepEqual(drawn.low, [1, 2]);
  assert.deepEqual(drawn.high, [4, 5]);
  assert.deepEqual(drawn.line, [2.5, 3.5]);
  assert.equal(drawn.banded, true);
});

test('few points stay as they are; NaN breaks the line and is marked, infinities too', () => {
  const drawn = all(lineOf(pointsOf([1, nan, 3, Number.POSITIVE_INFINITY, -1]), 'step', 0, 0), 100);
  assert.deepEqual(drawn.line, [1, null, 3, null, -1]);
  assert.deepEqual(drawn.odd, [
    { x: 1, kind: 'NaN' },
    { x: 3, kind: '+∞' },
  ]);
  assert.equal(drawn.banded, false);
});

test('a logarithmic axis counts what it has no place for', () => {
  const drawn = all(lineOf(pointsOf([1, 0, -2, 10]), 'step', 0, 0), 100, true);
  assert.deepEqual(drawn.line, [1, null, null, 10]);
  assert.equal(drawn.unplaceable, 2);
});

test('100,000 points become a bucket a pixel that keeps every spike', () => {
  const values = Array.from({ length: 100_000 }, (_, index) =>
    index === 54_321 ? 1000 : Math.sin(index / 500),
  );
  const drawn = all(lineOf(pointsOf(values), 'step', 0, 0), 400);
  assert.ok(drawn.x.length <= 401, `${drawn.x.length} buckets`);
  assert.equal(Math.max(...drawn.high.map(Number)), 1000);
  assert.ok(drawn.banded);
  assert.ok(drawn.x.every((x, index) => index === 0 || x > drawn.x[index - 1]!));
});

test('buckets do not move when points are added', () => {
  const values = Array.from({ length: 10_000 }, (_, index) => index % 7);
  const before = bucketed(lineOf(pointsOf(values), 'step', 0, 0), {
    from: 0,
    to: 10_000,
    width: 100,
    log: false,
  });
  const after = bucketed(lineOf(pointsOf([...values, 1, 2]), 'step', 0, 0), {
    from: 0,
    to: 10_000,
    width: 100,
    log: false,
  });
  assert.deepEqual(after.x.slice(0, -1), before.x.slice(0, -1));
  assert.deepEqual(after.line.slice(0, -1), before.line.slice(0, -1));
});

test('lines of different x are laid over one; what only another has is no gap', () => {
  const a = all(lineOf(pointsOf([1, nan], [0, 2]), 'step', 0, 0), 10);
  const b = all(lineOf(pointsOf([5], [1]), 'step', 0, 0), 10);
  const [x, , , lineA, , , , lineB] = aligned([a, b]);
  assert.deepEqual(x, [0, 1, 2]);
  assert.deepEqual(lineA, [1, undefined, null]);
  assert.deepEqual(lineB, [undefined, 5, undefined]);
});
