import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessAggregate, guessGoal } from './goals.ts';

test('the goal is guessed from the words of the name', () => {
  for (const key of [
    'loss',
    'val_loss',
    'valLoss',
    'test/rmse',
    'mean_absolute_error',
    'eval.wer',
    'perplexity',
    'fid',
  ])
    assert.equal(guessGoal(key), 'low', key);
  for (const key of [
    'accuracy',
    'val_acc',
    'roc_auc',
    'f1',
    'best_cv_score',
    'training_r2_score',
    'mAP',
    'custom',
  ])
    assert.equal(guessGoal(key), 'high', key);
  for (const key of ['epoch', 'lr', 'grad_norm', 'system/gpu_0_memory', 'tokens_per_second'])
    assert.equal(guessGoal(key), 'none', key);
});

test('a column starts with its best value, a training curve or an unknown one with its last', () => {
  assert.equal(guessAggregate('val_loss'), 'min');
  assert.equal(guessAggregate('accuracy'), 'max');
  assert.equal(guessAggregate('train_loss'), 'last');
  assert.equal(guessAggregate('epoch'), 'last');
});
