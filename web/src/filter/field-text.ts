/** Writing pieces of a filter: fields, literals, clauses. The grammar is the server's; this only quotes for it. */

/** `metrics.loss.min`, or with backticks where the key is no plain word: metrics.`val/loss`.min */
export function fieldText(entity: 'metrics' | 'params' | 'tags', key: string, aggregate?: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key);
  const quoted = plain ? key : key.includes('`') ? `"${key}"` : `\`${key}\``;
  return aggregate === undefined ? `${entity}.${quoted}` : `${entity}.${quoted}.${aggregate}`;
}

/** A quoted text; undefined when it holds both kinds of quotes, which the grammar cannot write. */
export function literalText(value: string): string | undefined {
  if (!value.includes("'")) return `'${value}'`;
  return value.includes('"') ? undefined : `"${value}"`;
}

/** The filter with one more condition that must hold. */
export function withClause(filter: string, clause: string): string {
  const before = filter.trim();
  if (before === '') return clause;
  if (before === clause || before.endsWith(` and ${clause}`)) return before;
  return /\bor\b/i.test(before) ? `(${before}) and ${clause}` : `${before} and ${clause}`;
}
