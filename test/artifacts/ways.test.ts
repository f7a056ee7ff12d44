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

    it('sign no address of a cloud, in the words of the release', async () => {
      const { call } = served();
      const run = await newRun();
      const newModel = async (experiment: string) => {
        const made = { experiment_id: experiment, name: 'digits' };
        return (await call('POST', '/api/2.0/mlflow/logged-models', made)).body.model.info.model_id;
      };
      const elsewhere = { name: `unsigned ${open.dialect}`, artifactLocation: 's3://bucket/x' };
      const { id: other } = (await call('POST', '/api/v1/experiments', elsewhere)).body;
      const { id: away } = (await call('POST', '/api/v1/runs', { experiment: other })).body;
      const [model, awayModel] = [await newModel('0'), await newModel(other)];
      const none = '0'.repeat(32);
      // As the release's server answered; a store of which it could sign addresses is none here.
      const rows: [way: string, body: object, status: number, said: RegExp][] = [
        ['upload', {}, 400, /Missing value for required parameter 'path'/],
        ['upload', { path: 'x' }, 400, /^Exactly one of run_id and model_id must be provided\.$/],
        ['upload', { run_id: 'a', model_id: 'b', path: 'x' }, 400, /^Exactly one of run_id and model_id/],
        ['upload', { run_id: run.id, path: '../x' }, 400, /^Invalid path/],
        [
          'upload',
          { run_id: run.id, path: 'x' },
          400,
          /not supported for proxied artifact storage \(artifact URI scheme: mlflow-artifacts\)/,
        ],
        [
          'upload',
          { model_id: model, path: 'x' },
          400,
          /not supported for proxied artifact storage \(artifact URI scheme: mlflow-artifacts\)/,
        ],
        ['upload', { run_id: none, path: 'x' }, 404, /^Run with id=0{32} not found$/],
        ['upload', { model_id: `m-${none}`, path: 'x' }, 404, /^Logged model with ID 'm-0{32}' not found\.$/],
        ['upload', { model_id: 'nope', path: 'x' }, 404, /^Logged model with ID 'nope' not found\.$/],
        [
          'upload',
          { run_id: away, path: 'x' },
          501,
          /^Presigned upload is not supported for the current artifact repository$/,
        ],
        ['upload', { model_id: awayModel, path: 'x' }, 501, /^Presigned upload is not supported/],
        ['download', { path: 'x' }, 400, /Missing value for required parameter 'run_id'/],
        ['download', { run_id: run.id }, 400, /Missing value for required parameter 'path'/],
        ['download', { run_id: run.id, path: '../x' }, 400, /^Invalid path/],
        [
          'download',
          { run_id: run.id, path: 'x' },
          400,
          /not supported for runs with proxied artifact storage/,
        ],
        [
          'download',
          { run_id: run.id, path: 'x', expiration: 0 },
          400,
          /^expiration must be between 1 and 604800 seconds \(got 0\)\.$/,
        ],
        ['download', { run_id: none, path: 'x', expiration: 604_801 }, 400, /^expiration must be between/],
        ['download', { run_id: none, path: 'x' }, 404, /^Run with id=0{32} not found$/],
        [
          'download',
          { run_id: away, path: 'x' },
          501,
          /^Presigned download is not supported for the current artifact repository$/,
        ],
      ];
      for (const [way, body, status, said] of rows) {
        const answer = await call('POST', `/api/2.0/mlflow/artifacts/presigned-${way}-url`, body);
        assert.equal(answer.status, status, `${way} ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`);
        assert.match(answer.body.message, said);
      }
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
      assert.ok(artifactUri.startsWith(place === 'relative/folder' ? `${process.cwd()}/${place}` : place));
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
