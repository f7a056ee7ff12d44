/**
 * The texts of the elements of a JSON array, without parsing any of them: each is read by itself afterwards, so one that is
 * bad hurts no other, and what is kept of it is what was sent.
 */
import { invalid } from '../../kernel/errors.ts';

/** Undefined for what is no array. More than `limit` elements are refused. */
export function jsonElements(text: string, limit: number): string[] | undefined {
  const start = skipSpace(text, 0);
  if (text[start] === '[') {
    const list = elementsAt(text, start, limit);
    if (skipSpace(text, list.end) < text.length) throw notJson();
    return list.elements;
  }
  return undefined;
}

/** The text of one member of an object that is not nested, by its name; undefined where there is none. */
export function jsonMember(text: string, name: string): string | undefined {
  let at = skipSpace(text, 0);
  if (text[at] !== '{') return undefined;
  at = skipSpace(text, at + 1);
  let found: string | undefined;
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at);
    const key = text.slice(at, keyEnd);
    at = skipSpace(text, keyEnd);
    if (text[at] !== ':') return undefined;
    const start = skipSpace(text, at + 1);
    const end = endOfValue(text, start);
    // As JSON.parse does: of equal keys the last counts.
    if (key === JSON.stringify(name)) found = text.slice(start, end);
    at = skipSpace(text, end);
    if (text[at] !== ',') break;
    at = skipSpace(text, at + 1);
  }
  return text[at] === '}' && skipSpace(text, at + 1) === text.length ? found : undefined;
}

function elementsAt(text: string, start: number, limit: number): { elements: string[]; end: number } {
  const elements: string[] = [];
  let at = skipSpace(text, start + 1);
  if (text[at] === ']') return { elements, end: at + 1 };
  for (;;) {
    const end = endOfValue(text, at);
    if (end === at) throw notJson();
    if (elements.length === limit) throw invalid('body', `The body holds more than ${limit} events`);
    elements.push(text.slice(at, end).trimEnd());
    at = skipSpace(text, end);
    if (text[at] === ']') return { elements, end: at + 1 };
    if (text[at] !== ',') throw notJson();
    at = skipSpace(text, at + 1);
  }
}

/** Index after the value that starts at `start`: the next comma or closing bracket that is not inside of it. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at) - 1;
    } else if (code === 0x5b || code === 0x7b) depth++;
    else if (code === 0x5d || code === 0x7d) {
      if (depth === 0) return at;
      depth--;
    } else if (code === 0x2c && depth === 0) return at;
  }
  if (depth > 0) throw notJson();
  return text.length;
}

/** Index after the quote that ends the string which starts at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at + 1;
  }
  throw notJson();
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
  return at;
}

const notJson = () => invalid('body', 'body is not valid JSON');
