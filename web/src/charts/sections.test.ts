import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sectionsOf } from './sections.ts';

test('metrics stand in sections by prefix, the machine last', () => {
  assert.deepEqual(
    sectionsOf(['system/cpu', 'train/loss', 'epoch', 'val/acc', 'loss', 'val/auc'], new Set()),
    [
      { name: '', keys: ['loss', 'epoch'] },
      { name: 'val', keys: ['val/acc', 'val/auc'] },
      { name: 'train', keys: ['train/loss'] },
      { name: 'system', keys: ['system/cpu'] },
    ],
  );
});

test('curves come before single values, in their section and among the sections', () => {
  const keys = ['accuracy', 'fit_time', 'val/auc', 'val/loss', 'system/cpu'];
  assert.deepEqual(sectionsOf(keys, new Set(['val/loss', 'system/cpu'])), [
    { name: 'val', keys: ['val/loss', 'val/auc'] },
    { name: '', keys: ['accuracy', 'fit_time'] },
    { name: 'system', keys: ['system/cpu'] },
  ]);
  assert.deepEqual(sectionsOf(keys, new Set(['fit_time']))[0], { name: '', keys: ['fit_time', 'accuracy'] });
});
