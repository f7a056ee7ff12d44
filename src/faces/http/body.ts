/** Bodies of requests: whole ones within a limit, and streams of any length that are read as they arrive. */
import type { IncomingMessage } from 'node:http';
import { CairnError } from '../../kernel/errors.ts';
import type { Clock } from '../../kernel/time.ts';
import { inflate, isGzip } from './inflate.ts';

export interface BodyOptions {
  /** Bytes. */
  readonly limit: number;
  readonly clock: Clock;
}

export interface WholeBodyOptions extends BodyOptions {
  /** Told of bytes before they are kept; throws where there is no room for them. */
  takeBytes(bytes: number): void;
  /** It may be compressed, whether it says so or not: `limit` is for what it becomes. */
  readonly takesGzip?: boolean | undefined;
}

/** A whole body must have arrived after this many ms: slow senders cannot hold connections open for ever. */
const wholeBodyTime = 300_000;
/** A stream may take any time, but not this many ms for nothing. */
const silentTime = 60_000;

const empty = Buffer.alloc(0);

/** The whole body, or `payload_too_large` as soon as it is known to be larger than `limit` bytes. */
export async function readBody(message: IncomingMessage, options: WholeBodyOptions): Promise<Buffer> {
  checkHead(message, options.limit, options.takesGzip ? ['gzip', 'x-gzip'] : []);
  if (!hasBody(message)) return empty;
  const told = message.headers['content-length'];
  if (told !== undefined) options.takeBytes(Number(told));
  const cancel = options.clock.after(wholeBodyTime, () => message.destroy(tooSlow()));
  try {
    const body = await wholeBody(message, options, told === undefined);
    if (!options.takesGzip || !isGzip(body)) return body;
    return await inflate(body, options);
  } finally {
    cancel();
  }
}

/**
 * By its events: an iterator costs a small request a tenth of its time in the host. What is refused is not kept, and left
 * to flow past, so that the client can read the answer.
 */
function wholeBody(
  message: IncomingMessage,
  { limit, takeBytes }: WholeBodyOptions,
  isUntold: boolean,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const keep = (chunk: Buffer) => {
      size += chunk.length;
      try {
        if (size > limit) throw tooLarge(limit);
        if (isUntold) takeBytes(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        message.off('data', keep);
        message.resume();
        reject(error);
      }
    };
    message.on('data', keep);
    message.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    message.once('error', reject);
    // It closes after every body; making the error costs a small request a thirtieth of its time.
    message.once('close', () => {
      if (!message.complete) reject(cutShort(undefined));
    });
  });
}

/**
 * The body as it arrives. What can be told from the head is refused at once; the rest when it is read: more than `limit`
 * bytes, a client that goes away in between, silence, or `signal` (the server stops), which also cut the connection.
 */
export function streamBody(
  message: IncomingMessage,
  options: BodyOptions & { readonly signal: AbortSignal },
): AsyncIterable<Uint8Array> {
  checkHead(message, options.limit);
  return chunksOf(message, options);
}

async function* chunksOf(
  message: IncomingMessage,
  { limit, clock, signal }: BodyOptions & { readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  if (!hasBody(message)) return;
  // Not destroyed on return: who stops reading still has an answer to send.
  const chunks = message.iterator({ destroyOnReturn: false });
  const stop = () => {
    if (!message.destroyed) message.destroy(new CairnError('unavailable', 'The server is stopping.'));
  };
  signal.addEventListener('abort', stop, { once: true });
  let size = 0;
  try {
    for (;;) {
      const cancel = clock.after(silentTime, () => message.destroy(tooSlow()));
      const next = (await chunks.next().finally(cancel)) as IteratorResult<Buffer>;
      if (next.done) return;
      size += next.value.length;
      if (size > limit) throw tooLarge(limit);
      yield next.value;
    }
  } catch (error) {
    if (error instanceof CairnError) throw error;
    throw cutShort(error);
  } finally {
    signal.removeEventListener('abort', stop);
    await chunks.return?.();
  }
}

function checkHead(message: IncomingMessage, limit: number, encodings: readonly string[] = []): void {
  const encoding = message.headers['content-encoding']?.trim().toLowerCase();
  if (encoding !== undefined && encoding !== 'identity' && !encodings.includes(encoding)) {
    throw new CairnError('unsupported_media_type', `Content-Encoding ${encoding} is not accepted here.`, {
      field: 'Content-Encoding',
    });
  }
  if (Number(message.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

const tooLarge = (limit: number): CairnError =>
  new CairnError('payload_too_large', `The body is larger than ${limit} bytes.`, { field: 'body' });

const tooSlow = (): CairnError =>
  new CairnError('invalid_argument', 'The body arrived too slowly.', { field: 'body' });

const cutShort = (cause: unknown): CairnError =>
  new CairnError('invalid_argument', 'The body ended before it was whole.', { field: 'body', cause });
