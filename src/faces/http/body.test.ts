import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Clock } from '../../kernel/time.ts';
import { readBody, streamBody } from './body.ts';

/** A clock on which time passes when it is told to. */
class HandClock implements Clock {
  readonly #tasks = new Map<() => void, number>();
  now = () => 0;
  after(milliseconds: number, task: () => void): () => void {
    this.#tasks.set(task, milliseconds);
    return () => this.#tasks.delete(task);
  }
  get waiting(): number[] {
    return [...this.#tasks.values()];
  }
  pass(): void {
    for (const task of [...this.#tasks.keys()]) task();
  }
}

describe('the body of a request', () => {
  const server = http.createServer();
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());

  /** A request under way: what the server got, and the client's end to go on with. */
  async function begin(headers: http.OutgoingHttpHeaders, first?: string) {
    const { port } = server.address() as AddressInfo;
    const client = http.request({ port, host: '127.0.0.1', method: 'PUT', headers });
    client.on('error', () => {});
    const arrived = once(server, 'request') as Promise<[http.IncomingMessage, http.ServerResponse]>;
    if (first === undefined) client.flushHeaders();
    else client.write(first);
    const [message, response] = await arrived;
    return { client, message, response };
  }

  const clock = new HandClock();
  const takeBytes = () => {};
  const signal = new AbortController().signal;
  const length = (bytes: number) => ({ 'content-length': bytes });

  async function all(source: AsyncIterable<Uint8Array>): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  it('is read whole, or as it arrives', async () => {
    for (const read of [
      (message: http.IncomingMessage) => readBody(message, { limit: 5, clock, takeBytes }).then(String),
      (message: http.IncomingMessage) => all(streamBody(message, { limit: 5, clock, signal })),
    ]) {
      const { client, message, response } = await begin(length(5), 'he');
      client.end('llo');
      assert.equal(await read(message), 'hello');
      assert.deepEqual(clock.waiting, [], 'no timer is left');
      response.end();
    }
  });

  it('is refused by its head when that says that it is too large or encoded', async () => {
    for (const [headers, code] of [
      [length(6), 'payload_too_large'],
      [{ ...length(1), 'content-encoding': 'gzip' }, 'unsupported_media_type'],
    ] as const) {
      const { client, message } = await begin(headers);
      await assert.rejects(readBody(message, { limit: 5, clock, takeBytes }), { code });
      assert.throws(() => streamBody(message, { limit: 5, clock, signal }), { code });
      client.destroy();
    }
  });

  it('is refused when it grows too large, and an answer can still be sent', async () => {
    const { client, message, response } = await begin({ 'transfer-encoding': 'chunked' }, 'too long by far');
    await assert.rejects(all(streamBody(message, { limit: 5, clock, signal })), {
      code: 'payload_too_large',
    });
    const answered = once(client, 'response') as Promise<[http.IncomingMessage]>;
    response.writeHead(413).end();
    assert.equal((await answered)[0].statusCode, 413);
    client.destroy();
  });

  it('must come: whole within its time, a stream without long silence', async () => {
    for (const read of [
      (message: http.IncomingMessage) => readBody(message, { limit: 9, clock, takeBytes }),
      (message: http.IncomingMessage) => all(streamBody(message, { limit: 9, clock, signal })),
    ]) {
      const { client, message } = await begin(length(5), 'he');
      const reading = read(message);
      const closed = new Promise((resolve) => client.on('close', resolve));
      while (clock.waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
      clock.pass();
      await assert.rejects(reading, { code: 'invalid_argument', message: /too slowly/ });
      await closed;
      assert.deepEqual(clock.waiting, []);
    }
  });

  it('ends with an error when the client leaves, or the server stops', async () => {
    const leaving = await begin(length(5), 'he');
    const left = assert.rejects(all(streamBody(leaving.message, { limit: 9, clock, signal })), {
      code: 'invalid_argument',
      message: /ended before it was whole/,
    });
    leaving.client.destroy();
    await left;

    const stopping = new AbortController();
    const { client, message } = await begin(length(5), 'he');
    const stopped = assert.rejects(all(streamBody(message, { limit: 9, clock, signal: stopping.signal })), {
      code: 'unavailable',
    });
    stopping.abort();
    await stopped;
    client.destroy();
  });
});
