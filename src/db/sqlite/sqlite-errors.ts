/** What went wrong in SQLite, in Cairn's words. The engine's own message names tables and columns, so it is only the cause. */
import { CairnError } from '../../kernel/errors.ts';

// https://www.sqlite.org/rescode.html: the low byte is the primary code, the rest narrows it.
const busy = 5;
const ioError = 10;
const corrupt = 11;
const full = 13;
const constraintPrimaryKey = 1555;
const constraintUnique = 2067;
const unavailableCodes = new Set([busy, 6 /* LOCKED */, 8 /* READONLY */, ioError, 14 /* CANTOPEN */]);

export function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code : undefined;
}

/** After a failed write or fsync nobody knows what is on disk: only a restart, which reads the log anew, is safe. */
export function isDiskFailure(error: unknown): boolean {
  const primary = (sqliteCode(error) ?? 0) & 0xff;
  return primary === ioError || primary === corrupt;
}

export function isBusy(error: unknown): boolean {
  return ((sqliteCode(error) ?? 0) & 0xff) === busy;
}

/** The error of a statement or commit as callers see it; errors that are not SQLite's pass unchanged. */
export function sqliteError(cause: unknown): unknown {
  if (cause instanceof CairnError) return cause;
  const code = sqliteCode(cause);
  if (code === undefined) {
    const name = (cause as { code?: unknown } | null)?.code;
    if (name !== 'ERR_SQLITE_ERROR' && name !== 'ERR_INVALID_STATE') return cause;
    return new CairnError('internal', 'A statement failed.', { cause });
  }
  if (code === constraintUnique || code === constraintPrimaryKey) {
    return new CairnError('already_exists', 'Another record holds this key.', { cause });
  }
  const primary = code & 0xff;
  if (primary === full)
    return new CairnError('storage_full', 'The disk is full; nothing was changed.', { cause });
  if (unavailableCodes.has(primary)) {
    return new CairnError('unavailable', 'The store cannot answer now.', { cause });
  }
  return new CairnError('internal', 'A statement failed.', { cause });
}
