import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Field, Filter } from '../../../engines/search/ast.ts';
import { CairnError } from '../../../kernel/errors.ts';
import { parseNativeFilter, parseNativeOrder } from './native-grammar.ts';

function fieldText(field: Field): string {
  if (field.kind === 'metric') return `metric(${field.key}).${field.aggregate}`;
  if (field.kind === 'attribute' || field.kind === 'dataset') return `${field.kind}(${field.name})`;
  return `${field.kind}(${field.key})`;
}

/** One line for a typed filter; a text in quotes, a bigint with its n. */
function drawn(filter: Filter): string {
  const literal = (value: unknown) =>
    typeof value === 'string' ? `'${value}'` : typeof value === 'bigint' ? `${value}n` : String(value);
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${[filter.kind, ...filter.terms.map(drawn)].join(' ')})`;
    case 'not':
      return `(not ${drawn(filter.term)})`;
    case 'compare':
      return `${fieldText(filter.field)} ${filter.operator} ${literal(filter.value)}`;
    case 'in':
      return `${fieldText(filter.field)} ${filter.negated ? 'not in' : 'in'} [${filter.values.map(literal).join(' ')}]`;
    case 'null-test':
      return `${fieldText(filter.field)} is ${filter.negated ? 'there' : 'missing'}`;
  }
}

/** 2026-01-15T12:00:00Z */
const now = 1_768_478_400_000;

const accepted: readonly (readonly [string, string])[] = [
  ['', '(and)'],
  ['metrics.loss < 0.5', 'metric(loss).last < 0.5'],
  ['metric.loss.min < 0.5', 'metric(loss).min < 0.5'],
  ['metrics.loss.last.max = 1', 'metric(loss.last).max = 1'],
  ['metrics.`loss.min` = 1', 'metric(loss.min).last = 1'],
  ['metrics.loss.`min` = 1', 'metric(loss.min).last = 1'],
  ['metrics.min = 1', 'metric(min).last = 1'],
  ['metrics.loss.count >= 10', 'metric(loss).count >= 10'],
  ['metrics.val/loss.mean != -1e-3', 'metric(val/loss).mean != -0.001'],
  ['metrics.a < inf', 'metric(a).last < Infinity'],
  ['metrics.a > -Infinity', 'metric(a).last > -Infinity'],
  ["metrics.a > '-Infinity'", 'metric(a).last > -Infinity'],
  ['metrics.a = 9007199254740993', 'metric(a).last = 9007199254740993n'],
  ["params.lr = '0.1'", "param(lr) = '0.1'"],
  ['params.lr = 0.1', 'param(lr) = 0.1'],
  ["param.lr > 'a'", "param(lr) > 'a'"],
  ['parameters.lr <> "a""b"', "param(lr) != 'a\"b'"],
  ["params.`a b` LIKE 'x%'", "param(a b) like 'x%'"],
  ["tags.mlflow.source.name ILIKE '%.PY'", "tag(mlflow.source.name) ilike '%.PY'"],
  ["tags.a IN ('x', 'it''s')", "tag(a) in ['x' 'it's']"],
  ["tags.a not in ('x')", "tag(a) not in ['x']"],
  ['tags.a IS NULL', 'tag(a) is missing'],
  ['metrics.a.max is not null', 'metric(a).max is there'],
  ["state = 'running'", "attribute(state) = 'running'"],
  ["status IN ('RUNNING', 'FAILED')", "attribute(status) in ['RUNNING' 'FAILED']"],
  ["state LIKE 'f%'", "attribute(state) like 'f%'"],
  ["run.name = 'x'", "attribute(name) = 'x'"],
  ["attributes.run_id = 'x'", "attribute(id) = 'x'"],
  ['started > 1700000000000', 'attribute(started) > 1700000000000'],
  ['attr.end_time <= 5', 'attribute(ended) <= 5'],
  ["dataset.name = 'x'", "dataset(name) = 'x'"],
  ["params.a == 'x'", "param(a) = 'x'"],
  [
    "(metrics.a > 1 OR NOT params.b = 'c') AND tags.d IS NULL",
    "(and (or metric(a).last > 1 (not param(b) = 'c')) tag(d) is missing)",
  ],
  ['metrics.a IN (1, 2)', '(or metric(a).last = 1 metric(a).last = 2)'],
  ['metrics.a NOT IN (1)', '(and metric(a).last != 1)'],
  ['params.a IN (5)', '(or param(a) = 5)'],
  [
    'metrics.a BETWEEN 1 AND 2 AND tags.b IS NULL',
    '(and (and metric(a).last >= 1 metric(a).last <= 2) tag(b) is missing)',
  ],
  ["params.a not between 'a' and 'b'", "(or param(a) < 'a' param(a) > 'b')"],
  ["params.a NOT LIKE 'x'", "(and param(a) is there (not param(a) like 'x'))"],
  ["params.a =~ '^x+$'", "param(a) regex '^x+$'"],
  ["name !~ 'x'", "(and attribute(name) is there (not attribute(name) regex 'x'))"],
  ["tags.a REGEXP '(?i)ab'", "tag(a) regex '(?i)ab'"],
  ["tags.a CONTAINS 'x'", "tag(a) contains 'x'"],
  ['EXISTS (metrics.a.max)', 'metric(a).max is there'],
  ['NOT exists(params.a)', '(not param(a) is there)'],
  [
    'metrics.loss.step >= 10 AND metrics.loss.argmin < 5',
    '(and metric(loss).step >= 10 metric(loss).argmin < 5)',
  ],
  ['started > -7d', `attribute(started) > ${now - 7 * 86_400_000}`],
  ["started >= '2026-01-15'", `attribute(started) >= ${now - 12 * 3_600_000}`],
  ["ended < '2026-01-15T13:00:00+01:00'", `attribute(ended) < ${now}`],
  [
    "created BETWEEN 'yesterday' AND 'now'",
    `(and attribute(created) >= ${now - 36 * 3_600_000} attribute(created) <= ${now})`,
  ],
  ['duration > 1.5h', 'attribute(duration) > 5400000'],
  [
    "text CONTAINS 'x'",
    "(or attribute(name) contains 'x' attribute(id) contains 'x' attribute(user) contains 'x' tag(mlflow.note.content) contains 'x')",
  ],
];

/** Text, message, the place it points at. */
const refused: readonly (readonly [string, RegExp, string])[] = [
  ['loss > 1', /no attribute loss; it has id/, 'loss'],
  ["params.a =~ '(a'", /not closed/, "'(a'"],
  ["params.a =~ '(?=a)'", /a group other than/, "'(?=a)'"],
  ["started > 'soon'", /compared with a time/, "'soon'"],
  ["started > '2026-13-01'", /compared with a time/, "'2026-13-01'"],
  ['metrics.a > -7d', /compared with a number/, '-7d'],
  ["metrics.a =~ 'x'", /a number, which has no/, '=~'],
  ["text = 'x'", /asked by CONTAINS/, '='],
  ['metric > 1', /no attribute metric/, 'metric'],
  ['scores.a > 1', /begins with metrics, params, tags/, 'scores.a'],
  ['__proto__.a > 1', /begins with/, '__proto__.a'],
  ['constructor = 1', /no attribute/, 'constructor'],
  ["metrics.a > 'x'", /compared with a number/, "'x'"],
  ['metrics.a > b', /compared with a number/, 'b'],
  ["metrics.a LIKE 'x'", /is a number, which has no LIKE/, 'LIKE'],
  ["metrics.a IN ('x')", /compared with a number/, "'x'"],
  ['metrics. > 1', /names no key/, 'metrics.'],
  ['params.a = x', /stands in quotes/, 'x'],
  ['params.a LIKE 5', /stands in quotes/, '5'],
  ['params.a IN ()', /at least one value/, 'params.a IN ()'],
  ["params.a = ('x')", /takes one value/, "params.a = ('x')"],
  ["params.a ~ 'x'", /~ is no operator/, '~'],
  ["state = 'runing'", /one of scheduled, running/, "'runing'"],
  ["status = 'running'", /one of SCHEDULED, RUNNING/, "'running'"],
  ["state > 'running'", /compared with =, !=/, '>'],
  ['name = 5', /text in quotes/, '5'],
  ["dataset.size = 'x'", /name, digest and context/, 'dataset.size'],
  ['1 = 1', /a name like metrics.loss/, '1'],
];

describe('the native language of filters', () => {
  for (const [text, filter] of accepted) {
    it(`reads ${text || '(empty)'}`, () => assert.equal(drawn(parseNativeFilter(text, now)), filter));
  }

  for (const [text, message, place] of refused) {
    it(`refuses ${text}`, () => {
      assert.throws(
        () => parseNativeFilter(text, now),
        (error) => {
          assert.ok(
            error instanceof CairnError && error.code === 'invalid_argument' && error.at !== undefined,
          );
          assert.equal(error.field, 'filter');
          assert.match(error.message, message);
          assert.equal(text.slice(error.at.start, error.at.end), place);
          return true;
        },
      );
    });
  }
});

describe('the native language of orders', () => {
  it('reads a field and a direction, ascending unless told', () => {
    assert.deepEqual(parseNativeOrder('metrics.loss.min asc'), {
      field: { kind: 'metric', key: 'loss', aggregate: 'min' },
      descending: false,
      natural: true,
    });
    assert.deepEqual(parseNativeOrder('tags.`a b` DESC'), {
      field: { kind: 'tag', key: 'a b' },
      descending: true,
      natural: true,
    });
    assert.equal(parseNativeOrder('started').descending, false);
  });

  for (const text of ['', 'foo', 'metrics.a up', 'dataset.name', 'metrics.a desc, params.b', "'a'"]) {
    it(`refuses ${text || '(empty)'}`, () => {
      assert.throws(
        () => parseNativeOrder(text, 'order[2]'),
        (error) => error instanceof CairnError && error.field === 'order[2]' && error.at !== undefined,
      );
    });
  }
});
