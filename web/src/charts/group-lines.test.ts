import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupLines } from './group-lines.ts';
import { bucketed, lineOf } from './line-data.ts';

function line(pairs: readonly (readonly [number, number])[]) {
  return lineOf(
    { step: pairs.map(([x]) => x), time: pairs.map(([x]) => x), value: pairs.map(([, y]) => y) },
    'step',
    0,
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
  assert.deepEqual([...group.low!], [0, 2, 4, 10]);
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
    { x: 1, kind: 'NaN' },
    { x: 1, kind: '+∞' },
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

test('another metric may stand below, by its value at the same step; a logarithm of what is above 0', () => {
  const loss = { step: [0, 1, 2, 5], time: [0, 1, 2, 5], value: [9, 8, 7, 6] };
  const seen = { step: [0, 1, 2], time: [0, 1, 2], value: [0, 100, 1000] };
  const over = lineOf(loss, 'metrics.seen', 0, 0, { over: seen });
  assert.deepEqual([[...over.x], [...over.y], over.lost], [[0, 100, 1000], [9, 8, 7], 1]);
  const log = lineOf(loss, 'metrics.seen', 0, 0, { over: seen, logX: true });
  assert.deepEqual([[...log.x], log.lost], [[2, 3], 2]);
});
