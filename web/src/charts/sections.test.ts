import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sectionsOf } from './sections.ts';

test('metrics stand in sections by prefix, the machine last', () => {
  assert.deepEqual(sectionsOf(['system/cpu', 'train/loss', 'epoch', 'val/acc', 'loss', 'val/auc']), [
    { name: '', keys: ['loss', 'epoch'] },
    { name: 'val', keys: ['val/acc', 'val/auc'] },
    { name: 'train', keys: ['train/loss'] },
    { name: 'system', keys: ['system/cpu'] },
  ]);
});
