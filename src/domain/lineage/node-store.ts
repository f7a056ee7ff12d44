import type { Queries } from '../../db/db.ts';
import { wordOf } from '../../kernel/codes.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { keySpaces, type NodeKind, nodeKinds } from '../graph/index.ts';

/** What a node is called outside. */
export interface NodeName {
  readonly id: NodeId;
  readonly uid: string;
  readonly kind: NodeKind;
  readonly type: string;
  readonly name: string | null;
  /** Decimal id of the experiment the node is, or is a member of; of what was purged, was. */
  readonly experiment: string | undefined;
}

/** Names of nodes in one statement, whatever their number. */
export async function nodeNames(queries: Queries, nodes: readonly NodeId[]): Promise<Map<NodeId, NodeName>> {
  const rows = await queries.many<{
    id: NodeId;
    uid: string;
    kind: number;
    type: string;
    name: string | null;
    experiment: string | null;
  }>(sql`SELECT n.id, n.uid, n.kind, t.name AS type, n.name, k.value AS experiment
    FROM node n JOIN type t ON t.id = n.type
    LEFT JOIN node_key k ON k.space = ${keySpaces['experiment-id']}
      AND k.node = CASE WHEN n.kind IN (${nodeKinds.execution}, ${nodeKinds.artifact}, ${nodeKinds.tombstone}) THEN n.context ELSE n.id END
    WHERE n.id ${anyOf([...new Set(nodes)])}`);
  return new Map(
    rows.map((row) => [
      row.id,
      { ...row, kind: wordOf(nodeKinds, row.kind), experiment: row.experiment ?? undefined },
    ]),
  );
}
