/**
 * One connection: its settings, checked after they are set, and its prepared statements. Everything here is synchronous;
 * transactions are the business of the writer and the readers.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { assert } from '../../kernel/assert.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { Sql } from '../../kernel/sql.ts';
import { renderSqlite } from './sqlite-text.ts';

/** Below this, SQLite can corrupt a file in WAL mode that two connections write or checkpoint (the WAL-reset race). */
const oldestSqlite = [3, 51, 3] as const;
/** Statements kept prepared on each connection. Multi-row VALUES make one text for each number of rows, so both are bounded. */
const statementLimit = 500;
const statementTextLimit = 2_000_000;
const schemaChange = /^\s*(create|alter|drop)\b/i;
const writesAndReads = /\breturning\b/i;
/** What node:sqlite reads the least int64 as, while it refuses all others beyond 2^53: its absolute value overflows. */
const leastRounded = -(2 ** 63);
/** Declared types of strict tables; an expression has none. */
const neverWhole = new Set(['TEXT', 'REAL', 'BLOB']);

export type Mode = 'write' | 'read';
export interface RowSet {
  readonly names: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

type RowReader = (row: readonly unknown[]) => Record<string, unknown>;

interface Columns {
  readonly names: readonly string[];
  /** Makes an object of a row. */
  readonly read: RowReader;
  /** Those that may hold integers: all but a table's texts, reals and bytes. */
  readonly wholes: readonly number[];
}

interface Prepared {
  readonly statement: StatementSync;
  columns: Columns | undefined;
  /** Integers of this statement are read as bigint, since one of them was beyond 2^53. */
  wide: boolean;
  /** It changes something and answers rows: it must run to its end, which only `all` promises, and once. */
  readonly answersChange: boolean;
  readonly changesSchema: boolean;
  /** Greater is later. */
  used: number;
}

export class SqliteConnection {
  readonly database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();
  /** Characters of all texts kept prepared. */
  #preparedText = 0;
  #uses = 0;

  constructor(file: string, mode: Mode, busyTimeout: number) {
    this.database = new DatabaseSync(file, { readOnly: mode === 'read', timeout: busyTimeout });
    try {
      this.#configure(mode);
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  get isTransaction(): boolean {
    return this.database.isTransaction;
  }

  get statementCount(): number {
    return this.#prepared.size;
  }

  exec(text: string): void {
    this.database.exec(text);
  }

  /** A statement of the transaction itself (BEGIN, SAVEPOINT …), kept prepared: `exec` would compile it each time. */
  control(text: string): void {
    this.#prepare(text).statement.run();
  }

  many(query: Sql): Record<string, unknown>[] {
    const { text, values } = renderSqlite(query);
    const prepared = this.#prepare(text);
    return this.#rows(prepared, values).map(columnsOf(prepared).read);
  }

  one(query: Sql): Record<string, unknown> | undefined {
    const { text, values } = renderSqlite(query);
    const prepared = this.#prepare(text);
    const [row] = prepared.answersChange
      ? this.#rows(prepared, values)
      : this.#reading(prepared, (statement) => {
          const found = statement.get(...values) as unknown[] | undefined;
          return found === undefined ? [] : [found];
        });
    return row && columnsOf(prepared).read(row);
  }

  run(statement: Sql): number {
    const { text, values } = renderSqlite(statement);
    const prepared = this.#prepare(text);
    const { changes } = prepared.statement.run(...values);
    if (!prepared.changesSchema) return Number(changes);
    // Column names of statements prepared before may be wrong now.
    this.#forget();
    return 0;
  }

  /** The rows as arrays: what a reader thread sends over. */
  rowSet(text: string, values: readonly SQLInputValue[]): RowSet {
    const prepared = this.#prepare(text);
    const rows = this.#rows(prepared, values);
    return { names: columnsOf(prepared).names, rows };
  }

  /** One PRAGMA's rows, not kept prepared. */
  pragma(text: string): Record<string, unknown>[] {
    return this.database.prepare(`PRAGMA ${text}`).all();
  }

  close(): void {
    this.#forget();
    if (this.database.isOpen) this.database.close();
  }

  #configure(mode: Mode): void {
    const version = String(this.database.prepare('SELECT sqlite_version() AS version').get()?.version);
    if (!isAtLeast(version, oldestSqlite)) {
      throw new CairnError(
        'internal',
        `SQLite ${version} is too old: ${oldestSqlite.join('.')} or later is needed (run Node 24.21 or later).`,
      );
    }
    this.exec('PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;');
    if (mode === 'write') {
      // fullfsync: on macOS a plain fsync does not reach the disk; elsewhere it says nothing. Checkpoints are explicit
      // (sqlite-wal.ts), because the automatic one hides its errors.
      this.exec(`
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
        PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536;
      `);
      this.#expect('journal_mode', 'wal');
      this.#expect('synchronous', 2);
      this.#expect('wal_autocheckpoint', 0, 'wal_autocheckpoint');
    } else {
      // Kept by each of up to six threads. Measured with 32 MiB over 100,000 runs: no search was quicker (bench/search.ts).
      this.exec('PRAGMA query_only = ON; PRAGMA cache_size = -16384;');
    }
    this.#expect('foreign_keys', 1);
    this.#expect('mmap_size', 0);
  }

