/**
 * The native language of filters and orders (docs/guide/search.md): MLflow's words, and `metrics.<key>.<aggregate>`,
 * numbers against params and tags, comparisons of texts, IN everywhere, OR, NOT, parentheses, IS NULL.
 */
import {
  aggregates,
  type CompareOperator,
  type Field,
  type Filter,
  type Literal,
  type Order,
} from '../../engines/search/ast.ts';
import type { Span } from '../../engines/search/lexer.ts';
import {
  parseSyntax,
  parseSyntaxOrder,
  type SyntaxComparison,
  type SyntaxNode,
  type SyntaxOperand,
} from '../../engines/search/parser.ts';
import { type CairnError, invalid } from '../../kernel/errors.ts';
import { executionStates } from '../graph/index.ts';

/** Every spelling of an attribute → its name in the layout and what it is compared with. */
const attributes: Readonly<Record<string, { name: string; type: 'text' | 'number' | 'state' | 'status' }>> = {
  id: { name: 'id', type: 'text' },
  run_id: { name: 'id', type: 'text' },
  name: { name: 'name', type: 'text' },
  run_name: { name: 'name', type: 'text' },
  user: { name: 'user', type: 'text' },
  user_id: { name: 'user', type: 'text' },
  state: { name: 'state', type: 'state' },
  status: { name: 'status', type: 'status' },
  started: { name: 'started', type: 'number' },
  start_time: { name: 'started', type: 'number' },
  ended: { name: 'ended', type: 'number' },
  end_time: { name: 'ended', type: 'number' },
  created: { name: 'created', type: 'number' },
  updated: { name: 'updated', type: 'number' },
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
};

type ValueType = 'text' | 'number' | 'text or number' | 'state' | 'status';

interface TypedField {
  readonly field: Field;
  readonly type: ValueType;
}

/** `invalid_argument` on `filter` with the place in the text; an empty text is every run. */
export function parseNativeFilter(text: string): Filter {
  const tree = parseSyntax(text, { field: 'filter', backslashQuotes: false, looseAnd: false });
  return tree === undefined ? { kind: 'and', terms: [] } : toFilter(tree);
}

/** One key of an order: `metrics.loss.min asc`. `invalid_argument` on `field` with the place in the text. */
export function parseNativeOrder(text: string, field = 'order'): Order {
  const { operand, direction } = parseSyntaxOrder(text, { field, backslashQuotes: false });
  const typed = fieldOf(operand, field);
  if (typed.field.kind === 'dataset') throw refuse(field, 'Runs have no order by datasets', operand);
  return { field: typed.field, descending: direction === 'desc', natural: true };
}

function toFilter(node: SyntaxNode): Filter {
  switch (node.kind) {
    case 'and':
    case 'or':
      return { kind: node.kind, terms: node.terms.map(toFilter) };
    case 'not':
      return { kind: 'not', term: toFilter(node.term) };
    case 'comparison':
      return toComparison(node);
  }
}

function toComparison(node: SyntaxComparison): Filter {
  const { field, type } = fieldOf(node.left, 'filter');
  const sign = node.operator.text;
  if (sign === 'IS NULL' || sign === 'IS NOT NULL') {
    return { kind: 'null-test', field, negated: sign === 'IS NOT NULL' };
  }
  if (sign === 'IN' || sign === 'NOT IN') {
    if (type === 'number')
      throw refuse('filter', `${node.left.text} is a number, which has no IN`, node.operator);
    if (node.right.length === 0) throw refuse('filter', 'A list has at least one value', node);
    const values = node.right.map((operand) => String(checkWord(textOf(operand), type, operand)));
    return { kind: 'in', field, negated: sign === 'NOT IN', values };
  }
  const operator = operators[sign];
  if (operator === undefined) throw refuse('filter', `${sign} is no operator`, node.operator);
  const [right] = node.right;
  if (node.list || right === undefined) throw refuse('filter', `${sign} takes one value, not a list`, node);
  const isPattern = operator === 'like' || operator === 'ilike';
  const value = literalOf(right, isPattern ? 'text' : type, node.left.text);
  if (isPattern && type === 'number') {
    throw refuse('filter', `${node.left.text} is a number, which has no ${sign}`, node.operator);
  }
  if (!isPattern && (type === 'state' || type === 'status')) {
    if (operator !== '=' && operator !== '!=') {
      throw refuse('filter', `${node.left.text} is compared with =, !=, IN and LIKE`, node.operator);
    }
    checkWord(value, type, right);
  }
  return { kind: 'compare', field, operator, value };
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

function literalOf(operand: SyntaxOperand, type: ValueType, left: string): Literal {
  const isNumber = operand.kind === 'number';
  if (type === 'number' || (type === 'text or number' && isNumber)) {
    const value = numberOf(operand);
    if (value === undefined) throw refuse('filter', `${left} is compared with a number`, operand);
    return value;
  }
  if (isNumber) throw refuse('filter', `${left} is compared with a text in quotes`, operand);
  return textOf(operand);
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
