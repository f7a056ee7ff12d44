import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment } from '../api/deployments.ts';
import { servedDuring, shareTimeline } from './share-timeline.ts';

type Stretch = readonly [from: number, to: number | null, traffic: number];

function deployment(uid: string, shares: readonly Stretch[], slot = 'main'): Deployment {
  const stretches = shares.map(([from, to, traffic]) => ({ from, to, traffic, ending: null }));
  return { uid, slot, started: shares[0]![0], shares: stretches } as unknown as Deployment;
}

const shown = (deployments: readonly Deployment[], now: number) =>
  shareTimeline(deployments, now)?.lanes.map(({ slot, boxes }) => [
    slot,
    boxes.map(({ deployment: { uid }, left, width, top, height }) =>
      [uid, left, width, top, height].map((value) =>
        typeof value === 'number' ? Math.round(value * 100) : value,
      ),
    ),
  ]);

test('shares of a slot lie on each other, in proportion, and go on while nothing changes', () => {
  const a = deployment('a', [
    [0, 40, 100],
    [40, 60, 80],
  ]);
  const b = deployment('b', [
    [40, 60, 20],
    [60, null, 100],
  ]);
  assert.deepEqual(shown([b, a], 100), [
    [
      'main',
      [
        ['a', 0, 40, 0, 100],
        ['a', 40, 20, 0, 80],
        ['b', 40, 20, 80, 20],
        ['b', 60, 40, 0, 100],
      ],
    ],
  ]);
});

test('another slot has a lane of its own, and what overlaps shares the height', () => {
  const a = deployment('a', [[0, null, 100]]);
  const b = deployment('b', [[50, null, 100]]);
  const shadow = deployment('s', [[20, 70, 0]], 'a-shadow');
  assert.deepEqual(shown([shadow, b, a], 100), [
    [
      'main',
      [
        ['a', 0, 50, 0, 100],
        ['a', 50, 50, 0, 50],
        ['b', 50, 50, 50, 50],
      ],
    ],
    ['a-shadow', [['s', 20, 50, 0, 12]]],
  ]);
  assert.equal(shareTimeline([], 100), undefined);
});

test('on a day there was what served in any part of it', () => {
  const a = deployment('a', [[0, 50, 100]]);
  const b = deployment('b', [[50, null, 100]]);
  const on = (from: number, to: number) =>
    servedDuring([b, a], { from, to }).map(({ deployment: { uid } }) => uid);
  assert.deepEqual([on(10, 20), on(40, 60), on(50, 60), on(-10, -1)], [['a'], ['a', 'b'], ['b'], []]);
});
