/**
 * An operation is a value. From the list of operations come the routes, validation, OpenAPI, client types, the reference
 * pages and the authorisation test; nothing is registered by decorator or by scanning.
 *
 * `Operation` is the typed form the native API is written in. `HttpOperation` is the wire form that every HTTP face,
 * ours and the foreign ones, hands to the host (faces/http), which owns authentication, authorisation and limits.
 */
import type { ErrorCode } from './errors.ts';
import type { Face, RequestContext } from './request-context.ts';
import type { Static, TSchema } from './schema.ts';

/** What a principal needs to be granted. `public` is for probes and the UI's own files only,
 * `ticket` for addresses to which clients send nothing but what they were handed with them. */
export const permissions = {
  public: 'Anyone who reaches the server: probes, version, the files of the UI.',
  ticket:
    'Whoever holds a ticket for exactly this, which another operation handed out; the operation checks it.',
  'metadata:read': 'Read records of a project.',
  'metadata:write': 'Create and change records of a project.',
  'metadata:delete': 'Delete and restore records of a project.',
  'metadata:purge': 'Remove for good what was deleted.',
  'metadata:transfer': 'Move whole stores in and out, with their ids and times.',
  'server:observe': 'Read operational figures of the server.',
} as const;
export type Permission = keyof typeof permissions;

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Path without query, as received. */
  readonly path: string;
  /** Decoded path parameters. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The whole body, already within the operation's limit; empty when there is none, or when it comes as `stream`. */
  readonly body: Buffer;
  /** The body as it arrives, for an operation with `streamsBody`. A reader that waits makes the client wait. */
  readonly stream?: AsyncIterable<Uint8Array>;
}

/**
 * Bytes of known length and content that can be read from anywhere in them. As the body of a reply, the host answers
 * ranges and conditions of it, gives its exact length, and says how a browser must treat it.
 */
export interface Download {
  /** Last segment of its path: what it is saved as, and what its content type is told by. */
  readonly name: string;
  readonly size: number;
  /** Entity tag, without quotes: equal tags mean equal bytes. */
  readonly tag: string;
  /** Let a browser show it, if its kind can do no harm; otherwise it is saved. */
  readonly inline: boolean;
  /** Bytes from `start` up to, not including, `end`. Rejects if they are gone; ends early with an error on `signal`. */
  read(start: number, end: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** Bytes that are made while they are read: whoever reads slowly makes their maker wait. */
export interface Flow {
  readonly contentType: string;
  readonly body: AsyncIterable<string | Uint8Array>;
}

export interface HttpReply {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array> | Download;
}

export interface HttpOperation {
  /** `run.create`, `mlflow.runs.create`: unique in the server. */
  readonly id: string;
  readonly method: HttpMethod;
  /** With `{name}` parameters: `/api/v1/runs/{run}`. */
  readonly path: string;
  /** Other paths that answer the same (MLflow's `/ajax-api` twin). */
  readonly aliases?: readonly string[];
  readonly permission: Permission;
  readonly summary: string;
  /** Bytes a body may have; the host answers payload_too_large beyond. */
  readonly bodyLimit: number;
  /** The body is bytes of any content type and may be huge: the handler reads `request.stream`. */
  readonly streamsBody?: boolean;
  /** Whole bodies may be compressed with gzip, announced or not: the handler gets them inflated, within `bodyLimit`. */
  readonly takesGzip?: boolean;
  handle(context: RequestContext, request: HttpRequest): Promise<HttpReply>;
}

/** A wire protocol over HTTP: its operations, and how it words an error. */
export interface HttpFace {
  readonly face: Face;
  readonly operations: readonly HttpOperation[];
  /** Unknown paths below these prefixes, and errors of the host itself, are worded by this face. */
  readonly prefixes: readonly string[];
  renderError(error: unknown, context: { readonly requestId: string }): HttpReply;
}

/** One operation of the native API. Input parts are validated before `run` is called; `run` trusts them. */
export interface Operation<
  P extends TSchema = TSchema,
  Q extends TSchema = TSchema,
  B extends TSchema = TSchema,
  O extends TSchema = TSchema,
> {
  readonly id: string;
  readonly method: HttpMethod;
  readonly path: string;
  readonly permission: Permission;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly output: O;
  /** Codes beyond those every operation may answer (invalid_argument, unauthenticated, permission_denied). */
  readonly errors: readonly ErrorCode[];
  /** Success status; 200 unless told. */
  readonly status?: 200 | 201 | 204;
  /** Takes an `Idempotency-Key` header: a retry gets the first answer, another body is refused. */
  readonly idempotent?: boolean;
  readonly bodyLimit?: number;
  run(context: RequestContext, input: OperationInput<P, Q, B>): Promise<Static<O>>;
  /** The body is bytes of any content type, which `run` reads from `input.bytes`. */
  readonly takesBytes?: boolean;
  /** The body is not JSON but whole bytes of this content type, which `run` is given as `input.content`. */
  readonly contentType?: string;
  /** Answers bytes, not JSON: `run` resolves to a Download, which is what its output is. */
  readonly answersBytes?: boolean;
  /** Answers bytes as they come, of one of these content types: `run` resolves to a Flow, which is what its output is. */
  readonly answersFlow?: readonly string[];
  /** Answers `Accept: text/event-stream` with frames of server-sent events, as text. */
  stream?(context: RequestContext, input: OperationInput<P, Q, B>): Promise<AsyncIterable<string>>;
}

export interface OperationInput<P extends TSchema, Q extends TSchema, B extends TSchema> {
  readonly params: Static<P>;
  readonly query: Static<Q>;
  readonly body: Static<B>;
  /** The body of an operation that `takesBytes`, as it arrives; empty for any other. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The body of an operation with a `contentType`; empty for any other. */
  readonly content: Uint8Array;
  /** `Last-Event-ID` of a stream that is taken up again. */
  readonly lastEventId: string | undefined;
}

/** Keeps the schema types of one operation while it is written; a list of them forgets these types again. */
export function operation<P extends TSchema, Q extends TSchema, B extends TSchema, O extends TSchema>(
  value: Operation<P, Q, B, O>,
): Operation {
  return value as unknown as Operation;
}
