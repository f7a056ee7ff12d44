/**
 * Tokens → syntax tree: which comparison stands where, joined by AND, OR, NOT and parentheses. Names, operators and
 * literals are as written; what they mean, and which pairs fit, a grammar decides (domain/search/fields/native-grammar.ts,
 * faces/mlflow/search-grammar.ts).
 *
 *   filter     := disjunct (OR disjunct)*
 *   disjunct   := term (AND term)*
 *   term       := NOT term | '(' filter ')' | comparison
 *   comparison := operand operator operand | operand [NOT] IN '(' operand (',' operand)* ')' | operand IS [NOT] NULL
 *
 * and, where the language is extended, `operand [NOT] BETWEEN operand AND operand` and `EXISTS '(' operand ')'`.
 */
import { type CairnError, invalid } from '../../kernel/errors.ts';
import { type LexOptions, lex, type NamePart, type Span, SyntaxFault, type Token } from './lexer.ts';
import { searchLimits } from './limits.ts';

export type SyntaxOperand = Span &
  (
    | { readonly kind: 'identifier'; readonly text: string; readonly parts: readonly NamePart[] }
    | { readonly kind: 'string'; readonly text: string }
    | { readonly kind: 'number'; readonly text: string }
  );

export interface SyntaxOperator extends Span {
  /** As written, words in capitals: `=`, `LIKE`, `NOT LIKE`, `IN`, `NOT IN`, `IS NULL`, `IS NOT NULL`. */
  readonly text: string;
}

export interface SyntaxComparison extends Span {
  readonly kind: 'comparison';
  readonly left: SyntaxOperand;
  readonly operator: SyntaxOperator;
  /** One literal or identifier; a parenthesised list (`list`); nothing for a null test. */
  readonly right: readonly SyntaxOperand[];
  readonly list: boolean;
}

export type SyntaxNode =
  | (Span & { readonly kind: 'and' | 'or'; readonly terms: readonly SyntaxNode[] })
  | (Span & { readonly kind: 'not'; readonly term: SyntaxNode })
  | SyntaxComparison;

export interface ParseOptions extends LexOptions {
  /** Whether clauses side by side, and an AND without a clause beside it, are read as a conjunction (MLflow). */
  readonly looseAnd: boolean;
  /** Whether EXISTS (…), BETWEEN and CONTAINS are words of the language. */
  readonly extended?: boolean;
}

const wordOperators = new Set(['LIKE', 'ILIKE', 'RLIKE', 'REGEXP']);
const reserved = new Set(['AND', 'OR', 'NOT', 'IN', 'IS', 'NULL', ...wordOperators]);
const extendedWords = new Set(['BETWEEN', 'CONTAINS', 'EXISTS']);

/** The tree of a filter's text; undefined for a text without clauses. Throws `invalid_argument` with a place. */
export function parseSyntax(text: string, options: ParseOptions): SyntaxNode | undefined {
  return new Parser(lex(text, options), options).parse();
}

export interface SyntaxOrder {
  readonly operand: SyntaxOperand & { readonly kind: 'identifier' };
  /** As written; absent when none is. */
  readonly direction?: 'asc' | 'desc';
}

/** `name [ASC | DESC]`. Throws `invalid_argument` with a place. */
export function parseSyntaxOrder(text: string, options: LexOptions): SyntaxOrder {
  return new Parser(lex(text, options), { ...options, looseAnd: false }).parseOrder();
}

class Parser {
  readonly #tokens: Iterator<Token>;
  readonly #options: ParseOptions;
  #next: Token;
  /** Where the token before `#next` ends, and its text. */
  #taken: Token;
  #clauses = 0;
  #depth = 0;

  constructor(tokens: Iterator<Token>, options: ParseOptions) {
    this.#tokens = tokens;
    this.#options = options;
    this.#next = tokens.next().value;
    this.#taken = this.#next;
  }

