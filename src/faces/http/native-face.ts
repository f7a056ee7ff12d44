/** The native API over HTTP: each typed operation becomes a route, its answers JSON, its errors RFC 9457 problems. */
import { createHash } from 'node:crypto';
import { CairnError, invalid } from '../../kernel/errors.ts';
import { parseJson, stringifyExact } from '../../kernel/json.ts';
import type {
  Download,
  Flow,
  HttpFace,
  HttpOperation,
  HttpReply,
  HttpRequest,
  Operation,
} from '../../kernel/operation.ts';
import { type RequestContext, withIdempotencyKey } from '../../kernel/request-context.ts';
import { parseWith } from '../../kernel/schema.ts';
import { problemReply } from './problem.ts';
import { readQuery } from './query.ts';

/** Bytes of a body unless the operation says otherwise. */
const usualBodyLimit = 1024 * 1024;
const idempotencyKeyLimit = 250;

export function nativeFace(operations: readonly Operation[], plain: readonly HttpOperation[]): HttpFace {
  return {
    face: 'native',
    prefixes: ['/api/v1', '/api/openapi.json', '/healthz', '/readyz', '/metrics'],
    operations: [...operations.map(httpOperation), ...plain],
    renderError: problemReply,
  };
}

function httpOperation(operation: Operation): HttpOperation {
  return {
    id: operation.id,
    method: operation.method,
    path: operation.path,
    permission: operation.permission,
    summary: operation.summary,
    bodyLimit: operation.bodyLimit ?? usualBodyLimit,
    ...(operation.takesBytes && { streamsBody: true }),
    handle: (context, request) => answer(operation, context, request),
  };
}

async function answer(
  operation: Operation,
  context: RequestContext,
  request: HttpRequest,
): Promise<HttpReply> {
  const query = readQuery(operation.query, request.query);
  const body = readJsonBody(operation, request);
  if (operation.params !== undefined) parseWith(operation.params, request.params, '');
  for (const [name, value] of Object.entries(request.params)) {
    if (!value.isWellFormed()) throw invalid(name, `${name} holds an unpaired surrogate`);
  }
  const input = {
    params: request.params,
    query,
    body,
    bytes: request.stream ?? noBytes(),
    content: operation.contentType === undefined ? noContent : request.body,
    lastEventId: request.headers['last-event-id'],
  };
  if (operation.stream !== undefined && wantsEvents(request)) {
    return {
      status: 200,
      contentType: 'text/event-stream; charset=utf-8',
      headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
      body: await operation.stream(context, input),
    };
  }
  const output = await operation.run(withIdempotency(operation, context, request), input);
  const status = operation.status ?? 200;
  if (operation.answersBytes) return { status, body: output as Download };
  if (operation.answersFlow !== undefined) {
    const { contentType, body } = output as Flow;
    return { status, contentType, headers: { 'cache-control': 'no-store' }, body };
  }
  return {
    status,
    contentType: 'application/json; charset=utf-8',
    headers: { 'cache-control': 'no-store' },
    body: status === 204 ? '' : stringifyExact(output),
  };
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
const noContent = new Uint8Array();

function readJsonBody(operation: Operation, request: HttpRequest): unknown {
  if (operation.contentType !== undefined) {
    checkContentType(request, operation.contentType);
    return undefined;
  }
  if (operation.body === undefined) {
    if (request.body.length > 0) throw invalid('body', 'This operation takes no body.');
    return undefined;
  }
  checkContentType(request, 'application/json');
  const body = parseJson(request.body, 'body');
  parseWith(operation.body, body, '');
  return body;
}

function checkContentType(request: HttpRequest, expected: string): void {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === expected) return;
  throw new CairnError('unsupported_media_type', `The content type must be ${expected}.`, {
    field: 'Content-Type',
  });
}

function wantsEvents(request: HttpRequest): boolean {
  return (request.headers.accept ?? '').includes('text/event-stream');
}

/** A key is bound to everything the request said: another path, query or body under it is refused. */
function withIdempotency(
  operation: Operation,
  context: RequestContext,
  request: HttpRequest,
): RequestContext {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return context;
  if (!operation.idempotent) return context;
  if (key === '' || key.length > idempotencyKeyLimit) {
    throw invalid('Idempotency-Key', `Idempotency-Key must have 1 to ${idempotencyKeyLimit} characters`);
  }
  const digest = createHash('sha256')
    .update(`${request.method} ${request.path}?${request.query}\n`)
    .update(request.body)
    .digest();
  return withIdempotencyKey(context, { key, digest });
}
