import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Regex } from './regex.ts';

const atom = fc.constantFrom(
  'a',
  'b',
  'A',
  '.',
  '\\d',
  '\\W',
  '[a-c]',
  '[^a]',
  '\\.',
  'ä',
  '[\\d_-]',
  '\\u{1f600}',
);
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    atom,
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?'))
      .map(([a, times]) => `(?:${a})${times}`),
    tie('pattern').map((a) => `^${a}`),
    tie('pattern').map((a) => `${a}$`),
    tie('pattern').map((a) => `\\b${a}`),
  ),
}));
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'A', '1', '_', '.', ' ', 'ä', '\u{1f600}', '\n'), { maxLength: 8 })
  .map((letters) => letters.join(''));

describe('regular expressions', () => {
  it('find what JavaScript finds', () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        assert.equal(new Regex(source, 'filter').test(subject), new RegExp(source, 'u').test(subject));
      }),
      { numRuns: 5_000 },
    );
  });

  it('fold A–Z and nothing else after (?i)', () => {
    const regex = new Regex('(?i)^AbC[X-Z]ä$', 'filter');
    assert.ok(regex.test('aBcyä'));
    assert.ok(!regex.test('aBcyÄ'));
  });

  it('take time by the length of the text, whatever the pattern', () => {
    for (const source of ['(a*)*b', '(a|aa)+$', '(a+)+c', '(?:a?){100}a{100}b', '([a-z]+)*\\b!']) {
      const regex = new Regex(source, 'filter');
      const begun = process.cpuUsage().user;
      assert.equal(regex.test('a'.repeat(5_000)), source === '(a|aa)+$');
      // Backtracking would take longer than the age of the universe.
      assert.ok(process.cpuUsage().user - begun < 5_000_000, source);
    }
  });

  for (const bad of [
    '(',
    ')',
    '[a',
    'a**',
    '*',
    '(?=a)',
    '(?<n>a)',
    '\\1',
    '\\q',
    'a{2,1}',
    'a{999}',
    '(a{200}){200}',
    '\\',
    'x'.repeat(1_001),
    '^*',
    '[z-a]',
  ]) {
    it(`refuse ${bad.slice(0, 20)}`, () => {
      assert.throws(() => new Regex(bad, 'filter'), { code: 'invalid_argument', field: 'filter' });
    });
  }
});
