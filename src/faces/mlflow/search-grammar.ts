/**
 * MLflow's language of filters and orders, on the parser of our own: which names, operators and literals go together, in
 * the words that clients and their tests match. OR, NOT and parentheses are let through beyond it. What the released
 * server accepts and answers is recorded in search-grammar.test.ts.
 */
import {
  type CompareOperator,
  type Field,
  type Filter,
  type Literal,
  type Order,
  parseSyntax,
  type SyntaxComparison,
  SyntaxFault,
  type SyntaxNode,
  type SyntaxOperand,
} from '../../domain/search/index.ts';
import { type CairnError, invalid } from '../../kernel/errors.ts';

/** Undefined for a filter without clauses: every run. */
export function parseMlflowRunFilter(text: string): Filter | undefined {
  return new FilterReader(text, runRules).read();
}

export function parseMlflowExperimentFilter(text: string): Filter | undefined {
  return new FilterReader(text, experimentRules).read();
}

export function parseMlflowRunOrder(clauses: readonly string[]): Order[] {
  const orders = clauses.map((clause) => parseOrder(clause, runRules));
  const seen = new Set(orders.map((order) => JSON.stringify(order.field)));
  if (seen.size < orders.length) {
    const list = clauses.map(quoted).join(', ');
    throw invalid('order_by', `\`order_by\` contains duplicate fields: [${list}]`);
  }
  return orders;
}

export function parseMlflowExperimentOrder(clauses: readonly string[]): Order[] {
  return clauses.map((clause) => parseOrder(clause, experimentRules));
}

type Entity = 'metric' | 'parameter' | 'tag' | 'attribute' | 'dataset';

interface Name {
  readonly entity: Entity;
  readonly key: string;
}

interface Attribute {
  /** Its name in the layouts of domain/search. */
  readonly name: string;
  readonly type: 'text' | 'number' | 'experiment id';
}

/** What differs between runs and experiments. */
interface Rules {
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Those an order may name. */
  readonly ordered: readonly string[];
  /** Attributes that take a list. */
  readonly listKeys: readonly string[];
  entity(word: string): Entity;
  /** Refuses IS NULL where MLflow does. */
  nullTest(name: Name): string | undefined;
}

const entityAliases: Readonly<Record<string, Entity>> = {
  metric: 'metric',
  metrics: 'metric',
  parameter: 'parameter',
  parameters: 'parameter',
  param: 'parameter',
  params: 'parameter',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
};

const datasetKeys = ['name', 'digest', 'context'] as const;

const runRules: Rules = {
  attributes: {
    run_id: { name: 'id', type: 'text' },
    run_name: { name: 'name', type: 'text' },
    'run name': { name: 'name', type: 'text' },
    'Run name': { name: 'name', type: 'text' },
    'Run Name': { name: 'name', type: 'text' },
    user_id: { name: 'user', type: 'text' },
    status: { name: 'status', type: 'text' },
    artifact_uri: { name: 'artifactUri', type: 'text' },
    start_time: { name: 'started', type: 'number' },
    end_time: { name: 'ended', type: 'number' },
    created: { name: 'started', type: 'number' },
    Created: { name: 'started', type: 'number' },
  },
  ordered: [
    'run_id',
    'run_name',
    'user_id',
    'status',
    'artifact_uri',
    'start_time',
    'end_time',
    'created',
    'Created',
  ],
  listKeys: ['run_id'],
  entity(word) {
    const bare = unwrapped(word, '`');
    const entity = Object.hasOwn(entityAliases, bare) ? entityAliases[bare] : undefined;
    if (entity !== undefined) return entity;
    throw refuse(
      `Invalid entity type '${bare}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']`,
    );
  },
  nullTest({ entity, key }) {
    if (entity === 'tag' || entity === 'parameter') return undefined;
    return `IS NULL / IS NOT NULL is only supported for tags and params, not for '${entity}' '${key}'`;
  },
};

