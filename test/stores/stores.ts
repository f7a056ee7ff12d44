/**
 * Runs the same tests on every store, each on a real engine:
 *
 *     forEachStore((open) => {
 *       it('keeps what it is given', async () => {
 *         const db = await open();   // fresh, migrated, closed afterwards
 *       });
 *     });
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import type { Db, DialectName } from '../../src/db/db.ts';
import { openDb, type StoreConfig } from '../../src/db/open-db.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { createPostgresPlace, postgresMissing } from './postgres-server.ts';

export interface OpenStore {
  readonly dialect: DialectName;
  /** A fresh store, migrated; closed and removed when the tests of the block have run. */
  (options?: Partial<StoreConfig>): Promise<Db>;
  /** Address of an empty store, for tests that open it themselves or more than once. */
  place(): Promise<string>;
}

export function forEachStore(define: (open: OpenStore) => void): void {
  describe('on SQLite', () => define(storesOf('sqlite', sqlitePlace)));
  const missing = postgresMissing();
  describe('on PostgreSQL', missing === undefined ? {} : { skip: missing }, () => {
    define(storesOf('postgres', createPostgresPlace));
  });
}

interface Place {
  readonly url: string;
  drop(): Promise<void>;
}

function storesOf(dialect: DialectName, create: () => Promise<Place>): OpenStore {
  const opened: Db[] = [];
  const places: Place[] = [];
  after(async () => {
    for (const db of opened) await db.close();
    for (const place of places) await place.drop();
  });
  const place = async () => {
    const made = await create();
    places.push(made);
    return made.url;
  };
  const open = async (options: Partial<StoreConfig> = {}) => {
    const address = options.address ?? (await place());
    const db = await openDb({ clock: systemClock, random: systemRandom, ...options, address });
    opened.push(db);
    return db;
  };
  return Object.assign(open, { dialect, place });
}

async function sqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-store-'));
  return {
    url: join(folder, 'cairn.db'),
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
