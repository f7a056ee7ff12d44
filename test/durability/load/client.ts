import { Agent, request } from 'node:http';
import { encodePointBatch, pointBatchType } from '../../../sdk/src/point-batch.ts';
import type { Content, Point } from './effect.ts';
import type { Answer } from './ledger.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string | undefined;
  readonly content?: Content | undefined;
  readonly batch?: readonly Point[] | undefined;
  readonly idempotencyKey?: string | undefined;
}

export function bytesOf({ text, size }: Content): Buffer {
  return size === 0 ? Buffer.alloc(0) : Buffer.alloc(size, text);
}

/** What goes over the wire, and its type. */
function wireOf({ body, content, batch }: Sent): { bytes: string | Uint8Array | undefined; type: string } {
  if (batch !== undefined) return { bytes: columnsOf(batch), type: pointBatchType };
  if (content !== undefined) return { bytes: bytesOf(content), type: 'application/octet-stream' };
  return { bytes: body, type: 'application/json' };
}

function columnsOf(batch: readonly Point[]): Uint8Array {
  const series = Map.groupBy(batch, ({ key }) => key);
  return encodePointBatch(
    Array.from(series, ([name, points]) => ({
      name,
      steps: points.map(({ step }) => step),
      times: points.map(({ time }) => time),
      values: points.map(({ value }) => Number(value)),
    })),
  );
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
export function sendForBytes(server: string, sent: Sent): Promise<Received | undefined> {
  const { method, path, idempotencyKey } = sent;
  const { bytes, type } = wireOf(sent);
  return new Promise((resolve) => {
    const outgoing = request(
      new URL(path, server),
      {
        agent,
        method,
        headers: {
          ...(bytes !== undefined && {
            'content-type': type,
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
