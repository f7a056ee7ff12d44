import type { Queries, Tx } from '../../db/db.ts';
import type { EventId, Uid } from '../../kernel/ids.ts';
import { anyOf, emptySql, rawSql, sql, valueRows } from '../../kernel/sql.ts';
import { type Delivery, type DeliveryCounts, type WebhookEvent, webhookLimits } from './webhook.ts';

interface Stored {
  readonly id: number;
  readonly uid: Uid;
  readonly event: EventId;
  readonly name: WebhookEvent;
  readonly created: number;
  readonly attempts: number;
  readonly next_at: number | null;
  readonly delivered: number;
  readonly tried: number | null;
  readonly ended: number | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly took: number | null;
}

const columns =
  rawSql(`d.id, d.uid, d.event, d.name, d.created, d.attempts, d.next_at, d.delivered, d.tried, d.ended,
  d.status, d.error, d.took FROM webhook_delivery d`);

function fromStored(row: Stored): Delivery {
  const { id, uid, event, name, created, attempts } = row;
  return {
    ...{ id, uid, event, name, created, attempts },
    state: row.next_at !== null ? 'waiting' : row.delivered === 1 ? 'delivered' : 'failed',
    nextAt: row.next_at ?? undefined,
    tried: row.tried ?? undefined,
    ended: row.ended ?? undefined,
    status: row.status ?? undefined,
    error: row.error ?? undefined,
    took: row.took ?? undefined,
  };
}

export interface NewDelivery {
  readonly id: number;
  readonly uid: Uid;
  readonly event: EventId;
  readonly name: WebhookEvent;
}

export async function insertDeliveries(
  tx: Tx,
  webhook: number,
  now: number,
  rows: readonly NewDelivery[],
): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map(({ id, uid, event, name }) => [id, uid, webhook, event, name, now, 0, now, 0, 0]);
  await tx.run(sql`INSERT INTO webhook_delivery
    (id, uid, webhook, event, name, created, attempts, next_at, leased, delivered) VALUES ${valueRows(values)}`);
}

export async function countWaiting(queries: Queries, webhook: number): Promise<number> {
  const row = await queries.one<{ found: number }>(
    sql`SELECT count(*) AS found FROM webhook_delivery WHERE webhook = ${webhook} AND next_at IS NOT NULL`,
  );
  return row?.found ?? 0;
}

/** By webhook, of those that have any. */
export async function countsOf(
  queries: Queries,
  webhooks: readonly number[],
): Promise<Map<number, DeliveryCounts>> {
  if (webhooks.length === 0) return new Map();
  const rows = await queries.many<{
    webhook: number;
    waiting: number;
    failed: number;
    last: number | null;
  }>(sql`SELECT d.webhook, sum(CASE WHEN d.next_at IS NOT NULL THEN 1 ELSE 0 END) AS waiting,
      sum(CASE WHEN d.next_at IS NULL AND d.delivered = 0 THEN 1 ELSE 0 END) AS failed,
      max(CASE WHEN d.delivered = 1 THEN d.ended END) AS last
    FROM webhook_delivery d WHERE d.webhook ${anyOf(webhooks)} GROUP BY d.webhook`);
  return new Map(
    rows.map(({ webhook, waiting, failed, last }) => [
      webhook,
      { waiting: Number(waiting), failed: Number(failed), lastDelivered: last ?? undefined },
    ]),
  );
}

/** Keeps the latest that have ended. */
export async function trimLog(tx: Tx, webhook: number): Promise<void> {
  await tx.run(sql`DELETE FROM webhook_delivery WHERE webhook = ${webhook} AND next_at IS NULL AND id <= (
    SELECT d.id FROM webhook_delivery d WHERE d.webhook = ${webhook} AND d.next_at IS NULL
    ORDER BY d.id DESC LIMIT 1 OFFSET ${webhookLimits.log})`);
}

