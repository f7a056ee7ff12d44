import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CairnError } from '../../kernel/errors.ts';
import { readJson } from './json-reading.ts';

const read = (text: string) => readJson(Buffer.from(text));
const refused = (bytes: Uint8Array) =>
  assert.throws(
    () => readJson(bytes),
    (error) => error instanceof CairnError && error.code === 'invalid_argument',
  );

it('reads what JSON is, and nothing as undefined', () => {
  assert.deepEqual(read('{"a":[1,"x",null,true]}'), { a: [1, 'x', null, true] });
  assert.equal(read(''), undefined);
});

it('keeps whole numbers beyond 2^53 exact', () => {
  assert.deepEqual(read('{"step":9223372036854775807,"time":-9007199254740993}'), {
    step: 9223372036854775807n,
    time: -9007199254740993n,
  });
});

it("reads Python's bare literals, and only outside strings", () => {
  assert.deepEqual(read('{"a":NaN,"b":Infinity,"c":[-Infinity],"d":"NaN, \\"Infinity"}'), {
    a: 'NaN',
    b: 'Infinity',
    c: ['-Infinity'],
    d: 'NaN, "Infinity',
  });
});

it('decodes a body that was encoded twice', () => {
  assert.deepEqual(read(JSON.stringify('{"name":"x"}')), { name: 'x' });
});

it('refuses broken JSON, bytes that are not UTF-8, unpaired surrogates and depth', () => {
  for (const text of [
    'not json',
    '"not json"',
    '{"a":',
    'NaN NaN',
    '{"a":"\\ud800"}',
    '{"a":NaN,"b":"\\udc00x"}',
  ]) {
    refused(Buffer.from(text));
  }
  refused(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
  refused(Buffer.from([...Buffer.from('{"v":NaN,"a":"'), 0xff, ...Buffer.from('"}')]));
  refused(Buffer.from('['.repeat(200_000)));
  refused(Buffer.from(`{"v":NaN,"a":${'['.repeat(101)}${']'.repeat(101)}}`));
});

it('reads long strings full of escapes without harm', () => {
  const text = `{"v":NaN,"a":"${'\\n'.repeat(1_000_000)}"}`;
  assert.equal((read(text) as { a: string }).a.length, 1_000_000);
});
