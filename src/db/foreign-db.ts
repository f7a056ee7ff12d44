/**
 * Databases of others, to read: what moves in is written by another program, with tables of its own. Nothing is ever written.
 * Statements are texts of ours with `?` for each value and names in double quotes; every adapter speaks that.
 */
import { CairnError } from '../kernel/errors.ts';

export type ForeignValue = string | number | bigint | boolean | Uint8Array | null;
export type ForeignRow = Readonly<Record<string, ForeignValue>>;

export interface ForeignDb {
  readonly kind: 'sqlite' | 'postgres' | 'mysql';
  /** All rows, some thousand at a time; whoever reads slowly makes the database wait. One statement runs at a time. */
  rows(text: string, values?: readonly (string | number)[]): AsyncIterable<readonly ForeignRow[]>;
  /** Names of its tables. */
  tables(): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
}

/** Rows handed on together. */
export const foreignChunk = 5_000;

/** `sqlite:///file`, the path of a file, `postgres(ql)://…`, `mysql://…`; also with SQLAlchemy's driver (`+pymysql`). */
export async function openForeignDb(address: string): Promise<ForeignDb> {
  const scheme = /^([a-z]+)(?:\+[a-z0-9]+)?:\/\//i.exec(address)?.[1]?.toLowerCase();
  const plain = address.replace(/^([a-z]+)\+[a-z0-9]+:/i, '$1:');
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const { openForeignPostgres } = await import('./postgres/foreign-postgres.ts');
    return openForeignPostgres(plain);
  }
  if (scheme === 'mysql') {
    const { openForeignMysql } = await import('./mysql/foreign-mysql.ts');
    return openForeignMysql(plain);
  }
  if (scheme !== undefined && scheme !== 'sqlite') {
    throw new CairnError(
      'invalid_argument',
      `${scheme} is no database that can be read: sqlite, postgresql or mysql`,
    );
  }
  const { openForeignSqlite } = await import('./sqlite/foreign-sqlite.ts');
  return openForeignSqlite(scheme === undefined ? address : sqlitePath(address));
}

/** SQLAlchemy's `sqlite:///relative` and `sqlite:////absolute`. */
export function sqlitePath(address: string): string {
  return decodeURIComponent(address.replace(/^sqlite:\/\/\/?/i, '').replace(/\?.*$/, ''));
}
