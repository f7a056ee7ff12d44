/**
 * Text → tokens with their place in the text (UTF-16 units). One lexer for all grammars: it is generous (`metrics.f1-score`
 * is one identifier), and a grammar that is stricter looks at the parts. Linear in the length of the text.
 */
import { CairnError, invalid } from '../../kernel/errors.ts';
import { searchLimits } from './limits.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text is not of the language, as opposed to beyond one of its limits. A face may word it in its own way. */
export class SyntaxFault extends CairnError {
  constructor(field: string, message: string, { start, end }: Span) {
    super('invalid_argument', message, { field, at: { start, end } });
    this.name = 'SyntaxFault';
  }
}

/** One part of a dotted name: `metrics` and `loss` of `metrics.loss`; quoted in backticks or double quotes or not. */
export interface NamePart {
  readonly text: string;
  readonly quote: '' | '`' | '"';
}

export type Token = Span &
  (
    | { readonly kind: 'identifier'; readonly text: string; readonly parts: readonly NamePart[] }
    /** `text` is what stands between the quotes, as written. */
    | { readonly kind: 'string'; readonly text: string }
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'operator'; readonly text: string }
    | { readonly kind: 'punctuation'; readonly text: '(' | ')' | ',' | ';' }
    | { readonly kind: 'end'; readonly text: '' }
  );

export interface LexOptions {
  /** What an error names: `filter`, `order[0]`. */
  readonly field: string;
  /** Whether `\'` inside a string does not end it (MLflow). `''` never does. */
  readonly backslashQuotes: boolean;
  /** Whether `-7d` is a number with its unit. */
  readonly durations?: boolean;
}

const whitespace = /\s+/uy;
const firstWord = /[\p{L}_][\p{L}\p{N}\p{M}_$#@]*/uy;
const laterWord = /[\p{L}\p{N}\p{M}_$#@:/-]+/uy;
const backticked = /`([^`]*)`/y;
const doubleQuoted = /"((?:""|\\"|[^"])*)"/y;
const string = /'((?:''|[^'])*)'/y;
const backslashString = /'((?:''|\\'|[^'])*)'/y;
const number =
  /-inf(?:inity)?(?![\p{L}\p{N}_.])|-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.])/iuy;
const duration = /-?\d+(?:\.\d+)?(?:ms|s|m|h|d|w)(?![\p{L}\p{N}_.])/uy;
const operator = /[<>=~!]+/y;

/** The tokens as they are asked for, the last one of kind `end`. Throws `invalid_argument` where the text is no token. */
export function* lex(text: string, options: LexOptions): Generator<Token, undefined> {
  const { field } = options;
  if (text.length > searchLimits.filterLength) {
    throw invalid(field, `A filter has at most ${searchLimits.filterLength} characters`);
  }
  if (!text.isWellFormed()) throw invalid(field, 'The text holds an unpaired surrogate');
  let position = 0;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position = pattern.lastIndex;
    return found;
  };

  const namePart = (word: RegExp): NamePart | undefined => {
    const backticks = match(backticked);
    if (backticks !== null) return { text: backticks[1]!, quote: '`' };
    const quotes = match(doubleQuoted);
    if (quotes !== null) return { text: quotes[1]!, quote: '"' };
    const plain = match(word);
    return plain === null ? undefined : { text: plain[0], quote: '' };
  };

  for (;;) {
    match(whitespace);
    const start = position;
    if (start >= text.length) {
      yield { kind: 'end', text: '', start, end: start };
      return;
    }
    const first = namePart(firstWord);
    if (first !== undefined) {
      const parts = [first];
      while (text[position] === '.') {
        position += 1;
        parts.push(namePart(laterWord) ?? { text: '', quote: '' });
      }
      yield { kind: 'identifier', text: text.slice(start, position), parts, start, end: position };
      continue;
    }
    const quoted = match(options.backslashQuotes ? backslashString : string);
    if (quoted !== null) {
      yield { kind: 'string', text: quoted[1]!, start, end: position };
      continue;
    }
    const digits = (options.durations === true ? match(duration) : null) ?? match(number);
    if (digits !== null) {
      yield { kind: 'number', text: digits[0], start, end: position };
      continue;
    }
    const sign = match(operator);
    if (sign !== null) {
      yield { kind: 'operator', text: sign[0], start, end: position };
      continue;
    }
    const letter = text[start]!;
    if (letter === '(' || letter === ')' || letter === ',' || letter === ';') {
      position += 1;
      yield { kind: 'punctuation', text: letter, start, end: position };
      continue;
    }
    throw unreadable(field, text, start);
  }
}

function unreadable(field: string, text: string, start: number) {
  const letter = String.fromCodePoint(text.codePointAt(start)!);
  if (letter === "'" || letter === '"' || letter === '`') {
    return new SyntaxFault(field, `A quote (${letter}) is opened and not closed`, {
      start,
      end: text.length,
    });
  }
  return new SyntaxFault(field, `Unexpected ${JSON.stringify(letter)}`, {
    start,
    end: start + letter.length,
  });
}
