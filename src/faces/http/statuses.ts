import type { ErrorCode } from '../../kernel/errors.ts';

/** HTTP status of each error code, for faces that word errors in HTTP's own terms. */
export const httpStatuses: Readonly<Record<ErrorCode, number>> = {
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
  too_many_requests: 429,
  query_too_expensive: 422,
  not_implemented: 501,
  unavailable: 503,
  storage_full: 507,
  internal: 500,
};
