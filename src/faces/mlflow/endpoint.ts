/**
 * One endpoint of the protocol as a value: where it stands, what it takes and gives, what it does. `endpoint` makes of it
 * the operations that the host serves, under `/api` for SDKs and `/ajax-api` for web pages.
 */
import { CairnError, invalid } from '../../kernel/errors.ts';
import type { HttpMethod, HttpReply, HttpRequest, Permission } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { replyToRequestError } from './errors.ts';
import { readJson } from './json-reading.ts';
import { printMessage } from './message-printing.ts';
import { isObject, readMessage } from './message-reading.ts';
import type { Field, Message, Printed, Read } from './message-schema.ts';
import type { Workspace, WorkspaceOperation } from './services.ts';

/** Bytes of a body. `texts` is for messages that carry long values: 100 params, 100 tags and 1000 metrics at their limits, escaped. */
export const bodyLimits = { plain: 1024 * 1024, texts: 16 * 1024 * 1024 } as const;

export interface Endpoint<Request extends Message, Response extends Message> {
  /** `runs.create`; the operation is `mlflow.runs.create`. */
  readonly id: string;
  /** The first is the usual one. */
  readonly methods: readonly HttpMethod[];
  /** Below `/api/2.0/mlflow/`: `runs/create`. What stands in braces is read as the field of that name. */
  readonly path: string;
  readonly permission: Permission;
  readonly summary: string;
  readonly bodyLimit?: number;
  /** Instead of `/api/2.0/mlflow/…` and its twin below `/ajax-api`. */
  readonly paths?: readonly [string, ...string[]];
  readonly request: Request;
  readonly response: Response;
  /** Status of success; 200 unless told. */
  readonly status?: 200 | 201;
  run(
    context: RequestContext,
    input: Read<Request>,
    project: Workspace,
  ): Promise<Printed<Response> | PrintedBytes>;
}

/** An answer that is printed already, as its message would be. */
export class PrintedBytes {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

export function endpoint<Request extends Message, Response extends Message>(
  value: Endpoint<Request, Response>,
): WorkspaceOperation[] {
  const [path, ...aliases] = value.paths ?? [
    `/api/2.0/mlflow/${value.path}`,
    `/ajax-api/2.0/mlflow/${value.path}`,
  ];
  return value.methods.map((method, index) => ({
    id: operationId(value.id, method, index),
    method,
    path,
    aliases,
    permission: value.permission,
    summary: value.summary,
    bodyLimit: value.bodyLimit ?? bodyLimits.plain,
    handle: answering(async (context, request, project) => {
      const input = readMessage(value.request, withParams(requestValue(value.request, request), request));
      const output = await value.run(context, input, project);
      const body = output instanceof PrintedBytes ? output.bytes : printMessage(value.response, output);
      return value.status === undefined ? jsonReply(body) : { ...jsonReply(body), status: value.status };
    }),
  }));
}

/** `mlflow.experiments.search`, and for a second method `mlflow.experiments.search.get`. */
export function operationId(id: string, method: HttpMethod, index: number): string {
  return index === 0 ? `mlflow.${id}` : `mlflow.${id}.${method.toLowerCase()}`;
}

type Handle = WorkspaceOperation['handle'];

/** The handler, with the errors that a request can cause as answers of this protocol. */
export function answering(handle: Handle): Handle {
  return async (context, request, project) => {
    try {
      return await handle(context, request, project);
    } catch (error) {
      return replyToRequestError(error);
    }
  };
}

export function jsonReply(body: string | Uint8Array): HttpReply {
  return { status: 200, contentType: 'application/json', body };
}

/** What the request says, before it is read as a message: the query of a GET, otherwise the JSON body (also of a GET). */
export function requestValue(message: Message, request: HttpRequest): unknown {
  if (request.method === 'GET' && request.query.size > 0) return queryValue(message, request.query);
  const mayBeEmpty = request.method === 'GET' || request.method === 'DELETE';
  if (!mayBeEmpty || (request.method === 'DELETE' && request.body.length > 0)) requireJson(request);
  return readJson(request.body) ?? {};
}

/** What the path says counts, whatever the body says under the same name. */
function withParams(value: unknown, { params }: HttpRequest): unknown {
  return isObject(value) && Object.keys(params).length > 0 ? { ...value, ...params } : value;
}

function queryValue(message: Message, query: URLSearchParams): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(message)) {
    for (const key of field.alias === undefined ? [name] : [name, field.alias]) {
      const first = query.get(key);
      if (first === null) continue;
      value[key] = field.repeated ? query.getAll(key) : fromQuery(field, key, first);
    }
  }
  return value;
}

/** Python writes booleans as `True` and `False`. */
function fromQuery(field: Field, name: string, written: string): unknown {
  if (field.kind !== 'bool') return written;
  const word = written.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw invalid(name, `Invalid boolean value: ${written}, must be 'true' or 'false'.`);
}

/** A page of another site can post a form or plain text without asking; JSON it cannot. */
function requireJson(request: HttpRequest): void {
  const type = request.headers['content-type'];
  const refuse = (why: string) => new CairnError('unsupported_media_type', `Bad Request. ${why}`);
  if (type === undefined) throw refuse('Content-Type header is missing.');
  if (type.split(';')[0]!.trim().toLowerCase() !== 'application/json') {
    throw refuse("Content-Type must be one of ['application/json'].");
  }
}
