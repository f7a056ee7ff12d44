/** Backup and restore by the address of a store. */
import { CairnError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/time.ts';
import { isPostgresAddress } from './open-db.ts';
import type { BackupReport } from './sqlite/sqlite-backup.ts';

export type { BackupReport } from './sqlite/sqlite-backup.ts';

/** Writes a checked copy of the store to the new file `target`; a server may go on writing meanwhile. */
export async function backupStore(address: string, target: string): Promise<BackupReport> {
  refusePostgres(
    address,
    'pg_dump --format=custom (or pg_basebackup with archived WAL, for any point in time)',
  );
  const { backupSqlite } = await import('./sqlite/sqlite-backup.ts');
  return await backupSqlite(address, target);
}

/** Puts a backup in the place of the store; what was there is kept under the name returned. */
export async function restoreStore(
  copy: string,
  address: string,
  clock: Clock,
): Promise<{ readonly replaced: string | undefined }> {
  refusePostgres(address, 'pg_restore into an empty database');
  const { restoreSqlite } = await import('./sqlite/sqlite-backup.ts');
  return restoreSqlite(copy, address, clock.now());
}

function refusePostgres(address: string, tool: string): void {
  if (!isPostgresAddress(address)) return;
  throw new CairnError(
    'failed_precondition',
    `Cairn does not copy a PostgreSQL database: its own tools do that better. Use ${tool}.`,
  );
}