const experimentRules: Rules = {
  attributes: {
    name: { name: 'name', type: 'text' },
    experiment_id: { name: 'id', type: 'experiment id' },
    creation_time: { name: 'created', type: 'number' },
    last_update_time: { name: 'updated', type: 'number' },
  },
  ordered: ['name', 'experiment_id', 'creation_time', 'last_update_time'],
  listKeys: ['experiment_id'],
  entity(word) {
    if (word === 'attribute') return 'attribute';
    if (word === 'tag' || word === 'tags') return 'tag';
    throw refuse(`Invalid entity type '${word}'. Valid entity types are ('attribute', 'tag', 'tags')`);
  },
  nullTest({ entity, key }) {
    if (entity === 'tag') return undefined;
    return `IS NULL / IS NOT NULL is only supported for tags, not for attribute '${key}'`;
  },
};

const numberOperators = ['=', '!=', '>', '>=', '<', '<='];
const textOperators = ['=', '!=', 'LIKE', 'ILIKE'];
const listOperators = [...textOperators, 'IN', 'NOT IN'];

const toOperator: Readonly<Record<string, CompareOperator>> = {
  '=': '=',
  '!=': '!=',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
  LIKE: 'like',
  ILIKE: 'ilike',
};

class FilterReader {
  readonly #text: string;
  readonly #rules: Rules;

  constructor(text: string, rules: Rules) {
    this.#text = text;
    this.#rules = rules;
  }

  read(): Filter | undefined {
    const tree = this.#parse();
    return tree && this.#filter(tree);
  }

