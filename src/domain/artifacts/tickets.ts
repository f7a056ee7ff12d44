/**
 * Tickets: whoever holds one may do one thing until an instant, and nothing else. For clients that send bytes to an address
 * they were handed without saying who they are. A ticket is the instant and a MAC of it and of what it allows, made with a
 * secret of the store: nothing is kept per ticket, and every server of the store knows all of them.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Db } from '../../db/db.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { Random } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';

/** What a ticket allows, and of what: no two things have the same list. */
export type TicketSubject = readonly (string | number)[];

export class Tickets {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** With the secret of the store, which the first one makes. */
  static async open(db: Db, random: Random, now: number): Promise<Tickets> {
    const find = () =>
      db.read((queries) =>
        queries.one<{ secret: Uint8Array }>(sql`SELECT secret FROM ticket_secret WHERE id = 1`),
      );
    let row = await find();
    if (row === undefined) {
      const secret = random(32);
      await db.write((tx) =>
        tx.run(sql`INSERT INTO ticket_secret (id, secret, created) VALUES (1, ${secret}, ${now})
          ON CONFLICT (id) DO NOTHING`),
      );
      row = await find();
    }
    return new Tickets(row!.secret);
  }

  /** Good until the instant `expires` (ms). */
  issue(subject: TicketSubject, expires: number): string {
    return `${expires.toString(36)}.${this.#mac(subject, expires).toString('base64url')}`;
  }

  /** Returns when the ticket allows the subject now; otherwise `permission_denied`. */
  check(ticket: string | undefined, subject: TicketSubject, now: number): void {
    const [, instant = '', written = ''] = /^([0-9a-z]{1,11})\.([\w-]{43})$/.exec(ticket ?? '') ?? [];
    const expires = Number.parseInt(instant, 36);
    const mac = Buffer.from(written, 'base64url');
    const expected = this.#mac(subject, expires);
    if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) {
      throw denied('This address needs the ticket that was handed out with it.');
    }
    if (expires <= now) throw denied('The ticket of this address has expired.');
  }

  #mac(subject: TicketSubject, expires: number): Buffer {
    return createHmac('sha256', this.#secret)
      .update(JSON.stringify([expires, ...subject]))
      .digest();
  }
}

const denied = (message: string): CairnError =>
  new CairnError('permission_denied', message, { field: 'ticket' });
