/** The client of the bench reads what servers write: bodies with a length or in chunks, cut anywhere, and none. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { Connection, wireOf } from './connection.ts';

const answers: readonly (readonly [name: string, answer: string, status: number, body: string])[] = [
  ['a body with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 200, 'hello'],
  [
    'a body in chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n',
    200,
    'hello!',
  ],
  ['no body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
  ['an error', 'HTTP/1.1 503 Busy\r\ncontent-length: 2\r\n\r\n{}', 503, '{}'],
];

describe('the connection of the bench', () => {
  for (const [name, answer, status, body] of answers) {
    it(`reads ${name}, wherever it is cut, and the next one after it`, async () => {
      let cut = 0;
      const server = createServer({ noDelay: true }, (socket) =>
        socket.on('data', () => void writeInTwo(socket, answer, cut)),
      );
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      const connection = await Connection.open(`http://127.0.0.1:${port}`);
      for (cut = 1; cut < answer.length; cut++) {
        const got = await connection.send(wireOf('GET', '/'), true);
        assert.deepEqual([got.status, String(got.body)], [status, body], `cut at ${cut}`);
      }
      connection.close();
      server.close();
    });
  }

  it('sends what requests have in common after what is their own', async () => {
    let received = '';
    const server = createServer((socket) =>
      socket.on('data', (bytes) => {
        received += bytes;
        if (received.endsWith('SHARED')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const connection = await Connection.open(`http://127.0.0.1:${port}`);
    await connection.send(wireOf('PUT', '/file', 'own', 'text/plain', Buffer.from('SHARED')));
    assert.match(received, /^PUT \/file HTTP\/1\.1\r\n(?:.*\r\n)*content-length: 9\r\n\r\nownSHARED$/);
    connection.close();
    server.close();
  });
});

/** In two segments: the second is sent when the first has left. */
async function writeInTwo(socket: Socket, answer: string, cut: number): Promise<void> {
  await new Promise<void>((resolve) => socket.write(answer.slice(0, cut), () => setImmediate(resolve)));
  socket.write(answer.slice(cut));
}
