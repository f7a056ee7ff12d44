/** Filters and orders of runs/search, mostly valid, else wrong in one known way. */
import type { Random } from './random.ts';

const operators = ['=', '!=', 'LIKE', 'ILIKE', 'like', 'iLike'];
const comparators = ['=', '!=', '>', '>=', '<', '<='];
const patterns = ['a', 'A', 'b', '1', '%', 'a%', '%b', '_', 'A_', '%%', '', '0.5', 'x', '日%'];

export function filterOf(random: Random, runs: readonly string[], isWrong: boolean): string {
  const clauses = random.many(1 + random.below(3), () => clauseOf(random, runs));
  if (isWrong) clauses[random.below(clauses.length)] = wrongClauseOf(random);
  return clauses.join(random.pick([' AND ', ' and ', '  AND\n']));
}

export function ordersOf(random: Random, isWrong: boolean): string[] {
  const keys = [
    'metrics.loss',
    'metrics.acc',
    'metric.`a b`',
    'params.lr',
    'params."a b"',
    'param.loss',
    'tags.acc',
    'tags.loss',
  ];
  const attributes = [
    'start_time',
    'attributes.end_time',
    'status',
    'run_name',
    'attribute.user_id',
    'Created',
  ];
  const direction = () => random.pick(['', ' ASC', ' DESC', ' desc', ' asc']);
  const orders = random.many(1 + random.below(2), () => random.pick([...keys, ...attributes]) + direction());
  const wrong = [
    'bogus',
    'bogus.x',
    'metrics.loss FOO',
    '',
    'metrics.loss DESC ASC',
    'datasets.name',
    'experiment_id',
  ];
  if (isWrong) orders[0] = random.pick(wrong);
  const fields = orders.map((order) => order.replace(/ (asc|desc)$/i, ''));
  return new Set(fields).size === fields.length ? orders : orders.slice(0, 1);
}

function clauseOf(random: Random, runs: readonly string[]): string {
  const text = () => quoted(random, random.pick(patterns));
  const spaced = (operator: string) =>
    /^[a-z]/i.test(operator) ? ` ${operator} ` : random.pick([` ${operator} `, operator]);
  const key = () => random.pick(['loss', 'acc', 'lr', '`a b`', '"a b"', 'x.y', '`x.y`', 'é', 'A']);
  const number = () => random.pick(['0', '1', '0.5', '-1.5', '2e0', '1e300', '.5', '3.']);
  const run = () => `'${runs.length === 0 ? '0'.repeat(32) : random.pick(runs)}'`;
  return random.weighted<() => string>([
    [
      30,
      () => `${random.pick(['metrics', 'metric'])}.${key()}${spaced(random.pick(comparators))}${number()}`,
    ],
    [
      20,
      () =>
        `${random.pick(['params', 'param', 'parameter', 'parameters'])}.${key()}${spaced(random.pick(operators))}${text()}`,
    ],
    [20, () => `${random.pick(['tags', 'tag'])}.${key()}${spaced(random.pick(operators))}${text()}`],
    [
      8,
      () =>
        `${random.pick(['params', 'tags'])}.${key()} ${random.pick(['IS NULL', 'IS NOT NULL', 'is null'])}`,
    ],
    [
      8,
      () =>
        `${random.pick(['', 'attributes.', 'attr.'])}status${spaced(random.pick(['=', '!=', 'LIKE']))}${random.pick(["'RUNNING'", "'FINISHED'", "'%N%'", "'running'"])}`,
    ],
    [
      8,
      () =>
        `${random.pick(['run_name', '`run name`', 'attribute.run_name', 'user_id'])}${spaced(random.pick(operators))}${text()}`,
    ],
    [
      8,
      () =>
        `${random.pick(['start_time', 'end_time', 'attributes.start_time', 'Created'])}${spaced(random.pick(comparators))}${random.pick(['1001', '1002', '0', '1003'])}`,
    ],
    [6, () => `run_id ${random.pick(['=', '!='])} ${run()}`],
    [6, () => `run_id ${random.pick(['IN', 'NOT IN', 'in'])} (${run()}, ${run()})`],
  ])();
}

/** Refused by the real server with a message that names what is wrong. */
function wrongClauseOf(random: Random): string {
  return random.pick([
    "metrics.loss > 'a'",
    'params.lr = 1',
    "params.lr > '1'",
    "tags.acc IN ('a')",
    'tags.acc = a',
    "start_time > '1'",
    "bogus.x = 'a'",
    "attributes.bogus = 'a'",
    'metrics.loss IS NULL',
    "status IN ('RUNNING')",
    "dataset.bogus = 'a'",
    'run_id IN ()',
  ]);
}

function quoted(random: Random, text: string): string {
  return random.chance(0.8) ? `'${text}'` : `"${text}"`;
}
