/** The files of a store, and making what happened to them durable. */
import { closeSync, fsyncSync, openSync } from 'node:fs';

/** What SQLite may keep beside a database file; the three belong together. */
export const companionSuffixes = ['', '-wal', '-shm'] as const;

/** Makes new names in a folder durable. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform !== 'win32') syncPath(folder, 'r');
}

export function syncFile(file: string): void {
  syncPath(file, 'r+');
}

function syncPath(path: string, flags: string): void {
  const handle = openSync(path, flags);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
