import { Agent, request } from 'node:http';
import type { Answer } from './ledger.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** The answer, or undefined when the connection ended before it was whole. */
export function send(
  server: string,
  { method, path, body, idempotencyKey }: Sent,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(
      new URL(path, server),
      {
        agent,
        method,
        headers: {
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          if (!incoming.complete) resolve(undefined);
          else resolve({ status: incoming.statusCode!, text: Buffer.concat(chunks).toString() });
        });
        incoming.on('error', () => resolve(undefined));
        incoming.on('close', () => resolve(undefined));
      },
    );
    outgoing.on('error', () => resolve(undefined));
    outgoing.end(body);
  });
}
