/**
 * How this protocol words an error: a status and `{"error_code", "message"}`. The Python client retries 408, 429, 500, 502,
 * 503 and 504 for minutes, so nothing that stays wrong may answer with one of them.
 */
import { CairnError, type ErrorCode } from '../../kernel/errors.ts';
import type { HttpReply } from '../../kernel/operation.ts';

/** Error codes of the protocol that this server sends; all are names its clients know. */
export type MlflowErrorCode =
  | 'INVALID_PARAMETER_VALUE'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_DOES_NOT_EXIST'
  | 'RESOURCE_ALREADY_EXISTS'
  | 'RESOURCE_EXHAUSTED'
  | 'REQUEST_LIMIT_EXCEEDED'
  | 'ENDPOINT_NOT_FOUND'
  | 'NOT_IMPLEMENTED'
  | 'TEMPORARILY_UNAVAILABLE'
  | 'INTERNAL_ERROR';

/** Kernel code → status and error code. A name that is taken is 400 here, and the client branches on its code. */
export const errorTable: Readonly<Record<ErrorCode, readonly [status: number, code: MlflowErrorCode]>> = {
  invalid_argument: [400, 'INVALID_PARAMETER_VALUE'],
  unauthenticated: [401, 'UNAUTHENTICATED'],
  permission_denied: [403, 'PERMISSION_DENIED'],
  not_found: [404, 'RESOURCE_DOES_NOT_EXIST'],
  already_exists: [400, 'RESOURCE_ALREADY_EXISTS'],
  failed_precondition: [400, 'INVALID_PARAMETER_VALUE'],
  conflict: [400, 'INVALID_PARAMETER_VALUE'],
  idempotency_mismatch: [400, 'INVALID_PARAMETER_VALUE'],
  payload_too_large: [413, 'INVALID_PARAMETER_VALUE'],
  unsupported_media_type: [400, 'INVALID_PARAMETER_VALUE'],
  misdirected: [403, 'PERMISSION_DENIED'],
  method_not_allowed: [405, 'ENDPOINT_NOT_FOUND'],
  too_many_requests: [429, 'REQUEST_LIMIT_EXCEEDED'],
  query_too_expensive: [400, 'INVALID_PARAMETER_VALUE'],
  not_implemented: [501, 'NOT_IMPLEMENTED'],
  unavailable: [503, 'TEMPORARILY_UNAVAILABLE'],
  storage_full: [507, 'RESOURCE_EXHAUSTED'],
  internal: [500, 'INTERNAL_ERROR'],
};

/** Codes whose cause lies on this side of the wire: the host logs them, so they pass through it. */
const oursToExplain: ReadonlySet<ErrorCode> = new Set(['unavailable', 'storage_full', 'internal']);

/** The answer to an error that the request caused; anything else is thrown on, for the host to log. */
export function replyToRequestError(error: unknown): HttpReply {
  if (!(error instanceof CairnError) || oursToExplain.has(error.code)) throw error;
  const [status, code] = errorTable[error.code];
  return errorReply(status, code, error.message, error);
}

/** The answer to an error of the host, which stands before any operation: here a path that is not found is no endpoint. */
export function replyToHostError(error: unknown, context: { readonly requestId: string }): HttpReply {
  if (!(error instanceof CairnError)) return internalError(context.requestId);
  if (error.code === 'not_found') return endpointNotFound(error.message);
  if (error.code === 'internal') return internalError(context.requestId);
  const [status, code] = errorTable[error.code];
  return errorReply(status, code, error.message, error);
}

/** What clients take as the sign to fall back to an older endpoint. */
export function endpointNotFound(message: string): HttpReply {
  return errorReply(404, 'ENDPOINT_NOT_FOUND', message);
}

/** Messages repeat what the client wrote: two whole parameter values fit. */
const messageLimit = 16_000;

function errorReply(
  status: number,
  code: MlflowErrorCode,
  message: string,
  details: { readonly retryAfter?: number | undefined } = {},
): HttpReply {
  const headers: Record<string, string> = {};
  if (details.retryAfter !== undefined) headers['retry-after'] = String(details.retryAfter);
  if (status === 401) headers['www-authenticate'] = 'Basic realm="mlflow"';
  return {
    status,
    contentType: 'application/json',
    headers,
    body: JSON.stringify({ error_code: code, message: message.slice(0, messageLimit) }),
  };
}

function internalError(requestId: string): HttpReply {
  return errorReply(
    500,
    'INTERNAL_ERROR',
    `An error of the server; its log tells more under request ${requestId}.`,
  );
}
