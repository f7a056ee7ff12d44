import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCandidate, recognise } from './recognise.ts';

test('files known by their name', () => {
  for (const [path, kind, form, title, of] of [
    ['training_confusion_matrix.png', 'confusion', 'picture', 'Confusion matrix', 'training'],
    ['training_roc_curve.png', 'roc', 'picture', 'ROC curve', 'training'],
    [
      'training_precision_recall_curve.png',
      'precision-recall',
      'picture',
      'Precision and recall',
      'training',
    ],
    ['confusion_matrix.png', 'confusion', 'picture', 'Confusion matrix', ''],
    ['roc_curve_plot.png', 'roc', 'picture', 'ROC curve', ''],
    ['val_precision_recall_curve_plot.png', 'precision-recall', 'picture', 'Precision and recall', 'val'],
    ['lift_curve_plot.png', 'lift', 'picture', 'Lift', ''],
    ['calibration_curve_plot.png', 'calibration', 'picture', 'Calibration', ''],
    ['shap_beeswarm_plot.png', 'importance', 'picture', 'Importance of features', 'shap beeswarm'],
    ['feature_importance_weight.png', 'importance', 'picture', 'Importance of features', 'weight'],
    ['feature_importance_weight.json', 'importance', 'rows', 'Importance of features', 'weight'],
    ['per_class_metrics.csv', 'per-class', 'rows', 'Metrics by class', ''],
    ['eval_results_table.json', 'table', 'rows', 'Evaluated rows', ''],
    ['estimator.html', 'report', 'page', 'Estimator', ''],
    ['figures/loss_by_class.png', 'picture', 'picture', 'Loss by class', ''],
    ['microscope.png', 'picture', 'picture', 'Microscope', ''],
  ] as const)
    assert.deepEqual(recognise(path), { kind, form, title, of }, path);
  for (const path of [
    'table_images/answers/0f.png',
    'images/a+step+0+timestamp+1+0e1c7f0a-5c7e-4a08-9f3a-000000000000+compressed.webp',
    'model.pkl',
    'report.html',
    'metrics.csv',
  ])
    assert.equal(recognise(path), undefined, path);
});

test('files known by what they hold', () => {
  for (const [path, head, kind, form] of [
    ['a.csv', 'fpr,tpr,threshold\n0,0,1', 'roc', 'data'],
    ['a.csv', '"False Positive Rate";"True Positive Rate"\n0;0', 'roc', 'data'],
    ['a.tsv', 'Recall\tPrecision\n1\t1', 'precision-recall', 'data'],
    ['a.csv', 'class,precision,recall,f1-score,support\n0,1,1,1,9', 'per-class', 'rows'],
    ['a.csv', 'prob_true,prob_pred\n0,0', 'calibration', 'data'],
    ['a.csv', 'actual,predicted,count\ncat,dog,1', 'confusion', 'data'],
    ['a.csv', 'y_true,y_pred\n1,0', 'confusion', 'data'],
    ['a.csv', ',cat,dog\ncat,3,1', 'confusion', 'data'],
    ['a.csv', 'actual,cat,dog\ncat,3,1', 'confusion', 'data'],
    ['confusion_matrix.csv', '3,1\n0,4', 'confusion', 'data'],
    ['a.json', '{"fpr": [0, 1], "tpr": [0, 1]}', 'roc', 'data'],
    ['a.json', '{"labels": ["a"], "matrix": [[1]]}', 'confusion', 'data'],
    ['a.json', '{"columns":["actual","predicted","count"],"data":[["a","b"', 'confusion', 'data'],
    ['test_cm.json', '[[1, 2], [3, 4]]', 'confusion', 'data'],
    ['report.json', '{"0": {"precision": 1, "recall": 1, "f1-score": 1, "support": 3}}', 'per-class', 'rows'],
  ] as const) {
    const found = recognise(path, head);
    assert.deepEqual([found?.kind, found?.form], [kind, form], `${path} ${head}`);
  }
  for (const [path, head] of [
    ['a.csv', 'step,loss\n1,2'],
    ['a.csv', 'x,y,z\n1,2,3'],
    ['a.csv', ''],
    ['a.json', '{"lr": 0.1}'],
    ['a.json', 'broken'],
    ['a.txt', 'fpr,tpr'],
    ['a.csv', 'target,prediction,id\n1,2,3'],
  ] as const)
    assert.equal(recognise(path, head), undefined, `${path} ${head}`);
});

test('a table that the client marked, and what is worth reading', () => {
  assert.equal(recognise('answers.json', '{"columns":["a"],"data":[[1]]}', true)?.kind, 'table');
  assert.equal(recognise('x/val_roc.csv', 'fpr,tpr\n0,0')?.of, 'val');
  assert.ok(isCandidate('a/b.csv', 10));
  for (const [path, size] of [
    ['a.csv', 0],
    ['MLmodel', 10],
    ['input_example.json', 9],
    ['a.png', 9],
  ] as const)
    assert.ok(!isCandidate(path, size), path);
});
