/**
 * MLflow's language of filters and orders, on the parser of our own: which names, operators and literals go together, in
 * the words that clients and their tests match. OR, NOT and parentheses are let through beyond it. What the released
 * server accepts and answers is recorded in search-grammar.test.ts.
 */
import {
  type CompareOperator,
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
import { modelRules } from './model-search-names.ts';
import {
  registeredOrderRules,
  registeredRules,
  versionOrderRules,
  versionRules,
} from './registry-search-names.ts';
import {
  experimentRules,
  fieldOf,
  type Name,
  nameOf,
  operatorsOf,
  type Rules,
  refuse,
  runRules,
} from './search-names.ts';

/** Undefined for a filter without clauses: every run. */
export function parseMlflowRunFilter(text: string): Filter | undefined {
  return new FilterReader(text, runRules).read();
}

export function parseMlflowExperimentFilter(text: string): Filter | undefined {
  return new FilterReader(text, experimentRules).read();
}

export function parseMlflowModelFilter(text: string): Filter | undefined {
  return new FilterReader(text, modelRules).read();
}

export function parseMlflowRegisteredFilter(text: string): Filter | undefined {
  return new FilterReader(text, registeredRules).read();
}

export function parseMlflowVersionFilter(text: string): Filter | undefined {
  return new FilterReader(text, versionRules).read();
}

export function parseMlflowRunOrder(clauses: readonly string[]): Order[] {
  return distinctOrders(clauses, runRules);
}

export function parseMlflowRegisteredOrder(clauses: readonly string[]): Order[] {
  return distinctOrders(clauses, registeredOrderRules);
}

export function parseMlflowVersionOrder(clauses: readonly string[]): Order[] {
  // Unless asked for, what was changed last comes first.
  return distinctOrders(clauses.length === 0 ? ['last_updated_timestamp DESC'] : clauses, versionOrderRules);
}

function distinctOrders(clauses: readonly string[], rules: Rules): Order[] {
  const orders = clauses.map((clause) => parseOrder(clause, rules));
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
      const other = this.#rules.badOperator?.(name, operator, allowed);
      if (other !== undefined) throw refuse(other);
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
        if (node.list && this.#rules.listsEverywhere) return textsOf(node.right, raw);
        if (single === undefined || isNumberOrNull(single)) {
          throw refuse(`Expected a quoted string value for ${entity} (e.g. 'my-value'). Got value ${raw}`);
        }
        return unquoted(single);
      case 'attribute': {
        const { type } = this.#rules.attributes[key]!;
        if (type === 'whole number') return wholeNumber(key, single, raw);
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
        const texts = this.#texts(node, raw, 'Expected a quoted string value for attributes');
        const stored = (text: string) => this.#rules.word?.(key, text) ?? text;
        const value = Array.isArray(texts) ? texts.map(stored) : stored(texts);
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

function wholeNumber(key: string, operand: SyntaxOperand | undefined, raw: string): Literal {
  const text = operand?.kind === 'identifier' ? unquoted(operand) : operand?.text;
  if (text !== undefined && /^\s*[+-]?\d+\s*$/.test(text)) return numberOf(text.trim().replace(/^\+/, ''));
  throw refuse(`Invalid value for numeric attribute '${key}': ${raw}`);
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
  if (rules !== runRules && entity === 'tag') {
    throw refuse('Invalid order_by entity: tag', 'order_by');
  }
  return {
    field: fieldOf({ entity, key }, rules),
    descending: direction.toLowerCase() === 'desc',
    natural: false,
  };
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
