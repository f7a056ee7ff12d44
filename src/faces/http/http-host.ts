/**
 * The HTTP host: one Fastify for all faces. Each request passes, in this order, Host and Origin, who it is, whether it
 * may (the permission of the matched operation: the one choke point), the size of its body, and then the operation.
 */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Access } from '../../domain/access/index.ts';
import { assert } from '../../kernel/assert.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { Random } from '../../kernel/ids.ts';
import type { HttpFace, HttpMethod, HttpOperation, HttpReply } from '../../kernel/operation.ts';
import type { Clock } from '../../kernel/time.ts';
import { type Admission, type RequestShare, smallAnswer } from './admission.ts';
import { readBody, streamBody } from './body.ts';
import { isDownload, sendDownload } from './download.ts';
import { HttpContext } from './http-context.ts';
import { problemReply } from './problem.ts';
import type { RequestFigures } from './request-figures.ts';
import { checkHost, checkOrigin, checkSingleHost, credentialOf, type GuardOptions } from './request-guard.ts';
import { httpStatuses } from './statuses.ts';
import type { UiFiles } from './ui-files.ts';

export interface HttpLog {
  error(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
}

export interface HttpHostOptions extends GuardOptions {
  readonly access: Access;
  readonly faces: readonly HttpFace[];
  readonly ui: UiFiles | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: HttpLog;
  readonly figures: RequestFigures;
  readonly admission: Admission;
  /** ms in which a client must take something of an answer that waits for it; `patience` unless given. */
  readonly patience?: number;
}

/** No header of ours is longer than this with all of a client's cookies; Node answers 431 beyond. */
const maxHeaderBytes = 32 * 1024;
/** The head of a request must have arrived after this many ms. Bodies have times of their own (body.ts). */
const headersTimeout = 60_000;
/** ms in which a client that was answered before it had sent all may send the rest, to be dropped, and read the answer. */
const lingerTime = 30_000;
/** ms, as of `HttpHostOptions.patience`. Who pauses longer asks for the rest by a range, or follows on from the last event. */
const patience = 120_000;

/** ms that requests under way have to finish when the server stops. */
const closingTime = 5_000;

const nothing = Buffer.alloc(0);

const noCompiler = () => () => {
  throw new CairnError('internal', 'a route was given a schema of the HTTP library');
};

export class HttpHost {
  readonly #options: HttpHostOptions;
  readonly #fastify: FastifyInstance<Server>;
  readonly #stopping = new AbortController();

