/** OpenLineage's names of datasets (https://openlineage.io/docs/spec/naming): a namespace, mostly where it lies, and a name in it. */
import { canonicalUri, longestPlace, trimmed } from './canonical-uri.ts';

/** Namespaces that are one word, because there is one such place in the world. */
const places = new Set(['bigquery', 'dbfs', 'pubsub']);

/**
 * `s3://bucket` and `key` → `s3://bucket/key`, as canonicalUri spells it. A namespace that says no place (`warehouse`) is a
 * place of its own: `namespace://warehouse/public.orders`. Undefined where name or namespace is none.
 */
export function canonicalDataset(namespace: string, name: string): string | undefined {
  if (namespace.length + name.length > longestPlace || name === '' || namespace === '') return undefined;
  if (!namespace.isWellFormed() || !name.isWellFormed()) return undefined;
  const word = namespace.toLowerCase();
  const file = /^file(?::\/*)?([^/]*)\/*$/.exec(word)?.[1];
  if (file === '' || file === 'localhost') {
    // A name is a path, not a URI: a percent sign in it stands for itself.
    return canonicalUri(name.startsWith('/') ? `file://${name.replaceAll('%', '%25')}` : name);
  }
  if (places.has(word)) return canonicalUri(`${word}:${name}`);
  if (/^arn:/i.test(namespace)) return canonicalUri(`${namespace}:${name}`);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(namespace)) {
    return canonicalUri(`${trimmed(namespace)}/${name.replace(/^\//, '')}`);
  }
  const own = `namespace://${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
  return own.length > longestPlace ? undefined : own;
}
