import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newContext, serveMlflowFace } from '../../../test/mlflow/mlflow-face.ts';
import { forEachStore } from '../../../test/stores/stores.ts';

const routes = '/api/3.0/mlflow/workspaces';
const json = { 'content-type': 'application/json' };
const within = (name: string) => ({ ...json, 'x-mlflow-workspace': name });

describe('workspaces', () => {
  forEachStore((open) => {
    let face: Awaited<ReturnType<typeof serveMlflowFace>>;
    before(async () => {
      face = await serveMlflowFace(await open());
      for (const name of ['team-a', 'team-b']) {
        assert.equal((await face.call('POST', routes, { name }, json)).status, 201);
      }
    });
    after(() => face.close());

    const error = async (code: string, status: number, ...request: Parameters<typeof face.call>) => {
      await face.newEvents();
      const reply = await face.call(...request);
      assert.deepEqual([reply.status, reply.json.error_code], [status, code], reply.text);
      assert.deepEqual(await face.newEvents(), []);
      return reply.json.message as string;
    };

    it('are made, described, read and listed', async () => {
      const made = await face.call('POST', routes, { name: 'made', description: 'ours' }, json);
      assert.equal(made.status, 201, made.text);
      assert.deepEqual(made.json, { workspace: { name: 'made', description: 'ours' } });
      const described = await face.call('PATCH', `${routes}/made`, { description: 'theirs' }, json);
      assert.deepEqual(described.json, { workspace: { name: 'made', description: 'theirs' } });
      assert.deepEqual((await face.call('GET', `${routes}/made`)).json, described.json);
      const listed = (await face.call('GET', routes)).json.workspaces as { name: string }[];
      assert.deepEqual(
        listed.map(({ name }) => name),
        ['default', 'made', 'team-a', 'team-b'],
      );
      assert.deepEqual(listed[1], { name: 'made', description: 'theirs' });
    });

    it('are refused under a name that clients cannot say, or that is taken', async () => {
      const bad = [
        'a',
        'a'.repeat(64),
        'Team',
        '-a',
        'a-',
        'a_b',
        'a/b',
        'workspaces',
        'api',
        'default',
        ' ab',
        'ab\n',
      ];
      for (const name of bad) {
        await error('INVALID_PARAMETER_VALUE', 400, 'POST', routes, { name }, json);
        if (name === 'default') continue;
        await error('INVALID_PARAMETER_VALUE', 400, 'GET', `${routes}/${encodeURIComponent(name)}`);
      }
      await error('RESOURCE_ALREADY_EXISTS', 400, 'POST', routes, { name: 'team-a' }, json);
      await error('RESOURCE_DOES_NOT_EXIST', 404, 'GET', `${routes}/nowhere`);
      await error('RESOURCE_DOES_NOT_EXIST', 404, 'PATCH', `${routes}/nowhere`, { description: 'x' }, json);
      await error('INVALID_PARAMETER_VALUE', 400, 'PATCH', `${routes}/team-a`, {}, json);
    });

    it('hold no places of their own', async () => {
      const root = { name: 'rooted', default_artifact_root: 's3://elsewhere' };
      assert.match(
        await error('INVALID_PARAMETER_VALUE', 400, 'POST', routes, root, json),
        /^default_artifact_root /,
      );
      const archival = { trace_archival_config: { retention: '30d' } };
      await error('INVALID_PARAMETER_VALUE', 400, 'PATCH', `${routes}/team-a`, archival, json);
    });

    it('are not deleted', async () => {
      await error('INVALID_PARAMETER_VALUE', 400, 'DELETE', `${routes}/default`);
      await error('INVALID_PARAMETER_VALUE', 400, 'DELETE', `${routes}/team-a?mode=NOW`);
      await error('RESOURCE_DOES_NOT_EXIST', 404, 'DELETE', `${routes}/nowhere`);
      for (const mode of ['', '?mode=CASCADE', '?mode=SET_DEFAULT']) {
        await error('NOT_IMPLEMENTED', 501, 'DELETE', `${routes}/team-a${mode}`);
      }
    });

    it('that are not there are refused, whatever is asked', async () => {
      for (const [method, path] of [
        ['GET', 'experiments/get?experiment_id=0'],
        ['POST', 'experiments/create'],
        ['GET', '/api/2.0/mlflow-artifacts/artifacts'],
        ['GET', '/api/3.0/mlflow/traces/get'],
      ] as const) {
        const body = method === 'POST' ? { name: 'lost' } : undefined;
        const message = await error('RESOURCE_DOES_NOT_EXIST', 404, method, path, body, within('nowhere'));
        assert.equal(message, "Workspace 'nowhere' not found");
      }
      await error('INVALID_PARAMETER_VALUE', 400, 'POST', 'experiments/create', { name: 'x' }, within('No'));
      const told = await face.call('GET', '/api/3.0/mlflow/server-info', undefined, within('nowhere'));
      assert.equal(told.json.workspaces_enabled, true);
    });

    it('are default for who names none, or a blank', async () => {
      for (const headers of [json, within(' '), within('default'), within(' default ')]) {
        const reply = await face.call('GET', 'experiments/get?experiment_id=0', undefined, headers);
        assert.equal(reply.json.experiment.workspace, 'default');
      }
    });

    it('see their own records only', async () => {
      const a = within('team-a');
      const b = within('team-b');
      const call = async (...request: Parameters<typeof face.call>) => {
        const reply = await face.call(...request);
        assert.equal(reply.status, 200, reply.text);
        return reply.json;
      };
      const first = await call('GET', 'experiments/get?experiment_id=0', undefined, a);
      assert.deepEqual([first.experiment.name, first.experiment.workspace], ['Default', 'team-a']);
      const { experiment_id: id } = await call('POST', 'experiments/create', { name: 'same' }, a);
      assert.deepEqual(await call('POST', 'experiments/create', { name: 'same' }, b), { experiment_id: id });
      const { run } = await call('POST', 'runs/create', { experiment_id: id }, a);
      const runId: string = run.info.run_id;
      await call('POST', 'registered-models/create', { name: 'oak' }, a);
      const source = `runs:/${runId}/model`;
      await call('POST', 'model-versions/create', { name: 'oak', source, run_id: runId }, a);
      const model = { experiment_id: id, name: 'oak', source_run_id: runId };
      const logged = await call('POST', 'logged-models', model, a);
      const modelId: string = logged.model.info.model_id;
      const hook = { name: 'h', url: 'https://8.8.8.8/h' };
      const events = [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }];
      const { webhook } = await call('POST', '/api/2.0/mlflow/webhooks', { ...hook, events }, a);
      const file = '/api/2.0/mlflow-artifacts/artifacts/note.txt';
      const paths = [
        ['GET', `runs/get?run_id=${runId}`],
        ['GET', `/ajax-api/2.0/mlflow/runs/get?run_id=${runId}`],
        ['POST', 'runs/update', { run_id: runId, run_name: 'theirs' }],
        ['POST', 'runs/log-metric', { run_id: runId, key: 'x', value: 1, timestamp: 1 }],
        ['POST', 'runs/delete', { run_id: runId }],
        ['GET', `artifacts/list?run_id=${runId}`],
        ['GET', `/get-artifact?run_id=${runId}&path=a`],
        ['GET', 'registered-models/get?name=oak'],
        ['GET', 'model-versions/get?name=oak&version=1'],
        ['POST', 'registered-models/alias', { name: 'oak', alias: 'champion', version: '1' }],
        ['GET', `logged-models/${modelId}`],
        ['GET', `/api/2.0/mlflow/webhooks/${webhook.webhook_id}`],
      ] as const;
      // Read in its own workspace first, so that whatever is kept of it is kept.
      assert.equal((await call('GET', `runs/get?run_id=${runId}`, undefined, a)).run.info.run_id, runId);
      for (const headers of [b, json]) {
        for (const [method, path, body] of paths) {
          await error('RESOURCE_DOES_NOT_EXIST', 404, method, path, body, headers);
        }
        const search = { experiment_ids: [id, '0'] };
        assert.deepEqual(await call('POST', 'runs/search', search, headers), {});
        assert.deepEqual(await call('GET', 'registered-models/search', undefined, headers), {});
        assert.deepEqual(await call('GET', '/api/2.0/mlflow/webhooks', undefined, headers), {});
      }
      assert.equal((await call('POST', 'runs/search', { experiment_ids: [id] }, a)).runs.length, 1);
      const bytes = { ...a, 'content-type': 'application/octet-stream' };
      await call('PUT', file, Buffer.from('ours'), bytes);
      const listing = '/api/2.0/mlflow-artifacts/artifacts';
      assert.equal((await call('GET', listing, undefined, a)).files.length, 1);
      assert.deepEqual(await call('GET', listing, undefined, b), {});
      assert.deepEqual(await call('GET', listing), {});
    });

    it('stand in the headers that are handed out with addresses', async () => {
      const begin = (headers: Record<string, string>) =>
        face.call(
          'POST',
          '/api/2.0/mlflow-artifacts/mpu/create/big',
          { path: 'f.bin', num_parts: 1 },
          {
            ...headers,
            host: 'localhost:1',
          },
        );
      const [theirs, everybodys] = [await begin(within('team-a')), await begin(json)];
      const handed = theirs.json.credentials[0];
      assert.equal(handed.headers['x-mlflow-workspace'], 'team-a', theirs.text);
      assert.deepEqual(Object.keys(everybodys.json.credentials[0].headers), ['x-cairn-ticket']);
      const { pathname } = new URL(handed.url);
      const { 'x-mlflow-workspace': _, ...without } = handed.headers;
      // Whether the other workspace is there makes no difference.
      const others = ['team-b', 'nowhere', 'No name'].map((name) => ({
        ...without,
        'x-mlflow-workspace': name,
      }));
      const messages = new Set<string>();
      for (const headers of [without, ...others]) {
        messages.add(await error('PERMISSION_DENIED', 403, 'PUT', pathname, Buffer.from('x'), headers));
      }
      assert.equal(messages.size, 1);
      const put = await face.call('PUT', pathname, Buffer.from('x'), handed.headers);
      assert.equal(put.status, 200, put.text);
    });

    it('out of scope are not there, and come into being for nobody', async () => {
      const { domain } = face;
      const inA = { projects: [await domain.projects.resolve(newContext(), 'team-a')] };
      const blind = { ...newContext(), scope: inA };
      const ask = async (name: string | undefined) => {
        const operation = face.operations.find(({ id }) => id === 'mlflow.experiments.get')!;
        const reply = await operation.handle(blind, {
          method: 'GET',
          path: operation.path,
          params: {},
          query: new URLSearchParams({ experiment_id: '0' }),
          headers: name === undefined ? {} : { 'x-mlflow-workspace': name },
          body: Buffer.alloc(0),
        });
        return reply.status;
      };
      await domain.projects.create(newContext(), { name: 'team-c' });
      assert.equal(
        (await face.call('GET', 'experiments/get?experiment_id=0', undefined, within('team-b'))).status,
        200,
      );
      assert.deepEqual(
        await Promise.all(['team-a', 'team-b', 'team-c', 'default', undefined].map(ask)),
        [200, 404, 404, 404, 404],
      );
    });
  });
});
