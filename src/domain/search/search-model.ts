/**
 * What a search means, said naively over whole runs in memory: the reference that the property test holds the SQL against.
 * Written apart from the engine, so that both are wrong together only by chance.
 */
import type { Field, Filter, Literal, Order } from '../../engines/search/ast.ts';
import type { FoundRun } from './search.ts';

type Value = string | number | undefined;

export function passes(found: FoundRun, filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => passes(found, term));
    case 'or':
      return filter.terms.some((term) => passes(found, term));
    case 'not':
      return !passes(found, filter.term);
    case 'null-test':
      return (fieldValue(found, filter.field) === undefined) !== filter.negated;
    case 'in': {
      const value = fieldValue(found, filter.field);
      return value !== undefined && filter.values.includes(String(value)) !== filter.negated;
    }
    case 'compare':
      return compares(fieldValue(found, filter.field), filter.operator, filter.value);
  }
}

function compares(value: Value, operator: string, wanted: Literal): boolean {
  if (value === undefined) return false;
  if (operator === 'like') return likeExpression(String(wanted)).test(String(value));
  if (operator === 'ilike') return likeExpression(fold(String(wanted))).test(fold(String(value)));
  if (operator === 'contains')
    return !String(value).includes('\0') && fold(String(value)).includes(fold(String(wanted)));
  if (operator === 'regex')
    return !String(value).includes('\0') && new RegExp(String(wanted), 'u').test(String(value));
  if (typeof wanted === 'string') return signed(compareBytes(String(value), wanted), operator);
  const number = typeof value === 'number' ? value : numberIn(value);
  if (number === undefined) return false;
  if (Number.isNaN(number)) return operator === '!=';
  const limit = Number(wanted);
  return signed(number < limit ? -1 : number > limit ? 1 : 0, operator);
}

function signed(order: number, operator: string): boolean {
  if (operator === '=') return order === 0;
  if (operator === '!=') return order !== 0;
  if (operator === '>') return order > 0;
  if (operator === '>=') return order >= 0;
  return operator === '<' ? order < 0 : order <= 0;
}

/** LIKE as a regular expression; U+0000 in the value matches nothing, as documented. */
function likeExpression(pattern: string): RegExp {
  const source = [...pattern].map((letter) => {
    if (letter === '%') return '[^\\0]*';
    if (letter === '_') return '[^\\0]';
    if (letter === '\0') return '[]';
    return letter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'su');
}

const fold = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function numberIn(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))
    ? Number(text)
    : undefined;
}

export function fieldValue({ run, data, metrics }: FoundRun, field: Field): Value {
  switch (field.kind) {
    case 'param':
      return data.params.find(({ key }) => key === field.key)?.value;
    case 'tag':
      return data.tags.find(({ key }) => key === field.key)?.value;
    case 'dataset':
      return undefined;
    case 'metric': {
      const summary = metrics.find(({ key }) => key === field.key);
      if (summary === undefined) return undefined;
      if (field.aggregate === 'count') return summary.points;
      if (field.aggregate === 'step') return Number(summary.last.step);
      if (field.aggregate === 'argmin') return Number(summary.min?.step ?? Number.NaN);
      if (field.aggregate === 'argmax') return Number(summary.max?.step ?? Number.NaN);
      if (field.aggregate === 'mean') return summary.mean;
      return summary[field.aggregate]?.value ?? Number.NaN;
    }
    case 'attribute':
      if (field.name === 'duration') return run.ended === undefined ? undefined : run.ended - run.started;
      if (field.name === 'status') return run.state.toUpperCase();
      return run[field.name as 'id' | 'name' | 'user' | 'state' | 'started' | 'ended' | 'artifactUri'];
  }
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Reals, NaN, missing; naturally: numbers, texts, missing. */
function rank(value: Value, natural: boolean): number {
  if (value === undefined) return 9;
  if (typeof value === 'number') return Number.isNaN(value) ? 1 : 0;
  if (value.includes('\0')) return 2;
  return natural && numberIn(value) === undefined ? 1 : 0;
}

export function compareRuns(a: FoundRun, b: FoundRun, orders: readonly Order[]): number {
  for (const { field, descending, natural } of orders) {
    const byNumber = natural && (field.kind === 'param' || field.kind === 'tag');
    const [left, right] = [fieldValue(a, field), fieldValue(b, field)];
    const ranks = rank(left, byNumber) - rank(right, byNumber);
    if (ranks !== 0) return ranks;
    if (rank(left, byNumber) === 9 || String(left).includes('\0') || Number.isNaN(left)) continue;
    const order = compareValues(left, right, byNumber);
    if (order !== 0) return descending ? -order : order;
  }
  const isByStart = orders.some(({ field }) => field.kind === 'attribute' && field.name === 'started');
  return (isByStart ? 0 : b.run.started - a.run.started) || compareBytes(a.run.id, b.run.id);
}

function compareValues(left: Value, right: Value, byNumber: boolean): number {
  if (typeof left === 'number' && typeof right === 'number') return left < right ? -1 : left > right ? 1 : 0;
  const [a, b] = [String(left), String(right)];
  const numbers = byNumber ? (numberIn(a) ?? 0) - (numberIn(b) ?? 0) : 0;
  return numbers || compareBytes(a, b);
}
