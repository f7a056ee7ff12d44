import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordEnds, separatedRows, separatorOf } from './separated-values.ts';

test('rows of separated values', () => {
  assert.deepEqual(separatedRows('a,b\r\n1,"x, ""y""\nz"\n', ','), [
    ['a', 'b'],
    ['1', 'x, "y"\nz'],
  ]);
  assert.deepEqual(separatedRows('a\tb', '\t'), [['a', 'b']]);
  assert.deepEqual(separatedRows('', ','), []);
});

test('the separator is the sign that parts most', () => {
  for (const [text, path, separator] of [
    ['a,b,c\n1;2', 'x.csv', ','],
    ['a;b;c\n1,5;2;3', 'x.csv', ';'],
    ['"a;b;c",d', 'x.csv', ','],
    ['a\tb', 'x.csv', '\t'],
    ['a,b', 'x.tsv', '\t'],
    ['alone', 'x.csv', ','],
  ] as const) {
    assert.equal(separatorOf(text, path), separator, text);
  }
});

test('records end outside of quotes', () => {
  const ends = (text: string, separator: string | null = ',', limit = 100) =>
    recordEnds(new TextEncoder().encode(text), separator, limit);
  assert.deepEqual(ends('a,b\nc,d\ne'), [4, 8]);
  assert.deepEqual(ends('a,"b\nc",d\ne\n'), [10, 12]);
  assert.deepEqual(ends('"a""\n"\nb\n'), [7, 9]);
  // A quote inside a value is a letter like any other.
  assert.deepEqual(ends('5" pipe\nb\n'), [8, 10]);
  assert.deepEqual(ends('é\nb\n'), [3, 5]);
  assert.deepEqual(ends('a\nb\nc\n', ',', 2), [2, 4]);
  assert.deepEqual(ends('{"a": "x"}\n"\n', null), [11, 13]);
});
