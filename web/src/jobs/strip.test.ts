import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsOf, stripText } from './strip.ts';

const run = (uid: string, state: 'finished' | 'failed' | 'running', took: number | null) => ({
  ...{ uid, state, started: 1_000 },
  ended: took === null ? null : 1_000 + took,
});

test('bars go from the oldest to the latest, as high as their runs took', () => {
  const bars = barsOf([run('c', 'running', null), run('b', 'failed', 50), run('a', 'finished', 100)]);
  assert.deepEqual(
    bars.map(({ uid, height }) => [uid, height]),
    [
      ['a', 1],
      ['b', 0.5],
      ['c', 0.14],
    ],
  );
  assert.match(bars[1]!.title, /^failed after 50 ms\nstarted /);
});

test('a run that ends before it began has no duration, and none makes no bar', () => {
  assert.equal(barsOf([run('a', 'finished', -5)])[0]!.height, 0.14);
  assert.deepEqual(barsOf([]), []);
});

test('the strip is told in words', () => {
  assert.equal(stripText([]), 'No run yet');
  assert.equal(stripText([run('a', 'failed', 1)]), 'One run: failed');
  assert.equal(
    stripText([run('b', 'failed', 1), run('a', 'finished', 1), run('c', 'finished', 1)]),
    'The last 3 runs: 1 failed, 2 finished; the latest failed',
  );
});
