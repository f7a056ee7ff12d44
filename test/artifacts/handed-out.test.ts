/** Addresses that the server hands out: where they lead, to whom they answer, and where the server does not know its own. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { configOf, UsageError } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { forEachStore } from '../stores/stores.ts';
import { beginMultipart, mpu, sendPart } from './multipart.ts';
import { send } from './raw-http.ts';
import { proxied, sha256 } from './served-runs.ts';

const token = 'sesame-0123456789';
const authorization = `Bearer ${token}`;
const presigned = '/api/2.0/mlflow-artifacts/presigned';
const create = (name: string) => ({ path: name, num_parts: 1 });

forEachStore((open) => {
  describe('on a server that asks for its token', () => {
    const { blobs, remove } = temporaryBlobs();
    after(remove);
    const served = servedFor(open, { blobs, token });
    const put = (path: string, body: string) =>
      send(served().url, { method: 'PUT', path: `${proxied}/${path}`, body, headers: { authorization } });
    const read = async (url: string, headers: Record<string, string>) => {
      const { origin, pathname } = new URL(url);
      return send(origin, { method: 'GET', path: pathname, headers });
    };

    it('parts are taken from who has only what was handed out; all else is asked for the token', async () => {
      const { call, url } = served();
      const withToken: typeof call = (method, path, body) => call(method, path, body, { authorization });
      const upload = await beginMultipart({ call: withToken }, '0/t', 'a', 2);
      for (const { url: at } of upload.credentials) assert.ok(at.startsWith(`${url}${mpu}/parts/`), at);
      assert.ok(!JSON.stringify(upload.credentials).includes(token));
      for (const [number, text] of [
        [1, 'one '],
        [2, 'two'],
      ] as const) {
        assert.equal((await upload.part(number, text)).status, 200);
      }
      for (const step of ['create', 'complete', 'abort']) {
        assert.equal(
          (await call('POST', `${mpu}/${step}/0/t`, { path: 'a', upload_id: upload.id })).status,
          401,
        );
      }
      assert.equal(
        (await sendPart({ ...upload.credentials[0]!, headers: { authorization } }, 'x')).status,
        403,
      );
      assert.equal((await upload.complete()).status, 200);
      const got = await send(url, { method: 'GET', path: `${proxied}/0/t/a`, headers: { authorization } });
      assert.equal(got.bytes.toString(), 'one two');
    });

    it('a file is read in ranges, all of the bytes it had', async () => {
      const { call, url } = served();
      await put('0/v/%E6%97%A5%20a.txt', '0123456789');
      const { status, body } = await call('GET', `${presigned}/0/v/%E6%97%A5%20a.txt`, undefined, {
        authorization,
      });
      assert.equal(status, 200);
      assert.deepEqual([body.file_size, Object.keys(body.headers)], [10, ['x-cairn-ticket']]);
      const part = async (range: string) => {
        const answer = await read(body.url, { ...body.headers, range });
        return [answer.status, answer.bytes.toString(), answer.headers['content-range']];
      };
      assert.deepEqual(await part('bytes=0-3'), [206, '0123', 'bytes 0-3/10']);
      await put('0/v/%E6%97%A5%20a.txt', 'replaced by something else');
      assert.deepEqual(await part('bytes=4-9'), [206, '456789', 'bytes 4-9/10']);
      const whole = await read(body.url, body.headers);
      assert.equal(sha256(whole.bytes), sha256('0123456789'));
      assert.match(String(whole.headers['content-security-policy']), /sandbox/);

      assert.equal((await read(body.url, {})).status, 403);
      assert.equal((await read(body.url, { authorization })).status, 403);
      await put('0/v/secret', 'another file');
      const forged = body.url.replace(/[0-9a-f]{64}/, sha256('another file'));
      assert.equal((await read(forged, body.headers)).status, 403);
      assert.equal((await read(body.url.replace(/\/0\/v\/.*/, '/0/v/secret'), body.headers)).status, 403);
      for (const name of ['..%2f..%2fsecret', 'a%00', '%252e%252e%252fx']) {
        const answer = await read(body.url.replace(/\/0\/v\/.*/, `/${name}`), body.headers);
        assert.ok([400, 403].includes(answer.status), name);
      }
      assert.equal((await call('GET', `${presigned}/0/v/secret`)).status, 401);
      const missing = await call('GET', `${presigned}/0/v/none`, undefined, { authorization });
      assert.deepEqual([missing.status, missing.body.error_code], [404, 'RESOURCE_DOES_NOT_EXIST']);
      assert.equal((await call('GET', `${presigned}/0/v`, undefined, { authorization })).status, 400);

      const past = { clock: { ...systemClock, now: () => systemClock.now() - 3_700_000 } };
      const { artifacts, defaultProject } = served().domain;
      const handed = await artifacts.handOut(
        past as never,
        defaultProject,
        'mlflow-artifacts:/',
        '0/v/secret',
      );
      const late = await send(url, {
        method: 'GET',
        path: `/api/2.0/mlflow-artifacts/versions/${handed.version.digest}/0/v/secret`,
        headers: { 'x-cairn-ticket': handed.ticket },
      });
      assert.deepEqual([late.status, /expired/.test(late.bytes.toString())], [403, true]);
    });
  });

  describe('an address', () => {
    const served = servedFor(open);
    const begin = (headers: Record<string, string>) =>
      send(served().url, {
        method: 'POST',
        path: `${mpu}/create/0/x`,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(create('a')),
      });

    it('is where the request came to', async () => {
      const { port } = new URL(served().url);
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'localhost', `[::1]:${port}`]) {
        const answer = await begin({ host });
        assert.equal(answer.status, 200, host);
        assert.ok(
          JSON.parse(answer.bytes.toString()).credentials[0].url.startsWith(`http://${host}/api/2.0/`),
        );
      }
      for (const host of ['evil.example', `127.0.0.1.evil.example:${port}`, 'localhost@evil.example']) {
        assert.equal((await begin({ host })).status, 403, host);
      }
    });

    it('is not guessed behind a proxy: clients are told to send one stream', async () => {
      for (const [name, value] of [
        ['x-forwarded-for', '10.0.0.1'],
        ['x-forwarded-proto', 'https'],
        ['x-forwarded-host', 'evil.example'],
        ['forwarded', 'for=10.0.0.1;host=evil.example'],
        ['via', '1.1 proxy'],
        ['x-real-ip', '10.0.0.1'],
      ] as const) {
        const { status, bytes } = await begin({ [name]: value });
        const { error_code, message } = JSON.parse(bytes.toString());
        assert.deepEqual([status, error_code], [501, 'NOT_IMPLEMENTED'], name);
        assert.match(
          message,
          /^Multipart upload is not supported for the current artifact repository: .*--public-url/,
        );
      }
      await send(served().url, { method: 'PUT', path: `${proxied}/0/x/f`, body: 'x' });
      const download = await send(served().url, {
        method: 'GET',
        path: `${presigned}/0/x/f`,
        headers: { via: '1.1 proxy' },
      });
      assert.equal(download.status, 501);
    });
  });

  describe('with the address its operator tells', () => {
    const served = servedFor(open, { publicUrl: 'https://cairn.example.org/ml' });

    it('every address begins with it, whatever the request says', async () => {
      const headers = {
        'x-forwarded-for': '10.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': 'evil.example',
      };
      const { status, body } = await served().call('POST', `${mpu}/create/0/x`, create('a'), headers);
      assert.equal(status, 200);
      assert.match(
        body.credentials[0].url,
        /^https:\/\/cairn\.example\.org\/ml\/api\/2\.0\/mlflow-artifacts\/mpu\/parts\//,
      );
    });
  });
});

it('the setting is an address and nothing else', () => {
  const of = (publicUrl: string) => configOf({ publicUrl }, '0', '/').publicUrl;
  assert.equal(of('https://cairn.example.org'), 'https://cairn.example.org');
  assert.equal(of('http://cairn.example.org:8080/ml/'), 'http://cairn.example.org:8080/ml');
  for (const bad of [
    'cairn.example.org',
    'ftp://x',
    'https://user:pw@x',
    'https://x/?a=1',
    'https://x/#a',
    '',
  ]) {
    assert.throws(() => of(bad), UsageError, bad);
  }
});
