import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionDifference } from '../api/lineage.ts';
import { derivedParts } from './version-differences.ts';

const known = (label: string) =>
  [{ node: { label }, path: [] }] as unknown as VersionDifference['data'][number]['from'];

test('what two versions come from is told by dataset, and code only where the tags of the run do not say it', () => {
  const found = {
    data: [
      { name: 'orders', change: 'changed', dataset: 'd', from: known('orders@1'), to: known('orders@2') },
      { name: 'people', change: 'added', dataset: 'e', from: [], to: known('people@7') },
    ],
    evaluation: [{ name: 'exam', change: 'removed', dataset: 'f', from: known('exam@1'), to: [] }],
    code: [
      { name: 'commit', from: 'aaa', to: 'bbb' },
      { name: 'image', from: null, to: 'train:2' },
    ],
    environment: [{ name: 'xgboost', from: null, to: '' }],
    complete: false,
  } as unknown as VersionDifference;
  const tag = { text: 'aaa', exact: 'aaa', best: false, number: false };
  const tags = [
    {
      name: 'Code and environment',
      rows: [{ key: 'commit', differs: true, values: [tag, { ...tag, text: 'bbb' }] }],
    },
  ];
  const rows = derivedParts(found, tags).map(({ name, rows: all }) => [
    name,
    ...all.map(({ key, values }) => [key, ...values.map(({ text }) => text)]),
  ]);
  assert.deepEqual(rows, [
    [
      'Data it comes from, as far as is known',
      ['orders', 'orders@1', 'orders@2'],
      ['people', undefined, 'people@7'],
      ['exam (judged by)', 'exam@1', undefined],
    ],
    ['Code and packages', ['image', undefined, 'train:2'], ['xgboost', undefined, 'any']],
  ]);
  assert.deepEqual(derivedParts(undefined, tags), []);
});
