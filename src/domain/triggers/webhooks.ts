/** Webhooks: made, changed, tried out, deleted; what was sent to them, and sending it again. */
import type { Outbound } from '../../engines/outbound/index.ts';
import { OutboundRefusal } from '../../engines/outbound/index.ts';
import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { decodeCursor, encodeCursor, type Page, queryFingerprint } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import type { ChangeTx, Events, Journal } from '../events/index.ts';
import { type Graph, lockNodes } from '../graph/index.ts';
import { countsOf, deliveriesOf, findDelivery, restartDelivery } from './delivery-store.ts';
import { Dispatcher, openedSecret, wordsOf } from './dispatcher.ts';
import type { SecretSeal } from './secret-seal.ts';
import {
  checkWebhook,
  type Delivery,
  type DeliveryCounts,
  type NewWebhook,
  type Webhook,
  type WebhookChange,
  type WebhookEvent,
  webhookLimits,
} from './webhook.ts';
import { examplePayload, headersOf } from './webhook-payload.ts';
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  skipTo,
  updateWebhook,
  type WebhookRow,
  webhooksOf,
} from './webhook-store.ts';

export interface WebhooksOptions {
  readonly outbound: Outbound;
  readonly seal: SecretSeal;
  /** ms; see Dispatcher. */
  readonly lease?: number;
  /** Acts for the server itself. */
  readonly context: () => RequestContext;
}

/** Longer than a post may take, with the writes around it. */
const defaultLease = 45_000;

export interface TestResult {
  /** Whether the receiver took it: 2xx. */
  readonly success: boolean;
  readonly status: number | undefined;
  /** The beginning of what it answered. */
  readonly text: string | undefined;
  readonly error: string | undefined;
}

export class Webhooks {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #events: Events;
  readonly #options: WebhooksOptions;
  readonly #dispatcher: Dispatcher;

  constructor(graph: Graph, journal: Journal, events: Events, options: WebhooksOptions) {
    this.#graph = graph;
    this.#journal = journal;
    this.#events = events;
    this.#options = options;
    const { lease = defaultLease, ...parts } = options;
    this.#dispatcher = new Dispatcher({ graph, journal, events, lease, ...parts });
  }

  /** Begins to send; until then what happens waits in the log. */
  start(): void {
    this.#dispatcher.start();
  }

