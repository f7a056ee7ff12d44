import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveOfWire, emptyCurve, isExact, spliced, wholeEntries } from './curve.ts';
import { pointsCurve } from './fixtures.ts';

const bands = {
  counts: [4, 2, 3],
  nonFinite: [0, 2, 1],
  min: [1, '-Infinity', 5],
  max: [9, '-Infinity', 7],
  sums: [20, 0, 12],
  firstX: [0, 16, 32],
  lastX: [15, 16, 47],
} as const;

test('points keep their values; what is no number is marked apart', () => {
  const curve = pointsCurve([1, Number.NaN, 3, Number.NEGATIVE_INFINITY]);
  assert.deepEqual([...curve.weight], [1, 0, 1, 0]);
  assert.deepEqual(curve.odd, [
    { x: 1, kind: 'NaN', count: 1 },
    { x: 3, kind: '−∞', count: 1 },
  ]);
  assert.equal(curve.points, 4);
});

test('bands keep the least and greatest of every bucket, and count what is no number', () => {
  const curve = curveOfWire({ run: 'r', key: 'k', bands }, 'step');
  assert.deepEqual([...curve.x], [7.5, 16, 39.5]);
  assert.deepEqual([...curve.y], [5, Number.NaN, 6]);
  assert.deepEqual([...curve.low], [1, Number.NaN, 5]);
  assert.deepEqual([...curve.high], [9, Number.NaN, 7]);
  assert.deepEqual(curve.odd, [
    { x: 16, kind: '−∞', count: 2 },
    { x: 39.5, kind: 'NaN', count: 1 },
  ]);
  assert.equal(curve.points, 9);
});

test('a sum beyond the doubles, and time since the start', () => {
  const curve = curveOfWire(
    {
      run: 'r',
      key: 'k',
      bands: {
        counts: [2],
        nonFinite: [0],
        min: [1e308],
        max: [1.5e308],
        sums: ['Infinity'],
        firstX: [1000],
        lastX: [1002],
      },
    },
    'time',
    990,
  );
  assert.deepEqual([...curve.x, ...curve.y], [11, 1.25e308]);
});

test('finer entries take the place of those they cover, and nothing is counted twice', () => {
  const coarse = curveOfWire({ run: 'r', key: 'k', bands }, 'step');
  // Between two entries nothing is cut.
  const [from, to] = wholeEntries([coarse], [20, 40]);
  assert.deepEqual([from, to], [20, undefined]);
  const finer = pointsCurve([5, Number.NaN, 7], [32, 40, 47]);
  const curve = spliced(coarse, from!, Number.POSITIVE_INFINITY, finer);
  assert.deepEqual([...curve.x], [7.5, 16, 32, 40, 47]);
  assert.equal(curve.points, coarse.points);
  assert.deepEqual(
    curve.odd.map(({ x }) => x),
    [16, 40],
  );
  assert.equal(isExact(curve, 16, 47), true);
  assert.equal(isExact(curve, 10, 47), false);
  assert.equal(spliced(coarse, 0, 20, emptyCurve).points, 3);
});

test('a range widens to whole entries of every curve', () => {
  const other = curveOfWire(
    {
      run: 's',
      key: 'k',
      bands: {
        ...bands,
        counts: [9, 9, 9],
        nonFinite: [0, 0, 0],
        min: [1, 1, 1],
        max: [2, 2, 2],
        firstX: [0, 8, 24],
        lastX: [7, 23, 60],
      },
    },
    'step',
  );
  const coarse = curveOfWire({ run: 'r', key: 'k', bands }, 'step');
  assert.deepEqual(wholeEntries([coarse, other], [17, 20]), [undefined, 23]);
  assert.deepEqual(wholeEntries([emptyCurve], [17, 20]), [undefined, undefined]);
});
