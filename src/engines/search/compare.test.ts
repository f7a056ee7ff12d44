import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rawSql, type Sql } from '../../kernel/sql.ts';
import { headRange, integerCondition, numberCondition, testOf, textPasses } from './compare.ts';

/** The text with its values in place. */
function spelled(sql: Sql | undefined): string | undefined {
  return sql?.pieces
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      if (piece.kind === 'value')
        return typeof piece.value === 'string' ? `'${piece.value}'` : String(piece.value);
      return piece.kind === 'any-of' ? `IN ${JSON.stringify(piece.values)}` : '';
    })
    .join('');
}

const column = rawSql('c');

describe('comparison of int64', () => {
  const cases = [
    ['>', 1.5, 'c >= 2'],
    ['>=', 1.5, 'c >= 2'],
    ['<', 1.5, 'c <= 1'],
    ['<=', -1.5, 'c <= -2'],
    ['=', 1.5, '1 = 0'],
    ['!=', 1.5, '1 = 1'],
    ['<', Infinity, '1 = 1'],
    ['>', Infinity, '1 = 0'],
    ['>=', -Infinity, '1 = 1'],
    ['=', Infinity, '1 = 0'],
    ['!=', 3, 'c <> 3'],
    ['<', 1e300, '1 = 1'],
    ['>', 10n ** 30n, '1 = 0'],
    ['>', -(10n ** 30n), '1 = 1'],
    ['=', 2n ** 63n, '1 = 0'],
    ['=', 2n ** 63n - 1n, 'c = 9223372036854775807'],
    ['>=', -(2n ** 63n), 'c >= -9223372036854775808'],
    ['=', -0, 'c = 0'],
  ] as const;
  for (const [sign, value, expected] of cases) {
    it(`c ${sign} ${value}`, () => assert.equal(spelled(integerCondition(column, sign, value)), expected));
  }
});

describe('comparison of doubles', () => {
  it('lets NaN differ from every number and pass nothing else', () => {
    const nan = rawSql('n');
    assert.equal(spelled(numberCondition(column, '!=', 1, nan)), '(c <> 1 OR n)');
    assert.equal(spelled(numberCondition(column, '<', 1, nan)), 'c < 1');
    assert.equal(spelled(numberCondition(column, '<', 2n ** 60n, undefined)), `c < ${2 ** 60}`);
  });
});

describe('ranges of heads', () => {
  const cases = [
    ['=', 'ab', "c = 'ab'"],
    ['=', 'x'.repeat(70), `c = '${'x'.repeat(64)}'`],
    ['=', '\u{1f600}'.repeat(70), `c = '${'\u{1f600}'.repeat(64)}'`],
    ['like', 'ab%', "c >= 'ab' AND c < 'ac'"],
    ['like', 'ab', "c >= 'ab' AND c < 'ac'"],
    ['like', '\u{10ffff}%', "c >= '\u{10ffff}'"],
    ['like', '%ab', undefined],
    ['like', '_b', undefined],
    ['ilike', 'ab%', undefined],
    ['!=', 'ab', undefined],
    ['<', 'ab', undefined],
    ['=', 'a\0', '1 = 0'],
  ] as const;
  for (const [operator, value, expected] of cases) {
    it(`${operator} ${JSON.stringify(value.slice(0, 10))}`, () => {
      assert.equal(spelled(headRange(column, testOf(operator, value))), expected);
    });
  }

  it('has one for a list and none for its contrary', () => {
    const list = { kind: 'in', values: ['a', 'b\0'] } as const;
    assert.equal(spelled(headRange(column, { ...list, negated: false })), 'c IN ["a"]');
    assert.equal(headRange(column, { ...list, negated: true }), undefined);
  });
});

describe('tests of a text in hand', () => {
  it('compares bytes, patterns and lists', () => {
    assert.equal(textPasses('\ufffd', testOf('<', '\u{1f600}')), true);
    assert.equal(textPasses('RUNNING', testOf('ilike', 'run%')), true);
    assert.equal(textPasses('RUNNING', testOf('like', 'run%')), false);
    assert.equal(textPasses('a', { kind: 'in', values: ['b'], negated: true }), true);
  });

  it('refuses a pattern beyond the limit', () => {
    assert.throws(() => testOf('like', '%'.repeat(1_001)), /at most 1000 characters|longer than 1000/);
  });
});
