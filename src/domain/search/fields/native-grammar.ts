/**
 * The native language of filters and orders (docs/guide/search.md): MLflow's words, and `metrics.<key>.<aggregate>`,
 * numbers against params and tags, comparisons of texts, IN and BETWEEN everywhere, regular expressions, dates, OR, NOT,
 * parentheses, IS NULL.
 */
import {
  aggregates,
  type CompareOperator,
  type Field,
  type Filter,
  type Literal,
  type Order,
} from '../../../engines/search/ast.ts';
import type { Span } from '../../../engines/search/lexer.ts';
import {
  parseSyntax,
  parseSyntaxOrder,
  type SyntaxComparison,
  type SyntaxNode,
  type SyntaxOperand,
} from '../../../engines/search/parser.ts';
import { Regex } from '../../../engines/search/regex.ts';
import { CairnError, invalid } from '../../../kernel/errors.ts';
import { executionStates } from '../../graph/index.ts';

/** Every spelling of an attribute → its name in the layout and what it is compared with. */
const attributes: Readonly<Record<string, { name: string; type: ValueType }>> = {
  id: { name: 'id', type: 'text' },
  run_id: { name: 'id', type: 'text' },
  name: { name: 'name', type: 'text' },
  run_name: { name: 'name', type: 'text' },
  user: { name: 'user', type: 'text' },
  user_id: { name: 'user', type: 'text' },
  state: { name: 'state', type: 'state' },
  status: { name: 'status', type: 'status' },
  started: { name: 'started', type: 'instant' },
  start_time: { name: 'started', type: 'instant' },
  ended: { name: 'ended', type: 'instant' },
  end_time: { name: 'ended', type: 'instant' },
  created: { name: 'created', type: 'instant' },
  updated: { name: 'updated', type: 'instant' },
  duration: { name: 'duration', type: 'duration' },
  artifactUri: { name: 'artifactUri', type: 'text' },
  artifact_uri: { name: 'artifactUri', type: 'text' },
};

const entities: Readonly<Record<string, 'metric' | 'param' | 'tag' | 'attribute' | 'dataset'>> = {
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
};

const operators: Readonly<Record<string, CompareOperator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
  LIKE: 'like',
  ILIKE: 'ilike',
  CONTAINS: 'contains',
  REGEXP: 'regex',
  RLIKE: 'regex',
  '=~': 'regex',
};

type ValueType = 'text' | 'number' | 'text or number' | 'state' | 'status' | 'instant' | 'duration';

interface TypedField {
  readonly field: Field;
  readonly type: ValueType;
}

/** `invalid_argument` on `filter` with the place in the text; an empty text is every run. Times like `-7d` count from `now`. */
export function parseNativeFilter(text: string, now: number): Filter {
  const options = {
    field: 'filter',
    backslashQuotes: false,
    durations: true,
    looseAnd: false,
    extended: true,
  };
  const tree = parseSyntax(text, options);
  return tree === undefined ? { kind: 'and', terms: [] } : toFilter(tree, now);
}

/** A field alone: `params.optimizer`. `invalid_argument` on `field` with the place in the text. */
export function parseNativeField(text: string, field: string): Field {
  const { operand, direction } = parseSyntaxOrder(text, { field, backslashQuotes: false });
  if (direction !== undefined) throw refuse(field, 'A field has no direction', operand);
  const typed = fieldOf(operand, field);
  if (typed.field.kind === 'dataset') throw refuse(field, 'Datasets are many to a run', operand);
  return typed.field;
}

/** One key of an order: `metrics.loss.min asc`. `invalid_argument` on `field` with the place in the text. */
export function parseNativeOrder(text: string, field = 'order'): Order {
  const { operand, direction } = parseSyntaxOrder(text, { field, backslashQuotes: false });
  const typed = fieldOf(operand, field);
  if (typed.field.kind === 'dataset') throw refuse(field, 'Runs have no order by datasets', operand);
  return { field: typed.field, descending: direction === 'desc', natural: true };
}

function toFilter(node: SyntaxNode, now: number): Filter {
  switch (node.kind) {
    case 'and':
    case 'or':
      return { kind: node.kind, terms: node.terms.map((term) => toFilter(term, now)) };
    case 'not':
      return { kind: 'not', term: toFilter(node.term, now) };
    case 'comparison':
      return toComparison(node, now);
  }
}

