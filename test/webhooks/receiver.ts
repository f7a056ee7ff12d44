/** A receiver of webhooks that tests stop, start again on its port, and let answer as they like. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string | undefined;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of any shape
  readonly json: any;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

export class Receiver {
  readonly received: Received[] = [];
  /** Decides what is answered; undefined leaves the sender waiting. */
  answer: (received: Received) => Answer | undefined = () => ({ status: 200 });
  #server: Server | undefined;
  #port = 0;
  #waiting: (() => void)[] = [];

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      // Somebody else may still ask whether the server is up that had this port before.
      if (request.method !== 'POST') return void response.writeHead(404).end();
      try {
        for await (const chunk of request) chunks.push(chunk as Buffer);
      } catch (error) {
        // Of a server that was killed while it sent: nothing was delivered.
        if (request.destroyed) return;
        throw error;
      }
      const body = Buffer.concat(chunks).toString('utf8');
      const header = (name: string) => request.headers[`x-mlflow-${name}`] as string | undefined;
      const received = {
        id: header('delivery-id') ?? '',
        timestamp: header('timestamp') ?? '',
        signature: header('signature'),
        body,
        json: JSON.parse(body),
      };
      this.received.push(received);
      const answer = this.answer(received);
      if (answer !== undefined) response.writeHead(answer.status, answer.headers).end('taken');
      for (const wake of this.#waiting.splice(0)) wake();
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }

  /** Resolves when what was received satisfies; the test's own time limit ends it otherwise. */
  async until(satisfied: (received: readonly Received[]) => boolean): Promise<void> {
    while (!satisfied(this.received)) {
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
  }
}
