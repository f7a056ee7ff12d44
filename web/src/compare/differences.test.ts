import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricSummary, Run } from '../api/types.ts';
import { comparedParts } from './differences.ts';

function run(params: Record<string, string>, losses: Record<string, number>): Run {
  const metrics = Object.fromEntries(
    Object.entries(losses).map(([key, value]) => [
      key,
      { last: value, min: value, max: value } as MetricSummary,
    ]),
  );
  return { id: 'x', name: 'x', tags: { team: 'a' }, params, metrics } as unknown as Run;
}

test('rows say whether runs differ, and which value is best', () => {
  const [metrics, params, tags] = comparedParts([
    run({ lr: '0.1', seed: '1' }, { loss: 0.5, epoch: 3 }),
    run({ lr: '0.2', seed: '1' }, { loss: 0.25, epoch: 3 }),
    run({ lr: '0.1' }, {}),
  ]);
  assert.deepEqual(
    params!.rows.map(({ key, differs }) => [key, differs]),
    [
      ['lr', true],
      ['seed', true],
    ],
  );
  assert.deepEqual(
    tags!.rows.map(({ key, differs }) => [key, differs]),
    [['team', false]],
  );
  const loss = metrics!.rows.find(({ key }) => key === 'loss')!;
  assert.deepEqual(
    loss.values.map(({ text, best }) => [text, best]),
    [
      ['0.5000', false],
      ['0.2500', true],
      [undefined, false],
    ],
  );
});
