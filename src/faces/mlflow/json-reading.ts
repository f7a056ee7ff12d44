/**
 * JSON as MLflow clients send it: Python's bare NaN, Infinity and -Infinity, and in old clients the whole text once more as
 * a JSON string. Everything else (UTF-8, exact integers, surrogates, depth) is kernel/json.ts.
 */
import { isUtf8 } from 'node:buffer';
import { parseJson, parseJsonText } from '../../kernel/json.ts';

/** The value of a body; `undefined` for an empty one. Errors are `invalid_argument` and name the field `body`. */
export function readJson(bytes: Uint8Array): unknown {
  const value = parse(bytes);
  return typeof value === 'string' ? parse(Buffer.from(value)) : value;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes, 'body');
  } catch (error) {
    if (!isUtf8(bytes)) throw error;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    const spelt = spellLiterals(text);
    if (spelt === text) throw error;
    return parseJsonText(spelt, 'body');
  }
}

/** The text with bare NaN and infinities as protobuf spells them in JSON, as strings. */
function spellLiterals(text: string): string {
  const parts: string[] = [];
  let position = 0;
  while (position < text.length) {
    const quote = text.indexOf('"', position);
    const outside = quote < 0 ? text.slice(position) : text.slice(position, quote);
    parts.push(outside.replaceAll(/-?Infinity|NaN/g, '"$&"'));
    if (quote < 0) break;
    position = endOfString(text, quote);
    parts.push(text.slice(quote, position));
  }
  return parts.join('');
}

/** Index after the quote that ends the string which starts at `start`. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index + 1;
}
