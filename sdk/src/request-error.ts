/** A request that did not do what was asked: refused by the server, or never answered. */
export class RequestError extends Error {
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** Cairn's own code: `invalid_argument`, `not_found`, …; `unreachable` when no answer came. */
  readonly code: string;
  /** Path of the value that was refused: `tags[3].key`. */
  readonly field: string | undefined;
  /** Finds the request in the log of the server. */
  readonly requestId: string | undefined;
  /** ms after which the server wants to be asked again. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    details: {
      readonly status?: number | undefined;
      readonly code: string;
      readonly field?: string | undefined;
      readonly requestId?: string | undefined;
      readonly retryAfter?: number | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RequestError';
    this.status = details.status;
    this.code = details.code;
    this.field = details.field;
    this.requestId = details.requestId;
    this.retryAfter = details.retryAfter;
  }

  /** Whether the same request may succeed later: no answer, or one that says so (408, 429, 5xx). */
  get isTemporary(): boolean {
    if (this.status === undefined || this.status === 408 || this.status === 429) return true;
    // Two requests with one key met: the other one's answer will do for both.
    if (this.code === 'conflict' && this.field === undefined) return true;
    return this.status >= 500 && this.status !== 501;
  }
}

interface Problem {
  readonly detail?: string;
  readonly title?: string;
  readonly code?: string;
  readonly field?: string;
  readonly requestId?: string;
}

/** What a refusing answer says (RFC 9457, or whatever a proxy in between wrote). */
export async function refusalOf(response: Response, now: number): Promise<RequestError> {
  const text = await response.text().catch(() => '');
  let problem: Problem = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // Not ours.
  }
  const { status } = response;
  return new RequestError(problem.detail ?? problem.title ?? `the server answered ${status}`, {
    status,
    code: problem.code ?? `status_${status}`,
    field: problem.field,
    requestId: problem.requestId ?? response.headers.get('x-request-id') ?? undefined,
    retryAfter: waitOf(response.headers.get('retry-after'), now),
  });
}

/** `Retry-After` is seconds, or a date. */
function waitOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
