/**
 * JSON without loss, for comparing what two servers wrote: integers beyond 2^53 keep all digits, and the bare literals NaN
 * and Infinity, which MLflow writes in one route, are values of their own rather than syntax errors.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A string, or one of the bare literals that JSON does not know. */
const literals = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;

/** Undefined when `text` is not JSON. */
export function parseJson(text: string): Json | undefined {
  const quoted = text.replace(literals, (part) => (part.startsWith('"') ? part : `"<bare ${part}>"`));
  try {
    return JSON.parse(quoted, keepLargeIntegers) as Json;
  } catch {
    return undefined;
  }
}

function keepLargeIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d+$/.test(source) ? `<integer ${source}>` : value;
}

/** A number written exactly as `source`, in a value given to JSON.stringify. */
export function exactly(source: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);
}
