/**
 * Every error Cairn can answer, once, without words of any transport. A face maps the codes to its own wire
 * (faces/http to RFC 9457, faces/mlflow to error_code). `message` is public; what only operators may see goes
 * into `cause`.
 */

/** Code → what it means to the one who called. docs/reference/errors.md is generated from this table. */
export const errorCodes = {
  invalid_argument: 'A value of the request is not acceptable; `field` names it.',
  unauthenticated: 'The request carries no valid credential.',
  permission_denied: 'The principal may not do this.',
  not_found: 'The thing named does not exist in this project.',
  already_exists: 'Another thing holds this name or key.',
  failed_precondition: 'The thing exists but its state forbids the change (for example: it is deleted).',
  conflict: 'The change contradicts what is stored (for example: another value for a logged parameter).',
  idempotency_mismatch: 'The idempotency key was used before with another body.',
  payload_too_large: 'The request is larger than the limit of its route.',
  unsupported_media_type: 'The content type is not one the route accepts.',
  misdirected: 'The Host or Origin of the request is not one this server answers to.',
  method_not_allowed: 'The path exists, but not with this method.',
  too_many_requests: 'The caller sends faster than it is served; try again later.',
  query_too_expensive: 'The query would exceed its budget of time or rows; narrow it.',
  not_implemented: 'Part of a foreign protocol that Cairn lists as not built.',
  unavailable: 'The store cannot answer now; try again.',
  storage_full: 'The disk is full; nothing was changed.',
  internal: 'A bug of ours. The request id finds it in the log.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetails {
  /** Path of the offending value in the request, as the client wrote it: `tags[3].key`. */
  readonly field?: string;
  /** Position in the text of `field` (UTF-16 units), for errors in a filter. */
  readonly at?: { readonly start: number; readonly end: number };
  /** Seconds after which a retry makes sense. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

export class CairnError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly at: ErrorDetails['at'];
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CairnError';
    this.code = code;
    this.field = details.field;
    this.at = details.at;
    this.retryAfter = details.retryAfter;
  }
}

/** A value of the request is wrong; `field` is its path as the client wrote it. */
export function invalid(field: string, message: string, at?: { start: number; end: number }): CairnError {
  return new CairnError('invalid_argument', message, at === undefined ? { field } : { field, at });
}

export function notFound(message: string, field?: string): CairnError {
  return new CairnError('not_found', message, field === undefined ? {} : { field });
}
