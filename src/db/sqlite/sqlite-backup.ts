/**
 * Copies of a store. A backup may be taken while a server writes: it reads one snapshot through a connection of its own, which
 * also keeps it from starting over at every write. The copy is checked before it gets its name, so a file with that name
 * is whole.
 */
import { copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { CairnError } from '../../kernel/errors.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { companionSuffixes, syncFile, syncFolder } from './sqlite-files.ts';
import { lockStore } from './sqlite-lock.ts';

export interface BackupReport {
  readonly file: string;
  readonly bytes: number;
  /** The newest migration of the copy. */
  readonly migration: number;
}

/** Writes a checked copy of the store `file` to `target`, which must not exist. */
export async function backupSqlite(file: string, target: string): Promise<BackupReport> {
  refuseMissing(file, 'There is no store');
  if (existsSync(target))
    throw new CairnError('already_exists', `${target} exists; a backup never overwrites.`);
  const temporary = `${target}.part`;
  removeAll(temporary);
  const source = new SqliteConnection(file, 'read', 5_000);
  try {
    source.exec('BEGIN');
    source.pragma('schema_version');
    await backup(source.database, temporary, { rate: 1_000 });
    const report = checkCopy(temporary);
    syncFile(temporary);
    renameSync(temporary, target);
    syncFolder(dirname(resolve(target)));
    return { ...report, file: target };
  } catch (error) {
    throw backupError(error, `The backup to ${target} failed`);
  } finally {
    source.close();
    removeAll(temporary);
  }
}

/**
 * Puts a backup in the place of the store `file`, which no server may have open. A store that is there keeps its files under a
 * new name, which is returned.
 */
export function restoreSqlite(
  copy: string,
  file: string,
  now: number,
): { readonly replaced: string | undefined } {
  refuseMissing(copy, 'There is no backup');
  const lock = lockStore(file, now);
  const temporary = `${file}.part`;
  try {
    removeAll(temporary);
    copyFileSync(copy, temporary);
    checkCopy(temporary);
    syncFile(temporary);
    const replaced = existsSync(file) ? `${file}.replaced-${now}` : undefined;
    if (replaced !== undefined) {
      // The log goes with its database: left behind, it would be taken for the restored one's.
      for (const suffix of companionSuffixes) {
        if (existsSync(file + suffix)) renameSync(file + suffix, replaced + suffix);
      }
    }
    renameSync(temporary, file);
    syncFolder(dirname(resolve(file)));
    return { replaced };
  } catch (error) {
    throw backupError(error, `The restore of ${copy} failed`);
  } finally {
    removeAll(temporary);
    lock.release();
  }
}

/** Refuses a file that is no whole Cairn store; leaves it as one file without a log beside it. */
function checkCopy(file: string): { bytes: number; migration: number } {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA journal_mode = DELETE');
    const lines = database
      .prepare('PRAGMA integrity_check(10)')
      .all()
      .map((row) => String(Object.values(row)[0]));
    if (lines.length !== 1 || lines[0] !== 'ok') {
      throw new CairnError('failed_precondition', `The copy is damaged: ${lines.join('; ')}`);
    }
    const row = database.prepare('SELECT max(number) AS migration FROM schema_migration').get();
    return { bytes: statSync(file).size, migration: Number(row?.migration) };
  } finally {
    database.close();
  }
}

function refuseMissing(file: string, what: string): void {
  if (!existsSync(file)) throw new CairnError('not_found', `${what} at ${file}.`);
}

function removeAll(file: string): void {
  for (const suffix of [...companionSuffixes, '-journal']) rmSync(file + suffix, { force: true });
}

function backupError(error: unknown, what: string): unknown {
  if (error instanceof CairnError) return error;
  return new CairnError('failed_precondition', `${what}: ${(error as Error).message}`, { cause: error });
}
