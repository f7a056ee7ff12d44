/** What only the embedded store does: one writer, groups, the lock, the log of bounded size, a full disk. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { CairnError } from '../../kernel/errors.ts';
import { rawSql, sql, valueRows } from '../../kernel/sql.ts';
import { systemClock } from '../../kernel/time.ts';
import type { Db } from '../db.ts';
import { migrate } from '../migrate.ts';
import { openSqliteDb, type SqliteOptions } from './sqlite-db.ts';

let folder = '';
let file = '';
let opened: Db[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-sqlite-'));
  file = join(folder, 'cairn.db');
  opened = [];
});
afterEach(async () => {
  for (const db of opened) await db.close();
  rmSync(folder, { recursive: true });
});

async function openHere(options: Partial<SqliteOptions> = {}): Promise<Db> {
  const db = await openSqliteDb({ file, clock: systemClock, ...options });
  opened.push(db);
  await migrate(db, systemClock);
  return db;
}

const insert = (id: number, name = `k${id}`) =>
  sql`INSERT INTO interned_key (id, name) VALUES (${id}, ${name})`;
const withCode = (code: string) => (error: unknown) => error instanceof CairnError && error.code === code;
const ids = async (db: Db) =>
  (
    await db.read((queries) => queries.many<{ id: number }>(sql`SELECT id FROM interned_key ORDER BY id`))
  ).map(({ id }) => id);

describe('group commit', () => {
  it('commits the bodies of one moment together', async () => {
    // A group also ends by the clock: one that stands still leaves a slow disk out of this.
    const db = await openHere({ clock: { ...systemClock, now: () => 0 } });
    const before = db.gauges().write_groups_total!;
    await Promise.all([1, 2, 3, 4, 5].map((id) => db.write((tx) => tx.run(insert(id)))));
    assert.equal(db.gauges().write_groups_total, before + 1);
    assert.deepEqual(await ids(db), [1, 2, 3, 4, 5]);
  });

  it('shows no reader a group before its commit', async () => {
    const db = await openHere();
    const seen: number[][] = [];
    await db.write(async (tx) => {
      await tx.run(insert(1));
      // On the file itself, as another process would.
      const other = new DatabaseSync(file, { readOnly: true });
      seen.push(
        other
          .prepare('SELECT id FROM interned_key')
          .all()
          .map((row) => Number(row.id)),
      );
      other.close();
    });
    assert.deepEqual(seen, [[]]);
  });

  it('fails a body that waits for something else, and only that one', async () => {
    const db = await openHere();
    let late: Promise<unknown> | undefined;
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
    const results = await Promise.allSettled([
      db.write((tx) => tx.run(insert(1))),
      db.write(async (tx) => {
        await tx.run(insert(2));
        await woken;
        late = tx.run(insert(3));
        await late;
      }),
      db.write((tx) => tx.run(insert(4))),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    const { reason } = results[1] as PromiseRejectedResult;
    assert.ok(withCode('internal')(reason) && /waited for something else/.test(reason.message));
    wake();
    await woken;
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(late!, withCode('internal'));
    assert.deepEqual(await ids(db), [1, 4]);
  });

  it('fails a body that waits for another transaction', async () => {
    const db = await openHere();
    const inner: Promise<unknown>[] = [];
    const outer = db.write(async (tx) => {
      await tx.run(insert(1));
      inner.push(db.write((other) => other.run(insert(2))));
      await inner[0];
    });
    await assert.rejects(outer, withCode('internal'));
    await inner[0];
    assert.deepEqual(await ids(db), [2]);
  });

  it('fails a read that waits for something else, and serves the next', async () => {
    const db = await openHere();
    const stuck = db.read(() => new Promise(() => {}));
    const next = db.read(async () => 7);
    await assert.rejects(stuck, withCode('internal'));
    assert.equal(await next, 7);
  });

  it('fails all of a group whose commit fails', async () => {
    const db = await openHere();
    await db.write((tx) =>
      tx.run(
        sql`CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES child (id) DEFERRABLE INITIALLY DEFERRED)`,
      ),
    );
    const results = await Promise.allSettled([
      db.write((tx) => tx.run(insert(1))),
      db.write((tx) => tx.run(sql`INSERT INTO child VALUES (1, 99)`)),
      db.write(async () => Promise.reject(new TypeError('mine'))),
    ]);
    const reasons = results.map((result) => (result as PromiseRejectedResult).reason);
    assert.ok(withCode('unavailable')(reasons[0]) && withCode('unavailable')(reasons[1]));
    assert.ok(reasons[2] instanceof TypeError);
    assert.deepEqual(await ids(db), []);
  });

  it('answers unavailable while another process writes, instead of waiting for ever', async () => {
    const db = await openHere();
    await db.write((tx) => tx.run(sql`PRAGMA busy_timeout = 20`));
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const results = await Promise.allSettled([1, 2].map((id) => db.write((tx) => tx.run(insert(id)))));
    assert.ok(results.every((result) => withCode('unavailable')((result as PromiseRejectedResult).reason)));
    other.exec('ROLLBACK');
    other.close();
    await db.write((tx) => tx.run(insert(3)));
    assert.deepEqual(await ids(db), [3]);
  });
});

describe('a full disk', () => {
  it('answers storage_full, keeps what was acknowledged, and goes on when there is room again', async () => {
    const db = await openHere();
    await db.write((tx) => tx.run(insert(1)));
    const limit = (pages: number) =>
      db.write((tx) => tx.one(sql`PRAGMA max_page_count = ${rawSql(String(pages))}`));
    const pages = await db.write((tx) => tx.one<{ page_count: number }>(sql`PRAGMA page_count`));
    await limit(pages!.page_count + 2);
    const large = 'x'.repeat(100_000);
    const results = await Promise.allSettled([
      db.write((tx) => tx.run(insert(2, large))),
      db.write((tx) => tx.run(insert(3, large))),
    ]);
    assert.ok(results.every((result) => withCode('storage_full')((result as PromiseRejectedResult).reason)));
    assert.deepEqual(await ids(db), [1]);
    await limit(1_000_000);
    await db.write((tx) => tx.run(insert(4, large)));
    assert.deepEqual(await ids(db), [1, 4]);
  });
});

describe('a failing disk', () => {
  const skip = process.platform === 'win32' ? 'needs ulimit' : false;
  it('stops all writes until a restart, and loses nothing acknowledged', { skip }, async () => {
    const href = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const script = `
      import { openDb } from ${href('../open-db.ts')};
      import { systemRandom } from ${href('../../kernel/ids.ts')};
      import { sql } from ${href('../../kernel/sql.ts')};
      import { systemClock } from ${href('../../kernel/time.ts')};
      const db = await openDb({ address: ${JSON.stringify(file)}, clock: systemClock, random: systemRandom });
      const write = (id) => db.write((tx) => tx.run(sql\`INSERT INTO interned_key (id, name) VALUES (\${id}, \${id + 'x'.repeat(9000)})\`));
      const codes = [];
      let id = 0;
      while (codes.length === 0) await write(++id).catch((error) => codes.push(error.code));
      await write(0).catch((error) => codes.push(error.message));
      console.log(JSON.stringify({ acknowledged: id - 1, codes }));
      process.kill(process.pid, 'SIGKILL');`;
    // A write beyond the limit of 2 MB answers EFBIG, which is an I/O error to SQLite.
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', 'trap "" XFSZ; ulimit -f 4096; exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { encoding: 'utf8' },
    );
    const said = JSON.parse(stdout || JSON.stringify({ stderr })) as {
      acknowledged: number;
      codes: string[];
    };
    assert.deepEqual(said.codes[0], 'unavailable', stderr);
    assert.match(said.codes[1]!, /until the server is restarted/);
    const db = await openHere();
    assert.ok(said.acknowledged > 20);
    assert.deepEqual(
      await ids(db),
      Array.from({ length: said.acknowledged }, (_, index) => index + 1),
    );
  });
});

describe('the lock', () => {
  const openElsewhere = () =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { openSqliteDb } from ${JSON.stringify(new URL('./sqlite-db.ts', import.meta.url).href)};
         import { systemClock } from ${JSON.stringify(new URL('../../kernel/time.ts', import.meta.url).href)};
         try { await openSqliteDb({ file: ${JSON.stringify(file)}, clock: systemClock }); console.log('opened'); }
         catch (error) { console.log(error.code + ': ' + error.message); }
         process.kill(process.pid, 'SIGKILL');`,
      ],
      { encoding: 'utf8' },
    );

  it('refuses a second server, in this process and in another, and names the first', async () => {
    const db = await openHere();
    await assert.rejects(openSqliteDb({ file, clock: systemClock }), withCode('unavailable'));
    const { stdout } = openElsewhere();
    assert.match(
      stdout,
      new RegExp(`^unavailable: Another Cairn server \\(process ${process.pid}, since .*--data`),
    );
    await db.close();
  });

  it('is free again when its holder was killed', async () => {
    assert.match(openElsewhere().stdout, /^opened/);
    assert.match(openElsewhere().stdout, /^opened/);
    await openHere();
  });
});

describe('integers beyond 2^53', () => {
  const least = -(2n ** 63n);
  // A store of its own each: what a statement read before decides how it reads.
  for (const [name, value, query] of [
    ['the least of a column', least, sql`SELECT id AS value FROM interned_key`],
    ['the least of an expression', least, sql`SELECT min(id) AS value FROM interned_key`],
    ['the greatest', 2n ** 63n - 1n, sql`SELECT id AS value FROM interned_key`],
  ] as const) {
    it(`are exact when they are the first that a statement reads: ${name}`, async () => {
      const db = await openHere();
      const wanted = [{ value }];
      await db.write((tx) => tx.run(sql`INSERT INTO interned_key (id, name) VALUES (${value}, 'k')`));
      assert.deepEqual(await db.scan((queries) => queries.many(query)), wanted);
      assert.deepEqual(await db.read((queries) => queries.many(query)), wanted);
      assert.deepEqual([await db.read((queries) => queries.one(sql`${query} LIMIT 1`))], wanted);
    });
  }

  it('are told from a real of that size', async () => {
    const db = await openHere();
    const query = sql`SELECT ${rawSql('-9223372036854775808.0')} AS value`;
    assert.deepEqual(await db.read((queries) => queries.many(query)), [{ value: -(2 ** 63) }]);
  });
});

describe('reader threads', () => {
  it('refuse those who wait when the store closes, and let the running scan end', async () => {
    const db = await openHere({ readers: 1 });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const running = db.scan(async (queries) => {
      await gate;
      return await queries.one(sql`SELECT 7 AS n`);
    });
    const waiting = db.scan(async () => 'never');
    const closing = db.close();
    await assert.rejects(waiting, withCode('unavailable'));
    open();
    assert.deepEqual(await running, { n: 7 });
    await closing;
  });

  it('that only a burst of long scans needed end when it is over', async () => {
    const timers: { after: number; task: () => void }[] = [];
    const after = (milliseconds: number, task: () => void) => {
      timers.push({ after: milliseconds, task });
      return () => {};
    };
    const pass = (milliseconds: number) => {
      for (const timer of timers.splice(0)) if (timer.after <= milliseconds) timer.task();
    };
    const db = await openHere({ readers: 1, clock: { ...systemClock, after } });
    const gate = Promise.withResolvers<void>();
    const scans: Promise<void>[] = [];
    for (let count = 0; count < 3; count++) {
      const begun = Promise.withResolvers<void>();
      scans.push(
        db.scan(async () => {
          begun.resolve();
          await gate.promise;
        }),
      );
      await begun.promise;
      // From now on it counts as long, and the next one has a thread of its own.
      pass(200);
    }
    assert.equal(db.gauges().scan_threads, 3);
    gate.resolve();
    await Promise.all(scans);
    while (db.gauges().scans_active! > 0) await new Promise(setImmediate);
    assert.equal(db.gauges().scan_threads, 3);
    pass(60_000);
    assert.equal(db.gauges().scan_threads, 1);
    assert.deepEqual(await db.scan((queries) => queries.one(sql`SELECT 7 AS n`)), { n: 7 });
  });

  it('are bounded, and so is the row of those who wait for them', async () => {
    const db = await openHere({ readers: 1 });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const scans = Array.from({ length: 300 }, () => db.scan(() => gate));
    const settled = Promise.allSettled(scans);
    assert.equal(db.gauges().scans_active, 1);
    open();
    const results = await settled;
    const refused = results.filter((result) => result.status === 'rejected');
    assert.equal(refused.length, 300 - 1 - 256);
    assert.ok(
      refused.every(({ reason }) => withCode('too_many_requests')(reason) && reason.retryAfter === 1),
    );
  });
});

describe('the write-ahead log', () => {
  it('stays bounded while scans overlap without end', async () => {
    const db = await openHere({ readers: 2 });
    const rows = Array.from({ length: 2_000 }, (_, index) => index + 1);
    await db.write((tx) =>
      tx.run(sql`INSERT INTO interned_key (id, name) VALUES ${valueRows(rows.map((id) => [id, `k${id}`]))}`),
    );
    let writing = true;
    let scans = 0;
    // Each scan starts before the other one of its pair ends, so some snapshot is always open.
    const scanner = async () => {
      while (writing) {
        await db.scan(async (queries) => {
          await queries.one(sql`SELECT count(*) AS n FROM interned_key`);
          await queries.one(sql`SELECT sum(length(name)) AS n FROM interned_key`);
        });
        scans += 1;
      }
    };
    const scanners = Promise.all([scanner(), scanner()]);
    const text = 'x'.repeat(8_000);
    // Each round writes some 10 MB; a log that is never reset ends beyond 200.
    for (let round = 0; round < 16; round++) {
      await db.write((tx) =>
        tx.run(sql`UPDATE interned_key SET name = ${`${round}${text}`} || id WHERE id % 2 = ${round % 2}`),
      );
      await db.scan(async () => {});
    }
    writing = false;
    await scanners;
    assert.ok(scans > 2);
    const { size } = statSync(`${file}-wal`);
    assert.ok(size < 128 * 1_048_576, `the log has ${size} bytes`);
    await db.close();
    assert.equal(statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0, 0);
  });
});
