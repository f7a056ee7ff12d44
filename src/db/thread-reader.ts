/**
 * The store as a thread of its own reads it: short snapshots on a connection of the thread, opened by what the main thread's `Db` says of
 * itself. A snapshot sees everything that was acknowledged before it was begun.
 */
import type { Queries } from './db.ts';

/** Where a store is, as far as a thread must know it: can be sent to one. */
export type StorePlace =
  | { readonly kind: 'sqlite'; readonly file: string; readonly busyTimeout: number }
  | { readonly kind: 'postgres'; readonly url: string };

export interface ThreadReader {
  /** The body waits for nothing but its own statements, and is short: a snapshot keeps the store from tidying up. */
  read<T>(body: (queries: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The store is open elsewhere in this process, and migrated. */
export async function openThreadReader(place: StorePlace): Promise<ThreadReader> {
  if (place.kind === 'postgres') {
    const { openPostgresReader } = await import('./postgres/postgres-reader.ts');
    return openPostgresReader(place.url);
  }
  const { SqliteConnection } = await import('./sqlite/sqlite-connection.ts');
  const { SqliteReads } = await import('./sqlite/sqlite-reads.ts');
  return new SqliteReads(new SqliteConnection(place.file, 'read', place.busyTimeout));
}
