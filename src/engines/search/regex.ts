/**
 * Regular expressions in linear time: a pattern of clients becomes an automaton whose states are followed all at once, so no
 * pattern explodes, whatever the text. Sets of states that were met are kept, bounded, as states of their own.
 *
 *   alternation | · sequence · quantifiers * + ? {n} {n,} {n,m} (lazy ones mean the same) · groups ( ) (?: ) · . (not a line
 *   end) · classes [a-z^\d] · \d \w \s \D \W \S (ASCII) · \t \n \r \f \v \xHH \uHHHH \u{…} · escapes of signs · anchors ^ $
 *   (of the text) and \b \B · (?i) in front: A–Z equal to a–z
 *
 * A pattern matches where it is found anywhere. Back references and looks ahead or behind are refused: no automaton has them.
 */
import { invalid } from '../../kernel/errors.ts';
import { parseRegex, type RegexNode } from './regex-parser.ts';

/** States of an automaton: each costs a step for each character of a text. */
const mostStates = 500;
/** Sets of states that are kept; then all are forgotten and met again. */
const mostSets = 500;

type Instruction =
  | { readonly kind: 'letter'; matches(code: number): boolean; readonly next: number }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'word' | 'no-word'; readonly next: number }
  | { readonly kind: 'split'; readonly next: readonly number[] }
  | { readonly kind: 'found' };

/** A set of instructions at which the automaton is between two characters. */
interface StateSet {
  readonly states: readonly number[];
  /** Where each character leads, by code, word before and whatever follows apart: only characters up to 127 are kept. */
  readonly next: Map<number, StateSet>;
}

export class Regex {
  readonly #program: Instruction[] = [];
  readonly #start: number;
  readonly #fold: boolean;
  readonly #asserts: boolean;
  #sets = new Map<string, StateSet>();

  /** `invalid_argument` on `field` for a text that is no pattern, or needs more states than there may be. */
  constructor(pattern: string, field: string) {
    const { node, fold } = parseRegex(pattern, field);
    this.#fold = fold;
    const found = this.#add({ kind: 'found' }, field);
    this.#start = this.#compile(node, found, field);
    this.#asserts = this.#program.some(({ kind }) => kind === 'assert');
  }

  /** Whether the pattern is found in the text. */
  test(text: string): boolean {
    const whole = this.#fold ? text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()) : text;
    return this.#asserts ? this.#walk(whole) : this.#jump(whole);
  }

  #add(instruction: Instruction, field: string): number {
    if (this.#program.length >= mostStates) {
      throw invalid(field, `A pattern needs at most ${mostStates} steps; this one needs more`);
    }
    this.#program.push(instruction);
    return this.#program.length - 1;
  }

  /** The instruction at which the node begins, when `next` is what follows it. */
  #compile(node: RegexNode, next: number, field: string): number {
    switch (node.kind) {
      case 'letter':
        return this.#add({ kind: 'letter', matches: node.matches, next }, field);
      case 'assert':
        return this.#add({ kind: 'assert', what: node.what, next }, field);
      case 'sequence':
        return node.nodes.reduceRight((after, part) => this.#compile(part, after, field), next);
      case 'any-of':
        return this.#add(
          { kind: 'split', next: node.nodes.map((part) => this.#compile(part, next, field)) },
          field,
        );
      case 'repeat':
        return this.#repeat(node, next, field);
    }
  }

  #repeat({ node, least, most }: RegexNode & { kind: 'repeat' }, next: number, field: string): number {
    let begin = next;
    if (most === undefined) {
      // A loop: its split is known only once its body is compiled.
      const targets: number[] = [];
      begin = this.#add({ kind: 'split', next: targets }, field);
      targets.push(this.#compile(node, begin, field), next);
    } else {
      for (let index = least; index < most; index++) {
        begin = this.#add({ kind: 'split', next: [this.#compile(node, begin, field), next] }, field);
      }
    }
    for (let index = 0; index < least; index++) begin = this.#compile(node, begin, field);
    return begin;
  }

  /** Without assertions a set of states says all: what it leads to is kept. */
  #jump(text: string): boolean {
    let set = this.#setOf([this.#start]);
    if (this.#isFound(set)) return true;
    for (const letter of text) {
      const code = letter.codePointAt(0)!;
      let next = code < 128 ? set.next.get(code) : undefined;
      if (next === undefined) {
        next = this.#setOf([...this.#after(set, code), this.#start]);
        if (code < 128) set.next.set(code, next);
      }
      if (this.#isFound(next)) return true;
      set = next;
    }
    return false;
  }

  #walk(text: string): boolean {
    const codes = Array.from(text, (letter) => letter.codePointAt(0)!);
    let states: readonly number[] = [];
    for (let at = 0; at <= codes.length; at++) {
      const open = this.#close([...states, this.#start], (what) => holds(what, codes, at));
      if (open.some((state) => this.#program[state]!.kind === 'found')) return true;
      if (at < codes.length) states = this.#after({ states: open }, codes[at]!);
    }
    return false;
  }

  #after({ states }: Pick<StateSet, 'states'>, code: number): number[] {
    const next: number[] = [];
    for (const state of states) {
      const instruction = this.#program[state]!;
      if (instruction.kind === 'letter' && instruction.matches(code)) next.push(instruction.next);
    }
    return next;
  }

  #setOf(states: readonly number[]): StateSet {
    const closed = this.#close(states, () => false);
    const key = closed.join();
    let set = this.#sets.get(key);
    if (set === undefined) {
      if (this.#sets.size >= mostSets) this.#sets = new Map();
      set = { states: closed, next: new Map() };
      this.#sets.set(key, set);
    }
    return set;
  }

  #isFound({ states }: StateSet): boolean {
    return states.includes(0);
  }

  /** What can be reached without a character, ascending. */
  #close(states: readonly number[], passes: (what: Assertion) => boolean): number[] {
    const seen = new Set<number>();
    const open = [...states];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (seen.has(state)) continue;
      seen.add(state);
      const instruction = this.#program[state]!;
      if (instruction.kind === 'split') open.push(...instruction.next);
      else if (instruction.kind === 'assert' && passes(instruction.what)) open.push(instruction.next);
    }
    return [...seen].sort((a, b) => a - b);
  }
}

type Assertion = Extract<Instruction, { kind: 'assert' }>['what'];

function holds(what: Assertion, codes: readonly number[], at: number): boolean {
  if (what === 'start') return at === 0;
  if (what === 'end') return at === codes.length;
  const isBorder = isWord(codes[at - 1]) !== isWord(codes[at]);
  return isBorder === (what === 'word');
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && code < 128 && /\w/.test(String.fromCharCode(code));
}
