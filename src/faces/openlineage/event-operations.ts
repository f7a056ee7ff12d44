/** The routes by which events come. */
import { isUtf8 } from 'node:buffer';
import { CairnError, type ErrorCode, invalid } from '../../kernel/errors.ts';
import { parseJsonText } from '../../kernel/json.ts';
import type { HttpOperation, HttpReply, HttpRequest } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { isRetriable, replyToError } from './errors.ts';
import { readEvent } from './event-reading.ts';
import type { OpenLineageServices } from './index.ts';
import { jsonElements, jsonMember } from './json-elements.ts';

/** docs/reference/limits.md shows them. */
export const eventBodyLimits = {
  /** Bytes of a body, inflated. The largest events of Spark that are known have some 5 MB. */
  body: 16 * 1024 * 1024,
  /** Events of one request. */
  events: 1_000,
  /** Values of one event. */
  values: 250_000,
  /** Nesting of one event. */
  depth: 100,
} as const;

/** Events of one request that are written at a time. */
const together = 64;

export function eventOperations(services: OpenLineageServices): HttpOperation[] {
  const operation = (
    id: string,
    paths: readonly [string, ...string[]],
    summary: string,
    handle: HttpOperation['handle'],
  ): HttpOperation => {
    const [path, ...aliases] = paths;
    return {
      id: `openlineage.${id}`,
      method: 'POST',
      path,
      aliases,
      permission: 'metadata:write',
      summary,
      bodyLimit: eventBodyLimits.body,
      takesGzip: true,
      handle,
    };
  };
  return [
    operation(
      'lineage',
      // Below `/api/` of a base address that ends so, clients ask for the second.
      ['/api/v1/lineage', '/api/api/v1/lineage'],
      'Record an event, or an array of events.',
      async (context, request) => {
        const text = textOf(request);
        const events = jsonElements(text, eventBodyLimits.events);
        if (events === undefined) return one(services, context, text);
        const answer = await batch(services, context, events);
        return answer.failed === 0 ? taken() : answer.reply;
      },
    ),
    operation(
      'lineage.batch',
      ['/api/v1/lineage/batch', '/api/api/v1/lineage/batch', '/api/v1/openlineage/lineage/batch'],
      'Record many events: an array, or an object with the list `events`; says which of them were refused.',
      async (context, request) => {
        const text = textOf(request);
        const list = jsonElements(text, eventBodyLimits.events);
        if (list !== undefined) return (await batch(services, context, list)).reply;
        return (await batch(services, context, eventsMember(text), 'events')).reply;
      },
    ),
    operation('lineage.one', ['/api/v1/openlineage/lineage'], 'Record an event.', async (context, request) =>
      one(services, context, textOf(request)),
    ),
  ];
}

async function one(services: OpenLineageServices, context: RequestContext, text: string): Promise<HttpReply> {
  await record(services, context, text, 'body');
  return taken();
}

/** Some clients read a body whatever the status: it is never empty. */
const taken = (): HttpReply => json(201, { status: 'success' });

interface Failure {
  readonly index: number;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly field: string | undefined;
  readonly retriable: boolean;
}

/** Each event by itself: one that is refused hurts no other. */
async function batch(
  services: OpenLineageServices,
  context: RequestContext,
  texts: readonly string[],
  root = '',
): Promise<{ readonly failed: number; readonly reply: HttpReply }> {
  if (texts.length === 0) throw invalid(root === '' ? 'body' : root, 'The list holds no event.');
  const failures: Failure[] = [];
  for (let start = 0; start < texts.length; start += together) {
    const part = texts.slice(start, start + together);
    const results = await Promise.allSettled(part.map((text) => record(services, context, text, 'event')));
    for (const [offset, result] of results.entries()) {
      if (result.status === 'fulfilled') continue;
      failures.push(failureOf(start + offset, result.reason));
    }
  }
  const retriable = failures.filter((failure) => failure.retriable).length;
  const outcome = {
    summary: {
      received: texts.length,
      successful: texts.length - failures.length,
      failed: failures.length,
      retriable,
      non_retriable: failures.length - retriable,
    },
    failed_events: failures,
  };
  const [first] = failures;
  if (first !== undefined && failures.length === texts.length) {
    return {
      failed: failures.length,
      reply: nothingTaken(first, `${root}[${first.index}]`, outcome, context.requestId),
    };
  }
  const status = failures.length === 0 ? 'success' : 'partial_success';
  return { failed: failures.length, reply: json(200, { status, ...outcome }) };
}

/** As the first of them: what may succeed later is worth sending again. */
function nothingTaken(first: Failure, event: string, outcome: object, requestId: string): HttpReply {
  const field = first.field === undefined || first.field === 'event' ? event : `${event}.${first.field}`;
  const error = new CairnError(first.code, `No event was taken. ${first.reason}`, { field });
  return replyToError(error, { requestId }, outcome);
}

/** What is a bug of ours fails the request: the host logs it. */
function failureOf(index: number, error: unknown): Failure {
  if (!(error instanceof CairnError) || error.code === 'internal') throw error;
  const { code, message, field } = error;
  return { index, code, reason: message, field, retriable: isRetriable(code) };
}

async function record(
  { lineageEvents, project }: OpenLineageServices,
  context: RequestContext,
  text: string,
  root: string,
): Promise<void> {
  const value = parseJsonText(text, root, eventBodyLimits);
  await lineageEvents.record(context, project.id, readEvent(value, text, root));
}

function textOf({ headers, body }: HttpRequest): string {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || !/^application\/(?:[\w.-]+\+)?json$|gzip$|octet-stream$/.test(type)) {
    throw new CairnError('unsupported_media_type', 'The content type must be application/json.', {
      field: 'Content-Type',
    });
  }
  if (body.length === 0) throw invalid('body', 'The body is empty; it must hold an event.');
  if (!isUtf8(body)) throw invalid('body', 'body is not valid UTF-8');
  return body.toString('utf8').trim();
}

function eventsMember(text: string): string[] {
  const member = jsonMember(text, 'events');
  const events = member && jsonElements(member, eventBodyLimits.events);
  if (events) return events;
  throw invalid('events', 'The body must be an array of events, or an object whose `events` is one.');
}

function json(status: number, body: unknown): HttpReply {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}
