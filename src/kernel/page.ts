/**
 * Keyset pages. A cursor holds the sort values of the last row and a fingerprint of the query it belongs to (filter,
 * order, view, project), so that a cursor used with another query is refused instead of answering nonsense.
 */
import { createHash } from 'node:crypto';
import { invalid } from './errors.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

export type CursorValue = string | number | null;

/** Short, stable digest of everything that decides which rows a query walks and in which order. */
export function queryFingerprint(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12);
}

export function encodeCursor(fingerprint: string, after: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([fingerprint, ...after])).toString('base64url');
}

/** The sort values of the row to continue after; `invalid_argument` for a forged or foreign cursor. */
export function decodeCursor(
  cursor: string,
  fingerprint: string,
  width: number,
  field: string,
): readonly CursorValue[] {
  const refuse = (why: string) => invalid(field, `Invalid page token: ${why}`);
  if (cursor.length > 8192) throw refuse('too long');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw refuse('not one of this server');
  }
  if (!Array.isArray(parsed) || parsed.length !== width + 1) throw refuse('not one of this server');
  const [found, ...after] = parsed as unknown[];
  if (found !== fingerprint) throw refuse('it belongs to another query');
  for (const value of after) {
    const isText = typeof value === 'string' && !value.includes('\0') && value.isWellFormed();
    if (value !== null && !isText && typeof value !== 'number') {
      throw refuse('not one of this server');
    }
  }
  return after as CursorValue[];
}
