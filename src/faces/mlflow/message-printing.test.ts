import assert from 'node:assert/strict';
import { it } from 'node:test';
import { printMessage } from './message-printing.ts';
import { double, int64, listOf, nested, text } from './message-schema.ts';

const point = { key: text, value: double, timestamp: int64 };
const answer = { points: listOf(nested(point)), inputs: nested({}), token: text };

it('prints snake_case with two blanks of indent, and leaves out what is unset or an empty list', () => {
  const printed = printMessage(answer, {
    points: [{ key: 'a', value: 1, timestamp: 5 }],
    inputs: {},
    token: undefined,
  });
  assert.equal(
    printed,
    `{
  "points": [
    {
      "key": "a",
      "value": 1.0,
      "timestamp": 5
    }
  ],
  "inputs": {}
}`,
  );
  assert.equal(printMessage(answer, { points: [] }), '{}');
  assert.equal(printMessage(answer, { token: '' }), '{\n  "token": ""\n}');
});

it('prints int64 to the last digit', () => {
  const printed = printMessage(point, { timestamp: 9223372036854775807n });
  assert.match(printed, /"timestamp": 9223372036854775807\n/);
});

it('prints doubles as JSON has them, and what it has not as text', () => {
  const rows: readonly (readonly [number, string])[] = [
    [1, '1.0'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [1e-7, '1e-7'],
    [1e22, '1e+22'],
    [2 ** 53, '9007199254740992.0'],
    [Number.NaN, '"NaN"'],
    [Number.POSITIVE_INFINITY, '"Infinity"'],
    [Number.NEGATIVE_INFINITY, '"-Infinity"'],
  ];
  for (const [value, expected] of rows) {
    assert.equal(printMessage(point, { value }), `{\n  "value": ${expected}\n}`);
  }
});
