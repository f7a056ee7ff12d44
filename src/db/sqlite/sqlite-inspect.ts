/** What an operator wants to know of a SQLite store, and the settings its durability rests on. */
import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Finding, Queries } from '../db.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { SqliteReads } from './sqlite-reads.ts';

/** Less free space than this is worth a warning: a full disk stops even deleting. */
const scarceBytes = 1_073_741_824;
const largeLogBytes = 268_435_456;

/** Reads the file beside a running server, without its lock. */
export function inspectSqliteFile(file: string, deep: boolean): Finding[] {
  const connection = new SqliteConnection(file, 'read', 5_000);
  try {
    return [...storeFindings(connection, file), ...integrityFindings(connection, deep)];
  } finally {
    connection.close();
  }
}

/** One snapshot of the content, read beside a running server. */
export async function readSqliteFile<T>(file: string, body: (queries: Queries) => Promise<T>): Promise<T> {
  const reads = new SqliteReads(new SqliteConnection(file, 'read', 5_000));
  try {
    return await reads.read(body);
  } finally {
    await reads.close();
  }
}

/** What the writer runs with; the connection refused to open otherwise, so this repeats what is true. */
export function writerFindings(writer: SqliteConnection): Finding[] {
  const value = (pragma: string) => String(Object.values(writer.pragma(pragma)[0] ?? {})[0] ?? '');
  const expect = (pragma: string, wanted: string): Finding => {
    const found = value(pragma);
    return { level: found === wanted ? 'ok' : 'error', check: pragma, detail: found };
  };
  return [
    expect('journal_mode', 'wal'),
    expect('synchronous', '2'),
    expect('foreign_keys', '1'),
    expect('mmap_size', '0'),
  ];
}

function storeFindings(connection: SqliteConnection, file: string): Finding[] {
  const version = connection.database.prepare('SELECT sqlite_version() AS version').get();
  const wal = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const disk = statfsSync(dirname(file));
  const free = disk.bavail * disk.bsize;
  return [
    { level: 'ok', check: 'store', detail: `SQLite ${String(version?.version)}, ${file}` },
    { level: 'ok', check: 'size', detail: `${statSync(file).size} bytes` },
    { level: wal > largeLogBytes ? 'warning' : 'ok', check: 'write_ahead_log', detail: `${wal} bytes` },
    { level: free < scarceBytes ? 'warning' : 'ok', check: 'disk_free', detail: `${free} bytes` },
  ];
}

function integrityFindings(connection: SqliteConnection, deep: boolean): Finding[] {
  const check = deep ? 'integrity_check' : 'quick_check';
  const lines = connection.pragma(`${check}(100)`).map((row) => String(Object.values(row)[0]));
  const broken = connection.pragma('foreign_key_check');
  return [
    { level: lines.length === 1 && lines[0] === 'ok' ? 'ok' : 'error', check, detail: lines.join('\n') },
    {
      level: broken.length === 0 ? 'ok' : 'error',
      check: 'foreign_key_check',
      detail: broken.length === 0 ? 'ok' : `${broken.length} rows point at nothing`,
    },
  ];
}
