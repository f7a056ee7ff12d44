/** A server that is told to stop while bytes are on their way ends in time and leaves nothing half. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import { ServerProcess } from '../durability/server-process.ts';
import { send, until } from './raw-http.ts';
import { proxied } from './served-runs.ts';

const home = mkdtempSync(path.join(tmpdir(), 'cairn-stopping-'));
after(() => rmSync(home, { recursive: true, force: true }));

it('uploads are broken off, downloads that nobody reads are cut, and the server ends well', async () => {
  const server = new ServerProcess({ dataDir: home });
  const url = await server.ready();
  const body = Buffer.alloc(32 * 1024 * 1024, 'x');
  assert.equal((await send(url, { method: 'PUT', path: `${proxied}/large`, body })).status, 200);

  const { hostname, port } = new URL(url);
  const begin = (method: string, name: string) => {
    const request = http.request({ hostname, port, method, path: `${proxied}/${name}` });
    request.on('error', () => {});
    return request;
  };
  const upload = begin('PUT', 'never-whole');
  upload.write(body.subarray(0, 2_000_000));
  const incoming = path.join(home, 'artifacts', 'incoming');
  const parts = () =>
    readdirSync(incoming, { recursive: true }).filter((name) => `${name}`.endsWith('.part'));
  const download = begin('GET', 'large');
  download.end();
  await new Promise((resolve) => {
    download.on('response', (response) => {
      response.on('error', () => {});
      response.pause();
      resolve(response);
    });
  });
  await until(() => parts().length === 1, 'the upload has begun');

  assert.equal(await server.stop(), 0, server.output);
  for (const request of [upload, download]) request.destroy();
  assert.deepEqual(parts(), []);
});
