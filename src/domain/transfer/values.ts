/** What the writers of records share: pairs of key and value as they are compared and stored, and runs by their ids. */
import type { Tx } from '../../db/db.ts';
import type { KeyId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { type Graph, nodeKinds, type PropertyValue } from '../graph/index.ts';
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

/** The records that can be stored at all; the others are refused with the reason. */
export function fitting<R extends { readonly id: string }>(
  records: readonly R[],
  unfit: (record: R) => string | undefined,
  refuse: (id: string, why: string) => void,
): R[] {
  return records.filter((record) => {
    const why = unfit(record);
    if (why !== undefined) refuse(record.id, why);
    return why === undefined;
  });
}

/** The nodes of runs that are here, by their ids; what is no id of a run is passed over. */
export async function findRuns(
  tx: Tx,
  project: ProjectId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NodeId>> {
  const wanted = [...new Set(ids)].filter((id) => /^[0-9a-f]{32}$/.test(id));
  const rows = await tx.many<{ id: NodeId; uid: Uid }>(sql`SELECT n.id, n.uid FROM node n
    WHERE n.project = ${project} AND n.uid ${anyOf(wanted)} AND n.kind = ${nodeKinds.execution}`);
  return new Map(rows.map(({ id, uid }) => [uid, id]));
}
