/** Natural keys of every face: (project, space, SHA-256 of the value) → node. */
import { hash } from 'node:crypto';
import type { Queries, Tx } from '../../db/db.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Scope } from '../../kernel/request-context.ts';
import { anyOf, anyOfBytes, rowBatches, type Sql, sql, valueRows } from '../../kernel/sql.ts';
import { seenIn } from '../access/index.ts';
import { type KeySpace, keySpaces } from './vocabulary.ts';

/** The project row 0 stands for the whole server: names of projects are unique in it. */
export const wholeServer = 0 as ProjectId;

function keyHash(value: string): Uint8Array {
  return hash('sha256', value, 'buffer');
}

export async function findByKey(
  queries: Queries,
  project: ProjectId,
  space: KeySpace,
  value: string,
): Promise<NodeId | undefined> {
  const row = await queries.one<{ node: NodeId }>(sql`SELECT node FROM node_key
    WHERE project = ${project} AND space = ${keySpaces[space]} AND hash = ${keyHash(value)}`);
  return row?.node;
}

/** A sub-query: the nodes that hold one of these keys. */
export function keyHolders(project: ProjectId, space: KeySpace, values: readonly string[]): Sql {
  const [only = ''] = values;
  const which = values.length === 1 ? sql`hash = ${keyHash(only)}` : sql`value ${anyOf(values)}`;
  return sql`SELECT node FROM node_key WHERE project = ${project} AND space = ${keySpaces[space]} AND ${which}`;
}

/** Who holds each of the keys; one that nobody holds is absent. */
export async function findByKeys(
  queries: Queries,
  project: ProjectId,
  space: KeySpace,
  values: readonly string[],
): Promise<ReadonlyMap<string, NodeId>> {
  if (values.length === 0) return new Map();
  const held = await queries.many<{ value: string; node: NodeId }>(sql`SELECT value, node FROM node_key
    WHERE project = ${project} AND space = ${keySpaces[space]} AND hash ${anyOfBytes(values.map(keyHash))}`);
  return new Map(held.map(({ value, node }) => [value, node]));
}

/** Takes the key for the node; false when another holds it. */
export async function claimKey(
  tx: Tx,
  project: ProjectId,
  space: KeySpace,
  value: string,
  node: NodeId,
): Promise<boolean> {
  const inserted = await tx.run(sql`INSERT INTO node_key (project, space, hash, value, node)
    VALUES (${project}, ${keySpaces[space]}, ${keyHash(value)}, ${value}, ${node}) ON CONFLICT DO NOTHING`);
  return inserted === 1;
}

/**
 * Takes each key for the node proposed, unless another holds it; resolves to who holds each then. Who holds those that were
 * taken before is one statement more.
 */
export async function claimKeys(
  tx: Tx,
  project: ProjectId,
  space: KeySpace,
  proposed: ReadonlyMap<string, NodeId>,
): Promise<ReadonlyMap<string, NodeId>> {
  if (proposed.size === 0) return new Map();
  // Sorted, so that two transactions that take the same keys wait for each other in one order only.
  const rows = [...proposed]
    .map(([value, node]) => ({ value, node, hash: keyHash(value) }))
    .sort((a, b) => Buffer.compare(a.hash, b.hash));
  const code = keySpaces[space];
  let taken = 0;
  for (const batch of rowBatches(tx.dialect, rows)) {
    taken += await tx.run(sql`INSERT INTO node_key (project, space, hash, value, node)
      VALUES ${valueRows(batch.map(({ value, node, hash }) => [project, code, hash, value, node]))} ON CONFLICT DO NOTHING`);
  }
  if (taken === rows.length) return proposed;
  return findByKeys(tx, project, space, [...proposed.keys()]);
}

export async function releaseKey(tx: Tx, project: ProjectId, space: KeySpace, value: string): Promise<void> {
  await tx.run(sql`DELETE FROM node_key
    WHERE project = ${project} AND space = ${keySpaces[space]} AND hash = ${keyHash(value)}`);
}

/** The next small number of a counter: 0, 1, 2 … without gaps, since the row is locked until the commit. */
export async function nextOfCounter(tx: Tx, project: ProjectId, name: string): Promise<number> {
  await tx.run(
    sql`INSERT INTO counter (project, name, next) VALUES (${project}, ${name}, 0) ON CONFLICT DO NOTHING`,
  );
  await tx.run(sql`UPDATE counter SET next = next + 1 WHERE project = ${project} AND name = ${name}`);
  const row = await tx.one<{ next: number }>(
    sql`SELECT next FROM counter WHERE project = ${project} AND name = ${name}`,
  );
  return row!.next - 1;
}

/** A sub-query: the projects that may be seen. */
export function projectsSeen(scope: Scope): Sql {
  return sql`(SELECT k.node FROM node_key k WHERE k.project = ${wholeServer as number}
    AND k.space = ${keySpaces['project-name']} AND ${seenIn(scope, sql`k.node`)})`;
}
