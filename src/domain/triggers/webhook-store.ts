import type { Queries, Tx } from '../../db/db.ts';
import type { ProjectId, Uid } from '../../kernel/ids.ts';
import { emptySql, rawSql, sql } from '../../kernel/sql.ts';
import type { Webhook, WebhookEvent } from './webhook.ts';

/** A webhook with what only the server knows of it. */
export interface WebhookRow extends Webhook {
  readonly sealed: Uint8Array | undefined;
  /** Deliveries tell it. */
  readonly projectName: string;
  /** Of the log: what came until then has its deliveries, if it has any. */
  readonly position: number;
}

interface Stored {
  readonly id: number;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly project_name: string;
  readonly name: string;
  readonly description: string | null;
  readonly url: string;
  readonly events: string;
  readonly secret: Uint8Array | null;
  readonly active: number;
  readonly position: number;
  readonly created: number;
  readonly updated: number;
}

const columns =
  rawSql(`w.id, w.uid, w.project, w.name, w.description, w.url, w.events, w.secret, w.active, w.position,
  w.created, w.updated, (SELECT n.name FROM node n WHERE n.id = w.project) AS project_name FROM webhook w`);

function fromStored({ project_name, description, events, secret, active, ...row }: Stored): WebhookRow {
  return {
    ...row,
    projectName: project_name,
    description: description ?? undefined,
    events: events.split(',') as WebhookEvent[],
    sealed: secret ?? undefined,
    signed: secret !== null,
    active: active === 1,
  };
}

export async function insertWebhook(tx: Tx, row: Omit<WebhookRow, 'projectName'>): Promise<void> {
  await tx.run(sql`INSERT INTO webhook
    (id, uid, project, name, description, url, events, secret, active, position, created, updated)
    VALUES (${row.id}, ${row.uid}, ${row.project}, ${row.name}, ${row.description ?? null}, ${row.url},
      ${row.events.join(',')}, ${row.sealed ?? null}, ${row.active ? 1 : 0}, ${row.position}, ${row.created}, ${row.updated})`);
}

/** All of it but where it came from and how far it has come. */
export async function updateWebhook(tx: Tx, row: WebhookRow): Promise<void> {
  await tx.run(sql`UPDATE webhook SET name = ${row.name}, description = ${row.description ?? null}, url = ${row.url},
    events = ${row.events.join(',')}, secret = ${row.sealed ?? null}, active = ${row.active ? 1 : 0},
    updated = ${row.updated} WHERE id = ${row.id}`);
}

export async function disableWebhook(tx: Tx, id: number, now: number): Promise<void> {
  await tx.run(sql`UPDATE webhook SET active = 0, updated = ${now} WHERE id = ${id}`);
}

/** With its deliveries. */
export async function deleteWebhook(tx: Tx, id: number): Promise<void> {
  await tx.run(sql`DELETE FROM webhook_delivery WHERE webhook = ${id}`);
  await tx.run(sql`DELETE FROM webhook WHERE id = ${id}`);
}

export async function findWebhook(
  queries: Queries,
  project: ProjectId,
  uid: string,
  lock = emptySql,
): Promise<WebhookRow | undefined> {
  if (uid.includes('\0')) return undefined;
  const row = await queries.one<Stored>(
    sql`SELECT ${columns} WHERE w.uid = ${uid} AND w.project = ${project} ${lock}`,
  );
  return row && fromStored(row);
}

export async function countWebhooks(queries: Queries, project: ProjectId): Promise<number> {
  const row = await queries.one<{ found: number }>(
    sql`SELECT count(*) AS found FROM webhook WHERE project = ${project}`,
  );
  return row?.found ?? 0;
}

/** The latest first, after one with these values. */
export async function webhooksOf(
  queries: Queries,
  project: ProjectId,
  limit: number,
  after: readonly [created: number, id: number] | undefined,
): Promise<WebhookRow[]> {
  const beyond = after === undefined ? emptySql : sql`AND (w.created, w.id) < (${after[0]}, ${after[1]})`;
  const rows = await queries.many<Stored>(sql`SELECT ${columns} WHERE w.project = ${project} ${beyond}
    ORDER BY w.created DESC, w.id DESC LIMIT ${limit}`);
  return rows.map(fromStored);
}

/** Of all projects. */
export async function activeWebhooks(queries: Queries): Promise<WebhookRow[]> {
  return (await queries.many<Stored>(sql`SELECT ${columns} WHERE w.active = 1 ORDER BY w.id`)).map(
    fromStored,
  );
}

/** Resolves to false when another server has moved it, or it is active no more. */
export async function movePosition(tx: Tx, row: WebhookRow, to: number): Promise<boolean> {
  const moved = await tx.run(sql`UPDATE webhook SET position = ${to}
    WHERE id = ${row.id} AND position = ${row.position} AND active = 1`);
  return moved === 1;
}

/** What came before now is not told any more. */
export async function skipTo(tx: Tx, id: number, position: number): Promise<void> {
  await tx.run(sql`UPDATE webhook SET position = ${position} WHERE id = ${id}`);
}
