/**
 * The one way to change something. `write` runs the change, its event and (for a request with an idempotency key) its
 * answer in one transaction, so that none exists without the others; a retry gets the first answer again.
 */
import type { Db, Tx } from '../../db/db.ts';
import { assert } from '../../kernel/assert.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { EventId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { bodyDigest, type Change, faceCodes } from './event.ts';
import { countChange, type EventRow, insertEvent, insertEvents } from './event-store.ts';
import { findAnswer, forgetAnswersBefore, storeAnswer } from './idempotency-store.ts';

/** Answers to retried requests are kept this long: 7 days in ms. */
export const idempotencyRetention = 7 * 24 * 60 * 60 * 1000;

/** A transaction in which what is asserted names the event that says so. */
export interface EventTx extends Tx {
  /** The id the event will have. */
  readonly eventId: EventId;
}

/** One change under way. `record` is called once, unless nothing changed. */
export interface ChangeTx extends EventTx {
  record(change: Change): void;
}

export class Journal {
  readonly #db: Db;
  readonly #committed: () => void;

  /** `committed` is called after each commit that recorded an event. */
  constructor(db: Db, committed: () => void) {
    this.#db = db;
    this.#committed = committed;
  }

  async write<T>(
    context: RequestContext,
    project: ProjectId,
    action: string,
    body: (tx: ChangeTx) => Promise<T>,
  ): Promise<T> {
    const eventId = (await this.#db.nextIds(1)) as EventId;
    const idempotency = context.idempotency;
    const key = idempotency && {
      project,
      principal: context.actor.name,
      operation: action,
      key: idempotency.key,
    };
    return this.#db.write(async (tx) => {
      if (key && idempotency) {
        const first = await findAnswer(tx, key);
        if (first !== undefined) return replay<T>(first, idempotency.digest);
      }
      let change: Change | undefined;
      const result = await body({
        ...bound(tx),
        eventId,
        record(recorded) {
          assert(change === undefined, 'a change is recorded once');
          change = recorded;
        },
      });
      if (change !== undefined) {
        if (change.isFirst !== true) await countChange(tx, change);
        const row = eventRow(context, project, action, eventId, change);
        await insertEvent(tx, row, this.#db.dialect.positionsInTransaction);
        tx.afterCommit(this.#committed);
      }
      if (key && idempotency) {
        const answer = JSON.stringify(result ?? null);
        if (!(await storeAnswer(tx, key, idempotency.digest, answer, context.clock.now()))) {
          throw new CairnError('conflict', 'A request with this idempotency key is under way.');
        }
      }
      return result;
    });
  }

  /** New ids for events. */
  async eventIds(count: number): Promise<readonly EventId[]> {
    const first = await this.#db.nextIds(count);
    return Array.from({ length: count }, (_, index) => (first + index) as EventId);
  }

  /**
   * Several changes in one transaction, each an event of its own by an id from `eventIds`. `body` resolves to what is recorded of
   * each, undefined where nothing changed, and then to what else is an event of its own. No retry is known again: what is recorded so must know by itself what it was told.
   */
  async writeEach(
    context: RequestContext,
    project: ProjectId,
    action: string,
    ids: readonly EventId[],
    body: (tx: Tx) => Promise<readonly (Change | undefined)[]>,
  ): Promise<void> {
    await this.#db.write(async (tx) => {
      const rows: EventRow[] = [];
      for (const [index, change] of (await body(tx)).entries()) {
        if (change === undefined) continue;
        if (change.isFirst !== true) await countChange(tx, change);
        const { id, action: own } = change.own ?? { id: ids[index]!, action };
        rows.push(eventRow(context, project, own, id, change));
      }
      if (rows.length === 0) return;
      await insertEvents(tx, rows, this.#db.dialect.positionsInTransaction);
      tx.afterCommit(this.#committed);
    });
  }

  /** Forgets answers past their retention; resolves to how many. */
  async prune(context: RequestContext): Promise<number> {
    return this.#db.write((tx) => forgetAnswersBefore(tx, context.clock.now() - idempotencyRetention));
  }
}

function eventRow(
  context: RequestContext,
  project: ProjectId,
  action: string,
  id: EventId,
  change: Change,
): EventRow {
  const body = change.bodyText ?? JSON.stringify(change.body);
  const salt = context.random(16);
  return {
    id,
    project,
    recorded: context.clock.now(),
    actor: context.actor.name,
    face: faceCodes[context.face],
    action,
    node: change.node,
    salt,
    digest: bodyDigest(salt, body),
    body,
    touched: change.touched ?? [],
  };
}

/** The transaction for what one event of several says. */
export function eventTx(tx: Tx, eventId: EventId): EventTx {
  return { ...bound(tx), eventId };
}

function bound(tx: Tx): Tx {
  return {
    dialect: tx.dialect,
    many: (query) => tx.many(query),
    one: (query) => tx.one(query),
    run: (statement) => tx.run(statement),
    afterCommit: (task) => tx.afterCommit(task),
  };
}

function replay<T>(first: { digest: Uint8Array; answer: string }, digest: Uint8Array): T {
  if (Buffer.compare(first.digest, digest) !== 0) {
    throw new CairnError('idempotency_mismatch', 'This idempotency key was used before with another body.', {
      field: 'Idempotency-Key',
    });
  }
  return JSON.parse(first.answer) as T;
}
