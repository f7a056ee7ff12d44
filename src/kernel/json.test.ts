import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CairnError } from './errors.ts';
import { jsonLimits, parseJson, parseJsonText, stringifyExact } from './json.ts';

it('keeps whole numbers exact to int64, and doubles doubles', () => {
  const rows: readonly (readonly [string, unknown])[] = [
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    [
      '[0.12345678901234567,{"b":9007199254740993}]',
      [Number('0.12345678901234567'), { b: 9007199254740993n }],
    ],
    [
      '[9007199254740991,12345678901234567e3,1234567890123456.5]',
      [9007199254740991, Number('12345678901234567e3'), 1234567890123456.5],
    ],
    ['[1e5,-1.5E-3]', [1e5, -1.5e-3]],
    ['{"a":"9007199254740993 \\" 1"}', { a: '9007199254740993 " 1' }],
    ['12345678901234567890', Number('12345678901234567890')],
  ];
  for (const [text, expected] of rows) assert.deepEqual(parseJsonText(text, 'body'), expected, text);
});

it('refuses what is not JSON, not UTF-8, too deep or no text, and names the field', () => {
  const texts = [
    '{',
    '{"a":"\\["}x',
    '['.repeat(101),
    '['.repeat(1_000_000),
    '{"a":"\\ud800"}',
    '{"\\udc00":1}',
  ];
  for (const bytes of [...texts.map((text) => Buffer.from(text)), Buffer.from([0x22, 0xff, 0x22])]) {
    assert.throws(
      () => parseJson(bytes, 'body'),
      (error) =>
        error instanceof CairnError && error.code === 'invalid_argument' && error.field !== undefined,
    );
  }
  assert.deepEqual(parseJsonText('"\\ud83d\\ude00"', 'body'), '😀');
});

it('counts depth outside strings only', () => {
  assert.deepEqual(parseJsonText(`["${'['.repeat(500)}"]`, 'body'), ['['.repeat(500)]);
});

it('prints bigint as a whole number', () => {
  assert.equal(stringifyExact({ step: 9223372036854775807n }), '{"step":9223372036854775807}');
});

it('refuses more values than any message holds, whatever they are', () => {
  const refused = { code: 'invalid_argument', field: 'body', message: /more than 100000 values/ };
  for (const value of ['1', '""', '{}', '"a,b"', '1.5e3']) {
    const list = (count: number) => `[${Array(count).fill(value).join(',')}]`;
    assert.equal((parseJsonText(list(jsonLimits.values), 'body') as unknown[]).length, jsonLimits.values);
    assert.throws(() => parseJsonText(list(jsonLimits.values + 1), 'body'), refused);
  }
});

it('names the place of an unpaired surrogate', () => {
  const rows: readonly (readonly [text: string, field: string])[] = [
    ['"\\ud800"', 'body'],
    ['{"tags":[{"key":"ok"},{"key":"a\\udc00"}]}', 'tags[1].key'],
    ['{"a":{"\\ud800":1}}', 'a.\ufffd'],
  ];
  for (const [text, field] of rows) {
    assert.throws(() => parseJsonText(text, 'body'), { code: 'invalid_argument', field });
  }
  assert.deepEqual(parseJsonText('"\\ud83d\\ude00"', 'body'), '\u{1f600}');
});