  #parse(): SyntaxNode | undefined {
    try {
      return parseSyntax(this.#text, { field: 'filter', backslashQuotes: true, looseAnd: true });
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      const { start, end } = error.at ?? { start: 0, end: 0 };
      if (this.#text[start] === ';' && this.#text.slice(end).trim() !== '') {
        const text = quoted(this.#text);
        throw refuse(`Search filter contained multiple expression ${text}. Provide AND-ed expression list.`);
      }
      throw badClause(this.#text.slice(start, end) || this.#text);
    }
  }

  #filter(node: SyntaxNode): Filter {
    if (node.kind === 'comparison') return this.#comparison(node);
    if (node.kind === 'not') return { kind: 'not', term: this.#filter(node.term) };
    return { kind: node.kind, terms: node.terms.map((term) => this.#filter(term)) };
  }

  #comparison(node: SyntaxComparison): Filter {
    const name = nameOf(identifierText(node.left), this.#rules, Object.keys(this.#rules.attributes));
    const operator = node.operator.text;
    if (operator === 'IS NULL' || operator === 'IS NOT NULL') {
      const why = this.#rules.nullTest(name);
      if (why !== undefined) throw refuse(why);
      return { kind: 'null-test', field: fieldOf(name, this.#rules), negated: operator === 'IS NOT NULL' };
    }
    const value = this.#value(node, name);
    const allowed = operatorsOf(name, this.#rules);
    const isList = operator === 'IN' || operator === 'NOT IN';
    if (!allowed.includes(operator)) {
      const list = allowed.map((sign) => `'${sign}'`).join(', ');
      throw refuse(`Invalid comparator '${operator}' not one of '{${list}}'`);
    }
    if (isList !== Array.isArray(value)) throw badClause(this.#text.slice(node.start, node.end));
    const field = fieldOf(name, this.#rules);
    if (Array.isArray(value)) return { kind: 'in', field, negated: operator === 'NOT IN', values: value };
    return { kind: 'compare', field, operator: toOperator[operator]!, value: value as Literal };
  }

  /** The literal on the right, as the name on the left wants it. */
  #value(node: SyntaxComparison, { entity, key }: Name): Literal | string[] {
    const raw = this.#text.slice(node.operator.end, node.end).trim();
    const single = node.list ? undefined : node.right[0];
    const numeric = (what: string): Literal => {
      if (single?.kind !== 'number' || /inf/i.test(single.text)) throw refuse(`${what}. Found ${raw}`);
      return numberOf(single.text);
    };
    switch (entity) {
      case 'metric':
        return Number(numeric('Expected numeric value type for metric'));
      case 'parameter':
      case 'tag':
        if (single === undefined || isNumberOrNull(single)) {
          throw refuse(`Expected a quoted string value for ${entity} (e.g. 'my-value'). Got value ${raw}`);
        }
        return unquoted(single);
      case 'attribute': {
        const { type } = this.#rules.attributes[key]!;
        if (type === 'number') {
          const value = numeric(`Expected numeric value type for numeric attribute: ${key}`);
          if (this.#rules === experimentRules && !Number.isInteger(Number(value))) {
            throw refuse(`Invalid value for numeric attribute '${key}': '${raw}'`);
          }
          return value;
        }
        if (node.list && !this.#rules.listKeys.includes(key)) {
          const keys = this.#rules.listKeys.map((word) => `'${word}'`).join(', ');
          throw refuse(`Only [${keys}] attributes support comparison with a list of quoted string values.`);
        }
        const value = this.#texts(node, raw, 'Expected a quoted string value for attributes');
        if (type !== 'experiment id') return value;
        return Array.isArray(value) ? value.map(experimentNumber) : experimentNumber(value);
      }
      case 'dataset':
        return this.#texts(node, raw, 'Expected a quoted string value for dataset attributes');
    }
  }

  #texts(node: SyntaxComparison, raw: string, expected: string): string | string[] {
    if (node.list) return textsOf(node.right, raw);
    const single = node.right[0]!;
    if (isNumberOrNull(single)) throw refuse(`${expected}. Got value ${raw}`);
    return unquoted(single);
  }
}

/** The name as written; MLflow's lexer knows fewer characters in one than ours. */
function identifierText(operand: SyntaxOperand): string {
  if (operand.kind === 'string') throw noIdentifier(`'${operand.text}'`);
  if (operand.kind === 'number') throw noIdentifier(operand.text);
  for (const { text, quote } of operand.parts) {
    if (quote !== '') continue;
    if (/[-/]/.test(text)) throw noIdentifier(operand.text);
    if (/[:@]|^\d+$/.test(text)) throw badClause(operand.text);
  }
  return operand.text;
}

/** `metrics.loss` → metric, `loss`. Parts at the first dot, whatever is quoted. */
function nameOf(text: string, rules: Rules, attributes: readonly string[]): Name {
  const dot = text.indexOf('.');
  const entity = dot === -1 ? 'attribute' : rules.entity(text.slice(0, dot));
  const written = text.slice(dot + 1);
  const key = unwrapped(unwrapped(unwrapped(written, "'"), '"'), '`');
  const known = entity === 'attribute' ? attributes : entity === 'dataset' ? datasetKeys : undefined;
  if (known !== undefined && !(known as readonly string[]).includes(key)) {
    const list = known.map((word) => `'${word}'`).join(', ');
    throw refuse(`Invalid ${entity} key '${key}' specified. Valid keys are '{${list}}'`);
  }
  return { entity, key };
}

function fieldOf({ entity, key }: Name, rules: Rules): Field {
  switch (entity) {
    case 'metric':
      return { kind: 'metric', key, aggregate: 'last' };
    case 'parameter':
      return { kind: 'param', key };
    case 'tag':
      return { kind: 'tag', key };
    case 'attribute':
      return { kind: 'attribute', name: rules.attributes[key]!.name };
    case 'dataset':
      return { kind: 'dataset', name: key as (typeof datasetKeys)[number] };
  }
}

function operatorsOf({ entity, key }: Name, rules: Rules): readonly string[] {
  if (entity === 'metric') return numberOperators;
  if (entity === 'dataset') return listOperators;
  if (entity !== 'attribute') return textOperators;
  const { type } = rules.attributes[key]!;
  if (type === 'number') return numberOperators;
  if (type === 'experiment id') return ['=', '!=', 'IN', 'NOT IN'];
  return rules.listKeys.includes(key) ? listOperators : textOperators;
}

function isNumberOrNull(operand: SyntaxOperand): boolean {
  return (
    operand.kind === 'number' || (operand.kind === 'identifier' && operand.text.toUpperCase() === 'NULL')
  );
}

/** A text as written: MLflow takes away the outer quotes and nothing else. */
function unquoted(operand: SyntaxOperand): string {
  if (operand.kind === 'string') return operand.text;
  if (operand.kind === 'identifier' && operand.parts.length === 1 && operand.parts[0]!.quote === '"') {
    return operand.parts[0]!.text;
  }
  throw refuse(
    `Parameter value is either not quoted or unidentified quote types used for string value ${operand.text}. Use either single or double quotes.`,
  );
}

function textsOf(operands: readonly SyntaxOperand[], raw: string): string[] {
  const trouble = 'While parsing a list in the query, expected';
  if (operands.length === 0) {
    throw refuse(`${trouble} a non-empty list of string values, but got empty list`);
  }
  // Python prints a list of one with a comma.
  const tuple = operands.length === 1 ? raw.replace(/,?\s*\)$/, ',)') : raw;
  return operands.map((operand) => {
    if (operand.kind === 'string') return operand.text;
    if (operand.kind === 'number') {
      throw refuse(
        `${trouble} string value, punctuation, or whitespace, but got different type in list: ${tuple}`,
      );
    }
    if (operand.parts.length === 1 && operand.parts[0]!.quote === '"') return operand.parts[0]!.text;
    throw refuse(`${trouble} a non-empty list of string values, but got ill-formed list.`);
  });
}

function experimentNumber(text: string): string {
  if (/^\s*[+-]?\d{1,64}\s*$/.test(text)) return String(BigInt(text.trim().replace(/^\+/, '')));
  throw refuse(`Invalid experiment ID '${text}'. Experiment ID must be a valid integer.`);
}

function numberOf(text: string): Literal {
  const number = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

const orderClause =
  /^((?:`[^`]*`|"[^"]*"|[\p{L}_][\p{L}\p{M}\p{N}_$#]*)(?:\.(?:(?:`[^`]*`)+|"[^"]*"|'[^']*'|(?!\d+(?:[.\s]|$))[\p{L}\p{M}\p{N}_$#]*))*)(?:\s+(\S.*))?$/su;

function parseOrder(clause: string, rules: Rules): Order {
  const unreadable = () => refuse(`Invalid order_by clause '${clause}'. Could not be parsed.`, 'order_by');
  const found = clause.length > 2000 ? null : orderClause.exec(clause);
  if (found === null) throw unreadable();
  const [, name = '', direction = ''] = found;
  if (/^(?:asc|desc)$/i.test(name) || /[\s,<>=!;]/.test(direction)) throw unreadable();
  if (direction !== '' && !/^(?:asc|desc)$/i.test(direction)) {
    throw refuse(`Invalid ordering key in order_by clause '${clause}'.`, 'order_by');
  }
  // With a direction MLflow reads the name like a shell word, in which quotes vanish wherever they stand.
  const plain = direction === '' ? name : name.replace(/[`"']/g, '');
  const { entity, key } = nameOf(plain, rules, rules.ordered);
  if (entity === 'dataset') throw refuse("Invalid identifier type 'dataset'", 'order_by');
  if (rules === experimentRules && entity === 'tag') {
    throw refuse('Invalid order_by entity: tag', 'order_by');
  }
  return {
    field: fieldOf({ entity, key }, rules),
    descending: direction.toLowerCase() === 'desc',
    natural: false,
  };
}

function unwrapped(text: string, quote: string): string {
  return text.length >= 2 && text.startsWith(quote) && text.endsWith(quote) ? text.slice(1, -1) : text;
}

/** A text as Python prints it. */
function quoted(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`;
}

function noIdentifier(found: string): CairnError {
  return refuse(`Invalid comparison clause. Expected 'Identifier' found '${found}'`);
}

function badClause(clause: string): CairnError {
  return refuse(`Invalid clause(s) in filter string: '${clause}'`);
}

function refuse(message: string, field = 'filter'): CairnError {
  return invalid(field, message);
}
