/** Random runs, filters and orders for the property tests: values that stores disagree about unless they are told. */
import fc from 'fast-check';
import type { CompareOperator, Field, Filter, Order } from '../../engines/search/ast.ts';
import { aggregates } from '../../engines/search/ast.ts';
import type { View } from '../contexts/index.ts';

export const longText = 'a'.repeat(64);
/** Texts that stores disagree about unless they are told: case, code points, wildcards, heads, numbers, U+0000. */
const texts = [
  '',
  'a',
  'A',
  'aB',
  'ab',
  'a%b',
  'a_b',
  'a\\b',
  'a*b?[c]',
  'ä',
  'Ä',
  '\u{1f600}x',
  '\uffeex',
  '\ud7ff',
  '\ue000',
  '1',
  '1.0',
  '10',
  '9',
  '-3e2',
  '0x10',
  'NaN',
  longText,
  `${longText}b`,
  `${longText}c`,
  `${longText.slice(1)}Z`,
  'z'.repeat(300),
  `${'z'.repeat(300)}\u{1f600}`,
  'a\0b',
  'a\0c',
  "it's",
];
export const numbers = [0, -0, 1, 1.5, -2, 1e300, 5e-324, Infinity, -Infinity, Number.NaN, 3, 1 / 3];
const keys = ['x', 'y', 'x.min', 'mlflow.source', 'schlüssel ☃'];
const states = ['scheduled', 'running', 'finished', 'failed', 'killed'] as const;

const text = fc.constantFrom(...texts);
const key = fc.constantFrom(...keys);
export const pair = fc.tuple(key, text);

export const randomRun = fc.record({
  experiment: fc.nat(2),
  name: fc.constantFrom('one', 'Two', 'three 3', 'drei', '名前'),
  user: fc.constantFrom('', 'ann', 'Bob'),
  started: fc.constantFrom(0, 1_000, 1_001, 1_700_000_000_000),
  state: fc.constantFrom(...states),
  ended: fc.option(fc.constantFrom(5, 2_000_000_000_000), { nil: undefined }),
  params: fc.uniqueArray(pair, { maxLength: 4, selector: ([name]) => name }),
  tags: fc.uniqueArray(pair, { maxLength: 3, selector: ([name]) => name }),
  points: fc.array(fc.tuple(key, fc.constantFrom(...numbers), fc.nat(5)), { maxLength: 8 }),
  deleted: fc.constantFrom(false, false, false, true),
});
export type Asked = typeof search extends fc.Arbitrary<infer T> ? T : never;
export type RandomRun = typeof randomRun extends fc.Arbitrary<infer T> ? T : never;

const field: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    kind: fc.constant('attribute' as const),
    name: fc.constantFrom(
      'id',
      'name',
      'user',
      'state',
      'status',
      'started',
      'ended',
      'duration',
      'artifactUri',
    ),
  }),
  fc.record({ kind: fc.constant('metric' as const), key, aggregate: fc.constantFrom(...aggregates) }),
  fc.record({ kind: fc.constant('param' as const), key: fc.oneof(key, fc.constant('unknown')) }),
  fc.record({ kind: fc.constant('tag' as const), key }),
  fc.record({ kind: fc.constant('dataset' as const), name: fc.constant('name' as const) }),
);

const signs = ['=', '!=', '>', '>=', '<', '<='] as const;
const anyNumber = fc.oneof(
  fc.constantFrom(...numbers.filter((number) => !Number.isNaN(number)), 1_000, 2_000_000_000_000, 0.5),
  fc.constantFrom(10n ** 30n, -(10n ** 30n), 2n ** 63n),
);
const anyText = fc.oneof(text, fc.constantFrom('one', 'ann', 'running', 'RUNNING', 'finished'));
const pattern = fc.oneof(
  anyText,
  fc
    .array(fc.constantFrom('%', '_', 'a', 'A', 'b', '*', '\\', 'ä', '\u{1f600}', 'R', 'n', '1', '\0'), {
      maxLength: 5,
    })
    .map((p) => p.join('')),
  anyText.map((start) => `${start}%`),
  anyText.map((part) => `%${part.slice(0, 70)}%`),
);

function isNumeric(of: Field): boolean {
  return (
    of.kind === 'metric' ||
    (of.kind === 'attribute' && (of.name === 'started' || of.name === 'ended' || of.name === 'duration'))
  );
}

const leaf: fc.Arbitrary<Filter> = field.chain((of): fc.Arbitrary<Filter> => {
  const nullTest = fc.record({
    kind: fc.constant('null-test' as const),
    field: fc.constant(of),
    negated: fc.boolean(),
  });
  const compare = (operator: fc.Arbitrary<CompareOperator>, value: fc.Arbitrary<string | number | bigint>) =>
    fc.record({ kind: fc.constant('compare' as const), field: fc.constant(of), operator, value });
  const byNumber = compare(fc.constantFrom(...signs), anyNumber);
  if (isNumeric(of)) return fc.oneof(byNumber, byNumber, nullTest);
  const values = fc.array(anyText, { minLength: 1, maxLength: 4 });
  const list = fc.record({
    kind: fc.constant('in' as const),
    field: fc.constant(of),
    negated: fc.boolean(),
    values,
  });
  const byText = compare(fc.constantFrom(...signs), anyText);
  const byPattern = compare(fc.constantFrom('like', 'ilike'), pattern);
  const contains = compare(fc.constant('contains'), anyText);
  const regex = compare(
    fc.constant('regex'),
    fc.constantFrom('a', '^a', 'b$', '[A-Z]', '^.{1,2}$', '\\d+', '\\bR', '^$', 'z{9}'),
  );
  const ofAll = [byText, regex, byPattern, contains, list, nullTest];
  return of.kind === 'param' || of.kind === 'tag' ? fc.oneof(...ofAll, byNumber) : fc.oneof(...ofAll);
});

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      terms: fc.array(tie('filter'), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), term: tie('filter') }),
  ),
}));

/** More conditions than are left to the store to join. */
const longFilter: fc.Arbitrary<Filter> = fc
  .array(
    leaf.map((term): Filter => ({ kind: 'not', term })),
    { minLength: 7, maxLength: 10 },
  )
  .map((terms) => ({ kind: 'and', terms }));

const orders: fc.Arbitrary<Order[]> = fc.array(
  fc.record({ field, descending: fc.boolean(), natural: fc.boolean() }),
  { maxLength: 3 },
);

export const search = fc.record({
  experiments: fc.subarray(['0', '1', '2', '77'], { minLength: 1 }),
  filter: fc.option(fc.oneof({ weight: 9, arbitrary: filter }, { weight: 1, arbitrary: longFilter }), {
    nil: undefined,
  }),
  order: orders,
  view: fc.constantFrom<View>('active', 'deleted', 'all'),
  limit: fc.constantFrom(2, 7, 30, 200),
});
