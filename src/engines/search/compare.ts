/** Conditions on one value: each is SQL over given columns, true or false (never unknown) for a row whose value is there. */
import { assert, unreachable } from '../../kernel/assert.ts';
import { invalid } from '../../kernel/errors.ts';
import { anyOf, rawSql, type Sql, type SqlValue, sql, textHeadLength } from '../../kernel/sql.ts';
import type { CompareOperator, Literal } from './ast.ts';
import type { SearchLayout } from './layout.ts';
import { searchLimits } from './limits.ts';
import {
  afterPrefix,
  containing,
  foldAscii,
  foldPattern,
  literalPrefix,
  matchesPattern,
  type Pattern,
  parsePattern,
} from './pattern.ts';

export const always = rawSql('1 = 1');
export const never = rawSql('1 = 0');

const signs = { '=': '=', '!=': '<>', '>': '>', '>=': '>=', '<': '<', '<=': '<=' } as const;
export type Sign = keyof typeof signs;

export function compared(left: Sql, sign: Sign, right: SqlValue): Sql {
  return sql`${left} ${rawSql(signs[sign])} ${right}`;
}

/** What is asked of one value. */
export type Test =
  | { readonly kind: 'sign'; readonly sign: Sign; readonly value: Literal }
  | { readonly kind: 'pattern'; readonly pattern: Pattern; readonly fold: boolean }
  | { readonly kind: 'in'; readonly values: readonly string[]; readonly negated: boolean };

export function testOf(operator: CompareOperator, value: Literal): Test {
  assert(operator !== 'regex', 'regular expressions are resolved before a filter is compiled');
  if (operator !== 'like' && operator !== 'ilike' && operator !== 'contains') {
    return { kind: 'sign', sign: operator, value };
  }
  const text = String(value);
  if (text.length > searchLimits.patternLength) {
    throw invalid('filter', `A LIKE pattern is longer than ${searchLimits.patternLength} characters`);
  }
  const pattern = operator === 'contains' ? containing(text) : parsePattern(text);
  const fold = operator !== 'like';
  return { kind: 'pattern', pattern: fold ? foldPattern(pattern) : pattern, fold };
}

/** A text column without U+0000. A text with one in the filter equals none of it. */
export function textCondition(layout: SearchLayout, text: Sql, test: Test): Sql {
  switch (test.kind) {
    case 'sign': {
      const value = String(test.value);
      if (!value.includes('\0')) return compared(text, test.sign, value);
      // A text without U+0000 is beyond such a value just when it is beyond what stands before the U+0000.
      const before = value.slice(0, value.indexOf('\0'));
      if (test.sign === '=') return never;
      if (test.sign === '!=') return always;
      return test.sign.startsWith('>') ? compared(text, '>', before) : compared(text, '<=', before);
    }
    case 'pattern':
      if (test.pattern.some((part) => part.kind === 'text' && part.text.includes('\0'))) return never;
      return layout.matches(test.fold ? layout.folded(text) : text, test.pattern);
    case 'in': {
      const values = test.values.filter((value) => !value.includes('\0'));
      return test.negated ? sql`NOT (${text} ${anyOf(values)})` : sql`${text} ${anyOf(values)}`;
    }
    default:
      return unreachable(test);
  }
}

/** Whether a text in hand passes: for words of a closed list and for defaults. */
export function textPasses(text: string, test: Test): boolean {
  switch (test.kind) {
    case 'sign': {
      const order = Buffer.compare(Buffer.from(text), Buffer.from(String(test.value)));
      return signPasses(order, test.sign);
    }
    case 'pattern':
      return matchesPattern(test.pattern, test.fold ? foldAscii(text) : text);
    case 'in':
      return test.values.includes(text) !== test.negated;
    default:
      return unreachable(test);
  }
}

function signPasses(order: number, sign: Sign): boolean {
  switch (sign) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    default:
      return unreachable(sign);
  }
}

/**
 * The part of a test that an index on the head of a text can seek: equal heads, or a range of heads. Undefined where the
 * index would be walked whole.
 */
export function headRange(head: Sql, test: Test): Sql | undefined {
  if (test.kind === 'sign' && test.sign === '=') {
    const value = String(test.value);
    return value.includes('\0') ? never : compared(head, '=', headOf(value));
  }
  if (test.kind === 'in' && !test.negated) {
    return sql`${head} ${anyOf(test.values.filter((value) => !value.includes('\0')).map(headOf))}`;
  }
  if (test.kind !== 'pattern' || test.fold) return undefined;
  const prefix = headOf(literalPrefix(test.pattern));
  if (prefix === '' || prefix.includes('\0')) return undefined;
  const after = afterPrefix(prefix);
  return after === undefined
    ? compared(head, '>=', prefix)
    : sql`${compared(head, '>=', prefix)} AND ${compared(head, '<', after)}`;
}

function headOf(text: string): string {
  if (text.length <= textHeadLength) return text;
  return [...text.slice(0, 2 * textHeadLength)].slice(0, textHeadLength).join('');
}

/** A column of doubles; `nan` tells NaN, where the column is NULL. NaN differs from every number and passes nothing else. */
export function numberCondition(value: Sql, sign: Sign, wanted: Literal, nan: Sql | undefined): Sql {
  const condition = compared(value, sign, Number(wanted));
  return sign === '!=' && nan !== undefined ? sql`(${condition} OR ${nan})` : condition;
}

const leastInt64 = -(2n ** 63n);
const greatestInt64 = 2n ** 63n - 1n;

/** A column of int64, compared with any number exactly: `> 1.5` is `>= 2`, and what lies beyond int64 decides at once. */
export function integerCondition(value: Sql, sign: Sign, wanted: Literal): Sql {
  const number = typeof wanted === 'string' ? Number(wanted) : wanted;
  if (typeof number === 'number' && !Number.isInteger(number)) {
    if (sign === '=') return never;
    if (sign === '!=') return always;
    if (!Number.isFinite(number)) return number > 0 === sign.startsWith('<') ? always : never;
    return sign.startsWith('<')
      ? integerCondition(value, '<=', Math.floor(number))
      : integerCondition(value, '>=', Math.ceil(number));
  }
  const exact = BigInt(number);
  if (exact > greatestInt64 || exact < leastInt64) {
    if (sign === '=') return never;
    if (sign === '!=') return always;
    return exact > 0n === sign.startsWith('<') ? always : never;
  }
  return compared(value, sign, exact >= -(2n ** 53n) && exact <= 2n ** 53n ? Number(exact) : exact);
}
