import type { Queries } from '../../../db/db.ts';
import { wordOf } from '../../../kernel/codes.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import type { Scope } from '../../../kernel/request-context.ts';
import { anyOf, type Sql, sql } from '../../../kernel/sql.ts';
import { seenIn } from '../../access/index.ts';
import {
  findNode,
  keySpaces,
  type NodeKind,
  type NodeRow,
  nodeKinds,
  projectsSeen,
} from '../../graph/index.ts';

/** What a node is called outside. */
export interface NodeName {
  readonly id: NodeId;
  readonly uid: string;
  /** Name of the project it is of. */
  readonly project: string;
  readonly kind: NodeKind;
  readonly type: string;
  readonly name: string | null;
  /** Decimal id of the experiment the node is, or is a member of; of what was purged, was. */
  readonly experiment: string | undefined;
}

/** Names of nodes in one statement, whatever their number. Those that may not be seen have none. */
export async function nodeNames(
  queries: Queries,
  nodes: readonly NodeId[],
  scope: Scope,
): Promise<Map<NodeId, NodeName>> {
  const rows = await queries.many<{
    id: NodeId;
    uid: string;
    project: string;
    kind: number;
    type: string;
    name: string | null;
    experiment: string | null;
  }>(sql`SELECT n.id, n.uid, p.name AS project, n.kind, t.name AS type, n.name, k.value AS experiment
    FROM node n JOIN type t ON t.id = n.type JOIN node p ON p.id = n.project
    LEFT JOIN node_key k ON k.space = ${keySpaces['experiment-id']}
      AND k.node = CASE WHEN n.kind IN (${nodeKinds.execution}, ${nodeKinds.artifact}, ${nodeKinds.tombstone}) THEN n.context ELSE n.id END
    WHERE n.id ${anyOf([...new Set(nodes)])} AND ${seenIn(scope, sql`n.project`)}`);
  return new Map(
    rows.map((row) => [
      row.id,
      { ...row, kind: wordOf(nodeKinds, row.kind), experiment: row.experiment ?? undefined },
    ]),
  );
}

export type SeenNode = Pick<NodeRow, 'id' | 'uid' | 'project' | 'kind'>;

/** The nodes with these uids: of the project, or, where it has none of a uid, of others that may be seen. */
export async function seenNodes(
  queries: Queries,
  scope: Scope,
  project: ProjectId,
  uids: readonly string[],
): Promise<SeenNode[]> {
  const known = uids.filter((uid) => !uid.includes('\0'));
  const among = (projects: Sql, of: readonly string[]) =>
    of.length === 0
      ? []
      : queries.many<SeenNode>(
          sql`SELECT n.id, n.uid, n.project, n.kind FROM node n WHERE n.project ${projects} AND n.uid ${anyOf(of)} ORDER BY n.id`,
        );
  const own = await among(sql`= ${project}`, known);
  const found = new Set<string>(own.map(({ uid }) => uid));
  const others = await among(
    sql`IN ${projectsSeen(scope)}`,
    known.filter((uid) => !found.has(uid)),
  );
  return [...own, ...others];
}

/** The one node with the uid: of the project, or else the only one of others that may be seen. */
export async function seenNode(
  queries: Queries,
  scope: Scope,
  project: ProjectId,
  uid: string,
): Promise<NodeRow | undefined> {
  const [found, more] = await seenNodes(queries, scope, project, [uid]);
  return found === undefined || more !== undefined ? undefined : findNode(queries, found.project, uid);
}
