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
  return {
    id: 'x',
    name: 'x',
    state: 'finished',
    started: 0,
    ended: 1,
    user: '',
    experiment: '1',
    tags: { team: 'a' },
    params,
    metrics,
  } as unknown as Run;
}

test('rows say whether runs differ, and which value is best', () => {
  const [metrics, params, , , tags] = comparedParts([
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

test('data sets, code and the value of a metric that counts', () => {
  const runs = [run({}, { loss: 0.5 }), { ...run({}, { loss: 0.25 }), id: 'y' }];
  const tagged = runs.map((each, index) => ({
    ...each,
    tags: { team: 'a', 'mlflow.source.git.commit': `c${index}` },
  }));
  const input = (digest: string) => ({
    inputs: [{ name: 'digits', digest, context: 'training' }],
    models: { in: [], out: [] },
  });
  const lineages = new Map([
    ['x', input('aa')],
    ['y', input('bb')],
  ]);
  const [metrics, , data, code, tags, facts] = comparedParts(tagged, { aggregate: 'last', lineages });
  assert.equal(metrics!.rows[0]!.values[1]!.best, true);
  assert.deepEqual(
    data!.rows.map(({ key, values, differs }) => [key, values.map(({ text }) => text), differs]),
    [['digits (training)', ['aa', 'bb'], true]],
  );
  assert.deepEqual(
    code!.rows.map(({ key, differs }) => [key, differs]),
    [['mlflow.source.git.commit', true]],
  );
  assert.deepEqual(
    tags!.rows.map(({ key }) => key),
    ['team'],
  );
  assert.equal(facts!.rows.find(({ key }) => key === 'state')!.differs, false);
});
