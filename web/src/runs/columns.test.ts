import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, columnField, columnsOfToken, columnsToken, defaultColumns } from './columns.ts';

test('columns survive the URL, whatever their key holds', () => {
  const columns: Column[] = [
    { scope: 'attribute', key: 'state' },
    { scope: 'metric', key: 'val.loss,x%2C', aggregate: 'min', goal: 'high' },
    { scope: 'metric', key: 'acc', aggregate: 'max', goal: 'high' },
    { scope: 'param', key: 'a.b.min' },
    { scope: 'tag', key: 'mlflow.source.name' },
  ];
  assert.deepEqual(columnsOfToken(columnsToken(columns)), columns);
});

test('what is no column is dropped, and so is a column named twice', () => {
  assert.deepEqual(columnsOfToken('nonsense,metrics.a,params.x,params.x,run.nope'), [
    { scope: 'param', key: 'x' },
  ]);
});

test('a key that is no plain word is quoted for the filter', () => {
  assert.equal(
    columnField({ scope: 'metric', key: 'val/loss', aggregate: 'min', goal: 'low' }),
    'metrics.`val/loss`.min',
  );
});

test('what varies comes first, and a column that appears moves no other', () => {
  const known = (key: string, varies: boolean) => ({
    scope: 'metric' as const,
    key,
    runs: 1,
    varies,
    numeric: true,
  });
  const before = defaultColumns([known('b', true), known('fixed', false)]);
  assert.deepEqual(
    before.map((column) => column.key),
    ['state', 'started', 'b', 'fixed'],
  );
  const after = defaultColumns([known('a', true), known('b', true)], before);
  assert.deepEqual(
    after.map((column) => column.key),
    ['state', 'started', 'b', 'a'],
  );
});