  /** Sends what is due now and resolves when it was tried. */
  async pass(): Promise<void> {
    await this.#dispatcher.pass();
  }

  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  /** Told of what happens from now on. */
  async create(context: RequestContext, project: ProjectId, input: NewWebhook): Promise<Webhook> {
    checkWebhook(input);
    await this.#checkTarget(input.url);
    // What was acknowledged before this request is not news to it.
    await this.#events.placed();
    const id = await this.#graph.db.nextIds(1);
    const uid = context.newUid();
    const now = context.clock.now();
    const position = await this.#events.last();
    const row: Omit<WebhookRow, 'projectName'> = {
      ...{ id, uid, project, position, name: input.name, url: input.url, events: [...new Set(input.events)] },
      description: input.description || undefined,
      sealed: this.#sealed(context, input.secret, uid),
      signed: Boolean(input.secret),
      active: input.active ?? true,
      created: now,
      updated: now,
    };
    await this.#journal.write(context, project, 'webhook.create', async (tx) => {
      await this.#lockProject(tx, project);
      if ((await countWebhooks(tx, project)) >= webhookLimits.perProject) {
        throw new CairnError(
          'failed_precondition',
          `The project has ${webhookLimits.perProject} webhooks, which is the limit.`,
        );
      }
      await insertWebhook(tx, row);
      this.#record(tx, row, { events: row.events, signed: row.signed, active: row.active });
    });
    this.#dispatcher.wake();
    return this.get(context, project, uid);
  }

  async get(_context: RequestContext, project: ProjectId, uid: string): Promise<Webhook> {
    return this.#graph.db.read(async (queries) => known(await findWebhook(queries, project, uid), uid));
  }

  /** The latest first. */
  async list(
    _context: RequestContext,
    project: ProjectId,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<Webhook>> {
    const fingerprint = queryFingerprint(['webhooks', project]);
    const after = numbersOf(page.cursor, fingerprint, 2);
    const rows = await this.#graph.db.read((queries) =>
      webhooksOf(queries, project, page.limit + 1, after && [after[0]!, after[1]!]),
    );
    const items = rows.slice(0, page.limit);
    const last = items.at(-1);
    if (rows.length <= page.limit || last === undefined) return { items };
    return { items, cursor: encodeCursor(fingerprint, [last.created, last.id]) };
  }

  /** One that is enabled again is told of what happens from then on. */
  async update(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    change: WebhookChange,
  ): Promise<Webhook> {
    checkWebhook(change);
    if (change.url !== undefined) await this.#checkTarget(change.url);
    const position = change.active === true ? await this.#events.last() : 0;
    await this.#change(context, project, uid, 'webhook.update', async (tx, row) => {
      const { name = row.name, url = row.url, active = row.active } = change;
      const { description = row.description, events = row.events } = change;
      const sealed = change.secret === undefined ? row.sealed : this.#sealed(context, change.secret, row.uid);
      const updated = context.clock.now();
      const next = { ...row, name, url, active, events: [...new Set(events)], sealed, updated };
      await updateWebhook(tx, { ...next, description: description || undefined });
      if (active && !row.active) await skipTo(tx, row.id, position);
      this.#record(tx, next, { events: next.events, signed: sealed !== undefined, active });
    });
    this.#dispatcher.wake();
    return this.get(context, project, uid);
  }

  /** What it has not been sent yet is never sent. */
  async delete(context: RequestContext, project: ProjectId, uid: string): Promise<void> {
    await this.#change(context, project, uid, 'webhook.delete', async (tx, row) => {
      await deleteWebhook(tx, row.id);
      this.#record(tx, row, {});
    });
  }

  /** Sends an example of one of its events, once and at once. Nothing of it is kept. */
  async test(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    event?: WebhookEvent,
  ): Promise<TestResult> {
    const row = await this.#graph.db.read(async (queries) =>
      known(await findWebhook(queries, project, uid), uid),
    );
    const now = context.clock.now();
    const body = examplePayload(event ?? row.events[0]!, row.projectName, now);
    try {
      const secret = openedSecret(this.#options.seal, row);
      const headers = headersOf(context.newUid(), now, body, secret);
      const { status, text } = await this.#options.outbound.post(row.url, headers, body, context.signal);
      return { success: status >= 200 && status < 300, status, text, error: undefined };
    } catch (error) {
      const words = `Failed to test webhook: ${wordsOf(error)}`;
      return { success: false, status: undefined, text: undefined, error: words };
    }
  }

  /** What became of what was sent to each, in the order of the webhooks. */
  async counts(_context: RequestContext, webhooks: readonly Webhook[]): Promise<DeliveryCounts[]> {
    const found = await this.#graph.db.read((queries) =>
      countsOf(
        queries,
        webhooks.map(({ id }) => id),
      ),
    );
    return webhooks.map(({ id }) => found.get(id) ?? { waiting: 0, failed: 0, lastDelivered: undefined });
  }

  /** The latest first. */
  async deliveries(
    _context: RequestContext,
    project: ProjectId,
    uid: string,
    page: {
      readonly limit: number;
      readonly cursor?: string | undefined;
      readonly state?: Delivery['state'] | undefined;
    },
  ): Promise<Page<Delivery>> {
    const { limit, state } = page;
    const fingerprint = queryFingerprint(['deliveries', project, uid, state ?? null]);
    const before = numbersOf(page.cursor, fingerprint, 1)?.[0];
    const rows = await this.#graph.db.read(async (queries) => {
      const { id } = known(await findWebhook(queries, project, uid), uid);
      return deliveriesOf(queries, id, state, before, limit + 1);
    });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    if (rows.length <= limit || last === undefined) return { items };
    return { items, cursor: encodeCursor(fingerprint, [last.id]) };
  }

  /** Sends it again from its first attempt on, under the id it has: receivers know by it what they have seen. */
  async replay(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    delivery: string,
  ): Promise<Delivery> {
    const id = await this.#change(context, project, uid, 'webhook.replay', async (tx, row) => {
      const found = await findDelivery(tx, row.id, delivery);
      if (found === undefined) throw notFound(`Delivery with ID ${delivery} not found.`, 'delivery');
      if (!(await restartDelivery(tx, found.id, context.clock.now()))) {
        throw new CairnError('failed_precondition', 'The delivery is being sent now.', { field: 'delivery' });
      }
      this.#record(tx, row, { delivery });
      return row.id;
    });
    this.#dispatcher.wake();
    const after = await this.#graph.db.read((queries) => findDelivery(queries, id, delivery));
    if (after === undefined) throw notFound(`Delivery with ID ${delivery} not found.`, 'delivery');
    return after;
  }

  async #change<T>(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    action: string,
    body: (tx: ChangeTx, row: WebhookRow) => Promise<T>,
  ): Promise<T> {
    return this.#journal.write(context, project, action, async (tx) => {
      // Webhooks of a project are changed one after the other; the event is the project's.
      await this.#lockProject(tx, project);
      return body(tx, known(await findWebhook(tx, project, uid, tx.dialect.forUpdate), uid));
    });
  }

  async #lockProject(tx: ChangeTx, project: ProjectId): Promise<void> {
    await tx.one(sql`SELECT n.id FROM node n WHERE n.id = ${project} ${lockNodes(tx.dialect)}`);
  }

  /** The address is told without its path: there some services keep a secret. */
  #record(
    tx: ChangeTx,
    { uid, name, url, project }: Pick<WebhookRow, 'uid' | 'name' | 'url' | 'project'>,
    more: object,
  ): void {
    const body = { webhook: uid, name, host: new URL(url).host, ...more };
    tx.record({ node: project as number as NodeId, body });
  }

  #sealed(context: RequestContext, secret: string | undefined, uid: string): Uint8Array | undefined {
    return secret ? this.#options.seal.seal(secret, uid, context.random) : undefined;
  }

  async #checkTarget(url: string): Promise<void> {
    try {
      await this.#options.outbound.check(url);
    } catch (error) {
      if (!(error instanceof OutboundRefusal)) throw error;
      throw invalid('url', `Invalid Webhook URL: ${error.message}.`);
    }
  }
}

function known(row: WebhookRow | undefined, uid: string): WebhookRow {
  if (row !== undefined) return row;
  throw notFound(`Webhook with ID ${uid} not found.`, 'webhook');
}

function numbersOf(cursor: string | undefined, fingerprint: string, width: number): number[] | undefined {
  const after =
    cursor === undefined ? undefined : decodeCursor(cursor, fingerprint, width, 'cursor').map(Number);
  if (after?.some((value) => !Number.isSafeInteger(value))) throw invalid('cursor', 'Invalid page token');
  return after;
}
