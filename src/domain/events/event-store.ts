import type { Queries, Tx } from '../../db/db.ts';
import { wordOf } from '../../kernel/codes.ts';
import type { EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { anyOf, emptySql, rawSql, rowBatches, sql, valueRows } from '../../kernel/sql.ts';
import { type Change, faceCodes, type RecordedEvent } from './event.ts';

export interface EventRow {
  readonly id: EventId;
  readonly project: ProjectId;
  readonly recorded: number;
  readonly actor: string;
  readonly face: number;
  readonly action: string;
  readonly node: NodeId;
  readonly salt: Uint8Array;
  readonly digest: Uint8Array;
  readonly body: string;
  readonly touched: readonly NodeId[];
}

/** With one writer the position is the next number in the same transaction; elsewhere a sequencer gives it later. */
const nextPosition = rawSql('(SELECT coalesce(max(position), 0) + 1 FROM event)');

export async function insertEvent(tx: Tx, row: EventRow, positionNow: boolean): Promise<void> {
  const position = positionNow ? nextPosition : rawSql('NULL');
  await tx.run(sql`INSERT INTO event (id, position, project, recorded, actor, face, action, node, salt, digest)
    VALUES (${row.id}, ${position}, ${row.project}, ${row.recorded}, ${row.actor}, ${row.face}, ${row.action},
      ${row.node}, ${row.salt}, ${row.digest})`);
  await tx.run(sql`INSERT INTO event_body (event, body) VALUES (${row.id}, ${row.body})`);
  const touches = row.touched.map((node) => [node, row.id]);
  for (const batch of rowBatches(tx.dialect, touches))
    await tx.run(
      sql`INSERT INTO event_touch (node, event) VALUES ${valueRows(batch)} ON CONFLICT DO NOTHING`,
    );
}

/** Bodies of one statement: their sum is what counts, and some are large. */
const bodiesPerStatement = 32;

/** Events of one transaction, in the order of their positions. */
export async function insertEvents(tx: Tx, events: readonly EventRow[], positionNow: boolean): Promise<void> {
  const [only] = events;
  if (only === undefined) return;
  if (events.length === 1) return insertEvent(tx, only, positionNow);
  const next = positionNow ? (await lastPosition(tx)) + 1 : undefined;
  const rows = events.map((event, index) => [
    ...[event.id, next === undefined ? null : next + index, event.project, event.recorded, event.actor],
    ...[event.face, event.action, event.node, event.salt, event.digest],
  ]);
  for (const batch of rowBatches(tx.dialect, rows)) {
    await tx.run(sql`INSERT INTO event (id, position, project, recorded, actor, face, action, node, salt, digest)
      VALUES ${valueRows(batch)}`);
  }
  const bodies = events.map(({ id, body }) => [id, body]);
  for (const batch of rowBatches(tx.dialect, bodies, bodiesPerStatement))
    await tx.run(sql`INSERT INTO event_body (event, body) VALUES ${valueRows(batch)}`);
  const touches = events.flatMap(({ id, touched }) => [...new Set(touched)].map((node) => [node, id]));
  for (const batch of rowBatches(tx.dialect, touches))
    await tx.run(sql`INSERT INTO event_touch (node, event) VALUES ${valueRows(batch)}`);
}

/**
 * The node's next revision: the one place that counts, so that no change can be forgotten that changes what a reader is
 * shown of the node itself. A change of what the node is related to is recorded at the node, too, or shows only there.
 */
export async function countChange(
  tx: Tx,
  { node, updated }: Pick<Change, 'node' | 'updated'>,
): Promise<void> {
  const also = updated === undefined ? emptySql : sql`, updated = ${updated}`;
  await tx.run(sql`UPDATE node SET revision = revision + 1${also} WHERE id = ${node}`);
}

/** The same for nodes that a change touched beside its own. */
export async function countChanges(tx: Tx, nodes: readonly NodeId[]): Promise<void> {
  await tx.run(sql`UPDATE node SET revision = revision + 1 WHERE id ${anyOf(nodes)}`);
}

/** Gives the next positions to up to `limit` committed events; resolves to how many. */
export async function placeEvents(tx: Tx, limit: number): Promise<number> {
  const sequence = await tx.one<{ last: number }>(
    sql`SELECT last FROM event_sequence WHERE id = 1 ${tx.dialect.forUpdate}`,
  );
  const last = sequence?.last ?? 0;
  const placed = await tx.run(sql`UPDATE event SET position = ${last} + fresh.place FROM (
      SELECT id, row_number() OVER (ORDER BY recorded, id) AS place FROM (
        SELECT id, recorded FROM event WHERE position IS NULL ORDER BY id LIMIT ${limit}
      ) AS unplaced
    ) AS fresh WHERE event.id = fresh.id`);
  if (placed > 0) await tx.run(sql`UPDATE event_sequence SET last = ${last + placed} WHERE id = 1`);
  return placed;
}

export interface EventFilter {
  readonly project: ProjectId;
  /** Only events of this node. */
  readonly node?: NodeId | undefined;
  /** Only events of this context and of the nodes whose primary context it is. */
  readonly context?: NodeId | undefined;
}

interface StoredEvent {
  readonly id: EventId;
  readonly position: number | null;
  readonly project: ProjectId;
  readonly recorded: number;
  readonly actor: string;
  readonly face: number;
  readonly action: string;
  readonly node: NodeId;
  readonly digest: Uint8Array;
  readonly body: string | null;
}

function fromStored(row: StoredEvent): RecordedEvent {
  return {
    id: row.id,
    position: row.position ?? undefined,
    project: row.project,
    recorded: row.recorded,
    actor: row.actor,
    face: wordOf(faceCodes, row.face),
    action: row.action,
    node: row.node,
    digest: Buffer.from(row.digest).toString('hex'),
    body: row.body === null ? undefined : JSON.parse(row.body),
  };
}

/** Bytes of bodies after which a page ends: its reader, and every stream that is behind, holds one in memory. */
const pageBytes = 1024 * 1024;

/**
 * The events of a window of at most `window` positions after `after`, those that pass the filter; fewer when their bodies
 * are large. `isEnd`: nothing was placed beyond `reached` then.
 */
export async function eventsAfter(
  queries: Queries,
  filter: EventFilter,
  after: number,
  window: number,
): Promise<{ events: RecordedEvent[]; reached: number; isEnd: boolean }> {
  const inContext =
    filter.context === undefined
      ? emptySql
      : sql`AND (n.context = ${filter.context} OR n.id = ${filter.context})`;
  const ofNode =
    filter.node === undefined
      ? emptySql
      : sql`AND (e.node = ${filter.node} OR EXISTS (SELECT 1 FROM event_touch t WHERE t.node = ${filter.node} AND t.event = e.id))`;
  // The length of a text is told by its row's head; the text itself is read of those on the page only.
  const rows = await queries.many<StoredEvent & { position: number; total: number }>(sql`
    SELECT s.id, s.position, s.project, s.recorded, s.actor, s.face, s.action, s.node, s.digest, s.total, b.body
    FROM (
      SELECT e.id, e.position, e.project, e.recorded, e.actor, e.face, e.action, e.node, e.digest,
        coalesce(octet_length(b.body), 0) AS size,
        sum(coalesce(octet_length(b.body), 0)) OVER (ORDER BY e.position) AS total
      FROM event e JOIN node n ON n.id = e.node LEFT JOIN event_body b ON b.event = e.id
      WHERE e.position > ${after} AND e.position <= ${after + window} AND e.project = ${filter.project} ${inContext} ${ofNode}
    ) AS s LEFT JOIN event_body b ON b.event = s.id
    WHERE s.total - s.size < ${pageBytes}
    ORDER BY s.position`);
  const end = await lastPosition(queries);
  const last = rows.at(-1);
  const reached =
    last !== undefined && last.total >= pageBytes
      ? last.position
      : Math.min(after + window, Math.max(end, after));
  return { events: rows.map(fromStored), reached, isEnd: reached >= end };
}

/**
 * Placed events of some actions in a project after a position, in a window of positions; fewer when there are many.
 * `reached` is where to go on, at the end of the log or before it.
 */
export async function eventsOfActions(
  queries: Queries,
  project: ProjectId,
  actions: readonly string[],
  after: number,
  window: number,
  limit: number,
): Promise<{ events: RecordedEvent[]; reached: number; isEnd: boolean }> {
  const rows = await queries.many<StoredEvent>(sql`
    SELECT e.id, e.position, e.project, e.recorded, e.actor, e.face, e.action, e.node, e.digest, b.body
    FROM event e LEFT JOIN event_body b ON b.event = e.id
    WHERE e.position > ${after} AND e.position <= ${after + window} AND e.project = ${project}
      AND e.action ${anyOf(actions)}
    ORDER BY e.position LIMIT ${limit}`);
  const end = await lastPosition(queries);
  const reached =
    rows.length === limit ? rows.at(-1)!.position! : Math.min(after + window, Math.max(end, after));
  return { events: rows.map(fromStored), reached, isEnd: reached >= end };
}

/** Undefined for an id that is no event's. */
export async function eventById(queries: Queries, id: EventId): Promise<RecordedEvent | undefined> {
  const row = await queries.one<StoredEvent>(sql`
    SELECT e.id, e.position, e.project, e.recorded, e.actor, e.face, e.action, e.node, e.digest, b.body
    FROM event e LEFT JOIN event_body b ON b.event = e.id WHERE e.id = ${id}`);
  return row && fromStored(row);
}

/**
 * Placed events before a position, the latest first. Of one node at most `limit`; else those of a window of positions that
 * pass the filter. `reached` is the position to go on before, 1 at the end.
 */
export async function eventsBefore(
  queries: Queries,
  filter: EventFilter,
  before: number,
  limit: number,
): Promise<{ events: RecordedEvent[]; reached: number }> {
  const end = Math.min(before, (await lastPosition(queries)) + 1);
  const columns =
    rawSql(`e.id, e.position, e.project, e.recorded, e.actor, e.face, e.action, e.node, e.digest, b.body
    FROM event e LEFT JOIN event_body b ON b.event = e.id`);
  if (filter.node !== undefined) {
    const { node } = filter;
    const rows = await queries.many<StoredEvent>(sql`SELECT ${columns}
      WHERE e.id IN (SELECT id FROM event WHERE node = ${node} UNION SELECT event FROM event_touch WHERE node = ${node})
        AND e.position < ${end} AND e.project = ${filter.project}
      ORDER BY e.position DESC LIMIT ${limit}`);
    const last = rows.at(-1)?.position ?? 1;
    return { events: rows.map(fromStored), reached: rows.length < limit ? 1 : last };
  }
  const inContext =
    filter.context === undefined
      ? emptySql
      : sql`AND (n.context = ${filter.context} OR n.id = ${filter.context})`;
  const from = Math.max(1, end - limit);
  const rows = await queries.many<StoredEvent>(sql`SELECT ${columns} JOIN node n ON n.id = e.node
    WHERE e.position >= ${from} AND e.position < ${end} AND e.project = ${filter.project} ${inContext}
    ORDER BY e.position DESC`);
  return { events: rows.map(fromStored), reached: from };
}

/** The events of one node from the oldest on, after a position, placed ones only. */
export async function eventsOfNode(
  queries: Queries,
  node: NodeId,
  after: number,
  limit: number,
): Promise<RecordedEvent[]> {
  const rows = await queries.many<StoredEvent>(sql`
    SELECT e.id, e.position, e.project, e.recorded, e.actor, e.face, e.action, e.node, e.digest, b.body
    FROM event e LEFT JOIN event_body b ON b.event = e.id
    WHERE e.id IN (SELECT id FROM event WHERE node = ${node} UNION SELECT event FROM event_touch WHERE node = ${node})
      AND e.position > ${after}
    ORDER BY e.position LIMIT ${limit}`);
  return rows.map(fromStored);
}

export async function lastPosition(queries: Queries): Promise<number> {
  const row = await queries.one<{ last: number | null }>(sql`SELECT max(position) AS last FROM event`);
  return row?.last ?? 0;
}
