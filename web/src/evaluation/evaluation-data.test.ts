import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confusionOf, curvesOf, dataOf, reportTable } from './evaluation-data.ts';

test('confusion matrices, in the forms they are logged in', () => {
  const expected = {
    labels: ['cat', 'dog'],
    counts: [
      [3, 1],
      [0, 4],
    ],
  };
  for (const [path, text] of [
    ['a.json', '{"labels": ["cat", "dog"], "matrix": [[3, 1], [0, 4]]}'],
    ['a.json', '{"confusion_matrix": [[3, 1], [0, 4]], "classes": ["cat", "dog"]}'],
    [
      'a.json',
      '{"columns":["actual","predicted","count"],"data":[["cat","cat",3],["cat","dog",1],["dog","dog",4]]}',
    ],
    ['a.csv', 'actual,predicted,count\ncat,cat,3\ncat,dog,1\ndog,dog,4\n'],
    ['a.csv', `y_true,y_pred\n${'cat,cat\n'.repeat(3)}cat,dog\n${'dog,dog\n'.repeat(4)}`],
    ['a.csv', ',cat,dog\ncat,3,1\ndog,0,4\n'],
    ['a.csv', 'cat,dog\n3,1\n0,4\n'],
  ] as const)
    assert.deepEqual(confusionOf(dataOf(text, path)), expected, text);
  assert.deepEqual(confusionOf(dataOf('[[1,2],[3,4]]', 'a.json'))?.labels, ['0', '1']);
  assert.deepEqual(confusionOf(dataOf('1,2\n3,4\n', 'a.csv'))?.counts, [
    [1, 2],
    [3, 4],
  ]);
  for (const [path, text] of [
    ['a.json', '[[1,2],[3]]'],
    ['a.json', '{"labels":["a","b","c"],"matrix":[[1,2],[3,4]]}'],
    ['a.json', '[[1,"x"],[3,4]]'],
    ['a.csv', 'a,b\n1,2\n'],
    ['a.csv', ''],
  ] as const)
    assert.equal(confusionOf(dataOf(text, path)), undefined, text);
});

test('curves with their areas', () => {
  const roc = curvesOf(
    'roc',
    dataOf('fpr,tpr,thresholds\n0,0,inf\n0,0.5,0.8\n0.5,0.5,0.4\n1,1,0.1\n', 'a.csv'),
  );
  assert.equal(roc?.length, 1);
  assert.equal(roc![0]!.area, 0.625);
  assert.equal(roc![0]!.points[0]!.threshold, Number.POSITIVE_INFINITY);
  // As scikit-learn writes it: recall falls; its average_precision_score of this curve is 0.8333….
  const curve = curvesOf(
    'precision-recall',
    dataOf('{"precision": [0.5, 0.66666666666, 0.5, 1, 1], "recall": [1, 1, 0.5, 0.5, 0]}', 'a.json'),
  );
  assert.ok(Math.abs(curve![0]!.area! - 0.8333333) < 1e-6, String(curve![0]!.area));
  const classes = curvesOf('roc', dataOf('class,fpr,tpr\na,0,0\nb,0,0\na,1,1\nb,0,1\nb,1,1\n', 'a.csv'));
  assert.deepEqual(
    classes?.map(({ name, area }) => [name, area]),
    [
      ['a', 0.5],
      ['b', 1],
    ],
  );
  assert.equal(
    curvesOf('calibration', dataOf('prob_pred,prob_true\n0.1,0.2\n0.9,0.8\n', 'a.csv'))?.[0]?.area,
    undefined,
  );
  assert.equal(curvesOf('roc', dataOf('x,y\n0,0\n', 'a.csv')), undefined);
  assert.equal(curvesOf('roc', dataOf('fpr,tpr\nnan,nan\n', 'a.csv')), undefined);
});

test('the report of scikit-learn, by class', () => {
  const { json } = dataOf(
    '{"0": {"precision": 1.0, "recall": 0.5, "f1-score": 0.67, "support": 4}, "accuracy": 0.9}',
    'a.json',
  );
  assert.deepEqual(reportTable(json)?.rows, [['0', '1.0', '0.5', '0.67', '4']]);
  assert.equal(reportTable(dataOf('{"a": 1}', 'a.json').json), undefined);
});
