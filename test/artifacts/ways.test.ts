/** Ways to artifacts beside the plain ones, and those that are closed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forEachStore } from '../stores/stores.ts';
import { type RawAnswer, send } from './raw-http.ts';
import { servedRuns } from './served-runs.ts';

forEachStore((open) => {
  const { served, newRun } = servedRuns(open);

  describe('the small ways of MLflow', () => {
    it('get-artifact and upload-artifact find the run by its id', async () => {
      const { call, url } = served();
      const run = await newRun();
      const upload = (query: string, body: string | Uint8Array = 'small') =>
        send(url, { method: 'POST', path: `/ajax-api/2.0/mlflow/upload-artifact?${query}`, body });
      assert.equal((await upload(`run_uuid=${run.id}&path=d/small.txt`)).status, 200);
      for (const name of ['run_id', 'run_uuid']) {
        const got = await send(url, {
          method: 'GET',
          path: `/get-artifact?${name}=${run.id}&path=d/small.txt`,
        });
        assert.deepEqual([got.status, got.bytes.toString()], [200, 'small']);
        assert.match(got.headers['content-disposition']!, /^attachment/);
      }
      const messageOf = ({ bytes }: RawAnswer) => JSON.parse(bytes.toString()).message;
      assert.equal(messageOf(await upload('path=x')), 'Request must specify run_uuid.');
      assert.equal(messageOf(await upload(`run_uuid=${run.id}`)), 'Request must specify path.');
      assert.equal(messageOf(await upload(`run_uuid=${run.id}&path=x`, '')), 'Request must specify data.');
      assert.equal((await upload(`run_uuid=${'0'.repeat(32)}&path=x`)).status, 404);
      assert.equal((await upload(`run_uuid=${run.id}&path=x`, Buffer.alloc(11 << 20))).status, 413);
      assert.equal((await call('GET', '/get-artifact?path=x')).status, 400);
      assert.equal((await call('GET', `/get-artifact?run_id=${run.id}`)).status, 400);
    });

    it('say in the words clients know that there are no other ways of transfer', async () => {
      const { call } = served();
      const run = await newRun();
      const json = { 'content-type': 'application/json' };
      for (const step of ['create', 'complete', 'abort']) {
        const { status, body } = await call('POST', `/api/2.0/mlflow-artifacts/mpu/${step}/0/x`, {}, json);
        assert.deepEqual([status, body.error_code], [501, 'NOT_IMPLEMENTED']);
        assert.match(body.message, /^Multipart upload is not supported for the current artifact repository/);
      }
      assert.equal((await call('GET', '/ajax-api/2.0/mlflow-artifacts/presigned/0/x')).status, 501);
      const presigned = (way: string, body: unknown) =>
        call('POST', `/api/2.0/mlflow/artifacts/presigned-${way}-url`, body);
      for (const way of ['upload', 'download']) {
        const { status, body } = await presigned(way, { run_id: run.id, path: 'x' });
        assert.equal(status, 400);
        assert.match(body.message, /proxied artifact storage \(artifact URI scheme: mlflow-artifacts\)/);
      }
      assert.equal((await presigned('upload', { run_id: 'a', model_id: 'b', path: 'x' })).status, 400);
      assert.equal((await presigned('upload', { model_id: 'm-1', path: 'x' })).status, 501);
    });
  });

  it('an upload by a page of another site is refused', async () => {
    const run = await newRun();
    const answer = await run.put('a', 'x', { origin: 'https://evil.example', 'content-type': 'text/plain' });
    assert.equal(answer.status, 403);
    assert.deepEqual(await run.list(), []);
  });

  it('a place that is not ours is not opened', async () => {
    const { call, url } = served();
    for (const place of ['s3://bucket/x', 'file:///etc', '/etc', 'relative/folder', 'dbfs:/x']) {
      const name = `elsewhere ${open.dialect} ${place}`;
      const { id: experiment } = (
        await call('POST', '/api/v1/experiments', { name, artifactLocation: place })
      ).body;
      const { id, artifactUri } = (await call('POST', '/api/v1/runs', { experiment })).body;
      assert.ok(artifactUri.startsWith(place));
      for (const [method, path, status] of [
        ['GET', `/api/v1/runs/${id}/artifacts`, 409],
        ['GET', `/api/v1/runs/${id}/artifacts/content?path=passwd`, 409],
        ['PUT', `/api/v1/runs/${id}/artifacts?path=passwd`, 409],
        ['DELETE', `/api/v1/runs/${id}/artifacts?path=passwd`, 409],
        ['GET', `/api/2.0/mlflow/artifacts/list?run_id=${id}`, 400],
        ['GET', `/get-artifact?run_id=${id}&path=passwd`, 400],
        ['POST', `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${id}&path=passwd`, 400],
      ] as const) {
        const answer = await send(url, { method, path, ...(/^P/.test(method) && { body: 'x' }) });
        assert.equal(answer.status, status, `${place}: ${method} ${path}: ${answer.bytes}`);
      }
    }
  });
});
