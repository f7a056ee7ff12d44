import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointsCurve } from './fixtures.ts';
import { groupLines } from './group-lines.ts';
import { bucketed, lineOf } from './line-data.ts';

function line(pairs: readonly (readonly [number, number])[]) {
  return lineOf(
    pointsCurve(
      pairs.map(([, y]) => y),
      pairs.map(([x]) => x),
    ),
    0,
  );
}

test('the mean and the band of lines, each where it is', () => {
  const group = groupLines(
    [
      line([
        [0, 0],
        [2, 4],
      ]),
      line([
        [0, 2],
        [1, 4],
        [4, 10],
      ]),
    ],
    0,
  );
  assert.deepEqual([...group.x], [0, 1, 2, 4]);
  assert.deepEqual([...group.y], [1, 3, 5, 10]);
  assert.deepEqual([...group.low], [0, 2, 4, 10]);
  const drawn = bucketed(group, { from: 0, to: 4, width: 100, log: false });
  assert.equal(drawn.banded, true);
  assert.deepEqual(drawn.high, [2, 4, 6, 10]);
});

test('what is no number is marked, and does not move the mean', () => {
  const group = groupLines(
    [
      line([
        [0, 1],
        [1, Number.NaN],
        [2, 3],
      ]),
      line([
        [0, 3],
        [1, Number.POSITIVE_INFINITY],
      ]),
    ],
    0,
  );
  assert.deepEqual(group.odd, [
    { x: 1, kind: 'NaN', count: 1 },
    { x: 1, kind: '+∞', count: 1 },
  ]);
  assert.deepEqual([...group.x], [0, 2]);
  assert.deepEqual([...group.y], [2, 3]);
  assert.equal(bucketed(group, { from: 0, to: 2, width: 100, log: false }).odd.length, 2);
});

test('many points are read at a thousand places', () => {
  const many = Array.from({ length: 5000 }, (_, index) => [index, index] as const);
  const group = groupLines([line(many), line(many.map(([x, y]) => [x + 0.5, y] as const))], 0);
  assert.equal(group.x.length, 1000);
  assert.ok(Math.abs(group.y[500]! - (group.x[500]! - 0.25)) < 1e-6);
});

test('a spike between two places is in the band, and what is in sight is read finer', () => {
  const many = Array.from({ length: 5000 }, (_, index) => [index, index === 2501 ? 9999 : 0] as const);
  const group = groupLines([line(many), line(many)], 0);
  assert.equal(Math.max(...group.high), 9999);
  const near = groupLines([line(many), line(many)], 0, [2400, 2600]);
  assert.deepEqual(
    [...near.x].filter((x) => x >= 2400 && x <= 2600),
    Array.from({ length: 201 }, (_, index) => 2400 + index),
  );
});
