/** What the questions of lineage read beside the walks: the edges that are evidence, what is deployed, versions of an asset. */
import type { Queries } from '../../../db/db.ts';
import type { EdgeId, NodeId } from '../../../kernel/ids.ts';
import { anyOf, rawSql, type Sql, sql } from '../../../kernel/sql.ts';
import { edgeKinds, nodeKinds, projectsSeen } from '../../graph/index.ts';
import type { World } from './labels.ts';

export interface When {
  /** ms; absent: what has not ended. */
  readonly asOf?: number | undefined;
  /** ms; absent: what is believed still. */
  readonly knownAt?: number | undefined;
}

export interface EvidenceRow {
  readonly id: EdgeId;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly kind: number;
  readonly subtype: string | null;
  /** Of a binding: uid of the record of the read that it explains. */
  readonly slot: string | null;
  readonly known: number;
  readonly rule: string | null;
  readonly face: number;
  readonly principal: string;
  readonly valid_from: number | null;
  readonly valid_to: number | null;
  readonly known_from: number;
  readonly known_to: number | null;
  /** Of the event that asserted it; null while it has none. */
  readonly position: number | null;
}

export async function evidenceOf(
  queries: Queries,
  edges: Iterable<number>,
): Promise<ReadonlyMap<number, EvidenceRow>> {
  const rows =
    await queries.many<EvidenceRow>(sql`SELECT e.id, e.source, e.target, e.kind, e.subtype, e.source_slot AS slot, e.known, e.rule,
      e.face, e.principal, e.valid_from, e.valid_to, e.known_from, e.known_to, v.position
    FROM edge e LEFT JOIN event v ON v.id = e.asserted_by WHERE e.id ${anyOf([...new Set(edges)])}`);
  return new Map(rows.map((row) => [row.id, row]));
}

export interface ServingRow {
  readonly version: NodeId;
  readonly uid: string;
  /** Name of its project. */
  readonly project: string;
  readonly slot: string | null;
  readonly endpoint: string | null;
  readonly from: number | null;
  readonly to: number | null;
}

/** What serves at an instant, in every project that may be seen, the earliest first: one row for each stretch. */
export async function servingAt(
  queries: Queries,
  { graph, scope }: Pick<World, 'graph' | 'scope'>,
  when: When,
): Promise<ServingRow[]> {
  return queries.many(sql`SELECT s.source AS version, d.uid, o.name AS project, s.target_slot AS slot, p.name AS endpoint,
      s.valid_from AS "from", s.valid_to AS "to"
    FROM node d JOIN edge s ON s.target = d.id AND s.kind = ${edgeKinds.serves} AND ${lives(when)}
    JOIN edge m ON m.source = d.id AND m.kind = ${edgeKinds['member-of']}
    JOIN node p ON p.id = m.target AND p.type = ${graph.types.endpoint} JOIN node o ON o.id = d.project
    WHERE d.context IN ${projectsSeen(scope)} AND d.kind = ${nodeKinds.execution} AND d.type = ${graph.types.deployment}
    ORDER BY s.valid_from, s.id`);
}

/** A condition on an edge, which the statement calls `s` or by another letter. */
export function lives({ asOf, knownAt }: When, edge: 's' | 'u' | 'b' = 's'): Sql {
  const of = (column: string) => rawSql(`${edge}.${column}`);
  const known =
    knownAt === undefined
      ? sql`${of('known_to')} IS NULL`
      : sql`${of('known_from')} <= ${knownAt} AND (${of('known_to')} IS NULL OR ${of('known_to')} > ${knownAt})`;
  return asOf === undefined
    ? sql`${known} AND ${of('valid_to')} IS NULL`
    : sql`${known} AND (${of('valid_from')} IS NULL OR ${of('valid_from')} <= ${asOf}) AND (${of('valid_to')} IS NULL OR ${of('valid_to')} > ${asOf})`;
}
