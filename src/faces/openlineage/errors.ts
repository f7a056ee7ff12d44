/**
 * How this protocol words an error: a status, and a problem (RFC 9457) that says what is wrong and where. Its clients try again on 500, 502, 503 and 504
 * only, and give an event up on anything else, 429 too: whoever may come back is told 503.
 */
import { CairnError, type ErrorCode } from '../../kernel/errors.ts';
import type { HttpReply } from '../../kernel/operation.ts';

export const statuses: Readonly<Record<ErrorCode, number>> = {
  invalid_argument: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  already_exists: 409,
  failed_precondition: 409,
  conflict: 409,
  idempotency_mismatch: 422,
  payload_too_large: 413,
  unsupported_media_type: 415,
  misdirected: 403,
  method_not_allowed: 405,
  too_many_requests: 503,
  query_too_expensive: 422,
  not_implemented: 501,
  unavailable: 503,
  storage_full: 507,
  internal: 500,
};

/** `more` stands beside what every problem says. */
export function replyToError(
  error: unknown,
  context: { readonly requestId: string },
  more: object = {},
): HttpReply {
  const known = error instanceof CairnError ? error : undefined;
  const code: ErrorCode = known?.code ?? 'internal';
  const headers: Record<string, string> = {};
  if (known?.retryAfter !== undefined) headers['retry-after'] = String(known.retryAfter);
  if (code === 'unauthenticated') headers['www-authenticate'] = 'Bearer realm="cairn"';
  const detail =
    code === 'internal'
      ? `An error of the server; its log tells more under request ${context.requestId}.`
      : known?.message;
  return {
    status: statuses[code],
    contentType: 'application/problem+json',
    headers,
    body: JSON.stringify({
      type: `/docs/errors#${code}`,
      title: 'The event was not taken',
      status: statuses[code],
      detail,
      code,
      ...(known?.field !== undefined && { field: known.field }),
      requestId: context.requestId,
      ...more,
    }),
  };
}

/** Whether the same request may succeed later. */
export const isRetriable = (code: ErrorCode): boolean => statuses[code] >= 500 && code !== 'not_implemented';
