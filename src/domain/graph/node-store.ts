import type { Dialect, Queries, Tx } from '../../db/db.ts';
import type { NodeId, ProjectId, TypeId, Uid } from '../../kernel/ids.ts';
import { rawSql, rowBatches, type Sql, sql, valueRows } from '../../kernel/sql.ts';
import { type NodeKind, nodeKinds } from './vocabulary.ts';

export interface NewNode {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  /** Primary context; 0 for none. Never changes. */
  readonly context: NodeId | 0;
  readonly kind: NodeKind;
  readonly type: TypeId;
  readonly name: string | null;
  readonly state: number | null;
  readonly uri?: string | null;
  /** The one spelling of `uri` that equal places share. */
  readonly canonicalUri?: string | null;
  readonly created: number;
  readonly started: number | null;
  readonly ended: number | null;
  /** When it was last changed; at its creation when absent. */
  readonly updated?: number;
  /** Generation of the context's lifecycle at creation. */
  readonly mark: number;
  /** The record's own mark; 0 when absent. */
  readonly deleted?: 0 | 1;
  /** The node that stands for all that are the same thing as this one; itself when absent. */
  readonly class?: NodeId;
}

/** A row of `node`. */
export interface NodeRow {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly context: NodeId;
  readonly kind: number;
  readonly type: TypeId;
  readonly number: number;
  readonly name: string | null;
  readonly state: number | null;
  readonly uri: string | null;
  readonly created: number;
  readonly updated: number;
  readonly started: number | null;
  readonly ended: number | null;
  readonly mark: number;
  readonly deleted: number;
}

/** Columns of NodeRow, of the table under the alias `n`. */
const nodeColumns = rawSql(
  'n.id, n.uid, n.project, n.context, n.kind, n.type, n.number, n.name, n.state, n.uri, n.created, n.updated, n.started, n.ended, n.mark, n.deleted',
);

/** Locks only the rows of alias `n`, where the store locks rows at all. */
export function lockNodes(dialect: Dialect): Sql {
  return dialect.forUpdate.pieces.length === 0 ? dialect.forUpdate : sql`${dialect.forUpdate} OF n`;
}

export async function insertNode(tx: Tx, node: NewNode): Promise<void> {
  await insertNodes(tx, [node]);
}

export async function insertNodes(tx: Tx, nodes: readonly NewNode[]): Promise<void> {
  const rows = nodes.map((node) => [
    node.id,
    node.uid,
    node.project,
    node.context,
    nodeKinds[node.kind],
    node.type,
    node.id,
    node.name,
    node.state,
    node.uri ?? null,
    node.canonicalUri ?? null,
    node.created,
    node.updated ?? node.created,
    node.started,
    node.ended,
    node.mark,
    node.deleted ?? 0,
    node.class ?? node.id,
  ]);
  for (const batch of rowBatches(tx.dialect, rows)) {
    await tx.run(sql`INSERT INTO node (id, uid, project, context, kind, type, number, name, state, uri, uri_canonical,
      created, updated, started, ended, mark, deleted, class) VALUES ${valueRows(batch)}`);
  }
}

export async function findNode(
  queries: Queries,
  project: ProjectId,
  uid: string,
): Promise<NodeRow | undefined> {
  return queries.one(sql`SELECT ${nodeColumns} FROM node n WHERE n.project = ${project} AND n.uid = ${uid}`);
}

/**
 * Of a node under an alias: an asset, and the first record of its class in its project; the class may begin in another. In the words of
 * the indexes of assets alone (migration 22), by which a partial index is found.
 */
export function firstOfClass(alias: string): Sql {
  const a = alias;
  return rawSql(`+${a}.kind = ${nodeKinds.asset}
    AND (${a}.class = ${a}.id OR NOT EXISTS (SELECT 1 FROM node r WHERE r.id = ${a}.class AND r.project = ${a}.project))
    AND NOT EXISTS (SELECT 1 FROM node o WHERE o.class = ${a}.class AND o.class <> o.id AND o.project = ${a}.project AND o.id < ${a}.id)`);
}

/** Writes the columns given; `updated` always. */
export async function updateNode(
  tx: Tx,
  id: NodeId,
  updated: number,
  change: { name?: string; state?: number; ended?: number | null; deleted?: number; mark?: number },
): Promise<void> {
  let set = sql`updated = ${updated}`;
  for (const column of ['name', 'state', 'ended', 'deleted', 'mark'] as const) {
    const value = change[column];
    if (value !== undefined) set = sql`${set}, ${rawSql(column)} = ${value}`;
  }
  await tx.run(sql`UPDATE node SET ${set} WHERE id = ${id}`);
}