  parse(): SyntaxNode | undefined {
    if (this.#options.looseAnd) while (this.#takeWord('AND')) {}
    if (this.#next.kind === 'end') return undefined;
    const tree = this.#disjunction();
    const rest: Token = this.#peek();
    if (rest.kind !== 'end') throw this.#unexpected(rest, 'AND, OR or the end');
    return tree;
  }

  parseOrder(): SyntaxOrder {
    const operand = this.#operand('a name');
    if (operand.kind !== 'identifier') throw this.#unexpected(operand, 'a name');
    if (this.#next.kind === 'end') return { operand };
    const word = this.#peek();
    const direction = word.text.toLowerCase();
    if (direction !== 'asc' && direction !== 'desc') throw this.#unexpected(word, 'ASC or DESC');
    this.#take();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw this.#unexpected(rest, 'the end');
    return { operand, direction };
  }

  /** `#next` as it is now: TypeScript believes that a field stays as it was last looked at. */
  #peek(): Token {
    return this.#next;
  }

  #take(): void {
    this.#taken = this.#next;
    if (this.#next.kind !== 'end') this.#next = this.#tokens.next().value;
  }

  #takeWord(word: string): boolean {
    if (wordOf(this.#next) !== word) return false;
    this.#take();
    return true;
  }

  #takePunctuation(text: string): boolean {
    if (this.#next.kind !== 'punctuation' || this.#next.text !== text) return false;
    this.#take();
    return true;
  }

  #disjunction(): SyntaxNode {
    const terms = [this.#conjunction()];
    while (this.#takeWord('OR')) terms.push(this.#conjunction());
    return joined('or', terms);
  }

  #conjunction(): SyntaxNode {
    const terms = [this.#term()];
    for (;;) {
      if (this.#options.looseAnd) {
        while (this.#takeWord('AND')) {}
        if (!this.#startsTerm()) break;
      } else if (!this.#takeWord('AND')) break;
      terms.push(this.#term());
    }
    return joined('and', terms);
  }

  #startsTerm(): boolean {
    const token = this.#next;
    if (token.kind === 'identifier') return wordOf(token) === undefined || wordOf(token) === 'NOT';
    return token.kind === 'number' || (token.kind === 'punctuation' && token.text === '(');
  }

  #term(): SyntaxNode {
    const start = this.#next.start;
    const negated = wordOf(this.#next) === 'NOT';
    if (!negated && !(this.#next.kind === 'punctuation' && this.#next.text === '('))
      return this.#comparison();
    this.#depth += 1;
    if (this.#depth > searchLimits.depth) {
      throw this.#refuse(`A filter nests at most ${searchLimits.depth} levels deep`, this.#next);
    }
    this.#take();
    let node: SyntaxNode;
    if (negated) {
      const term = this.#term();
      node = { kind: 'not', term, start, end: term.end };
    } else {
      node = this.#disjunction();
      if (!this.#takePunctuation(')')) throw this.#unexpected(this.#next, 'a closing parenthesis');
    }
    this.#depth -= 1;
    return node;
  }

  #comparison(): SyntaxComparison {
    this.#clauses += 1;
    if (this.#clauses > searchLimits.clauses) {
      throw this.#refuse(`A filter has at most ${searchLimits.clauses} comparisons`, this.#next);
    }
    if (this.#options.extended === true && this.#word() === 'EXISTS') return this.#exists();
    const left = this.#operand('a name');
    const start = this.#next.start;
    const operator = (text: string): SyntaxOperator => ({
      text,
      start,
      end: this.#taken.end,
    });
    const build = (sign: SyntaxOperator, right: readonly SyntaxOperand[], list: boolean) => ({
      kind: 'comparison' as const,
      left,
      operator: sign,
      right,
      list,
      start: left.start,
      end: this.#taken.end,
    });

    if (this.#takeWord('IS')) {
      const text = this.#takeWord('NOT') ? 'IS NOT NULL' : 'IS NULL';
      if (!this.#takeWord('NULL')) throw this.#unexpected(this.#next, 'NULL');
      return build(operator(text), [], false);
    }
    const not = this.#takeWord('NOT') ? 'NOT ' : '';
    const word = this.#word();
    if (word === 'BETWEEN') return this.#between(left, start, not);
    if (word === 'IN') {
      this.#take();
      const sign = operator(`${not}IN`);
      return build(sign, this.#list(), true);
    }
    if (word !== undefined && (wordOperators.has(word) || word === 'CONTAINS')) this.#take();
    else if (not === '' && this.#next.kind === 'operator') this.#take();
    else throw this.#unexpected(this.#next, not === '' ? 'a comparison operator' : 'IN or LIKE');
    const sign = operator(word === undefined ? this.#taken.text : not + word);
    if (this.#next.kind === 'punctuation' && this.#next.text === '(') return build(sign, this.#list(), true);
    return build(sign, [this.#operand('a value')], false);
  }

  #exists(): SyntaxComparison {
    const { start } = this.#next;
    this.#take();
    const operator: SyntaxOperator = { text: 'IS NOT NULL', start, end: this.#taken.end };
    if (!this.#takePunctuation('(')) throw this.#unexpected(this.#next, 'a name in parentheses');
    const left = this.#operand('a name');
    if (!this.#takePunctuation(')')) throw this.#unexpected(this.#next, 'a closing parenthesis');
    return { kind: 'comparison', left, operator, right: [], list: false, start, end: this.#taken.end };
  }

  #between(left: SyntaxOperand, start: number, not: string): SyntaxComparison {
    this.#take();
    const operator: SyntaxOperator = { text: `${not}BETWEEN`, start, end: this.#taken.end };
    const least = this.#operand('a value');
    if (!this.#takeWord('AND')) throw this.#unexpected(this.#next, 'AND and the greater value');
    const right = [least, this.#operand('a value')];
    return {
      kind: 'comparison',
      left,
      operator,
      right,
      list: false,
      start: left.start,
      end: this.#taken.end,
    };
  }

  /** The word of the language that comes next. */
  #word(): string | undefined {
    const word = wordOf(this.#next);
    if (word !== undefined || this.#options.extended !== true || this.#next.kind !== 'identifier')
      return word;
    const [part] = this.#next.parts;
    const text = this.#next.text.toUpperCase();
    return this.#next.parts.length === 1 && part!.quote === '' && extendedWords.has(text) ? text : undefined;
  }

  #list(): SyntaxOperand[] {
    const open = this.#next;
    if (!this.#takePunctuation('(')) throw this.#unexpected(open, 'a list in parentheses');
    const items: SyntaxOperand[] = [];
    while (!this.#takePunctuation(')')) {
      if (items.length > 0 && !this.#takePunctuation(',')) throw this.#unexpected(this.#next, 'a comma');
      // A trailing comma is let through, as Python's tuples have one.
      if (items.length > 0 && this.#takePunctuation(')')) break;
      items.push(this.#operand('a value'));
    }
    return items;
  }

  #operand(wanted: string): SyntaxOperand {
    const token = this.#next;
    if (token.kind !== 'identifier' && token.kind !== 'string' && token.kind !== 'number') {
      throw this.#unexpected(token, wanted);
    }
    const word = wordOf(token);
    if (word !== undefined && (wanted === 'a name' || word !== 'NULL')) throw this.#unexpected(token, wanted);
    this.#take();
    return token;
  }

  #unexpected(token: Token, wanted: string): CairnError {
    const found = token.kind === 'end' ? 'the end' : token.kind === 'string' ? `'${token.text}'` : token.text;
    return new SyntaxFault(this.#options.field, `Expected ${wanted}, found ${found}`, token);
  }

  #refuse(message: string, { start, end }: Span): CairnError {
    return invalid(this.#options.field, message, { start, end });
  }
}

/** The reserved word a token is, in capitals. Quoted or dotted names are none. */
function wordOf(token: Token): string | undefined {
  if (token.kind !== 'identifier' || token.parts.length !== 1 || token.parts[0]!.quote !== '')
    return undefined;
  const word = token.text.toUpperCase();
  return reserved.has(word) ? word : undefined;
}

function joined(kind: 'and' | 'or', terms: readonly SyntaxNode[]): SyntaxNode {
  if (terms.length === 1) return terms[0]!;
  return { kind, terms, start: terms[0]!.start, end: terms.at(-1)!.end };
}
