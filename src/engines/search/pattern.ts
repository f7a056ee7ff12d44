/**
 * LIKE patterns, taken apart once so that every store matches the same: `%` is any text, `_` one character (a code point),
 * every other character itself; nothing escapes. A store's own LIKE is not used as it stands, since SQLite's folds case
 * and PostgreSQL's escapes with a backslash.
 */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'any' };
export type Pattern = readonly PatternPart[];

const one: PatternPart = { kind: 'one' };
const any: PatternPart = { kind: 'any' };

export function parsePattern(like: string): Pattern {
  const parts: PatternPart[] = [];
  for (const piece of like.split(/([%_])/)) {
    if (piece === '%') {
      if (parts.at(-1) !== any) parts.push(any);
    } else if (piece === '_') parts.push(one);
    else if (piece !== '') parts.push({ kind: 'text', text: piece });
  }
  return parts;
}

/** Matches a text that holds `part` anywhere. */
export function containing(part: string): Pattern {
  return part === '' ? [any] : [any, { kind: 'text', text: part }, any];
}

/** A–Z → a–z; all else as it is. */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

export function foldPattern(pattern: Pattern): Pattern {
  return pattern.map((part) => (part.kind === 'text' ? { kind: 'text', text: foldAscii(part.text) } : part));
}

/** What every matching text begins with. */
export function literalPrefix(pattern: Pattern): string {
  const [first] = pattern;
  return first?.kind === 'text' ? first.text : '';
}

/** The pattern for SQLite's GLOB, which is exact about case and characters. */
export function globOf(pattern: Pattern): string {
  const spell = (part: PatternPart) => {
    if (part.kind === 'any') return '*';
    return part.kind === 'one' ? '?' : part.text.replace(/[*?[]/g, '[$&]');
  };
  return pattern.map(spell).join('');
}

/** The pattern for a LIKE whose escape character is the backslash. */
export function likeOf(pattern: Pattern): string {
  const spell = (part: PatternPart) => {
    if (part.kind === 'any') return '%';
    return part.kind === 'one' ? '_' : part.text.replace(/[\\%_]/g, '\\$&');
  };
  return pattern.map(spell).join('');
}

/** Whether a text matches, for values that are no column: words of a closed list, defaults. */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  const letters = [...text];
  // One step per character that the pattern asks for, and one per %.
  const steps = pattern.flatMap((part): readonly (string | PatternPart)[] =>
    part.kind === 'text' ? [...part.text] : [part],
  );
  let step = 0;
  let position = 0;
  let lastAny = -1;
  let lastPosition = 0;
  while (position < letters.length) {
    const wanted = steps[step];
    if (wanted === any) {
      lastAny = step;
      lastPosition = position;
      step += 1;
    } else if (wanted === one || (wanted !== undefined && wanted === letters[position])) {
      step += 1;
      position += 1;
    } else if (lastAny >= 0) {
      // The text under the last % grows by one character; earlier ones need not be tried again.
      step = lastAny + 1;
      lastPosition += 1;
      position = lastPosition;
    } else return false;
  }
  while (steps[step] === any) step += 1;
  return step === steps.length;
}

/**
 * The least text, in the order of UTF-8 bytes, that is greater than every text with this prefix; undefined when there is
 * none. Counts the last character up; the surrogates between U+D7FF and U+E000 are no characters.
 */
export function afterPrefix(prefix: string): string | undefined {
  const letters = [...prefix];
  for (;;) {
    const last = letters.pop();
    if (last === undefined) return undefined;
    const code = last.codePointAt(0)!;
    if (code === 0x10ffff) continue;
    letters.push(String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1));
    return letters.join('');
  }
}