function toComparison(node: SyntaxComparison, now: number): Filter {
  const anywhere = freeText(node);
  if (anywhere !== undefined) return anywhere;
  const { field, type } = fieldOf(node.left, 'filter');
  const sign = node.operator.text;
  if (sign === 'IS NULL' || sign === 'IS NOT NULL') {
    return { kind: 'null-test', field, negated: sign === 'IS NOT NULL' };
  }
  const compare = (operator: CompareOperator, value: Literal): Filter => ({
    kind: 'compare',
    field,
    operator,
    value,
  });
  const literal = (operand: SyntaxOperand) => literalOf(operand, type, node.left.text, now);
  if (sign === 'IN' || sign === 'NOT IN') {
    if (node.right.length === 0) throw refuse('filter', 'A list has at least one value', node);
    if (isNumber(type) || (type === 'text or number' && node.right.every(({ kind }) => kind === 'number'))) {
      const terms = node.right.map((operand) => compare(sign === 'IN' ? '=' : '!=', literal(operand)));
      return { kind: sign === 'IN' ? 'or' : 'and', terms };
    }
    const values = node.right.map((operand) => String(checkWord(textOf(operand), type, operand)));
    return { kind: 'in', field, negated: sign === 'NOT IN', values };
  }
  if (sign === 'BETWEEN' || sign === 'NOT BETWEEN') {
    checkOrdered(node, type);
    const [least, greatest] = node.right.map(literal) as [Literal, Literal];
    if (typeof least !== typeof greatest && (typeof least === 'string' || typeof greatest === 'string')) {
      throw refuse('filter', 'Both ends of a range are texts, or both are numbers', node);
    }
    return sign === 'BETWEEN'
      ? { kind: 'and', terms: [compare('>=', least), compare('<=', greatest)] }
      : { kind: 'or', terms: [compare('<', least), compare('>', greatest)] };
  }
  const [right] = node.right;
  if (node.list || right === undefined) throw refuse('filter', `${sign} takes one value, not a list`, node);
  const negated = sign === '!~' || sign.startsWith('NOT ');
  const operator = operators[sign === '!~' ? '=~' : sign.replace(/^NOT /, '')];
  if (operator === undefined) throw refuse('filter', `${sign} is no operator`, node.operator);
  if (['like', 'ilike', 'contains', 'regex'].includes(operator)) {
    if (isNumber(type))
      throw refuse('filter', `${node.left.text} is a number, which has no ${sign}`, node.operator);
    if (operator === 'regex') checkExpression(field, right);
    const found = compare(operator, textOf(right));
    return negated
      ? {
          kind: 'and',
          terms: [
            { kind: 'null-test', field, negated: true },
            { kind: 'not', term: found },
          ],
        }
      : found;
  }
  if (operator !== '=' && operator !== '!=') checkOrdered(node, type);
  return compare(operator, checkWord(literal(right), type, right));
}

const searchedTexts: readonly Field[] = [
  { kind: 'attribute', name: 'name' },
  { kind: 'attribute', name: 'id' },
  { kind: 'attribute', name: 'user' },
  { kind: 'tag', key: 'mlflow.note.content' },
];

/** `text CONTAINS 'x'`: names, ids, users and notes. */
function freeText({ left, operator, right }: SyntaxComparison): Filter | undefined {
  const [value] = right;
  if (left.kind !== 'identifier' || left.text !== 'text') return undefined;
  if (!operator.text.endsWith('CONTAINS') || value === undefined) {
    throw refuse('filter', 'text is asked by CONTAINS', operator);
  }
  const terms = searchedTexts.map(
    (field): Filter => ({ kind: 'compare', field, operator: 'contains', value: textOf(value) }),
  );
  const found: Filter = { kind: 'or', terms };
  return operator.text === 'CONTAINS' ? found : { kind: 'not', term: found };
}

function isNumber(type: ValueType): boolean {
  return type === 'number' || type === 'instant' || type === 'duration';
}

function checkOrdered({ left, operator }: SyntaxComparison, type: ValueType): void {
  if (type !== 'state' && type !== 'status') return;
  throw refuse('filter', `${left.text} is compared with =, !=, IN and LIKE`, operator);
}

/** A wrong expression is told by its place, before anything is read. */
function checkExpression(field: Field, operand: SyntaxOperand): void {
  if (field.kind === 'dataset') throw refuse('filter', 'Datasets have no regular expressions', operand);
  try {
    new Regex(textOf(operand), 'filter');
  } catch (error) {
    if (error instanceof CairnError && error.at === undefined) throw refuse('filter', error.message, operand);
    throw error;
  }
}

function fieldOf(operand: SyntaxOperand, errorField: string): TypedField {
  if (operand.kind !== 'identifier') {
    throw refuse(errorField, `Expected a name like metrics.loss, found ${operand.text}`, operand);
  }
  const [first, ...rest] = operand.parts;
  if (rest.length === 0) return attributeOf(first!.text, operand, errorField);
  const entity = Object.hasOwn(entities, first!.text) ? entities[first!.text] : undefined;
  if (entity === undefined) {
    const known = 'metrics, params, tags, attributes or dataset';
    throw refuse(errorField, `A name begins with ${known}, not with ${first!.text}`, operand);
  }
  const last = rest.at(-1)!;
  const aggregate = aggregates.find((word) => word === last.text && last.quote === '' && rest.length > 1);
  const keyParts = entity === 'metric' && aggregate !== undefined ? rest.slice(0, -1) : rest;
  const key = keyParts.map((part) => part.text).join('.');
  if (key === '') throw refuse(errorField, `${operand.text} names no key`, operand);
  switch (entity) {
    case 'metric':
      return { field: { kind: 'metric', key, aggregate: aggregate ?? 'last' }, type: 'number' };
    case 'param':
    case 'tag':
      return { field: { kind: entity, key }, type: 'text or number' };
    case 'attribute':
      return attributeOf(key, operand, errorField);
    case 'dataset':
      if (key === 'name' || key === 'digest' || key === 'context') {
        return { field: { kind: 'dataset', name: key }, type: 'text' };
      }
      throw refuse(errorField, `A dataset has name, digest and context, no ${key}`, operand);
  }
}

