/** What an operator wants to know of a PostgreSQL store, and the settings its durability rests on. */
import type pg from 'pg';
import { CairnError } from '../../kernel/errors.ts';
import type { Finding } from '../db.ts';

/** Settings and the values under which an acknowledged write survives a power cut. */
const durable: Readonly<Record<string, readonly string[]>> = {
  server_encoding: ['UTF8'],
  synchronous_commit: ['on', 'local', 'remote_write', 'remote_apply'],
  fsync: ['on'],
};
/** Worth telling; a store works without. */
const advised: Readonly<Record<string, readonly string[]>> = {
  full_page_writes: ['on'],
  data_checksums: ['on'],
};

/** Refuses a server that would lose acknowledged writes or change texts. */
export async function requireDurable(pool: pg.Pool): Promise<void> {
  for (const [setting, wanted] of Object.entries(durable)) {
    const found = await settingOf(pool, setting);
    if (found === undefined || wanted.includes(found)) continue;
    throw new CairnError(
      'failed_precondition',
      `PostgreSQL runs with ${setting}=${found}; Cairn needs ${wanted[0]}, or acknowledged writes could be lost.`,
    );
  }
}

export async function inspectPostgres(pool: pg.Pool, deep: boolean): Promise<Finding[]> {
  const version = await pool.query<{ version: string }>('SELECT version()');
  const size = await pool.query<{ size: number }>('SELECT pg_database_size(current_database()) AS size');
  const findings: Finding[] = [
    { level: 'ok', check: 'store', detail: version.rows[0]?.version ?? '' },
    { level: 'ok', check: 'size', detail: `${size.rows[0]?.size} bytes` },
  ];
  for (const [setting, wanted] of [...Object.entries(durable), ...Object.entries(advised)]) {
    const found = await settingOf(pool, setting);
    const bad = setting in durable ? 'error' : 'warning';
    const level = found === undefined || wanted.includes(found) ? 'ok' : bad;
    findings.push({ level, check: setting, detail: found ?? 'not a setting of this server' });
  }
  findings.push(await invalidIndexes(pool));
  if (deep) findings.push(await readAll(pool));
  return findings;
}

/** Undefined where the engine speaks PostgreSQL but has no such setting. */
async function settingOf(pool: pg.Pool, setting: string): Promise<string | undefined> {
  const result = await pool.query<{ value: string | null }>('SELECT current_setting($1, true) AS value', [
    setting,
  ]);
  return result.rows[0]?.value ?? undefined;
}

async function invalidIndexes(pool: pg.Pool): Promise<Finding> {
  const result = await pool.query<{ name: string }>(
    'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid',
  );
  const names = result.rows.map((row) => row.name);
  return {
    level: names.length === 0 ? 'ok' : 'error',
    check: 'invalid_indexes',
    detail: names.join(', ') || 'none',
  };
}

/** Reads every row, which makes the server check the checksum of every page of the tables. */
async function readAll(pool: pg.Pool): Promise<Finding> {
  const tables = await pool.query<{ name: string }>(
    "SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 1",
  );
  try {
    for (const { name } of tables.rows) await pool.query(`SELECT count(*) FROM ${name}`);
    return { level: 'ok', check: 'table_pages', detail: `${tables.rows.length} tables read` };
  } catch (error) {
    return { level: 'error', check: 'table_pages', detail: (error as Error).message };
  }
}
