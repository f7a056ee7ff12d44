/**
 * What people declare of a node: that nothing comes before it (`origin`), or that it is wrong (`taint`). One edge each, from the node to its
 * project, with when it holds and when it was believed; why is a property of the edge. Of a kind and a node one is live at most.
 */
import type { Queries } from '../../../db/db.ts';
import type { EdgeId, EventId, NodeId, ProjectId } from '../../../kernel/ids.ts';
import type { RequestContext, Scope } from '../../../kernel/request-context.ts';
import { anyOf, emptySql, type Sql, sql } from '../../../kernel/sql.ts';
import type { ChangeTx } from '../../events/index.ts';
import {
  edgeKinds,
  type Graph,
  insertEdge,
  lockNodes,
  projectsSeen,
  propertiesOf,
  putProperties,
  retractEdges,
  textOf,
} from '../../graph/index.ts';

export type DeclarationKind = 'origin' | 'taint';

export interface DeclarationRow {
  readonly id: EdgeId;
  readonly node: NodeId;
  readonly by: string;
  /** ms */
  readonly from: number | null;
  readonly to: number | null;
  readonly declared: number;
  readonly withdrawn: number | null;
  /** Position of the event that said so; null while it has none. */
  readonly event: number | null;
  readonly withdrawnBy: string | null;
}

export interface Declaration extends DeclarationRow {
  readonly note: string | null;
}

const columns = sql`e.id, e.source AS node, e.principal AS "by", e.valid_from AS "from", e.valid_to AS "to",
  e.known_from AS declared, e.known_to AS withdrawn, a.position AS event, r.actor AS "withdrawnBy"
  FROM edge e LEFT JOIN event a ON a.id = e.asserted_by LEFT JOIN event r ON r.id = e.retracted_by`;

/** The latest first; before an id, if one is told. */
export async function declarationsOf(
  queries: Queries,
  graph: Graph,
  /** In which project, or in any that may be seen. */
  where: ProjectId | { readonly scope: Scope },
  kind: DeclarationKind,
  page: {
    readonly nodes?: readonly number[] | undefined;
    /** With those that were withdrawn. */
    readonly all?: boolean | undefined;
    readonly knownAt?: number | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  },
): Promise<Declaration[]> {
  const { nodes, all = false, knownAt, before, limit } = page;
  const believed: Sql = all
    ? emptySql
    : knownAt === undefined
      ? sql` AND e.known_to IS NULL`
      : sql` AND e.known_from <= ${knownAt} AND (e.known_to IS NULL OR e.known_to > ${knownAt})`;
  const of = nodes === undefined ? emptySql : sql` AND e.source ${anyOf(nodes)}`;
  const older = before === undefined ? emptySql : sql` AND e.id < ${before}`;
  const at =
    typeof where === 'number'
      ? sql`= ${where as number}`
      : sql`IN ${projectsSeen((where as { scope: Scope }).scope)}`;
  const rows = await queries.many<DeclarationRow>(sql`SELECT ${columns} WHERE e.target ${at}
    AND e.kind = ${edgeKinds[kind]}${believed}${of}${older} ORDER BY e.id DESC LIMIT ${limit}`);
  const keys = await graph.keys.find(queries, ['note']);
  const notes = await propertiesOf(
    queries,
    rows.map(({ id }) => id),
    { scope: 'declared', keys: [...keys.values()] },
  );
  const byEdge = new Map(notes.map((row) => [row.owner as number, textOf(row)]));
  return rows.map((row) => ({ ...row, note: byEdge.get(row.id) ?? null }));
}

/** The node is held until the transaction ends: what is declared of it comes one after the other. */
export async function holdNode(tx: ChangeTx, node: NodeId): Promise<void> {
  await tx.one(sql`SELECT n.id FROM node n WHERE n.id = ${node} ${lockNodes(tx.dialect)}`);
}

export async function insertDeclaration(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  kind: DeclarationKind,
  said: {
    readonly node: NodeId;
    readonly from: number | null;
    readonly to: number | null;
    readonly note: string;
  },
): Promise<EdgeId> {
  const id = (await graph.db.nextIds(1)) as EdgeId;
  await insertEdge(tx, context, {
    ...{ id, project, source: said.node, target: project as number as NodeId, kind, known: 'declared' },
    ...{ validFrom: said.from, validTo: said.to, event: tx.eventId },
  });
  if (said.note !== '') {
    const keys = await graph.keys.resolve(tx, ['note']);
    const note = [keys.get('note')!, { kind: 'text', value: said.note }] as const;
    await putProperties(tx, { id, project, context: 0 }, 'declared', context.face, new Map([note]));
  }
  return id;
}

export async function withdrawDeclarations(
  tx: ChangeTx,
  context: RequestContext,
  declarations: readonly { readonly id: EdgeId }[],
  event: EventId,
): Promise<void> {
  await retractEdges(
    tx,
    context,
    declarations.map(({ id }) => id),
    event,
  );
}
