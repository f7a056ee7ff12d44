/** One text for equal JSON: keys in the order of their UTF-16 units, no spaces. What it is of comes from parseJson. */

type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * `known` holds the texts of parts that were made before.
 * Numbers are told apart as JavaScript does: 1 and 1.0 are equal. Depth is bounded by the parser.
 */
export function canonicalJson(value: unknown, known?: ReadonlyMap<object, string>): string {
  return spell(value as Json, known);
}

function spell(value: Json, known: ReadonlyMap<object, string> | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value);
  // Beyond the doubles JSON.parse says Infinity, for which JSON has no word.
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : `"${value}"`;
  if (typeof value !== 'object' || value === null) return String(value);
  const made = known?.get(value);
  if (made !== undefined) return made;
  if (Array.isArray(value)) return `[${value.map((item) => spell(item, known)).join(',')}]`;
  const object = value as { readonly [key: string]: Json };
  let text = '';
  for (const key of Object.keys(object).sort()) {
    text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${spell(object[key]!, known)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}
