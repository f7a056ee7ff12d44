/** JSON from outside: UTF-8 checked, whole numbers exact to int64, no lone surrogates, and never a stack overflow. */
import { isUtf8 } from 'node:buffer';
import { CairnError, invalid } from './errors.ts';

/**
 * No message of any protocol we speak nests deeper than a dozen, and the largest of ours holds some 50,000 values (10,000
 * points of four). Without a limit 16 MB of small values hold everybody up for 8 s: 1 to parse them, 7 to say what is wrong.
 */
export const jsonLimits = { depth: 100, values: 100_000 } as const satisfies JsonLimits;

export interface JsonLimits {
  readonly depth: number;
  readonly values: number;
}

/** An escape that could be a lone surrogate. */
const surrogateEscape = /\\u[dD][89a-fA-F]/;

/** The parsed value; `invalid_argument` naming `field` otherwise. An empty body is undefined. */
export function parseJson(bytes: Uint8Array, field: string): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw invalid(field, `${field} is not valid UTF-8`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return parse(text, bytes, field, jsonLimits);
}

export function parseJsonText(text: string, field: string, limits: JsonLimits = jsonLimits): unknown {
  return parse(text, Buffer.from(text), field, limits);
}

/** `bytes` are those of `text`. */
function parse(text: string, bytes: Uint8Array, field: string, limits: JsonLimits): unknown {
  try {
    const { depth, values, longIntegers } = scan(bytes, limits);
    if (depth > limits.depth) throw invalid(field, `${field} nests deeper than ${limits.depth} levels`);
    if (values > limits.values) throw invalid(field, `${field} holds more than ${limits.values} values`);
    const value: unknown = longIntegers ? JSON.parse(text, careful) : JSON.parse(text);
    if (surrogateEscape.test(text)) refuseUnpairedSurrogates(value, '', field);
    return value;
  } catch (error) {
    if (error instanceof CairnError) throw error;
    throw invalid(field, `${field} is not valid JSON`);
  }
}

/** Keeps whole numbers beyond 2^53 as bigint, from their spelling. */
function careful(_key: string, value: unknown, context: { source?: string } = {}): unknown {
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

/** Recursion is as deep as `jsonLimits` allows. */
function refuseUnpairedSurrogates(value: unknown, path: string, field: string): void {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw invalid(path || field, `${path || field} holds an unpaired surrogate`);
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) refuseUnpairedSurrogates(item, `${path}[${index}]`, field);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const where = path === '' ? key : `${path}.${key}`;
      if (!key.isWellFormed()) {
        throw invalid(where.toWellFormed(), `A key of ${path || field} holds an unpaired surrogate`);
      }
      refuseUnpairedSurrogates(item, where, field);
    }
  }
}

/**
 * What decides how a text is parsed, in one pass without recursion: how deep it nests, how many
 * values it holds at least (commas outside of strings, and one), and whether a whole number has
 * 16 digits or more, which a double may not hold. Digits of a fraction do not count: nearly every measured value has 16
 * of them, and looking at each value again makes parsing five times slower. Over bytes, not characters: half the time.
 */
function scan(
  text: Uint8Array,
  limits: JsonLimits,
): { depth: number; values: number; longIntegers: boolean } {
  let depth = 0;
  let deepest = 0;
  let values = 1;
  let digits = 0;
  let longIntegers = false;
  for (let index = 0; index < text.length; index++) {
    const code = text[index]!;
    if (code >= 0x30 && code <= 0x39) {
      digits++;
      continue;
    }
    if (digits > 0) {
      const isFraction = code === 0x2e || code === 0x65 || code === 0x45; // . e E
      if (isFraction) {
        // To the end of the number: its digits are no whole number's.
        while (isNumberPart(text[index + 1])) index++;
      } else if (digits >= 16) longIntegers = true;
      digits = 0;
    }
    if (code === 0x22) index = endOfString(text, index);
    else if (code === 0x2c) values++;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
    else continue;
    // Beyond a limit nothing more is worth knowing.
    if (values > limits.values || deepest > limits.depth) break;
  }
  return { depth: deepest, values, longIntegers: longIntegers || digits >= 16 };
}

/** 0–9 . e E + - ; false beyond the end. */
const isNumberPart = (code: number | undefined) =>
  code !== undefined &&
  ((code >= 0x30 && code <= 0x39) ||
    code === 0x2e ||
    code === 0x65 ||
    code === 0x45 ||
    code === 0x2b ||
    code === 0x2d);

/** Index of the quote that ends the string which starts at `start`. */
function endOfString(text: Uint8Array, start: number): number {
  let index = start + 1;
  for (; index < text.length; index++) {
    const code = text[index]!;
    if (code === 0x5c) index++;
    else if (code === 0x22) break;
  }
  return index;
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
