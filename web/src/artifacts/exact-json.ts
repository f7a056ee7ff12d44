/**
 * JSON as it is written: numbers keep their digits (an id of 19 digits is not rounded to a double), members keep their
 * order and their repetitions, and Python's NaN and Infinity are understood.
 */
export type Json =
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Json])[] }
  | { readonly kind: 'array'; readonly items: readonly Json[] }
  | { readonly kind: 'text'; readonly value: string }
  /** `written` as in the file. */
  | { readonly kind: 'number'; readonly written: string }
  | { readonly kind: 'word'; readonly value: boolean | null };

/** Deeper is no data that people log, and would overflow the stack. */
const depthLimit = 500;

/** Throws a SyntaxError that says where the text stops to be JSON. */
export function parseJson(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

const space = /[ \t\r\n]*/y;
const number = /-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)|NaN/y;
const word = /true|false|null/y;
/** A text without escapes, the usual case. */
const plain = /"[^"\\\n\r]*"/y;
const quoted = /"(?:[^"\\\n\r]|\\.)*"/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    if (depth > depthLimit) throw new SyntaxError(`It is nested deeper than ${depthLimit} levels.`);
    this.#take(space);
    const sign = this.#text[this.#at];
    if (sign === '{') return this.#object(depth);
    if (sign === '[') return this.#array(depth);
    if (sign === '"') return { kind: 'text', value: this.#string() };
    const digits = this.#take(number);
    if (digits !== undefined) return { kind: 'number', written: digits };
    const name = this.#take(word);
    if (name !== undefined) return { kind: 'word', value: name === 'null' ? null : name === 'true' };
    throw this.#wrong();
  }

  end(): void {
    this.#take(space);
    if (this.#at < this.#text.length) throw this.#wrong();
  }

  #object(depth: number): Json {
    const members: (readonly [string, Json])[] = [];
    this.#at++;
    this.#take(space);
    if (this.#accept('}')) return { kind: 'object', members };
    do {
      this.#take(space);
      const key = this.#string();
      this.#take(space);
      this.#expect(':');
      members.push([key, this.value(depth + 1)]);
      this.#take(space);
    } while (this.#accept(','));
    this.#expect('}');
    return { kind: 'object', members };
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    this.#at++;
    this.#take(space);
    if (this.#accept(']')) return { kind: 'array', items };
    do {
      items.push(this.value(depth + 1));
      this.#take(space);
    } while (this.#accept(','));
    this.#expect(']');
    return { kind: 'array', items };
  }

  #string(): string {
    const simple = this.#take(plain);
    if (simple !== undefined) return simple.slice(1, -1);
    const escaped = this.#take(quoted);
    if (escaped === undefined) throw this.#wrong();
    try {
      return JSON.parse(escaped) as string;
    } catch {
      this.#at -= escaped.length;
      throw this.#wrong();
    }
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #accept(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#accept(sign)) throw this.#wrong();
  }

  #wrong(): SyntaxError {
    const before = this.#text.slice(0, this.#at);
    const line = before.split('\n').length;
    const column = this.#at - before.lastIndexOf('\n');
    const found = this.#text[this.#at];
    return new SyntaxError(
      found === undefined
        ? `It ends too early, in line ${line}.`
        : `Line ${line}, column ${column}: ${JSON.stringify(found)} is not expected there.`,
    );
  }
}

/** Members of an object by name, the last of a repeated one; undefined for anything else. */
export function memberOf(json: Json | undefined, name: string): Json | undefined {
  return json?.kind === 'object' ? json.members.findLast(([key]) => key === name)?.[1] : undefined;
}

export function itemsOf(json: Json | undefined): readonly Json[] | undefined {
  return json?.kind === 'array' ? json.items : undefined;
}

/** A text, number or word as it is read by people; undefined for objects and arrays. */
export function scalarText(json: Json | undefined): string | undefined {
  if (json?.kind === 'text') return json.value;
  if (json?.kind === 'number') return json.written;
  return json?.kind === 'word' ? String(json.value) : undefined;
}

/** NaN for what is no number. */
export function numberOf(json: Json | undefined): number {
  return json?.kind === 'number' ? Number(json.written) : Number.NaN;
}

/** One line of JSON again, digits kept. */
export function jsonText(json: Json): string {
  if (json.kind === 'object') {
    return `{${json.members.map(([key, value]) => `${JSON.stringify(key)}: ${jsonText(value)}`).join(', ')}}`;
  }
  if (json.kind === 'array') return `[${json.items.map(jsonText).join(', ')}]`;
  return json.kind === 'text' ? JSON.stringify(json.value) : scalarText(json)!;
}
