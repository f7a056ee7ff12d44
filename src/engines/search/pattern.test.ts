import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  afterPrefix,
  containing,
  foldAscii,
  globOf,
  likeOf,
  literalPrefix,
  matchesPattern,
  parsePattern,
} from './pattern.ts';

/** Pattern, text, whether it matches. */
const cases: readonly (readonly [string, string, boolean])[] = [
  ['', '', true],
  ['', 'a', false],
  ['%', '', true],
  ['%', 'anything\nat all', true],
  ['a', 'A', false],
  ['a%', 'abc', true],
  ['%c', 'abc', true],
  ['%b%', 'abc', true],
  ['a_c', 'abc', true],
  ['a_c', 'ac', false],
  ['_', '\u{1f600}', true],
  ['__', '\u{1f600}', false],
  ['a\\%', 'a\\b', true],
  ['a\\%', 'a%', false],
  ['a\\_', 'a\\b', true],
  ['*', 'anything', false],
  ['[a]', 'a', false],
  ['%ab%ab', 'abab', true],
  ['%aab', 'aaab', true],
  ['%%__%', 'ab', true],
  ['%%__%', 'a', false],
];

describe('patterns', () => {
  for (const [pattern, text, expected] of cases) {
    it(`${JSON.stringify(text)} LIKE ${JSON.stringify(pattern)} is ${expected}`, () => {
      assert.equal(matchesPattern(parsePattern(pattern), text), expected);
    });
  }

  it('matches as the regular expression that says the same', () => {
    const letters = fc
      .array(fc.constantFrom('a', 'b', '%', '_'), { maxLength: 8 })
      .map((list) => list.join(''));
    const text = fc
      .array(fc.constantFrom('a', 'b', '\u{1f600}'), { maxLength: 8 })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(letters, text, (pattern, value) => {
        const source = pattern.replaceAll('%', '.*').replaceAll('_', '.');
        assert.equal(
          matchesPattern(parsePattern(pattern), value),
          new RegExp(`^${source}$`, 'su').test(value),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes a hostile pattern in time linear in both', () => {
    assert.equal(matchesPattern(parsePattern('%a'.repeat(400)), 'a'.repeat(399)), false);
    assert.equal(matchesPattern(parsePattern(`${'%a'.repeat(400)}b`), 'a'.repeat(8_000)), false);
  });

  it('is spelt for each store with nothing left to escape', () => {
    const pattern = parsePattern('a*?[]\\%_');
    assert.equal(globOf(pattern), 'a[*][?][[]]\\*?');
    assert.equal(likeOf(pattern), 'a*?[]\\\\%_');
    assert.equal(likeOf(containing('50%_')), '%50\\%\\_%');
  });

  it('folds A to Z and nothing else', () => {
    assert.equal(foldAscii('AZÄİ\u212a'), 'azÄİ\u212a');
  });

  it('knows what every match begins with', () => {
    assert.equal(literalPrefix(parsePattern('ab%c')), 'ab');
    assert.equal(literalPrefix(parsePattern('%ab')), '');
    assert.equal(literalPrefix(containing('ab')), '');
  });

  it('bounds the texts with a prefix in the order of bytes', () => {
    const after = (prefix: string) => afterPrefix(prefix);
    assert.equal(after('a'), 'b');
    assert.equal(after('a\u007f'), 'a\u0080');
    assert.equal(after('\ud7ff'), '\ue000');
    assert.equal(after('\uffff'), '\u{10000}');
    assert.equal(after('a\u{10ffff}'), 'b');
    assert.equal(after('\u{10ffff}'), undefined);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (prefix, rest) => {
        const bound = afterPrefix(prefix);
        if (bound === undefined) return;
        const bytes = (text: string) => Buffer.from(text);
        assert.ok(Buffer.compare(bytes(prefix + rest), bytes(bound)) < 0);
        assert.ok(Buffer.compare(bytes(prefix), bytes(bound)) < 0);
      }),
    );
  });
});
