/** Where webhooks lead in comparisons: on this machine, one place for both servers. Nothing is sent anywhere else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Side } from './symbols.ts';

export interface Told {
  readonly side: Side;
  /** `/ok`, `/no`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface WebhookReceiver {
  /** Without a slash at its end. `/ok` below it takes what it is told, all else is refused. */
  readonly url: string;
  readonly told: readonly Told[];
  /** Resolves when a server has told so much; the test's own time limit ends it otherwise. */
  until(side: Side, count: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<WebhookReceiver> {
  const told: Told[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const side = request.headers['user-agent'] === 'cairn-webhooks' ? 'cairn' : 'real';
    const path = request.url ?? '';
    told.push({ side, path, headers: request.headers, body: Buffer.concat(parts).toString() });
    const isTaken = path.startsWith('/ok');
    response.writeHead(isTaken ? 200 : 403, { 'content-type': 'text/plain' });
    response.end(isTaken ? 'thänks' : 'not for you');
    for (const wake of waiting.splice(0)) wake();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    async until(side, count) {
      while (told.filter((one) => one.side === side).length < count) {
        await new Promise<void>((resolve) => void waiting.push(resolve));
      }
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
