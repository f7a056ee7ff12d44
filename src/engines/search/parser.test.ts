import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CairnError } from '../../kernel/errors.ts';
import { SyntaxFault } from './lexer.ts';
import { searchLimits } from './limits.ts';
import { parseSyntax, parseSyntaxOrder, type SyntaxNode } from './parser.ts';

const strict = { field: 'filter', backslashQuotes: false, looseAnd: false } as const;
const loose = { field: 'filter', backslashQuotes: true, looseAnd: true } as const;

/** A tree in brackets: `(and [a = 1] (not [b IS NULL]))`. */
function drawn(node: SyntaxNode | undefined): string {
  if (node === undefined) return '';
  if (node.kind === 'not') return `(not ${drawn(node.term)})`;
  if (node.kind !== 'comparison') return `(${[node.kind, ...node.terms.map(drawn)].join(' ')})`;
  const right = node.right.map((operand) => `${operand.kind[0]}:${operand.text}`).join(',');
  return `[${node.left.text} ${node.operator.text}${right === '' ? '' : ` ${node.list ? `(${right})` : right}`}]`;
}

const accepted: readonly (readonly [string, string])[] = [
  ['', ''],
  ['  \n ', ''],
  ['a = 1', '[a = n:1]'],
  ['a=1', '[a = n:1]'],
  ['metrics.loss.min >= -1.5e-3', '[metrics.loss.min >= n:-1.5e-3]'],
  ['a > .5', '[a > n:.5]'],
  ['a > 5.', '[a > n:5.]'],
  ['a < -inf', '[a < n:-inf]'],
  ["a = 'x'", '[a = s:x]'],
  ["a = ''", '[a = s:]'],
  ["a = 'it''s'", "[a = s:it''s]"],
  ["a = 'C:\\'", '[a = s:C:\\]'],
  ['a = "x y"', '[a = i:"x y"]'],
  ['`a b`.`c.d` = 1', '[`a b`.`c.d` = n:1]'],
  ['tags."a.b" = 1', '[tags."a.b" = n:1]'],
  ['metrics.val/loss-1:2 = 1', '[metrics.val/loss-1:2 = n:1]'],
  ['tags.and = 1', '[tags.and = n:1]'],
  ['schlüssel.größe = 1', '[schlüssel.größe = n:1]'],
  ["a like 'x'", '[a LIKE s:x]'],
  ["a Not Like 'x'", '[a NOT LIKE s:x]'],
  ["a iLike 'x'", '[a ILIKE s:x]'],
  ['a IN (\'x\', "y")', '[a IN (s:x,i:"y")]'],
  ["a in ('x',)", '[a IN (s:x)]'],
  ['a IN ()', '[a IN]'],
  ["a NOT IN ('x')", '[a NOT IN (s:x)]'],
  ['a IS NULL', '[a IS NULL]'],
  ['a is  not null', '[a IS NOT NULL]'],
  ['a = NULL', '[a = i:NULL]'],
  ['a == 1', '[a == n:1]'],
  ['1 = 1', '[1 = n:1]'],
  ['a = 1 AND b = 2 and c = 3', '(and [a = n:1] [b = n:2] [c = n:3])'],
  ['a = 1 OR b = 2 AND c = 3', '(or [a = n:1] (and [b = n:2] [c = n:3]))'],
  ['(a = 1 OR b = 2) AND c = 3', '(and (or [a = n:1] [b = n:2]) [c = n:3])'],
  ['NOT a = 1 AND b = 2', '(and (not [a = n:1]) [b = n:2])'],
  ['NOT (a = 1 AND NOT b = 2)', '(not (and [a = n:1] (not [b = n:2])))'],
  ['((a = 1))', '[a = n:1]'],
];

