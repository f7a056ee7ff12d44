import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column } from './columns.ts';
import { nextSort, orderText, sortOfToken, sortToken } from './sort.ts';

const loss: Column = { scope: 'metric', key: 'val_loss', aggregate: 'min', goal: 'low' };
const started: Column = { scope: 'attribute', key: 'started' };

test('a header click sorts best first, then the other way, then not at all', () => {
  const first = nextSort(undefined, loss);
  assert.deepEqual(orderText(first), ['metrics.val_loss.min asc']);
  const second = nextSort(first, loss);
  assert.deepEqual(orderText(second), ['metrics.val_loss.min desc']);
  assert.equal(nextSort(second, loss), undefined);
});

test('the default order is newest first, so the first click on its header turns it', () => {
  assert.deepEqual(orderText(undefined), ['attributes.start_time desc']);
  const first = nextSort(undefined, started);
  assert.deepEqual(orderText(first), ['attributes.start_time asc']);
  assert.equal(nextSort(first, started), undefined);
});

test('the order survives the URL', () => {
  for (const sort of [
    { by: loss, descending: true },
    { by: 'name' as const, descending: false },
  ])
    assert.deepEqual(sortOfToken(sortToken(sort)), sort);
  assert.equal(sortOfToken('run.duration'), undefined);
});
