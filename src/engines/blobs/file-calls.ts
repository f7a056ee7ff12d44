/** The calls of the file system that the local adapter needs beyond Node's, and what their errors mean. */
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { CairnError } from '../../kernel/errors.ts';

export function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

export const isMissing = (error: unknown): boolean => errorCode(error) === 'ENOENT';

/** Resolves to undefined when what was asked for is not there. */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A full disk is an answer of its own; anything else stays what it is. */
export function explained(error: unknown): unknown {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new CairnError('storage_full', 'The disk of the artifacts is full; nothing was kept.', {
      cause: error,
    });
  }
  return error;
}

/** Makes new names in a folder durable. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it that are missing, durably. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
    await syncFolder(path.dirname(made));
  }
}