const refused: readonly (readonly [string, RegExp, number, number])[] = [
  ['a', /comparison operator, found the end/, 1, 1],
  ['a =', /a value, found the end/, 3, 3],
  ['a = = 1', /a value, found =/, 4, 5],
  ['= 1', /a name, found =/, 0, 1],
  ['AND', /a name, found AND/, 0, 3],
  ['a = 1 AND', /a name, found the end/, 9, 9],
  ['a = 1 b = 2', /AND, OR or the end, found b/, 6, 7],
  ['a = 1)', /AND, OR or the end, found \)/, 5, 6],
  ['(a = 1', /closing parenthesis, found the end/, 6, 6],
  ["a = 'x", /quote \('\) is opened/, 4, 6],
  ['a = `x', /quote \(`\) is opened/, 4, 6],
  ["a IN 'x'", /a list in parentheses/, 5, 8],
  ["a IN ('x' 'y')", /a comma, found 'y'/, 10, 13],
  ['a IS 5', /NULL, found 5/, 5, 6],
  ['a NOT 5', /IN or LIKE, found 5/, 6, 7],
  ['a = 1;', /found ;/, 5, 6],
  ['a = 1 \u{1f600}', /Unexpected "\u{1f600}"/u, 6, 8],
  ['a = 1.5.2', /Unexpected "1"/, 4, 5],
  ['a = 1_000', /Unexpected "1"/, 4, 5],
  ['a BETWEEN 1 AND 2', /comparison operator, found BETWEEN/, 2, 9],
];

describe('syntax of filters', () => {
  for (const [text, tree] of accepted) {
    it(`reads ${text || '(empty)'}`, () => assert.equal(drawn(parseSyntax(text, strict)), tree));
  }

  for (const [text, message, start, end] of refused) {
    it(`refuses ${text}`, () => {
      assert.throws(
        () => parseSyntax(text, { ...strict, field: 'where' }),
        (error) => {
          assert.ok(error instanceof SyntaxFault && error.code === 'invalid_argument');
          assert.match(error.message, message);
          assert.equal(error.field, 'where');
          assert.deepEqual(error.at, { start, end });
          return true;
        },
      );
    });
  }

  it('keeps the place of every part', () => {
    const node = parseSyntax("  a.b  !=  'x y' ", strict);
    assert.ok(node?.kind === 'comparison');
    assert.deepEqual([node.start, node.end], [2, 16]);
    assert.deepEqual([node.left.start, node.left.end], [2, 5]);
    assert.deepEqual([node.operator.start, node.operator.end], [7, 9]);
    assert.deepEqual([node.right[0]!.start, node.right[0]!.end], [11, 16]);
  });

  it('takes clauses side by side where it is told to', () => {
    for (const text of ['a = 1 b = 2', 'AND a = 1 AND AND b = 2 AND', 'a = 1 (b = 2)']) {
      assert.equal(drawn(parseSyntax(text, loose)), '(and [a = n:1] [b = n:2])');
    }
    assert.equal(drawn(parseSyntax('a = 1 NOT b = 2', loose)), '(and [a = n:1] (not [b = n:2]))');
    assert.equal(parseSyntax('AND', loose), undefined);
  });

  it('takes a backslash before a quote where it is told to', () => {
    assert.equal(drawn(parseSyntax("a = 'it\\'s'", loose)), "[a = s:it\\'s]");
    assert.equal(drawn(parseSyntax("a = 'C:\\'", loose)), '[a = s:C:\\]');
  });

  it('has limits and names them', () => {
    const clauses = (count: number) => Array.from({ length: count }, () => 'a = 1').join(' OR ');
    const nested = (depth: number) => `${'('.repeat(depth)}a = 1${')'.repeat(depth)}`;
    parseSyntax(clauses(searchLimits.clauses), strict);
    parseSyntax(nested(searchLimits.depth), strict);
    const refuses = (text: string, message: RegExp) =>
      assert.throws(
        () => parseSyntax(text, strict),
        (error) =>
          error instanceof CairnError && !(error instanceof SyntaxFault) && message.test(error.message),
      );
    refuses(clauses(searchLimits.clauses + 1), /at most 256 comparisons/);
    refuses(nested(searchLimits.depth + 1), /at most 64 levels/);
    refuses(`${'NOT '.repeat(searchLimits.depth + 1)}a = 1`, /at most 64 levels/);
    refuses('a = 1 AND '.repeat(1_000_000), /at most 262144 characters/);
    refuses("a = '\udc00'", /unpaired surrogate/);
  });
});

describe('syntax of orders', () => {
  it('reads a name and a direction', () => {
    const read = (text: string) => {
      const { operand, direction } = parseSyntaxOrder(text, strict);
      return [operand.text, direction];
    };
    assert.deepEqual(read('metrics.a'), ['metrics.a', undefined]);
    assert.deepEqual(read(' metrics.`a b`  DESC '), ['metrics.`a b`', 'desc']);
    assert.deepEqual(read('metrics.desc asc'), ['metrics.desc', 'asc']);
  });

  for (const text of ['', 'a b', 'a desc desc', 'a, b', 'a > 1', "'a'", '5', 'a desc nulls last']) {
    it(`refuses ${text || '(empty)'}`, () => {
      assert.throws(() => parseSyntaxOrder(text, { ...strict, field: 'order[0]' }), SyntaxFault);
    });
  }
});
