/** What went wrong in PostgreSQL, in Cairn's words. The server's own message names tables and columns, so it is only the cause. */
import { CairnError } from '../../kernel/errors.ts';

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const uniqueViolation = '23505';
const diskFull = '53100';
const queryCanceled = '57014';
const serializationFailure = '40001';
const deadlockDetected = '40P01';
const unavailableStates = new Set([
  '25006', // read only: a standby that has not been promoted yet
  '53200', // out of memory
  '53300', // too many connections
  '55P03', // lock not available
  '57P01', // the administrator shuts it down
  '57P02', // a crash
  '57P03', // starting up or shutting down
  '58030', // I/O error
]);
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT', // a socket file that is not there
]);
// Errors of the driver itself carry no code.
const driverMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered|Client was closed|Cannot use a pool)/;

function postgresCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The whole transaction is worth another try: another one was in the way. */
export function isRetryable(error: unknown): boolean {
  const code = postgresCode(error instanceof CairnError ? error.cause : error);
  return code === serializationFailure || code === deadlockDetected;
}

/** The connection is of no use any more. */
export function isConnectionLoss(error: unknown): boolean {
  const cause = error instanceof CairnError ? error.cause : error;
  const code = postgresCode(cause);
  if (code === undefined) return driverMessages.test(String((cause as Error | null)?.message));
  return networkCodes.has(code) || code.startsWith('08') || code === '57P01' || code === '57P02';
}

/** The error of a statement or commit as callers see it; errors that are neither the server's nor the driver's pass unchanged. */
export function postgresError(cause: unknown): unknown {
  if (cause instanceof CairnError) return cause;
  const code = postgresCode(cause);
  if (code === uniqueViolation) {
    return new CairnError('already_exists', 'Another record holds this key.', { cause });
  }
  if (code === diskFull) {
    return new CairnError('storage_full', 'The disk is full; nothing was changed.', { cause });
  }
  if (code === queryCanceled) {
    return new CairnError('query_too_expensive', 'The query took longer than it may; narrow it.', { cause });
  }
  if (isRetryable(cause)) {
    return new CairnError('unavailable', 'Too many changes meet in one place; nothing was changed.', {
      cause,
      retryAfter: 1,
    });
  }
  if (isConnectionLoss(cause) || (code !== undefined && unavailableStates.has(code))) {
    return new CairnError('unavailable', 'The store cannot answer now.', { cause });
  }
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) {
    return new CairnError('internal', 'A statement failed.', { cause });
  }
  return cause;
}
