import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from './exact-json.ts';
import { sortedRows, tableOf, tableOfJson, tableOfJsonLines, typeOf } from './table.ts';

test('the type of a column is what all of its values are', () => {
  for (const [values, type] of [
    [['1', '-2', ''], 'whole'],
    [['1', '2.5', null], 'real'],
    [['1e-3', 'NaN', 'inf'], 'real'],
    [['007', '12'], 'text'],
    [['true', 'False'], 'truth'],
    [['2026-01-02', '2026-01-02T03:04:05.678Z'], 'time'],
    [['1', 'x'], 'text'],
    [['', null], 'text'],
  ] as const)
    assert.equal(typeOf(values), type, values.join());
});

test('rows are sorted as their type wants, what is missing last', () => {
  const sorted = (values: (string | null)[], descending = false) => {
    const table = tableOf(
      ['x'],
      values.map((value) => [value]),
    );
    return sortedRows(table, 0, descending).map((index) => values[index]);
  };
  assert.deepEqual(sorted(['10', '9', null, '1']), ['1', '9', '10', null]);
  assert.deepEqual(sorted(['10', '9', null, '1'], true), ['10', '9', '1', null]);
  assert.deepEqual(sorted(['9007199254740993', '9007199254740992']), [
    '9007199254740992',
    '9007199254740993',
  ]);
  assert.deepEqual(sorted(['0.5', 'NaN', '-inf', '2']), ['-inf', '0.5', '2', 'NaN']);
  assert.deepEqual(sorted(['b', 'a10', 'a9']), ['a9', 'a10', 'b']);
});

test('tables in JSON', () => {
  const read = (text: string) => tableOfJson(parseJson(text));
  assert.deepEqual(read('{"columns":["a","b"],"data":[[1,"x"],[12345678901234567890,null]]}'), {
    columns: [
      { name: 'a', type: 'whole' },
      { name: 'b', type: 'text' },
    ],
    rows: [
      ['1', 'x'],
      ['12345678901234567890', null],
    ],
  });
  const picture =
    '{"type":"image","filepath":"table_images/t/1.png","compressed_filepath":"table_images/t/1.webp"}';
  assert.deepEqual(read(`{"columns":["p"],"data":[[${picture}]]}`)?.rows, [
    [{ picture: 'table_images/t/1.png' }],
  ]);
  assert.deepEqual(read('[{"a":1},{"b":[1,2]}]')?.rows, [
    ['1', null],
    [null, '[1, 2]'],
  ]);
  assert.deepEqual(
    read('{"fpr":[0,1],"tpr":[0,1]}')?.columns.map(({ name }) => name),
    ['fpr', 'tpr'],
  );
  for (const other of ['{"a":1}', '[1,2]', '[]', '{"a":[1],"b":[1,2]}', '{"columns":[],"data":[1]}', '3'])
    assert.equal(read(other), undefined, other);
  assert.deepEqual(tableOfJsonLines('{"a":1}\n{"a":2}\n').rows, [['1'], ['2']]);
  assert.deepEqual(tableOfJsonLines('{"a":1}\nbroken\n').rows, [['{"a":1}'], ['broken']]);
});
