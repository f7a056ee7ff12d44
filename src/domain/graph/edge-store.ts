import type { Queries, Tx } from '../../db/db.ts';
import type { EdgeId, EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, rawSql, rowBatches, sql, valueRows } from '../../kernel/sql.ts';
import { faceCodes } from '../events/index.ts';
import { type EdgeKind, edgeKinds, type KnownHow, knownHows } from './vocabulary.ts';

export interface NewEdge {
  readonly id: EdgeId;
  readonly project: ProjectId;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly kind: EdgeKind;
  readonly subtype?: string;
  /** Which of its places at the source, and at the target. */
  readonly sourceSlot?: string;
  readonly targetSlot?: string;
  readonly known: KnownHow;
  /** What it was derived by, where nobody asserted it in so many words. */
  readonly rule?: string;
  /** When it became true, ms; null when unknown. */
  readonly validFrom: number | null;
  /** When it ceased to be true, ms; null while it lasts. */
  readonly validTo?: number | null;
  /** When it became known, ms; now unless given. */
  readonly knownFrom?: number;
  readonly event: EventId;
}

export interface EdgeRow {
  readonly id: EdgeId;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly kind: number;
  readonly subtype: string | null;
  readonly face: number;
  readonly principal: string;
  readonly known: number;
  readonly valid_from: number | null;
  readonly valid_to: number | null;
  readonly known_from: number;
  readonly known_to: number | null;
  readonly asserted_by: EventId;
}

/** Columns of EdgeRow. */
const edgeColumns = rawSql(
  'id, source, target, kind, subtype, face, principal, known, valid_from, valid_to, known_from, known_to, asserted_by',
);

/** Records one assertion by the context's face and principal, known from now on. */
export async function insertEdge(tx: Tx, context: RequestContext, edge: NewEdge): Promise<void> {
  await insertEdges(tx, context, [edge]);
}

export async function insertEdges(tx: Tx, context: RequestContext, edges: readonly NewEdge[]): Promise<void> {
  const now = context.clock.now();
  const rows = edges.map((edge) => [
    edge.id,
    edge.project,
    edge.source,
    edge.target,
    edgeKinds[edge.kind],
    edge.subtype ?? null,
    edge.sourceSlot ?? null,
    edge.targetSlot ?? null,
    faceCodes[context.face],
    context.actor.name,
    knownHows[edge.known],
    edge.rule ?? null,
    edge.validFrom,
    edge.validTo ?? null,
    edge.knownFrom ?? now,
    null,
    edge.event,
    null,
  ]);
  for (const batch of rowBatches(tx.dialect, rows)) {
    await tx.run(sql`INSERT INTO edge (id, project, source, target, kind, subtype, source_slot, target_slot, face, principal,
      known, rule, valid_from, valid_to, known_from, known_to, asserted_by, retracted_by) VALUES ${valueRows(batch)}`);
  }
}

/** They no longer follow from what is known: known until now, and what it was then stays as it was. */
export async function retractEdges(
  tx: Tx,
  context: RequestContext,
  edges: readonly EdgeId[],
  event: EventId,
): Promise<void> {
  if (edges.length === 0) return;
  await tx.run(sql`UPDATE edge SET known_to = ${context.clock.now()}, retracted_by = ${event}
    WHERE id ${anyOf(edges)} AND known_to IS NULL`);
}

/** Edges of one kind at these nodes that are not retracted, in the order they were asserted. */
export async function edgesAt(
  queries: Queries,
  end: 'source' | 'target',
  nodes: readonly NodeId[],
  kind: EdgeKind,
): Promise<EdgeRow[]> {
  if (nodes.length === 0) return [];
  return queries.many(sql`SELECT ${edgeColumns} FROM edge
    WHERE ${rawSql(end)} ${anyOf(nodes)} AND kind = ${edgeKinds[kind]} AND known_to IS NULL ORDER BY id`);
}

/** Edges that begin or end at the node, in the order of their ids, after an id. */
export async function edgesOf(
  queries: Queries,
  node: NodeId,
  after: number,
  limit: number,
): Promise<EdgeRow[]> {
  return queries.many(sql`SELECT ${edgeColumns} FROM edge WHERE id IN (SELECT id FROM edge WHERE source = ${node} UNION SELECT id FROM edge WHERE target = ${node})
      AND id > ${after} ORDER BY id LIMIT ${limit}`);
}
