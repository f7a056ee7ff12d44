import assert from 'node:assert/strict';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { CairnError } from '../kernel/errors.ts';
import { systemRandom } from '../kernel/ids.ts';
import { sql } from '../kernel/sql.ts';
import { systemClock } from '../kernel/time.ts';
import { backupStore, restoreStore } from './backup.ts';
import type { Db } from './db.ts';
import { openDb } from './open-db.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const openAt = (name: string) => openDb({ address: at(name), clock: systemClock, random: systemRandom });
const withCode = (code: string) => (error: unknown) => error instanceof CairnError && error.code === code;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (db: Db, id: number) =>
  db.write(async (tx) => {
    // The two tables always agree in a committed state.
    await tx.run(sql`INSERT INTO interned_key (id, name) VALUES (${id}, ${`${'x'.repeat(500)}${id}`})`);
    await tx.run(sql`INSERT INTO event_touch (node, event) VALUES (${id}, ${id})`);
  });
const count = (db: Db) =>
  db.read(async (queries) => {
    const keys = await queries.one<{ n: number }>(sql`SELECT count(*) AS n FROM interned_key`);
    const touches = await queries.one<{ n: number }>(sql`SELECT count(*) AS n FROM event_touch`);
    return [keys!.n, touches!.n];
  });

describe('backup and restore', () => {
  it('copy one moment of a store that is written meanwhile', async () => {
    const db = await openAt('a.db');
    for (let id = 1; id <= 2_000; id += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, offset) => write(db, id + offset)));
    }
    let copying = true;
    const copied = backupStore(at('a.db'), at('copy.db')).finally(() => {
      copying = false;
    });
    let last = 2_000;
    while (copying) {
      await write(db, ++last);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const report = await copied;
    assert.equal(report.bytes, statSync(at('copy.db')).size);
    assert.ok(report.migration >= 1);
    await db.close();

    assert.deepEqual(await restoreStore(at('copy.db'), at('b.db'), systemClock), { replaced: undefined });
    const restored = await openAt('b.db');
    const [keys, touches] = await count(restored);
    assert.equal(keys, touches);
    assert.ok(keys! >= 2_000 && keys! <= last);
    await restored.close();
    assert.deepEqual(
      readdirSync(folder).filter((name) => /part|-wal|-shm/.test(name)),
      [],
    );
  });

  it('keep the store that a restore replaces', async () => {
    const db = await openAt('a.db');
    await write(db, 1);
    await backupStore(at('a.db'), at('copy.db'));
    await write(db, 2);
    await assert.rejects(restoreStore(at('copy.db'), at('a.db'), systemClock), withCode('unavailable'));
    await db.close();
    const { replaced } = await restoreStore(at('copy.db'), at('a.db'), systemClock);
    assert.ok(replaced !== undefined && existsSync(replaced));
    const restored = await openAt('a.db');
    assert.deepEqual(await count(restored), [1, 1]);
    await restored.close();
  });

  it('never overwrite, and say what is missing', async () => {
    await (await openAt('a.db')).close();
    await backupStore(at('a.db'), at('copy.db'));
    await assert.rejects(backupStore(at('a.db'), at('copy.db')), withCode('already_exists'));
    await assert.rejects(backupStore(at('none.db'), at('other.db')), withCode('not_found'));
    await assert.rejects(restoreStore(at('none.db'), at('a.db'), systemClock), withCode('not_found'));
  });

  it('refuse a damaged copy and leave the store as it was', async () => {
    const db = await openAt('a.db');
    for (let id = 1; id <= 200; id++) await write(db, id);
    await backupStore(at('a.db'), at('copy.db'));
    await db.close();
    const handle = openSync(at('copy.db'), 'r+');
    writeSync(handle, Buffer.alloc(4_096 * 8, 0xaa), 0, 4_096 * 8, 4_096 * 3);
    closeSync(handle);
    await assert.rejects(
      restoreStore(at('copy.db'), at('a.db'), systemClock),
      withCode('failed_precondition'),
    );
    const kept = await openAt('a.db');
    assert.deepEqual(await count(kept), [200, 200]);
    await kept.close();
  });

  it('point to the tools of PostgreSQL', async () => {
    const address = 'postgres://user:secret@localhost/x';
    await assert.rejects(backupStore(address, at('copy')), (error) => /pg_dump/.test(String(error)));
    await assert.rejects(restoreStore(at('copy'), address, systemClock), (error) =>
      /pg_restore/.test(String(error)),
    );
  });
});
