/** The text of a regular expression → its parts. Which language: regex.ts. */
import { invalid } from '../../kernel/errors.ts';
import { searchLimits } from './limits.ts';

export type RegexNode =
  | { readonly kind: 'letter'; matches(code: number): boolean }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'word' | 'no-word' }
  | { readonly kind: 'sequence'; readonly nodes: readonly RegexNode[] }
  | { readonly kind: 'any-of'; readonly nodes: readonly RegexNode[] }
  /** `most` absent: any number. */
  | { readonly kind: 'repeat'; readonly node: RegexNode; readonly least: number; readonly most?: number };

type Matches = (code: number) => boolean;

/** Times a part may be repeated by number. */
const mostRepeats = 200;

export function parseRegex(pattern: string, field: string): { node: RegexNode; fold: boolean } {
  if (pattern.length > searchLimits.patternLength) {
    throw invalid(field, `A pattern is longer than ${searchLimits.patternLength} characters`);
  }
  const fold = pattern.startsWith('(?i)');
  return { node: new Parser(fold ? pattern.slice(4) : pattern, fold, field).parse(), fold };
}

class Parser {
  readonly #letters: readonly string[];
  readonly #fold: boolean;
  readonly #field: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string, fold: boolean, field: string) {
    this.#letters = [...pattern];
    this.#fold = fold;
    this.#field = field;
  }

  parse(): RegexNode {
    const node = this.#alternatives();
    if (this.#at < this.#letters.length) throw this.#refuse('a closing parenthesis without an opening one');
    return node;
  }

  #alternatives(): RegexNode {
    const nodes = [this.#sequence()];
    while (this.#take('|')) nodes.push(this.#sequence());
    return nodes.length === 1 ? nodes[0]! : { kind: 'any-of', nodes };
  }

  #sequence(): RegexNode {
    const nodes: RegexNode[] = [];
    for (;;) {
      const letter = this.#letters[this.#at];
      if (letter === undefined || letter === '|' || letter === ')') break;
      nodes.push(this.#repeated(this.#atom()));
    }
    return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes };
  }

  #repeated(node: RegexNode): RegexNode {
    const times = this.#times();
    if (times === undefined) return node;
    if (node.kind === 'assert') throw this.#refuse('an anchor that is repeated');
    this.#take('?');
    if (this.#times() !== undefined) throw this.#refuse('two quantifiers side by side');
    return { kind: 'repeat', node, ...times };
  }

  #times(): { least: number; most?: number } | undefined {
    if (this.#take('*')) return { least: 0 };
    if (this.#take('+')) return { least: 1 };
    if (this.#take('?')) return { least: 0, most: 1 };
    const braces = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#letters.slice(this.#at, this.#at + 16).join(''));
    if (braces === null) return undefined;
    this.#at += braces[0].length;
    const least = Number(braces[1]);
    const most = braces[2] === undefined ? least : braces[3] === '' ? undefined : Number(braces[3]);
    if (least > mostRepeats || (most !== undefined && (most > mostRepeats || most < least))) {
      throw this.#refuse(`a number of repeats beyond ${mostRepeats}, or out of order`);
    }
    return most === undefined ? { least } : { least, most };
  }

  #atom(): RegexNode {
    const letter = this.#letters[this.#at++]!;
    switch (letter) {
      case '.':
        return { kind: 'letter', matches: (code) => code !== 10 && code !== 13 };
      case '^':
        return { kind: 'assert', what: 'start' };
      case '$':
        return { kind: 'assert', what: 'end' };
      case '(':
        return this.#group();
      case '[':
        return { kind: 'letter', matches: this.#class() };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw this.#refuse('a quantifier of nothing');
      default:
        return this.#letter(letter.codePointAt(0)!);
    }
  }

  #group(): RegexNode {
    if (this.#take('?') && !this.#take(':')) throw this.#refuse('a group other than ( ) and (?: )');
    this.#depth += 1;
    if (this.#depth > searchLimits.depth)
      throw this.#refuse(`more than ${searchLimits.depth} groups in each other`);
    const node = this.#alternatives();
    if (!this.#take(')')) throw this.#refuse('a group that is not closed');
    this.#depth -= 1;
    return node;
  }

  #escape(): RegexNode {
    const next = this.#letters[this.#at];
    if (next === 'b' || next === 'B') {
      this.#at += 1;
      return { kind: 'assert', what: next === 'b' ? 'word' : 'no-word' };
    }
    const set = this.#set();
    return set === undefined ? this.#letter(this.#code()) : { kind: 'letter', matches: set };
  }

  /** After a backslash: a named set. */
  #set(): Matches | undefined {
    const name = this.#letters[this.#at] ?? '';
    const set = sets[name.toLowerCase()];
    if (set === undefined) return undefined;
    this.#at += 1;
    return name === name.toLowerCase() ? set : (code) => !set(code);
  }

  /** After a backslash: one character. */
  #code(): number {
    const name = this.#letters[this.#at++];
    if (name === undefined) throw this.#refuse('a backslash at the end');
    const control = 'tnrfv'.indexOf(name);
    if (control >= 0) return [9, 10, 13, 12, 11][control]!;
    if (name === 'x' || name === 'u') {
      const rest = this.#letters.slice(this.#at, this.#at + 10).join('');
      const found = (name === 'x' ? /^([0-9a-f]{2})/i : /^([0-9a-f]{4})|^\{([0-9a-f]{1,6})\}/i).exec(rest);
      const code = Number.parseInt(found?.[1] ?? found?.[2] ?? '', 16);
      if (found === null || code > 0x10ffff) throw this.#refuse('an escape of no character');
      this.#at += found[0].length;
      return code;
    }
    if (/[0-9]/.test(name)) throw this.#refuse('a back reference');
    if (/[A-Za-z]/.test(name)) throw this.#refuse(`\\${name}, which means nothing here`);
    return name.codePointAt(0)!;
  }

  #class(): Matches {
    const isNegated = this.#take('^');
    const parts: Matches[] = [];
    for (;;) {
      const letter = this.#letters[this.#at++];
      if (letter === undefined) throw this.#refuse('a class that is not closed');
      if (letter === ']') break;
      const set = letter === '\\' ? this.#set() : undefined;
      if (set !== undefined) {
        parts.push(set);
        continue;
      }
      const first = letter === '\\' ? this.#code() : letter.codePointAt(0)!;
      let last = first;
      if (this.#letters[this.#at] === '-' && (this.#letters[this.#at + 1] ?? ']') !== ']') {
        this.#at += 1;
        const end = this.#letters[this.#at++]!;
        if (end === '\\' && this.#set() !== undefined) throw this.#refuse('a range that ends in a set');
        last = end === '\\' ? this.#code() : end.codePointAt(0)!;
      }
      if (last < first) throw this.#refuse('a range out of order');
      parts.push(this.#inRange(first, last));
    }
    return isNegated
      ? (code) => !parts.some((part) => part(code))
      : (code) => parts.some((part) => part(code));
  }

  /** With A–Z equal to a–z a text arrives in small letters. */
  #inRange(first: number, last: number): Matches {
    if (!this.#fold) return (code) => code >= first && code <= last;
    return (code) => {
      if (code >= first && code <= last) return true;
      const capital = code >= 97 && code <= 122 ? code - 32 : code;
      return capital >= first && capital <= last;
    };
  }

  #letter(code: number): RegexNode {
    return { kind: 'letter', matches: this.#inRange(code, code) };
  }

  #take(letter: string): boolean {
    if (this.#letters[this.#at] !== letter) return false;
    this.#at += 1;
    return true;
  }

  #refuse(what: string) {
    return invalid(this.#field, `The regular expression has ${what}`);
  }
}

const sets: Readonly<Record<string, Matches>> = {
  d: (code) => code >= 48 && code <= 57,
  w: (code) =>
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95,
  s: (code) => code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff,
};
