/** Errors as RFC 9457 problems: how the native API, and the host where no face is concerned, word them. */
import { CairnError, type ErrorCode, errorCodes } from '../../kernel/errors.ts';
import type { HttpReply } from '../../kernel/operation.ts';
import { httpStatuses } from './statuses.ts';

const titles = new Map<ErrorCode, string>(
  (Object.keys(errorCodes) as ErrorCode[]).map((code) => [
    code,
    code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' '),
  ]),
);

export function problemReply(error: unknown, context: { readonly requestId: string }): HttpReply {
  const known = error instanceof CairnError ? error : undefined;
  const code: ErrorCode = known?.code ?? 'internal';
  const status = httpStatuses[code];
  const body = {
    type: `/docs/errors#${code}`,
    title: titles.get(code),
    status,
    detail:
      code === 'internal'
        ? 'Something went wrong on the server. The request id finds it in the log.'
        : known?.message,
    code,
    ...(known?.field !== undefined && { field: known.field }),
    ...(known?.at !== undefined && { at: known.at }),
    requestId: context.requestId,
  };
  const headers: Record<string, string> = {};
  if (known?.retryAfter !== undefined) headers['retry-after'] = String(known.retryAfter);
  if (code === 'unauthenticated') headers['www-authenticate'] = 'Bearer realm="cairn", Basic realm="cairn"';
  return { status, contentType: 'application/problem+json', headers, body: JSON.stringify(body) };
}
