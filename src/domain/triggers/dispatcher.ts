/**
 * Finds what webhooks are to be told of, and tells them. Beside all requests: no writer waits for it. The log of events is
 * the queue; a webhook's position in it moves in the transaction that makes the deliveries, so each event has one delivery
 * with one id, whoever dies when. A delivery that was sent but not recorded is sent again, under the same id.
 */
import type { Db } from '../../db/db.ts';
import type { Outbound, OutboundAnswer } from '../../engines/outbound/index.ts';
import type { EventId, NodeId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Events, Journal, RecordedEvent } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import { promptNodes } from '../registry/index.ts';
import {
  countWaiting,
  dueDeliveries,
  giveBack,
  insertDeliveries,
  leaseDelivery,
  type NewDelivery,
  type Outcome,
  recordOutcome,
  releaseLeases,
  trimLog,
} from './delivery-store.ts';
import { retryAfterOf, waitAfter } from './retry-schedule.ts';
import type { SecretSeal } from './secret-seal.ts';
import { type Delivery, type Webhook, webhookLimits } from './webhook.ts';
import { asksForPrompt, headersOf, payloadOf, toldActions, webhookEventOf } from './webhook-payload.ts';
import { activeWebhooks, disableWebhook, movePosition, type WebhookRow } from './webhook-store.ts';

/** ms without a change after which a server looks for what is due, and for what other servers wrote. */
const quiet = 500;
/** ms between two looks while much is written. */
const pause = 25;
/** Events that become deliveries in one transaction. */
const batch = 100;
/** Positions without anything to tell after which a webhook's own is stored, so that a start has little to read again. */
const stride = 10_000;
/** Deliveries under way at once, of one webhook. */
const perWebhook = 4;

