import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveOfWire } from './curve.ts';
import { pointsCurve } from './fixtures.ts';
import { aligned, bucketed, lineOf, smoothed } from './line-data.ts';

const nan = Number.NaN;

function all(line: ReturnType<typeof lineOf>, width: number, log = false) {
  return bucketed(line, { from: line.x[0]!, to: line.x.at(-1)!, width, log });
}

test('smoothing is corrected for its start, and what is no number passes through it', () => {
  const one = (length: number) => new Float64Array(length).fill(1);
  assert.deepEqual(
    [...smoothed(Float64Array.of(4, 4, 4), one(3), 0.9)].map((value) => Math.round(value * 1e9) / 1e9),
    [4, 4, 4],
  );
  assert.deepEqual([...smoothed(Float64Array.of(0, 3), one(2), 0.5)], [0, 2]);
  const [, second, third] = smoothed(Float64Array.of(1, nan, 1), Float64Array.of(1, 0, 1), 0.5);
  assert.ok(Number.isNaN(second));
  assert.equal(third, 1);
});

test('an entry of many points smooths as they would', () => {
  const points = smoothed(Float64Array.of(1, 5, 5, 5, 2), new Float64Array(5).fill(1), 0.9);
  const entries = smoothed(Float64Array.of(1, 5, 2), Float64Array.of(1, 3, 1), 0.9);
  assert.ok(Math.abs(points[4]! - entries[2]!) < 1e-12);
});

test('equal x fall together as a band', () => {
  const drawn = all(lineOf(pointsCurve([1, 4, 2, 5], [0, 0, 1, 1]), 0), 100);
  assert.deepEqual(drawn.x, [0, 1]);
  assert.deepEqual(drawn.low, [1, 2]);
  assert.deepEqual(drawn.high, [4, 5]);
  assert.deepEqual(drawn.line, [2.5, 3.5]);
  assert.equal(drawn.banded, true);
});

test('few points stay as they are; NaN breaks the line and is marked, infinities too', () => {
  const drawn = all(lineOf(pointsCurve([1, nan, 3, Number.POSITIVE_INFINITY, -1]), 0), 100);
  assert.deepEqual(drawn.line, [1, null, 3, null, -1]);
  assert.deepEqual(drawn.odd, [
    { x: 1, kind: 'NaN', count: 1 },
    { x: 3, kind: '+∞', count: 1 },
  ]);
  assert.equal(drawn.banded, false);
});

test('a logarithmic axis counts what it has no place for', () => {
  const drawn = all(lineOf(pointsCurve([1, 0, -2, 10]), 0), 100, true);
  assert.deepEqual(drawn.line, [1, null, null, 10]);
  assert.equal(drawn.unplaceable, 2);
  const across = lineOf(pointsCurve([5, 6, 7], [0, 10, 1000]), 0, true);
  assert.deepEqual([[...across.x], [...across.y], across.lost], [[1, 3], [6, 7], 1]);
});

test('a band that reaches below 0 ends at its line on a logarithmic axis', () => {
  const curve = curveOfWire(
    {
      run: 'r',
      key: 'k',
      bands: { counts: [4], nonFinite: [0], min: [-1], max: [9], sums: [8], firstX: [0], lastX: [3] },
    },
    'step',
  );
  const drawn = bucketed(lineOf(curve, 0), { from: 0, to: 3, width: 100, log: true });
  assert.deepEqual([drawn.low, drawn.line, drawn.high], [[2], [2], [9]]);
  assert.equal(drawn.unplaceable, 1);
});

test('100,000 entries become a bucket a pixel that keeps every spike', () => {
  const values = Array.from({ length: 100_000 }, (_, index) =>
    index === 54_321 ? 1000 : Math.sin(index / 500),
  );
  const drawn = all(lineOf(pointsCurve(values), 0), 400);
  assert.ok(drawn.x.length <= 401, `${drawn.x.length} buckets`);
  assert.equal(Math.max(...drawn.high.map(Number)), 1000);
  assert.ok(drawn.banded);
  assert.ok(drawn.x.every((x, index) => index === 0 || x > drawn.x[index - 1]!));
});

test('buckets do not move when points are added', () => {
  const values = Array.from({ length: 10_000 }, (_, index) => index % 7);
  const view = { from: 0, to: 10_000, width: 100, log: false };
  const before = bucketed(lineOf(pointsCurve(values), 0), view);
  const after = bucketed(lineOf(pointsCurve([...values, 1, 2]), 0), view);
  assert.deepEqual(after.x.slice(0, -1), before.x.slice(0, -1));
  assert.deepEqual(after.line.slice(0, -1), before.line.slice(0, -1));
});

test('lines of different x are laid over one; what only another has is no gap', () => {
  const a = all(lineOf(pointsCurve([1, nan], [0, 2]), 0), 10);
  const b = all(lineOf(pointsCurve([5], [1]), 0), 10);
  const [x, , , lineA, , , , lineB] = aligned([a, b]);
  assert.deepEqual(x, [0, 1, 2]);
  assert.deepEqual(lineA, [1, undefined, null]);
  assert.deepEqual(lineB, [undefined, 5, undefined]);
});
