import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countText, realOf, realText } from './numbers.ts';

test('a finite number takes three to five digits, by its size alone', () => {
  const rows: [number, string][] = [
    [0.07142857, '0.0714'],
    [0.00714, '0.00714'],
    [0.000714, '7.14e-4'],
    [0, '0.0000'],
    [1, '1.0000'],
    [-0.5, '-0.5000'],
    [12.3456, '12.346'],
    [340.125, '340.13'],
    [12345.67, '12,345.7'],
    [123456.7, '123,457'],
    [0.0000321, '3.21e-5'],
    [0.00001, '1e-5'],
    [1_250_000_000, '1.25e9'],
  ];
  for (const [value, text] of rows) assert.equal(realText(value, false), text);
});

test('a column of whole numbers shows no decimals', () => {
  assert.equal(realText(12, true), '12');
  assert.equal(realText(123456, true), '123,456');
});

test('int64 beyond 2^53 keeps every digit', () => {
  assert.equal(countText('9007199254740993'), '9,007,199,254,740,993');
});

test("JSON's words for what is not finite become numbers", () => {
  assert.ok(Number.isNaN(realOf('NaN')));
  assert.equal(realOf('-Infinity'), Number.NEGATIVE_INFINITY);
});
