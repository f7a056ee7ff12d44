import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvRows } from './csv.ts';

test('rows of separated values', () => {
  assert.deepEqual(csvRows('a,b\r\n1,"x, ""y""\nz"\n', ','), [
    ['a', 'b'],
    ['1', 'x, "y"\nz'],
  ]);
  assert.deepEqual(csvRows('a\tb', '\t'), [['a', 'b']]);
  assert.deepEqual(csvRows('', ','), []);
});
