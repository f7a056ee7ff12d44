import { Agent, request } from 'node:http';
import type { Content } from './effect.ts';
import type { Answer } from './ledger.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string | undefined;
  readonly content?: Content | undefined;
  readonly idempotencyKey?: string | undefined;
}

export function bytesOf({ text, size }: Content): Buffer {
  return size === 0 ? Buffer.alloc(0) : Buffer.alloc(size, text);
}

/** The answer, or undefined when the connection ended before it was whole. */
export async function send(server: string, sent: Sent): Promise<Answer | undefined> {
  const received = await sendForBytes(server, sent);
  return received && { status: received.status, text: received.bytes.toString() };
}

export interface Received {
  readonly status: number;
  readonly bytes: Buffer;
}

/** As `send`, for an answer that is a file. */
export function sendForBytes(
  server: string,
  { method, path, body, content, idempotencyKey }: Sent,
): Promise<Received | undefined> {
  const bytes = content === undefined ? body : bytesOf(content);
  return new Promise((resolve) => {
    const outgoing = request(
      new URL(path, server),
      {
        agent,
        method,
        headers: {
          ...(bytes !== undefined && {
            'content-type': content === undefined ? 'application/json' : 'application/octet-stream',
            'content-length': Buffer.byteLength(bytes),
          }),
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          if (!incoming.complete) resolve(undefined);
          else resolve({ status: incoming.statusCode!, bytes: Buffer.concat(chunks) });
        });
        incoming.on('error', () => resolve(undefined));
        incoming.on('close', () => resolve(undefined));
      },
    );
    outgoing.on('error', () => resolve(undefined));
    outgoing.end(bytes);
  });
}
