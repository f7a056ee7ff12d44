/** JSON from outside: UTF-8 checked, whole numbers exact to int64, no lone surrogates, and never a stack overflow. */
import { isUtf8 } from 'node:buffer';
import { CairnError, invalid } from './errors.ts';

/** Nesting beyond this is refused; no message of any protocol we speak nests deeper than a dozen. */
const maxDepth = 100;

/** A run of digits long enough to be a whole number that a double cannot hold, or an escape that could be a lone surrogate. */
const needsCare = /\d{16}|\\u[dD][89a-fA-F]/;

/** The parsed value; `invalid_argument` naming `field` otherwise. An empty body is undefined. */
export function parseJson(bytes: Uint8Array, field: string): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw invalid(field, `${field} is not valid UTF-8`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return parseJsonText(text, field);
}

export function parseJsonText(text: string, field: string): unknown {
  try {
    if (depthExceeds(text, maxDepth)) throw invalid(field, `${field} nests deeper than ${maxDepth} levels`);
    return needsCare.test(text) ? JSON.parse(text, careful) : JSON.parse(text);
  } catch (error) {
    if (error instanceof CairnError) throw error;
    throw invalid(field, `${field} is not valid JSON`);
  }
}

/** Keeps whole numbers beyond 2^53 as bigint, from their spelling. */
function careful(key: string, value: unknown, context: { source?: string } = {}): unknown {
  if (!key.isWellFormed()) throw invalid(key.toWellFormed(), 'A key holds an unpaired surrogate');
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw invalid(key, `${key} holds an unpaired surrogate`);
  }
  if (
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    /^-?\d{1,20}$/.test(context.source ?? '')
  ) {
    const exact = BigInt(context.source ?? '0');
    return BigInt.asIntN(64, exact) === exact ? exact : value;
  }
  return value;
}

/** Counts open brackets outside strings: one pass, no recursion. */
function depthExceeds(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) {
      depth++;
      if (depth > limit) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

/** JSON text with bigint as a whole number; NaN and infinities must be spelt by the caller. */
export function stringifyExact(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item) => (typeof item === 'bigint' ? rawJson(String(item)) : item),
    indent,
  );
}

const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