export interface DispatcherOptions {
  readonly graph: Graph;
  readonly journal: Journal;
  readonly events: Events;
  readonly outbound: Outbound;
  readonly seal: SecretSeal;
  /** ms after which a delivery is taken from a server that has said nothing more of it; longer than a post may take. */
  readonly lease: number;
  /** Acts for the server itself; the only source of time and chance. */
  readonly context: () => RequestContext;
}

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #db: Db;
  readonly #stop = new AbortController();
  /** What is waited for gives way to it: no timer keeps a process alive that ends. */
  readonly #stopped = Promise.withResolvers<void>();
  /** Webhook → how far it was read, beyond the position that is stored. */
  readonly #read = new Map<number, { readonly stored: number; readonly reached: number }>();
  /** Webhook → deliveries under way here. */
  readonly #busy = new Map<number, number>();
  readonly #sending = new Set<Promise<void>>();
  #running: Promise<void> | undefined;
  #kick = () => {};

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#db = options.graph.db;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error('the server stops'));
    this.#stopped.resolve();
    await this.#running;
    await Promise.all(this.#sending);
  }

  /** Something may be due now. */
  wake(): void {
    this.#kick();
  }

  /** One look at the log and at what is due; resolves when all that was due then has been tried. */
  async pass(): Promise<void> {
    await this.#look();
    await Promise.all(this.#sending);
  }

  async #run(): Promise<void> {
    const { events, context } = this.#options;
    const { clock } = context();
    const { signal } = this.#stop;
    let released = !this.#db.dialect.positionsInTransaction;
    const after = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
    while (!signal.aborted) {
      // Where nobody is to be told, changes are no reason to look.
      let isIdle = true;
      const kicked = new Promise<void>((resolve) => {
        this.#kick = resolve;
      });
      const turn = new AbortController();
      const changed = events.changed(quiet, turn.signal);
      try {
        if (!released) await this.#db.write((tx) => releaseLeases(tx, clock.now()));
        released = true;
        isIdle = (await this.#look()) === 0;
      } catch {
        // The store is away; it is there the next time, and nothing is lost.
      }
      await Promise.race([isIdle ? after(quiet) : changed, kicked, this.#stopped.promise]);
      turn.abort();
      await Promise.race([after(pause), this.#stopped.promise]);
    }
  }

  /** Resolves to how many webhooks there are. */
  async #look(): Promise<number> {
    const webhooks = await this.#db.read(activeWebhooks);
    const pages = new Map<string, ReturnType<Events['ofActions']>>();
    for (const webhook of webhooks) await this.#findFor(webhook, pages);
    for (const webhook of webhooks) await this.#sendDue(webhook);
    return webhooks.length;
  }

  /** Webhooks of a project are mostly at the same place: what is read for one of them is read for all. */
  async #findFor(webhook: WebhookRow, pages: Map<string, ReturnType<Events['ofActions']>>): Promise<void> {
    const { events, context } = this.#options;
    let row = webhook;
    for (let isEnd = false; !isEnd && !this.#stop.signal.aborted; ) {
      const known = this.#read.get(row.id);
      const after = known?.stored === row.position ? Math.max(known.reached, row.position) : row.position;
      const key = `${row.project}/${after}`;
      const reading = pages.get(key) ?? events.ofActions(row.project, toldActions, after, batch);
      pages.set(key, reading);
      const page = await reading;
      const found = await this.#wanted(row, page.events);
      isEnd = page.isEnd;
      if (found.length === 0 && page.reached - row.position < stride) {
        this.#read.set(row.id, { stored: row.position, reached: page.reached });
        continue;
      }
      const first = await this.#db.nextIds(Math.max(1, found.length));
      const now = context().clock.now();
      const moved = await this.#db.write(async (tx) => {
        if (found.length > 0 && (await countWaiting(tx, row.id)) >= webhookLimits.waiting) return false;
        if (!(await movePosition(tx, row, page.reached))) return false;
        const rows = found.map((delivery, index) => ({ ...delivery, id: first + index }));
        await insertDeliveries(tx, row.id, now, rows);
        await trimLog(tx, row.id);
        return true;
      });
      // Full, or another server was faster: the next look sees more.
      if (!moved) return;
      row = { ...row, position: page.reached };
    }
  }

  async #wanted(webhook: Webhook, events: readonly RecordedEvent[]): Promise<Omit<NewDelivery, 'id'>[]> {
    const { graph, context } = this.#options;
    const asking = events.filter(({ action }) => asksForPrompt(action)).map(({ node }) => node);
    const prompts: ReadonlySet<NodeId> =
      asking.length === 0
        ? new Set()
        : await this.#db.read((queries) => promptNodes(queries, graph, [...new Set(asking)]));
    return events.flatMap((event) => {
      const name = webhookEventOf(event, prompts.has(event.node));
      if (name === undefined || !webhook.events.includes(name)) return [];
      return { event: event.id, name, uid: context().newUid() };
    });
  }

  async #sendDue(webhook: WebhookRow): Promise<void> {
    const { clock } = this.#options.context();
    const free = perWebhook - (this.#busy.get(webhook.id) ?? 0);
    if (free <= 0 || this.#stop.signal.aborted) return;
    const now = clock.now();
    const due = await this.#db.read((queries) => dueDeliveries(queries, webhook.id, now, free));
    for (const delivery of due) {
      const until = now + this.#options.lease;
      if (!(await this.#db.write((tx) => leaseDelivery(tx, delivery, now, until)))) continue;
      this.#busy.set(webhook.id, (this.#busy.get(webhook.id) ?? 0) + 1);
      const sending = this.#deliver(webhook, delivery).finally(() => {
        this.#busy.set(webhook.id, this.#busy.get(webhook.id)! - 1);
        this.#sending.delete(sending);
        this.#kick();
      });
      this.#sending.add(sending);
    }
  }

  /** Never rejects: where the store is away the lease runs out, and the delivery is made again. */
  async #deliver(webhook: WebhookRow, delivery: Delivery): Promise<void> {
    const attempts = delivery.attempts + 1;
    try {
      const { outcome, gone } = await this.#attempt(webhook, delivery, attempts);
      if (outcome !== undefined) {
        await this.#db.write((tx) => recordOutcome(tx, delivery.id, attempts, outcome));
        if (gone) await this.#disable(webhook);
        return;
      }
      const now = this.#options.context().clock.now();
      await this.#db.write((tx) => giveBack(tx, delivery.id, attempts, now));
    } catch {}
  }

  async #attempt(
    webhook: WebhookRow,
    delivery: Delivery,
    attempts: number,
  ): Promise<{ outcome?: Outcome; gone?: boolean }> {
    const { outbound, context } = this.#options;
    const { clock, random } = context();
    const began = clock.now();
    let answer: OutboundAnswer | undefined;
    let error: string | undefined;
    try {
      const { body, secret } = await this.#prepared(webhook, delivery.name, delivery.event);
      const headers = headersOf(delivery.uid, began, body, secret);
      answer = await outbound.post(webhook.url, headers, body, this.#stop.signal);
    } catch (cause) {
      if (this.#stop.signal.aborted) return {};
      error = wordsOf(cause);
    }
    const now = clock.now();
    const delivered = answer !== undefined && answer.status >= 200 && answer.status < 300;
    const gone = answer?.status === 410;
    const chance = random(1)[0]! / 255;
    const wait =
      delivered || gone ? undefined : waitAfter(attempts, chance, retryAfterOf(answer?.retryAfter, now));
    if (answer !== undefined && !delivered) error = `answered ${answer.status}`;
    const nextAt = wait === undefined ? undefined : now + wait;
    const ended = nextAt === undefined ? now : undefined;
    return { gone, outcome: { delivered, nextAt, ended, status: answer?.status, error, took: now - began } };
  }

  async #prepared(
    webhook: WebhookRow,
    name: Delivery['name'],
    id: EventId,
  ): Promise<{ body: string; secret: string | undefined }> {
    const event = await this.#options.events.one(id);
    if (event?.body === undefined) throw new Error('what happened was erased from the log');
    return {
      body: payloadOf(name, webhook.projectName, event),
      secret: openedSecret(this.#options.seal, webhook),
    };
  }

  /** The receiver said that it is gone for good (410). */
  async #disable(webhook: WebhookRow): Promise<void> {
    const context = this.#options.context();
    await this.#options.journal.write(context, webhook.project, 'webhook.disable', async (tx) => {
      await disableWebhook(tx, webhook.id, context.clock.now());
      tx.record({
        node: webhook.project as number as NodeId,
        body: { webhook: webhook.uid, name: webhook.name, why: 'the receiver answered 410' },
      });
    });
  }
}

/** Undefined where deliveries are not signed; throws where the server has another key than the one it was sealed with. */
export function openedSecret(
  seal: SecretSeal,
  { sealed, uid }: { sealed: Uint8Array | undefined; uid: Uid },
) {
  if (sealed === undefined) return undefined;
  const secret = seal.open(sealed, uid);
  if (secret !== undefined) return secret;
  throw new Error("the secret was sealed with another key than this server's: set it again, or the key");
}

const errorLimit = 300;

/** What is known of a failure, for the delivery log. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const { code } = error as NodeJS.ErrnoException;
  const words = error.message === '' ? (code ?? 'failed') : error.message;
  return words.slice(0, errorLimit).toWellFormed().replaceAll('\0', '');
}
