import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonText, memberOf, numberOf, parseJson, scalarText } from './exact-json.ts';

test('what is read is what was written', () => {
  for (const text of [
    '{"id": 1234567890123456789, "x": 0.10, "y": 1e400}',
    '[NaN, Infinity, -Infinity, -0, true, false, null]',
    '{"a": 1, "a": 2}',
    '{}',
    '[]',
    '"line\\nend \\u00e9 \\"q\\""',
    '[[[1]], {"deep": {"er": []}}]',
  ]) {
    const expected = text.includes('\\u00e9') ? '"line\\nend é \\"q\\""' : text;
    assert.equal(jsonText(parseJson(` ${text}\n`)), expected);
  }
  const json = parseJson('{"a": 1, "a": 2, "t": "x"}');
  assert.equal(numberOf(memberOf(json, 'a')), 2);
  assert.equal(scalarText(memberOf(json, 't')), 'x');
  assert.equal(memberOf(json, 'missing'), undefined);
});

test('what is no JSON says where', () => {
  for (const [text, message] of [
    ['{"a": 1,\n "b" 2}', 'Line 2, column 6: "2" is not expected there.'],
    ['[1, 2', 'It ends too early, in line 1.'],
    ['', 'It ends too early, in line 1.'],
    ['{"a": undefined}', 'Line 1, column 7: "u" is not expected there.'],
    ['[1,]', 'Line 1, column 4: "]" is not expected there.'],
    ['1 2', 'Line 1, column 3: "2" is not expected there.'],
    ['["\\x"]', 'Line 1, column 2: "\\"" is not expected there.'],
    ['['.repeat(100_000), 'It is nested deeper than 500 levels.'],
  ] as const) {
    assert.throws(
      () => parseJson(text),
      (error: SyntaxError) => error.message.startsWith(message),
      text.slice(0, 40),
    );
  }
});