  constructor(options: HttpHostOptions) {
    this.#options = options;
    this.#fastify = fastify<Server>({
      logger: false,
      // Bodies are read by readBody with the limit of the operation; this only has to be larger than any.
      bodyLimit: Number.MAX_SAFE_INTEGER,
      requestTimeout: 0,
      http: { maxHeaderSize: maxHeaderBytes, headersTimeout },
      forceCloseConnections: 'idle',
      routerOptions: { caseSensitive: true, maxParamLength: 16_384 },
      exposeHeadRoutes: false,
      // Operations hold their schemas themselves. Left out, Fastify would load a compiler of its own (30 ms of a start).
      schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
      clientErrorHandler: onClientError,
      frameworkErrors: (error, request, reply) => {
        const requestId = randomUUID();
        const problem = new CairnError('invalid_argument', 'The path is not a valid URL path.', {
          cause: error,
          field: 'path',
        });
        void this.#send(reply, this.#faceOf(request.url).renderError(problem, { requestId }), requestId);
      },
    });
    this.#fastify.removeAllContentTypeParsers();
    this.#fastify.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    for (const face of options.faces)
      for (const operation of face.operations) this.#addRoutes(face, operation);
    this.#fastify.setNotFoundHandler((request, reply) => this.#notFound(request, reply));
    this.#fastify.setErrorHandler((error, request, reply) => {
      const requestId = randomUUID();
      const problem = new CairnError('invalid_argument', 'The request could not be read.', {
        cause: error,
        field: 'request',
      });
      return this.#send(reply, this.#faceOf(request.url).renderError(problem, { requestId }), requestId);
    });
  }

  /** Starts to answer; resolves to the URL of the server. */
  async listen(host: string, port: number): Promise<string> {
    await this.#fastify.listen({ host, port });
    const address = this.#fastify.server.address();
    const actual = typeof address === 'object' && address !== null ? address.port : port;
    const shown = host.includes(':') ? `[${host}]` : host;
    return `http://${shown}:${actual}`;
  }

  /** Ends streams, lets requests under way finish, closes connections; cuts off who does not read what is sent to them. */
  async close(): Promise<void> {
    this.#stopping.abort();
    const cancel = this.#options.clock.after(closingTime, () => this.#fastify.server.closeAllConnections());
    await this.#fastify.close();
    cancel();
  }

  #addRoutes(face: HttpFace, operation: HttpOperation): void {
    for (const path of [operation.path, ...(operation.aliases ?? [])]) {
      this.#fastify.route({
        method: operation.method,
        url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
        // A stream may be of any type, also of one that Fastify cannot read; it is never looked at.
        ...(operation.streamsBody && { onRequest: forgetContentType }),
        handler: (request, reply) => this.#answer(face, operation, request, reply),
      });
    }
  }

  async #answer(
    face: HttpFace,
    operation: HttpOperation,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const requestId = randomUUID();
    const started = performance.now();
    const share = new LateShare();
    let answer: HttpReply;
    try {
      answer = await this.#run(face, operation, request, reply, requestId, share);
    } catch (error) {
      this.#logFailure(error, operation, requestId);
      answer = face.renderError(error, { requestId });
    } finally {
      share.end();
    }
    this.#options.figures.observe(operation.id, answer.status, performance.now() - started);
    if ((operation.streamsBody || answer.status >= 400) && !request.raw.complete) this.#linger(request);
    this.#send(reply, answer, requestId);
    this.#watchSending(reply, answer);
    return reply;
  }

  async #run(
    face: HttpFace,
    operation: HttpOperation,
    request: FastifyRequest,
    reply: FastifyReply,
    requestId: string,
    share: LateShare,
  ): Promise<HttpReply> {
    const { access, admission, clock, random } = this.#options;
    const headers = request.headers as Readonly<Record<string, string | undefined>>;
    checkSingleHost(request.raw.rawHeaders);
    if (operation.permission !== 'public') checkHost(headers.host, this.#options);
    checkOrigin(operation.method, headers.origin, headers.host);
    const actor = access.authenticate(credentialOf(headers.authorization));
    access.authorise(actor, operation.permission);
    // Who looks after an overloaded server must get through to it.
    const isWork = operation.permission !== 'public' && operation.permission !== 'server:observe';
    if (isWork) share.begin(admission.request());
    const url = request.url;
    const question = url.indexOf('?');
    const limits = { limit: operation.bodyLimit, clock };
    const takeBytes = (bytes: number) => share.takeBytes(bytes);
    const { takesGzip } = operation;
    const body = operation.streamsBody
      ? nothing
      : await readBody(request.raw, { ...limits, takeBytes, takesGzip });
    const context = new HttpContext({
      actor,
      scope: access.scopeOf(actor),
      face: face.face,
      requestId,
      clock,
      random,
      response: reply.raw,
      stopping: this.#stopping.signal,
    });
    const answer = await operation.handle(context, {
      method: operation.method,
      path: question < 0 ? url : url.slice(0, question),
      params: request.params as Readonly<Record<string, string>>,
      query: new URLSearchParams(question < 0 ? '' : url.slice(question + 1)),
      headers,
      body,
      ...(operation.streamsBody && {
        stream: streamBody(request.raw, { ...limits, signal: context.signal }),
      }),
    });
    if (operation.permission === 'metadata:read') admission.checkAnswer(sizeOf(answer));
    if (isEventStream(answer)) reply.raw.once('close', admission.stream());
    return isDownload(answer.body) ? sendDownload(answer.body, headers, context.signal) : answer;
  }

  /** Of an answer that its client did not take at once: it counts until it is sent, and must go on being taken. */
  #watchSending(reply: FastifyReply, { body }: HttpReply): void {
    const { raw } = reply;
    const isWhole = typeof body === 'string' || body instanceof Uint8Array;
    if (isWhole && (raw.socket?.writableLength ?? 0) === 0) return;
    if (isWhole && body.length > smallAnswer) raw.once('close', this.#options.admission.answer(body.length));
    // The system's own timer of the socket: it starts anew whenever a part of what waits has gone.
    raw.setTimeout(this.#options.patience ?? patience, () => raw.socket?.destroy());
  }

  /** What is left of the body is dropped as it comes; who does not come to an end is cut off. */
  #linger({ raw }: FastifyRequest): void {
    const cancel = this.#options.clock.after(lingerTime, () => raw.socket.destroy());
    raw.once('close', cancel);
  }

  async #notFound(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const requestId = randomUUID();
    const path = request.url.split('?')[0] ?? '/';
    const face = this.#options.faces.find((candidate) => ownsPath(candidate, path));
    try {
      checkSingleHost(request.raw.rawHeaders);
      checkHost(request.headers.host, this.#options);
      checkOrigin(request.method as HttpMethod, request.headers.origin, request.headers.host);
      if (face === undefined && (request.method === 'GET' || request.method === 'HEAD')) {
        const file = this.#options.ui?.find(path, request.headers);
        if (file !== undefined) return this.#send(reply, file, requestId);
      }
      const allowed = this.#methodsOf(path);
      if (allowed.length > 0) {
        throw new CairnError(
          'method_not_allowed',
          `${request.method} is not a method of this path; it has ${allowed.join(', ')}.`,
        );
      }
      throw new CairnError('not_found', `Not found: ${path}`, { field: 'path' });
    } catch (error) {
      const answer =
        face === undefined ? problemReply(error, { requestId }) : face.renderError(error, { requestId });
      return this.#send(reply, answer, requestId);
    }
  }

  #methodsOf(path: string): HttpMethod[] {
    const methods: HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
    return methods.filter((method) => this.#fastify.findRoute({ method, url: path }) !== null);
  }

  #faceOf(url: string): Pick<HttpFace, 'renderError'> {
    return this.#options.faces.find((face) => ownsPath(face, url)) ?? { renderError: problemReply };
  }

  #logFailure(error: unknown, operation: HttpOperation, requestId: string): void {
    const code = error instanceof CairnError ? error.code : 'internal';
    if (httpStatuses[code] < 500 || code === 'not_implemented') return;
    this.#options.log.error({ err: error, operation: operation.id, requestId }, 'request failed');
  }

  #send(reply: FastifyReply, answer: HttpReply, requestId: string): FastifyReply {
    reply.code(answer.status);
    reply.header('x-request-id', requestId);
    reply.header('x-content-type-options', 'nosniff');
    for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
    if (answer.status === 204) return reply.send();
    if (answer.contentType !== undefined) reply.header('content-type', answer.contentType);
    if (typeof answer.body === 'string' || answer.body instanceof Uint8Array) return reply.send(answer.body);
    assert(!isDownload(answer.body), 'a download is opened before it is sent');
    // One piece ahead of the client, no more: what it does not read is not made.
    return reply.send(Readable.from(answer.body, { highWaterMark: 1 }));
  }
}

/** The share of a request that may be refused before it has one. */
class LateShare {
  #share: RequestShare | undefined;

  begin(share: RequestShare): void {
    this.#share = share;
  }

  takeBytes(bytes: number): void {
    this.#share?.takeBytes(bytes);
  }

  end(): void {
    this.#share?.end();
  }
}

/** UTF-16 units of a text, near enough; 0 of what is made while it is sent. */
function sizeOf({ body }: HttpReply): number {
  return typeof body === 'string' || body instanceof Uint8Array ? body.length : 0;
}

function isEventStream({ contentType }: HttpReply): boolean {
  return contentType?.startsWith('text/event-stream') === true;
}

function forgetContentType(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  delete request.raw.headers['content-type'];
  done();
}

function ownsPath(face: HttpFace, path: string): boolean {
  return face.prefixes.some(
    (prefix) => path === prefix || path.startsWith(`${prefix}/`) || path.startsWith(`${prefix}?`),
  );
}

/** What Node could not read as HTTP at all. */
function onClientError(error: NodeJS.ErrnoException, socket: import('node:net').Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
