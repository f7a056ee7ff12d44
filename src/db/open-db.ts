/** Chooses the store by its address, opens it and brings it to this version. */
import { CairnError } from '../kernel/errors.ts';
import type { Random } from '../kernel/ids.ts';
import type { Clock } from '../kernel/time.ts';
import type { Db } from './db.ts';
import { migrate } from './migrate.ts';

/** Drivers load when their store is chosen: PostgreSQL's is no part of a start on the embedded one. */
export interface StoreConfig {
  /** `postgres://…` or `postgresql://…`, or the path of a SQLite file (its folder exists). */
  readonly address: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Threads (SQLite) or connections (PostgreSQL) for scans. */
  readonly readers?: number;
  /** Milliseconds a scan may take. */
  readonly scanBudget?: number;
  /** For the operator: what no caller is told. */
  readonly log?: (message: string, cause: unknown) => void;
}

export function isPostgresAddress(address: string): boolean {
  return /^postgres(ql)?:\/\//.test(address);
}

/** The store, migrated. `unavailable` if another server has it, or it cannot be reached; `failed_precondition` if it is newer. */
export async function openDb(config: StoreConfig): Promise<Db> {
  const db = await openUnmigrated(config);
  try {
    await migrate(db, config.clock);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function openUnmigrated(config: StoreConfig): Promise<Db> {
  const { address, ...rest } = config;
  if (isPostgresAddress(address)) {
    const { openPostgresDb } = await import('./postgres/postgres-db.ts');
    return await openPostgresDb({ ...rest, url: address });
  }
  if (/^[a-z+]{2,}:\/\//.test(address)) {
    throw new CairnError(
      'invalid_argument',
      `${address.split(':')[0]} is not a store Cairn knows: a file or postgres://`,
      {
        field: 'db',
      },
    );
  }
  const { openSqliteDb } = await import('./sqlite/sqlite-db.ts');
  return await openSqliteDb({ ...rest, file: address });
}