function attributeOf(name: string, span: Span, errorField: string): TypedField {
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (attribute !== undefined) {
    return { field: { kind: 'attribute', name: attribute.name }, type: attribute.type };
  }
  const known = Object.keys(attributes).join(', ');
  throw refuse(errorField, `A run has no attribute ${name}; it has ${known}`, span);
}

function literalOf(operand: SyntaxOperand, type: ValueType, left: string, now: number): Literal {
  const isDigits = operand.kind === 'number';
  if (type === 'instant' || type === 'duration') {
    const value = type === 'instant' ? instantOf(operand, now) : spanOf(operand);
    if (value !== undefined) return value;
    const example =
      type === 'instant' ? "milliseconds, '2026-01-31' or -7d" : 'milliseconds or 90s, 15m, 2h, 7d';
    throw refuse('filter', `${left} is compared with a time: ${example}`, operand);
  }
  if (type === 'number' || (type === 'text or number' && isDigits)) {
    const value = numberOf(operand);
    if (value === undefined) throw refuse('filter', `${left} is compared with a number`, operand);
    return value;
  }
  if (isDigits) throw refuse('filter', `${left} is compared with a text in quotes`, operand);
  return textOf(operand);
}

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds: `90s`, `-7d`, or a plain number. */
function spanOf(operand: SyntaxOperand): number | bigint | undefined {
  const span = operand.kind === 'number' ? /^(-?[\d.]+)(ms|s|m|h|d|w)$/.exec(operand.text) : null;
  if (span !== null) return Math.round(Number(span[1]) * units[span[2] as keyof typeof units]);
  return operand.kind === 'number' ? numberOf(operand) : undefined;
}

const isoDate = /^\d{4}-\d{2}-\d{2}(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/** Milliseconds since 1970; a date is its midnight and a time without offset one of UTC; `-7d` is seven days ago. */
function instantOf(operand: SyntaxOperand, now: number): number | bigint | undefined {
  if (operand.kind === 'number') {
    const value = spanOf(operand);
    return /[a-z]$/.test(operand.text) && typeof value === 'number' ? now + value : value;
  }
  const text = textOf(operand);
  if (text === 'now') return now;
  const today = now - (((now % units.d) + units.d) % units.d);
  if (text === 'today' || text === 'yesterday') return text === 'today' ? today : today - units.d;
  const found = isoDate.exec(text);
  if (found === null) return undefined;
  const [, time = '00:00', offset = 'Z'] = found;
  const instant = Date.parse(`${text.slice(0, 10)}T${time}${offset}`);
  return Number.isNaN(instant) ? undefined : instant;
}

function textOf(operand: SyntaxOperand): string {
  if (operand.kind === 'string') return operand.text.replaceAll("''", "'");
  if (operand.kind === 'identifier' && operand.parts.length === 1 && operand.parts[0]!.quote === '"') {
    return operand.parts[0]!.text.replaceAll('""', '"');
  }
  throw refuse('filter', `A text stands in quotes: '${operand.text}'`, operand);
}

/** A whole number is exact whatever its size; the infinities are written as names or, as in JSON, as texts. */
function numberOf(operand: SyntaxOperand): number | bigint | undefined {
  if (operand.kind === 'number') {
    const number = Number(operand.text);
    if (Number.isNaN(number)) return undefined;
    return /^-?\d+$/.test(operand.text) && !Number.isSafeInteger(number) ? BigInt(operand.text) : number;
  }
  const infinity = /^(-?)inf(?:inity)?$/i.exec(operand.text);
  return infinity === null ? undefined : infinity[1] === '-' ? -Infinity : Infinity;
}

function checkWord(value: Literal, type: ValueType, span: Span): Literal {
  if (type !== 'state' && type !== 'status') return value;
  const words = Object.keys(executionStates).map((word) => (type === 'state' ? word : word.toUpperCase()));
  if (words.includes(String(value))) return value;
  throw refuse('filter', `${type} is one of ${words.join(', ')}`, span);
}

function refuse(field: string, message: string, { start, end }: Span): CairnError {
  return invalid(field, message, { start, end });
}
