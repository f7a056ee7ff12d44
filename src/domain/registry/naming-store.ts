/**
 * Aliases and stages: edges of kind `named` from a registered model to a version, each true from one instant to another.
 * What is named now is an edge without an end. Nothing of it is ever removed: a change ends one edge and begins another.
 */
import type { Queries } from '../../db/db.ts';
import type { EdgeId, EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, emptySql, sql } from '../../kernel/sql.ts';
import type { ChangeTx } from '../events/index.ts';
import { edgeKinds, type Graph, insertEdges } from '../graph/index.ts';
import type { Stage } from './registered-model.ts';

/** `alias/champion`, `stage/Production`: neither word holds a slash. */
export type Naming = `alias/${string}` | `stage/${string}`;

export const aliasNaming = (alias: string): Naming => `alias/${alias}`;
export const stageNaming = (stage: Stage): Naming => `stage/${stage}`;

export interface NamingRow {
  readonly id: EdgeId;
  readonly model: NodeId;
  readonly version: NodeId;
  readonly naming: Naming;
  readonly from: number;
  readonly to: number | null;
  readonly principal: string;
  readonly began: EventId;
  readonly ended: EventId | null;
}

const columns = sql`e.id, e.source AS model, e.target AS version, e.subtype AS naming, e.valid_from AS "from",
  e.valid_to AS "to", e.principal, e.asserted_by AS began, e.retracted_by AS ended`;
const isNaming = sql`e.kind = ${edgeKinds.named} AND e.known_to IS NULL`;

/** What is named now: of registered models, or of versions. */
export async function namedNow(
  queries: Queries,
  end: 'model' | 'version',
  nodes: readonly NodeId[],
): Promise<NamingRow[]> {
  if (nodes.length === 0) return [];
  const column = end === 'model' ? sql`e.source` : sql`e.target`;
  return queries.many(sql`SELECT ${columns} FROM edge e
    WHERE ${column} ${anyOf(nodes)} AND ${isNaming} AND e.valid_to IS NULL ORDER BY e.subtype, e.id`);
}

/** What was named at an instant, ms; now, when it is left out. */
export async function namedAt(
  queries: Queries,
  model: NodeId,
  naming: Naming,
  at: number | undefined,
): Promise<NamingRow | undefined> {
  const when =
    at === undefined
      ? sql`e.valid_to IS NULL`
      : sql`e.valid_from <= ${at} AND (e.valid_to IS NULL OR e.valid_to > ${at})`;
  return queries.one(sql`SELECT ${columns} FROM edge e WHERE e.source = ${model} AND ${isNaming}
    AND e.subtype = ${naming} AND ${when} ORDER BY e.valid_from DESC, e.id DESC LIMIT 1`);
}

/** Every interval of a naming, or of all of a model; the latest first. */
export async function namingsOf(
  queries: Queries,
  model: NodeId,
  page: { readonly naming?: Naming; readonly before?: readonly [number, number]; readonly limit: number },
): Promise<NamingRow[]> {
  const of = page.naming === undefined ? emptySql : sql` AND e.subtype = ${page.naming}`;
  const before =
    page.before === undefined
      ? emptySql
      : sql` AND (e.valid_from < ${page.before[0]} OR (e.valid_from = ${page.before[0]} AND e.id < ${page.before[1]}))`;
  return queries.many(sql`SELECT ${columns} FROM edge e WHERE e.source = ${model} AND ${isNaming}${of}${before}
    ORDER BY e.valid_from DESC, e.id DESC LIMIT ${page.limit}`);
}

/** At the instant `now`, ms. */
export async function endNamings(tx: ChangeTx, now: number, rows: readonly NamingRow[]): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  // A clock that was set back must not end a thing before it began.
  await tx.run(sql`UPDATE edge SET valid_to = CASE WHEN valid_from > ${now} THEN valid_from ELSE ${now} END,
    retracted_by = ${tx.eventId} WHERE id ${anyOf(ids)}`);
}

/** At the instant `now`, but not before `after`, when what they follow began: it ends when they begin. */
export async function beginNamings(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  model: { readonly id: NodeId; readonly project: ProjectId },
  now: number,
  begun: readonly { readonly naming: Naming; readonly version: NodeId; readonly after?: number }[],
): Promise<void> {
  if (begun.length === 0) return;
  const first = await graph.db.nextIds(begun.length);
  await insertEdges(
    tx,
    context,
    begun.map(({ naming, version, after = 0 }, index) => ({
      id: (first + index) as EdgeId,
      project: model.project,
      source: model.id,
      target: version,
      kind: 'named',
      subtype: naming,
      known: 'declared',
      validFrom: Math.max(now, after),
      event: tx.eventId,
    })),
  );
}

/** Who did each of these changes. */
export async function actorsOf(
  queries: Queries,
  events: readonly EventId[],
): Promise<ReadonlyMap<EventId, string>> {
  if (events.length === 0) return new Map();
  const rows = await queries.many<{ id: EventId; actor: string }>(
    sql`SELECT id, actor FROM event WHERE id ${anyOf(events)}`,
  );
  return new Map(rows.map(({ id, actor }) => [id, actor]));
}
