/**
 * One server at a time per store. The lock is a write transaction held open on a tiny database beside the store: the
 * system frees it when the process ends, however it ends, and others can still read from it who holds it.
 */
import { DatabaseSync } from 'node:sqlite';
import { CairnError } from '../../kernel/errors.ts';
import { isBusy } from './sqlite-errors.ts';

export interface StoreLock {
  release(): void;
}

export function lockStore(file: string, now: number): StoreLock {
  const lockFile = `${file}.lock`;
  const database = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    database.exec('BEGIN IMMEDIATE');
    database.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, since INTEGER NOT NULL) STRICT');
    database.exec('DELETE FROM holder');
    database.prepare('INSERT INTO holder (pid, since) VALUES (?, ?)').run(process.pid, now);
    // Between these two another server may slip in; then the second BEGIN refuses us, which is as good.
    database.exec('COMMIT; BEGIN IMMEDIATE');
  } catch (error) {
    const holder = isBusy(error) ? readHolder(database) : undefined;
    database.close();
    if (!isBusy(error)) throw error;
    throw new CairnError(
      'unavailable',
      `Another Cairn server${holder === undefined ? '' : ` (process ${holder.pid}, since ${new Date(holder.since).toISOString()})`} ` +
        `has the store ${file} open. Stop it, or give this one another data folder (--data).`,
      { cause: error },
    );
  }
  return { release: () => database.close() };
}

function readHolder(database: DatabaseSync): { pid: number; since: number } | undefined {
  try {
    const row = database.prepare('SELECT pid, since FROM holder').get();
    return row === undefined ? undefined : { pid: Number(row.pid), since: Number(row.since) };
  } catch {
    // The holder has only just begun; the refusal stands without its name.
    return undefined;
  }
}
