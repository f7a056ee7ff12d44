import assert from 'node:assert/strict';
import { test } from 'node:test';
import { achievement, guessAggregate, guessGoal } from './goals.ts';

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
    'rank_test_accuracy',
    'mean_rank',
    'mean_fit_time',
    'mean_score_time',
    'epoch_duration',
    'inference_latency_ms',
    'train_seconds',
    'peak_memory_mb',
    'time_per_step',
    'max_error',
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
    'mean_reciprocal_rank',
    'spearman_rank',
    'neg_mean_squared_error',
    'real_time_accuracy',
  ])
    assert.equal(guessGoal(key), 'high', key);
  for (const key of [
    'epoch',
    'lr',
    'grad_norm',
    'system/gpu_0_memory',
    'tokens_per_second',
    'std_test_accuracy',
    'std_fit_time',
    'loss_std',
    'time_step',
    'total_timesteps',
  ])
    assert.equal(guessGoal(key), 'none', key);
});

test('a column starts with its best value, a training curve or an unknown one with its last', () => {
  assert.equal(guessAggregate('val_loss'), 'min');
  assert.equal(guessAggregate('accuracy'), 'max');
  assert.equal(guessAggregate('train_loss'), 'last');
  assert.equal(guessAggregate('epoch'), 'last');
  assert.equal(guessAggregate('rank_test_accuracy'), 'min');
  assert.equal(guessAggregate('epoch_duration'), 'last');
  assert.equal(guessAggregate('std_test_score'), 'last');
});

test('what it cost and how far it spread comes after what it achieved', () => {
  const keys = ['std_test_accuracy', 'fit_time', 'train_loss', 'accuracy'];
  assert.deepEqual(
    keys.toSorted((a, b) => achievement(a) - achievement(b)),
    ['accuracy', 'train_loss', 'std_test_accuracy', 'fit_time'],
  );
});
