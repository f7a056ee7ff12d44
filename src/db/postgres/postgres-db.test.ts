/** What only PostgreSQL does: several servers at once, conflicts, lost connections, settings that lose writes. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import {
  createPostgresPlace,
  type PostgresPlace,
  postgresMissing,
} from '../../../test/stores/postgres-server.ts';
import { CairnError } from '../../kernel/errors.ts';
import { systemRandom } from '../../kernel/ids.ts';
import { rawSql, sql } from '../../kernel/sql.ts';
import { systemClock } from '../../kernel/time.ts';
import type { Db, Tx } from '../db.ts';
import { migrate } from '../migrate.ts';
import { openPostgresDb } from './postgres-db.ts';

const withCode = (code: string) => (error: unknown) => error instanceof CairnError && error.code === code;
const insert = (id: number) => sql`INSERT INTO interned_key (id, name) VALUES (${id}, ${`k${id}`})`;
const raise = (state: string) => rawSql(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${state}'; END $$`);

describe('PostgreSQL', { skip: postgresMissing() ?? false }, () => {
  let place: PostgresPlace;
  let db: Db;
  const opened: Db[] = [];
  const openHere = async (url = place.url, limits: { connections?: number; readers?: number } = {}) => {
    const made = await openPostgresDb({ url, clock: systemClock, random: systemRandom, ...limits });
    opened.push(made);
    return made;
  };

  before(async () => {
    place = await createPostgresPlace();
    db = await openHere();
    await migrate(db, systemClock);
  });
  after(async () => {
    for (const made of opened) await made.close();
    await place.drop();
  });

  it('tries a write that met another one again, as a whole', async () => {
    for (const state of ['40001', '40P01']) {
      let tries = 0;
      let told = 0;
      const id = await db.nextIds(1);
      await db.write(async (tx) => {
        tries += 1;
        tx.afterCommit(() => told++);
        await tx.run(insert(id));
        if (tries < 3) await tx.run(raise(state));
      });
      assert.deepEqual({ tries, told }, { tries: 3, told: 1 });
    }
  });

  it('bounds the row of those who wait for a connection', async () => {
    const busy = await openHere(place.url, { connections: 1, readers: 1 });
    for (const [ask, most] of [
      [(gate: Promise<void>) => busy.read(() => gate), 2_000],
      [(gate: Promise<void>) => busy.scan(() => gate), 256],
    ] as const) {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const settled = Promise.allSettled(Array.from({ length: most + 20 }, () => ask(gate)));
      open();
      const refused = (await settled).filter((result) => result.status === 'rejected');
      // The pool counts one that it is about to serve as waiting.
      assert.ok(refused.length === 20 || refused.length === 20 - 1, `${refused.length} refused`);
      assert.ok(
        refused.every(({ reason }) => withCode('too_many_requests')(reason) && reason.retryAfter === 1),
      );
    }
  });

  it('gives up at last, with unavailable', async () => {
    let tries = 0;
    const failing = db.write(async (tx) => {
      tries += 1;
      await tx.run(raise('40001'));
    });
    await assert.rejects(failing, withCode('unavailable'));
    assert.ok(tries > 3);
  });

  it('gets out of a real deadlock with both changes made', async () => {
    const [one, two] = [await db.nextIds(1), await db.nextIds(1)];
    await db.write(async (tx) => {
      await tx.run(insert(one));
      await tx.run(insert(two));
    });
    const append = (tx: Tx, id: number, text: string) =>
      tx.run(sql`UPDATE interned_key SET name = name || ${text} WHERE id = ${id}`);
    // Both hold their first row before either asks for its second.
    let tries = 0;
    const { promise: bothHold, resolve } = Promise.withResolvers<void>();
    const crossing = (first: number, second: number, text: string) =>
      db.write(async (tx) => {
        tries += 1;
        await append(tx, first, text);
        if (tries >= 2) resolve();
        await bothHold;
        await append(tx, second, text);
      });
    await Promise.all([crossing(one, two, '+a'), crossing(two, one, '+b')]);
    assert.ok(tries > 2);
    const rows = await db.read((queries) =>
      queries.many<{ name: string }>(sql`SELECT name FROM interned_key WHERE id IN (${one}, ${two})`),
    );
    for (const { name } of rows) assert.match(name, /\+a.*\+b|\+b.*\+a/);
    assert.ok(db.gauges().write_retries_total! > 0);
  });

  it('gives no id twice when several servers share the store', async () => {
    const servers = [db, await openHere(), await openHere()];
    const sizes = Array.from({ length: 90 }, (_, index) => 1 + (index % 5) * 700);
    const firsts = await Promise.all(sizes.map((size, index) => servers[index % 3]!.nextIds(size)));
    const spans = firsts
      .map((first, index) => [first, first + sizes[index]!] as const)
      .sort(([a], [b]) => a - b);
    for (const [index, [, end]] of spans.entries()) assert.ok((spans[index + 1]?.[0] ?? end) >= end);
  });

  it('lets several servers migrate an empty store at once', async () => {
    const empty = await createPostgresPlace();
    const servers = await Promise.all([1, 2, 3, 4].map(() => openHere(empty.url)));
    const ran = await Promise.all(servers.map((server) => migrate(server, systemClock)));
    assert.equal(ran.filter((numbers) => numbers.length > 0).length, 1);
    for (const server of servers) await server.close();
    await empty.drop();
  });

  it('answers unavailable when its connection is cut, and goes on with a new one', async () => {
    const cut = async (way: 'write' | 'read' | 'scan') => {
      const query = sql`SELECT pg_backend_pid() AS pid`;
      const body = async (queries: Pick<Tx, 'one' | 'many'>) => {
        const row = await queries.one<{ pid: number }>(query);
        await killBackend(place.url, row!.pid);
        await queries.one(query);
      };
      await assert.rejects(db[way](body), withCode('unavailable'), way);
      assert.ok(await db[way]((queries: Pick<Tx, 'one'>) => queries.one(query)));
    };
    await cut('write');
    await cut('read');
    await cut('scan');
  });

  it('says that the outcome is open when the connection is lost during the commit', async () => {
    const failing = db.write(async (tx) => {
      const row = await tx.one<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
      await killBackend(place.url, row!.pid);
    });
    await assert.rejects(
      failing,
      (error) => withCode('unavailable')(error) && /may or may not/.test(String(error)),
    );
  });

  it('answers unavailable when nothing listens, and does not tell the password', async () => {
    const url = new URL(place.url);
    url.port = '1';
    const error = await openPostgresDb({ url: url.href, clock: systemClock, random: systemRandom }).catch(
      (caught: unknown) => caught,
    );
    assert.ok(withCode('unavailable')(error));
    assert.ok(!String((error as Error).message).includes(url.password));
  });

  it('refuses a server that would lose acknowledged writes', async () => {
    const url = new URL(place.url);
    url.searchParams.set('options', '-c synchronous_commit=off');
    await assert.rejects(
      openPostgresDb({ url: url.href, clock: systemClock, random: systemRandom }),
      (error) => withCode('failed_precondition')(error) && /synchronous_commit=off/.test(String(error)),
    );
  });

  it('is tested where a database sorts by language, so that a forgotten COLLATE "C" shows', async () => {
    const { rows } = await withClient(place.url, (client) => client.query(`SELECT 'a' < 'B' AS by_language`));
    assert.equal(rows[0].by_language, true);
  });
});

async function killBackend(url: string, pid: number): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
  });
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
