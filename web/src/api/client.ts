/**
 * One way to the server. Every failure becomes an `ApiProblem`, with what happened, why, and what to do next, so that
 * views only show it.
 */
import { authorization, tokenRefused } from './token.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export class ApiProblem extends Error {
  /** 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  /** The part of the request that is at fault, as the server names it. */
  readonly field: string | undefined;
  readonly at: Span | undefined;
  readonly requestId: string | undefined;

  constructor(facts: {
    status: number;
    code: string;
    message: string;
    field?: string | undefined;
    at?: Span | undefined;
    requestId?: string | undefined;
  }) {
    super(facts.message);
    this.name = 'ApiProblem';
    this.status = facts.status;
    this.code = facts.code;
    this.field = facts.field;
    this.at = facts.at;
    this.requestId = facts.requestId;
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** What is asked with a body changes nothing. */
const reads: ReadonlySet<string> = new Set(
  ['runs/search', 'runs/groups', 'runs/anchors', 'series/draw'].map((each) => `/api/v1/${each}`),
);

export interface CallOptions {
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export function apiUrl(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

/** The parsed answer; throws `ApiProblem`, or the abort reason when `signal` fires. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, apiUrl(path, options.query), options);
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** The answer of a reading as it came: numbers have all their digits. */
export async function readText(path: string, query: Query, signal?: AbortSignal): Promise<string> {
  const response = await send('GET', apiUrl(path, query), { signal });
  if (!response.ok) throw await problemOf(response);
  return response.text();
}

/** A part of a file, and what the answer says of the whole. */
export interface FileRange {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Changes with the content. */
  readonly tag: string;
}

/** Bytes `start` to before `end`, or to the end of the file where that is nearer. */
export async function readRange(
  url: string,
  range: { readonly start: number; readonly end: number },
  signal?: AbortSignal,
): Promise<FileRange> {
  const response = await fetchBytes(url, { range: `bytes=${range.start}-${range.end - 1}` }, signal);
  const tag = response.headers.get('etag') ?? '';
  const total = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]);
  // An empty file has no first byte, and no file has one behind its end.
  if (response.status === 416) return { bytes: new Uint8Array(), size: total || 0, tag };
  if (!response.ok) throw await problemOf(response);
  const bytes = new Uint8Array(await response.arrayBuffer());
  // What stands between may leave out the range and send all.
  return response.status === 206
    ? { bytes, size: total, tag }
    : { bytes: bytes.slice(range.start, range.end), size: bytes.byteLength, tag };
}

/** All of it. */
export async function download(url: string): Promise<Blob> {
  const response = await fetchBytes(url, {});
  if (!response.ok) throw await problemOf(response);
  return response.blob();
}

async function fetchBytes(url: string, headers: Record<string, string>, signal?: AbortSignal) {
  try {
    return await fetch(url, {
      headers: { ...headers, ...authorization() },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw unreachable();
  }
}

async function send(method: string, url: string, { body, signal }: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...authorization() };
  const init: RequestInit = { method, headers };
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  // A retried write must not be done twice; the server remembers this key.
  if (method !== 'GET' && !reads.has(path(url))) headers['idempotency-key'] = newKey();
  if (signal !== undefined) init.signal = signal;
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw unreachable();
  }
}

function path(url: string): string {
  return url.split('?')[0]!;
}

/** crypto.randomUUID exists in secure contexts only; a server on a plain-HTTP LAN address is none. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

function unreachable(): ApiProblem {
  return new ApiProblem({
    status: 0,
    code: 'unreachable',
    message: `No answer from ${location.origin}. The server may be stopped, or the network is down.`,
  });
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  if (response.status === 401) tokenRefused();
  const body: unknown = await response.json().catch(() => undefined);
  const problem = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  return new ApiProblem({
    status: response.status,
    code: typeof problem.code === 'string' ? problem.code : 'unknown',
    message:
      typeof problem.detail === 'string'
        ? problem.detail
        : `The server answered ${response.status} ${response.statusText}.`,
    field: typeof problem.field === 'string' ? problem.field : undefined,
    at: spanOf(problem.at),
    requestId: typeof problem.requestId === 'string' ? problem.requestId : undefined,
  });
}

function spanOf(at: unknown): Span | undefined {
  if (typeof at !== 'object' || at === null) return undefined;
  const { start, end } = at as { start?: unknown; end?: unknown };
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : undefined;
}
