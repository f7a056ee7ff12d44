/** Requests to one server: addresses, credentials, time limits, and errors with words. Every operation of the API can be called here. */
import { RequestError, refusalOf } from './request-error.ts';
import { type Operations, routes } from './wire.ts';

type Body = NonNullable<RequestInit['body']>;
export type OperationId = keyof Operations;
type Part<Id extends OperationId, Name extends string> =
  Operations[Id] extends Record<Name, infer Value> ? Value : undefined;
export type Output<Id extends OperationId> = Part<Id, 'output'>;

/** What one operation takes. */
export type Input<Id extends OperationId> = (Operations[Id] extends { params: infer Params }
  ? { readonly params: Params }
  : { readonly params?: undefined }) &
  (Operations[Id] extends { query: infer Query }
    ? Partial<Query> extends Query
      ? { readonly query?: Query | undefined }
      : { readonly query: Query }
    : { readonly query?: undefined }) &
  (Operations[Id] extends { body: infer Body } ? { readonly body: Body } : { readonly body?: undefined }) &
  (Operations[Id] extends { bytes: true } ? { readonly bytes: Body } : { readonly bytes?: undefined }) & {
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /** A retry with the same key changes nothing and gets the first answer, where the operation takes one. */
    readonly idempotencyKey?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  };

export interface TransportOptions {
  /** `https://cairn.example.org`, with a path where a proxy puts it below one. */
  readonly url: string;
  readonly token?: string | undefined;
  readonly project?: string | undefined;
  /** ms that an answer may take. */
  readonly timeout: number;
  readonly fetch: typeof globalThis.fetch;
}

export class Transport {
  /** Without a slash at its end. */
  readonly url: string;
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
    let url: URL;
    try {
      url = new URL(options.url);
    } catch {
      throw new TypeError(`url must be an address like http://127.0.0.1:5000, not ${options.url}`);
    }
    if (!/^https?:$/.test(url.protocol)) throw new TypeError(`url must begin with http, not ${options.url}`);
    this.url = options.url.replace(/\/+$/, '');
  }

  /** The answer of one operation; rejects with RequestError. */
  async call<Id extends OperationId>(id: Id, input: Input<Id>): Promise<Output<Id>> {
    const response = await this.open(id, input);
    const text = await response.text().catch((error: unknown) => {
      throw this.#unreachable(error);
    });
    return (text === '' ? null : JSON.parse(text)) as Output<Id>;
  }

  /** As `call`, with the body of the answer still to be read. */
  async open<Id extends OperationId>(id: Id, input: Input<Id>, timeout?: number): Promise<Response> {
    const { params, query, body, bytes, headers, idempotencyKey, signal } = input;
    const [method, route, inProject] = routes[id];
    const values = (params ?? {}) as Readonly<Record<string, string>>;
    const path = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
    return this.send(method, `${path}${this.#queryOf(inProject, query)}`, {
      body: body === undefined ? bytes : JSON.stringify(body),
      timeout,
      signal,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        ...headers,
      },
    });
  }

  /** Any request to the server; `timeout` 0 waits for ever. */
  async send(
    method: string,
    path: string,
    {
      body,
      headers,
      signal,
      timeout = this.#options.timeout,
    }: {
      readonly body?: Body | undefined;
      readonly headers?: Readonly<Record<string, string>>;
      readonly signal?: AbortSignal | undefined;
      readonly timeout?: number | undefined;
    } = {},
  ): Promise<Response> {
    const { token, fetch } = this.#options;
    const limit = timeout > 0 ? AbortSignal.timeout(timeout) : undefined;
    let response: Response;
    try {
      response = await fetch(`${this.url}${path}`, {
        method,
        headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
        ...(body !== undefined && { body }),
        ...((signal ?? limit) && {
          signal: signal && limit ? AbortSignal.any([signal, limit]) : (signal ?? limit!),
        }),
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw this.#unreachable(error);
    }
    if (!response.ok) throw await refusalOf(response, Date.now());
    return response;
  }

  #queryOf(inProject: boolean, query: unknown): string {
    const { project } = this.#options;
    const words = new URLSearchParams();
    if (project !== undefined && inProject) words.set('project', project);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) words.set(name, String(value));
    }
    const text = words.toString();
    return text === '' ? '' : `?${text}`;
  }

  #unreachable(error: unknown): RequestError {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message || cause.name : String(cause);
    return new RequestError(`no answer from ${this.url}: ${why}`, { code: 'unreachable', cause: error });
  }
}
