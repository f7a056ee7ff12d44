/** Pairs of key and value, as they are compared and stored. */
import type { Tx } from '../../db/db.ts';
import type { KeyId } from '../../kernel/ids.ts';
import type { Graph, PropertyValue } from '../graph/index.ts';
import { type Pair, transferKeyLimit } from './records.ts';

export async function textsOf(
  tx: Tx,
  graph: Graph,
  pairs: readonly Pair[],
): Promise<Map<KeyId, PropertyValue>> {
  const keys = await graph.keys.resolve(
    tx,
    pairs.map(([key]) => key),
  );
  return new Map(pairs.map(([key, value]) => [keys.get(key)!, { kind: 'text', value }]));
}

/** The first key that has another value here. */
export function differingPair(pairs: readonly Pair[], here: ReadonlyMap<string, string>): string | undefined {
  return pairs.find(([key, value]) => here.has(key) && here.get(key) !== value)?.[0];
}

/** Why these cannot be stored: what becomes a key holds no U+0000, is not empty, and stands once. */
export function unfitPairs(what: string, pairs: readonly Pair[]): string | undefined {
  const seen = new Set<string>();
  for (const [key] of pairs) {
    const why = unfitKey(key) ?? (seen.has(key) ? 'stands twice' : undefined);
    if (why !== undefined) return `the ${what} '${key.slice(0, 100)}' ${why}`;
    seen.add(key);
  }
  return undefined;
}

export function unfitKey(key: string): string | undefined {
  if (key === '') return 'has no name';
  if (key.length > transferKeyLimit) return `has a name of more than ${transferKeyLimit} characters`;
  return key.includes('\0') ? 'holds U+0000' : undefined;
}
