/**
 * The embedded store: one file, one writer, readers that never wait for it. See README.md for what was measured and
 * db.ts for what is promised.
 */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CairnError } from '../../kernel/errors.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Db, Dialect, Finding, Queries, Tx } from '../db.ts';
import type { StorePlace } from '../thread-reader.ts';
import { ReaderPool } from './reader-pool.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { sqliteError } from './sqlite-errors.ts';
import { syncFolder } from './sqlite-files.ts';
import { SqliteIds } from './sqlite-ids.ts';
import { inspectSqliteFile, writerFindings } from './sqlite-inspect.ts';
import { lockStore, type StoreLock } from './sqlite-lock.ts';
import { SqliteReads } from './sqlite-reads.ts';
import { sqliteDialect } from './sqlite-text.ts';
import { SqliteWal } from './sqlite-wal.ts';
import { SqliteWriter } from './sqlite-writer.ts';

export interface SqliteOptions {
  /** Path of the store; its folder exists. */
  readonly file: string;
  readonly clock: Clock;
  /** Reader threads for scans; they start when first needed. */
  readonly readers?: number;
  /** Milliseconds a scan may take. */
  readonly scanBudget?: number;
  /** For the operator: what no caller is told. */
  readonly log?: (message: string, cause: unknown) => void;
}

const defaultReaders = 2;
const defaultScanBudget = 10_000;
/** Milliseconds a statement waits for another process (a doctor, a foreign tool) that holds the file. */
const busyTimeout = 2_000;

export async function openSqliteDb(options: SqliteOptions): Promise<Db> {
  const lock = lockStore(options.file, options.clock.now());
  try {
    return openUnlocked(options, lock);
  } catch (error) {
    lock.release();
    throw openError(error, options.file);
  }
}

function openUnlocked(options: SqliteOptions, lock: StoreLock): Db {
  const { file, clock } = options;
  const log = options.log ?? (() => {});
  const connection = new SqliteConnection(file, 'write', busyTimeout);
  // A new file's name is durable only with its folder; SQLite does this for the log, not for the file itself.
  syncFolder(dirname(file));
  const pool = new ReaderPool({
    settings: { file, busyTimeout },
    clock,
    threads: options.readers ?? defaultReaders,
    budget: options.scanBudget ?? defaultScanBudget,
  });
  const ids = new SqliteIds(connection);
  const wal = new SqliteWal(connection, pool, log);
  const writer = new SqliteWriter(connection, clock, {
    beforeCommit: () => ids.beforeCommit(),
    afterCommit: () => {
      ids.afterCommit();
      wal.afterCommit();
    },
    log,
  });
  const reads = new SqliteReads(new SqliteConnection(file, 'read', busyTimeout));
  return new SqliteDb({ file, lock, connection, pool, ids, wal, writer, reads });
}

interface Parts {
  readonly file: string;
  readonly lock: StoreLock;
  readonly connection: SqliteConnection;
  readonly pool: ReaderPool;
  readonly ids: SqliteIds;
  readonly wal: SqliteWal;
  readonly writer: SqliteWriter;
  readonly reads: SqliteReads;
}

class SqliteDb implements Db {
  readonly dialect: Dialect = sqliteDialect;
  readonly place: StorePlace;
  readonly #parts: Parts;
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.place = { kind: 'sqlite', file: parts.file, busyTimeout };
  }

  async nextIds(count: number): Promise<number> {
    return this.#parts.ids.take(count);
  }

  async read<T>(body: (queries: Queries) => Promise<T>): Promise<T> {
    this.#assertOpen();
    return await this.#parts.reads.read(body);
  }

  async scan<T>(body: (queries: Queries) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return await this.#parts.pool.scan(body, signal);
  }

  write<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#parts.writer.write(body);
  }

  async inspect(deep: boolean): Promise<Finding[]> {
    const { connection, file } = this.#parts;
    return [...writerFindings(connection), ...inspectSqliteFile(file, deep)];
  }

  gauges(): Readonly<Record<string, number>> {
    const { writer, pool, wal, connection, file } = this.#parts;
    const { queue, groups, writes } = writer.gauges;
    const scans = pool.gauges;
    return {
      write_queue_length: queue,
      write_groups_total: groups,
      writes_total: writes,
      scans_active: scans.active,
      scans_waiting: scans.waiting,
      scans_abandoned: scans.abandoned,
      scan_threads: scans.threads,
      write_ahead_log_pages: wal.pages,
      prepared_statements: connection.statementCount,
      store_bytes: statSync(file, { throwIfNoEntry: false })?.size ?? 0,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { writer, pool, reads, wal, connection, lock } = this.#parts;
    await writer.close();
    await pool.close();
    await reads.close();
    await wal.close();
    connection.close();
    lock.release();
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new CairnError('unavailable', 'The server is stopping.');
  }
}

function openError(error: unknown, file: string): unknown {
  const known = sqliteError(error);
  if (!(known instanceof CairnError) || error instanceof CairnError) return known;
  return new CairnError(known.code, `The store ${file} cannot be opened: ${(error as Error).message}`, {
    cause: error,
  });
}
