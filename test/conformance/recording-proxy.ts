/**
 * A proxy that stands between a client and a server and keeps what they say, byte for byte: how the calls in `recordings/`
 * were made. It changes nothing on the way.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  /** Of the bytes of the body, which may be no text. */
  readonly sha256: string;
  readonly contentType: string | undefined;
  readonly status: number;
  readonly answer: string;
}

export interface RecordingProxy {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  stop(): Promise<void>;
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const exchanges: Exchange[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const body = await bytesOf(incoming);
    const { host: _host, ...headers } = incoming.headers;
    const onward = request(target + incoming.url, { method: incoming.method ?? 'GET', headers });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    const bytes = await bytesOf(answer);
    exchanges.push({
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      body: body.length === 0 ? undefined : body.toString('utf8'),
      sha256: createHash('sha256').update(body).digest('hex'),
      contentType: incoming.headers['content-type'],
      status: answer.statusCode ?? 0,
      answer: bytes.toString('utf8'),
    });
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    exchanges,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