/** Those whose time has come, the oldest first. */
export async function dueDeliveries(
  queries: Queries,
  webhook: number,
  now: number,
  limit: number,
): Promise<Delivery[]> {
  const rows = await queries.many<Stored>(sql`SELECT ${columns} WHERE d.webhook = ${webhook}
    AND d.next_at IS NOT NULL AND d.next_at <= ${now} ORDER BY d.id LIMIT ${limit}`);
  return rows.map(fromStored);
}

/** Takes it until `until`; resolves to false when another has. */
export async function leaseDelivery(
  tx: Tx,
  delivery: Delivery,
  now: number,
  until: number,
): Promise<boolean> {
  const taken =
    await tx.run(sql`UPDATE webhook_delivery SET attempts = attempts + 1, next_at = ${until}, leased = 1,
    tried = ${now} WHERE id = ${delivery.id} AND attempts = ${delivery.attempts} AND next_at = ${delivery.nextAt!}`);
  return taken === 1;
}

export interface Outcome {
  readonly delivered: boolean;
  /** ms when to try again; undefined when it has ended. */
  readonly nextAt: number | undefined;
  readonly ended: number | undefined;
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly took: number;
}

/** `attempts`: with this one. Nothing happens when another server has taken it meanwhile. */
export async function recordOutcome(tx: Tx, id: number, attempts: number, outcome: Outcome): Promise<void> {
  const { delivered, nextAt, ended, status, error, took } = outcome;
  await tx.run(sql`UPDATE webhook_delivery SET delivered = ${delivered ? 1 : 0}, next_at = ${nextAt ?? null},
    ended = ${ended ?? null}, leased = 0, status = ${status ?? null}, error = ${error ?? null}, took = ${took}
    WHERE id = ${id} AND attempts = ${attempts} AND leased = 1`);
}

/** The attempt did not come to its end and counts for nothing. */
export async function giveBack(tx: Tx, id: number, attempts: number, now: number): Promise<void> {
  await tx.run(sql`UPDATE webhook_delivery SET attempts = ${attempts - 1}, next_at = ${now}, leased = 0
    WHERE id = ${id} AND attempts = ${attempts} AND leased = 1`);
}

/** Takes back what a server that is gone had taken. Only where there is no other server. */
export async function releaseLeases(tx: Tx, now: number): Promise<void> {
  await tx.run(sql`UPDATE webhook_delivery SET next_at = ${now}, leased = 0 WHERE leased = 1`);
}

/** The latest first, before an id; of one state, if told. */
export async function deliveriesOf(
  queries: Queries,
  webhook: number,
  state: Delivery['state'] | undefined,
  before: number | undefined,
  limit: number,
): Promise<Delivery[]> {
  const states = {
    waiting: sql`AND d.next_at IS NOT NULL`,
    delivered: sql`AND d.next_at IS NULL AND d.delivered = 1`,
    failed: sql`AND d.next_at IS NULL AND d.delivered = 0`,
  };
  const rows = await queries.many<Stored>(sql`SELECT ${columns} WHERE d.webhook = ${webhook}
    ${state === undefined ? emptySql : states[state]}
    ${before === undefined ? emptySql : sql`AND d.id < ${before}`} ORDER BY d.id DESC LIMIT ${limit}`);
  return rows.map(fromStored);
}

export async function findDelivery(
  queries: Queries,
  webhook: number,
  uid: string,
): Promise<Delivery | undefined> {
  if (uid.includes('\0')) return undefined;
  const row = await queries.one<Stored>(
    sql`SELECT ${columns} WHERE d.webhook = ${webhook} AND d.uid = ${uid}`,
  );
  return row && fromStored(row);
}

/** It begins anew, under the same id. Resolves to false while it is being sent. */
export async function restartDelivery(tx: Tx, id: number, now: number): Promise<boolean> {
  const restarted =
    await tx.run(sql`UPDATE webhook_delivery SET attempts = 0, next_at = ${now}, delivered = 0,
    ended = NULL WHERE id = ${id} AND leased = 0`);
  return restarted === 1;
}