  #expect(pragma: string, wanted: string | number, column: string = pragma): void {
    const [row] = this.pragma(pragma);
    // A build without the feature answers no row, which is the wanted state of mmap_size.
    const found = row === undefined ? wanted : (row[column] ?? Object.values(row)[0]);
    assert(
      found === wanted,
      `SQLite runs with ${pragma}=${String(found)}, but durability needs ${String(wanted)}`,
    );
  }

  #prepare(text: string): Prepared {
    this.#uses += 1;
    const known = this.#prepared.get(text);
    if (known !== undefined) {
      known.used = this.#uses;
      return known;
    }
    const statement = this.database.prepare(text);
    statement.setReturnArrays(true);
    const answersChange = writesAndReads.test(text);
    const changesSchema = schemaChange.test(text);
    const prepared = {
      statement,
      columns: undefined,
      wide: false,
      answersChange,
      changesSchema,
      used: this.#uses,
    };
    // Run twice, a changing statement would change twice: it reads bigints from the start.
    if (answersChange) widen(prepared);
    this.#prepared.set(text, prepared);
    this.#preparedText += text.length;
    while (this.#prepared.size > statementLimit || this.#preparedText > statementTextLimit)
      this.#forgetOldest();
    return prepared;
  }

  /** Looks through all, beside which compiling the statement that takes the place is still the larger part. */
  #forgetOldest(): void {
    let oldest = '';
    let used = Number.POSITIVE_INFINITY;
    for (const [text, prepared] of this.#prepared) {
      if (prepared.used >= used) continue;
      oldest = text;
      used = prepared.used;
    }
    this.#prepared.delete(oldest);
    this.#preparedText -= oldest.length;
  }

  #forget(): void {
    this.#prepared.clear();
    this.#preparedText = 0;
  }

  #rows(prepared: Prepared, values: readonly SQLInputValue[]): unknown[][] {
    return this.#reading(prepared, (statement) => statement.all(...values) as unknown as unknown[][]);
  }

  /**
   * node:sqlite throws at an integer beyond 2^53, or rounds it when it is the least of all; such statements are rare, so
   * bigints are paid for only from then on.
   */
  #reading(prepared: Prepared, run: (statement: StatementSync) => unknown[][]): unknown[][] {
    if (!prepared.wide) {
      try {
        const rows = run(prepared.statement);
        if (!holdsLeast(rows, columnsOf(prepared).wholes)) return rows;
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ERR_OUT_OF_RANGE') throw error;
      }
      widen(prepared);
    }
    const rows = run(prepared.statement);
    for (const row of rows) narrowRow(row);
    return rows;
  }
}

function columnsOf(prepared: Prepared): Columns {
  if (prepared.columns === undefined) {
    const columns = prepared.statement.columns();
    const wholes = columns.flatMap(({ type }, index) => (neverWhole.has(type ?? '') ? [] : [index]));
    const names = columns.map((column) => column.name);
    prepared.columns = { names, read: rowReader(names), wholes };
  }
  return prepared.columns;
}

/** Measured on 20,000 rows of 5 columns, 3 of them whole: a hundredth of the time that reading them takes. */
function holdsLeast(rows: readonly (readonly unknown[])[], wholes: readonly number[]): boolean {
  if (wholes.length === 0) return false;
  for (const row of rows) for (const column of wholes) if (row[column] === leastRounded) return true;
  return false;
}

function widen(prepared: Prepared): void {
  prepared.statement.setReadBigInts(true);
  prepared.wide = true;
}

function narrowRow(row: unknown[]): void {
  for (const [index, value] of row.entries()) {
    if (typeof value !== 'bigint') continue;
    const narrow = Number(value);
    if (Number.isSafeInteger(narrow)) row[index] = narrow;
  }
}

/** Lists of columns whose readers are kept; a statement of ours has one, only a client's choice of columns makes more. */
const readerLimit = 1_000;

/** Objects of the rows that reader threads sent over. A reader is made once: compiling it costs more than most answers' rows. */
export class RowReaders {
  readonly #readers = new Map<string, RowReader>();

  objects({ names, rows }: RowSet): Record<string, unknown>[] {
    const key = names.join('\n');
    let read = this.#readers.get(key);
    if (read === undefined) {
      if (this.#readers.size >= readerLimit) this.#readers.clear();
      read = rowReader(names);
      this.#readers.set(key, read);
    }
    return rows.map(read);
  }
}

/**
 * A function written for these columns, which are those of statements of ours, quoted as JSON. Measured on rows of 22
 * columns: 0.1 µs each; setting one property after the other, whose names the engine cannot foresee, 0.5 µs; node's own
 * objects (without a prototype) 0.9 µs.
 */
function rowReader(names: readonly string[]): RowReader {
  const properties = names.map((name, index) => `${JSON.stringify(name)}: row[${index}]`);
  return new Function('row', `return { ${properties.join(', ')} };`) as RowReader;
}

function isAtLeast(version: string, floor: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, least] of floor.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
