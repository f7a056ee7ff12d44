/** Directories, deletions and owners of artifacts over HTTP, on both stores. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forEachStore } from '../stores/stores.ts';
import { send } from './raw-http.ts';
import { proxied, servedRuns } from './served-runs.ts';

forEachStore((open) => {
  const { served, newRun } = servedRuns(open);

  describe('a listing', () => {
    it('has one level, files with their sizes, and is empty where nothing is', async () => {
      const { call } = served();
      const run = await newRun();
      for (const path of ['b.txt', 'a/x/1', 'a/x/2', 'a/y', 'a.txt', 'a0', 'a-b/c'])
        await run.put(path, path);
      const files = [
        { path: 'a-b', is_dir: true },
        { path: 'a.txt', is_dir: false, file_size: 5 },
        { path: 'a', is_dir: true },
        { path: 'a0', is_dir: false, file_size: 2 },
        { path: 'b.txt', is_dir: false, file_size: 5 },
      ];
      const root = encodeURIComponent(`0/${run.id}/artifacts`);
      assert.deepEqual((await call('GET', `${proxied}?path=${root}`)).body, { files });
      const ofRun = `/api/2.0/mlflow/artifacts/list?run_id=${run.id}`;
      assert.deepEqual((await call('GET', ofRun)).body, { root_uri: run.uri, files });
      assert.deepEqual((await call('GET', `${ofRun}&path=a`)).body.files, [
        { path: 'a/x', is_dir: true },
        { path: 'a/y', is_dir: false, file_size: 3 },
      ]);
      assert.deepEqual(await run.list('a/x/'), await run.list('a/x'));
      assert.deepEqual((await call('GET', `${proxied}?path=${root}%2Fa`)).body.files[0], {
        path: 'x',
        is_dir: true,
      });
      for (const path of ['none', 'b.txt', 'a/x/1/2']) {
        assert.deepEqual(await run.list(path), [], path);
        assert.deepEqual((await call('GET', `${ofRun}&path=${path}`)).body, { root_uri: run.uri });
      }
      const experiments = (await call('GET', proxied)).body.files;
      assert.deepEqual(experiments, [{ path: '0', is_dir: true }]);
    });

    it('of a folder of hundreds takes one step for each, not a walk for each', async () => {
      const run = await newRun();
      // Ten at a time; a step that walked the folder again would pass what a query may take.
      for (let at = 0; at < 400; at += 10)
        await Promise.all(Array.from({ length: 10 }, (_, index) => run.put(`many/${at + index}`, 'x')));
      const listed = await run.list('many');
      assert.equal(listed.length, 400);
    });

    it('is paged without a gap or a repetition, whatever the pages', async () => {
      const { call } = served();
      const run = await newRun();
      const paths = ['d/1', 'd/2', 'd/3', 'd.x', 'd0', 'e', '日/1', '日本', 'z/z/z', 'ſ'];
      for (const path of paths) await run.put(encodeURIComponent(path).replaceAll('%2F', '/'), 'x');
      const whole = (await run.list()).map(({ path }: { path: string }) => path);
      assert.deepEqual([...whole].sort(), ['d', 'd.x', 'd0', 'e', 'z', 'ſ', '日', '日本']);
      for (const limit of [1, 2, 3, 7, 8, 9]) {
        const seen: string[] = [];
        let cursor = '';
        do {
          const page = (await call('GET', `${run.native}?limit=${limit}${cursor && `&cursor=${cursor}`}`))
            .body;
          assert.ok(page.items.length <= limit);
          seen.push(...page.items.map(({ path }: { path: string }) => path));
          cursor = page.cursor;
        } while (cursor);
        assert.deepEqual(seen, whole, `pages of ${limit}`);
      }
      const { cursor } = (await call('GET', `${run.native}?limit=1`)).body;
      assert.equal((await call('GET', `${run.native}?limit=1&path=d&cursor=${cursor}`)).status, 400);
    });
  });

  describe('deleting', () => {
    it('takes a file, or a directory with all below it, and nothing beside it', async () => {
      const { call, url } = served();
      const run = await newRun();
      for (const path of ['d/1', 'd/e/2', 'd.txt', 'd0', 'f']) await run.put(path, path);
      const remove = (path: string) => send(url, { method: 'DELETE', path: `${run.tree}/${path}` });
      assert.equal((await remove('f')).status, 200);
      assert.equal((await remove('f')).status, 200, 'as good as done');
      assert.equal((await remove('d/')).status, 200);
      const names = async () => (await run.list()).map(({ name }: { name: string }) => name);
      assert.deepEqual(await names(), ['d.txt', 'd0']);
      assert.equal((await call('DELETE', `${run.native}?path=none`)).status, 404);
      assert.equal((await call('DELETE', `${run.native}?path=d0`)).status, 204);
      assert.deepEqual((await run.events()).slice(-3), [
        { action: 'artifact.delete', body: { path: 'f', files: 1, size: 1 } },
        { action: 'artifact.delete', body: { path: 'd', files: 2, size: 8 } },
        { action: 'artifact.delete', body: { path: 'd0', files: 1, size: 2 } },
      ]);
      assert.equal((await remove('')).status, 200, 'all artifacts of the run, as clients ask for it');
      assert.deepEqual(await names(), []);
    });

    it('never takes the root, nor what several runs own', async () => {
      const { call, url } = served();
      const runs = [await newRun(), await newRun()];
      for (const run of runs) await run.put('kept', run.id);
      for (const path of [
        proxied,
        `${proxied}/`,
        `${proxied}//`,
        `${proxied}/0`,
        `${proxied}/0/`,
        `${proxied}/.`,
      ]) {
        const { status } = await send(url, { method: 'DELETE', path });
        assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
      }
      for (const query of ['', '?path=', '?path=/', '?path=.']) {
        assert.equal((await call('DELETE', `${runs[0]!.native}${query}`)).status, 400, query);
      }
      for (const run of runs) assert.equal((await run.get('kept')).bytes.toString(), run.id);
    });

    it('of a run leaves its artifacts to be read, and lets nobody write', async () => {
      const { call, url } = served();
      const run = await newRun();
      await run.put('a', 'old');
      await call('DELETE', `/api/v1/runs/${run.id}`);
      assert.equal((await run.get('a')).bytes.toString(), 'old');
      for (const answer of [
        await run.put('a', 'new'),
        await run.put('b', 'new'),
        await send(url, { method: 'DELETE', path: `${run.tree}/a` }),
      ]) {
        assert.equal(answer.status, 400);
        assert.match(answer.bytes.toString(), /must be in the 'active' state/);
      }
      assert.equal((await call('PUT', `${run.native}?path=c`, 'x')).status, 409);
      assert.deepEqual(await run.list().then((items: unknown[]) => items.length), 1);
      await call('POST', `/api/v1/runs/${run.id}/restore`);
      assert.equal((await run.put('a', 'new')).status, 200);
    });
  });

  describe('the native routes', () => {
    it('are the same for runs, experiments and logged models', async () => {
      const { call, url, domain } = served();
      const { id: experiment } = (
        await call('POST', '/api/v1/experiments', { name: `holders ${open.dialect}` })
      ).body;
      const { id: run } = (await call('POST', '/api/v1/runs', { experiment })).body;
      const wanted = { experiment_id: experiment, name: 'digits' };
      const model = (await call('POST', '/api/2.0/mlflow/logged-models', wanted)).body.model.info.model_id;
      const holders = [
        ['run', `runs/${run}`, `${run}/artifacts/`],
        ['model', `models/logged/${model}`, `models/${model}/artifacts/`],
        ['experiment', `experiments/${experiment}`, ''],
      ] as const;
      for (const [what, at, inExperiment] of holders) {
        const routes = `/api/v1/${at}/artifacts`;
        const put = await send(url, {
          method: 'PUT',
          path: `${routes}?path=d/${what}.txt`,
          body: '0123456789',
        });
        assert.deepEqual(
          [put.status, JSON.parse(put.bytes.toString()).path, JSON.parse(put.bytes.toString()).size],
          [200, `d/${what}.txt`, 10],
        );
        const { items } = (await call('GET', `${routes}?path=d`)).body;
        assert.deepEqual(
          items.map(({ name }: { name: string }) => name),
          [`${what}.txt`],
        );
        const part = await send(url, {
          method: 'GET',
          path: `${routes}/content?path=d/${what}.txt`,
          headers: { range: 'bytes=2-4' },
        });
        assert.deepEqual([part.status, part.bytes.toString()], [206, '234']);
        // The experiment has all of it, and so has the tree that clients see.
        const above = `/api/v1/experiments/${experiment}/artifacts/content?path=${inExperiment}d/${what}.txt`;
        assert.equal((await call('GET', above)).body, '0123456789');
        const tree = await send(url, {
          method: 'GET',
          path: `${proxied}/${experiment}/${inExperiment}d/${what}.txt`,
        });
        assert.equal(tree.bytes.toString(), '0123456789');
        await domain.events.placed();
        const { items: events } = (await call('GET', '/api/v1/events')).body;
        const { action, body, ...event } = events.at(-1);
        assert.deepEqual([action, body.path], ['artifact.put', `d/${what}.txt`]);
        const owner = { run, model: model.slice(2), experiment }[what];
        assert.ok([event.run, event.node, event.experiment].includes(owner), `an event of the ${what}`);
        for (const unknown of ['0'.repeat(32), `m-${'0'.repeat(32)}`, '987654321', '..', 'x']) {
          const missing = routes.replace(/\/[^/]+\/artifacts$/, `/${encodeURIComponent(unknown)}/artifacts`);
          for (const [method, rest] of [
            ['GET', ''],
            ['GET', '/content?path=a'],
            ['PUT', '?path=a'],
            ['DELETE', '?path=a'],
          ] as const) {
            const body = method === 'PUT' ? { body: 'x' } : {};
            const answer = await send(url, { method, path: missing + rest, ...body });
            assert.ok([400, 404].includes(answer.status), `${method} ${missing}${rest}: ${answer.status}`);
          }
        }
      }
      const listed = (await call('GET', `/api/v1/experiments/${experiment}/artifacts`)).body.items;
      assert.deepEqual(
        new Set(listed.map(({ name }: { name: string }) => name)),
        new Set(['d', 'models', run]),
      );
      const remove = (at: string, what: string) => call('DELETE', `/api/v1/${at}/artifacts?path=${what}`);
      assert.equal(
        (await remove(`experiments/${experiment}`, 'models')).status,
        409,
        'it holds what a model owns',
      );
      for (const [what, at] of holders) {
        assert.equal((await remove(at, `d/${what}.txt`)).status, 204);
        assert.equal((await remove(at, `d/${what}.txt`)).status, 404);
      }
      assert.deepEqual((await call('GET', `/api/v1/experiments/${experiment}/artifacts`)).body.items, []);
      await call('DELETE', `/api/2.0/mlflow/logged-models/${model}`);
      assert.equal((await call('GET', `/api/v1/models/logged/${model}/artifacts`)).status, 404);
    });
  });

  describe('whose an artifact is', () => {
    it('is a logged model, while that is not deleted', async () => {
      const { call, url, domain } = served();
      const made = await call('POST', '/api/2.0/mlflow/logged-models', {
        experiment_id: '0',
        name: 'digits',
      });
      const { model_id: id, artifact_uri: uri } = made.body.model.info;
      assert.equal(uri, `mlflow-artifacts:/0/models/${id}/artifacts`);
      const path = `${proxied}/0/models/${id}/artifacts/MLmodel`;
      assert.equal((await send(url, { method: 'PUT', path, body: 'flavors: {}' })).status, 200);
      await domain.events.placed();
      const { items } = (await call('GET', '/api/v1/events')).body;
      const { node, action, body } = items.at(-1);
      assert.deepEqual([`m-${node}`, action, body.path], [id, 'artifact.put', 'MLmodel']);
      await call('DELETE', `/api/2.0/mlflow/logged-models/${id}`);
      assert.equal((await send(url, { method: 'PUT', path, body: 'other' })).status, 400);
      assert.equal((await send(url, { method: 'GET', path })).bytes.toString(), 'flavors: {}');
    });

    it('is told by its path: run, experiment or project', async () => {
      const { call, url, domain } = served();
      const place = 'mlflow-artifacts:/teams/vision';
      const { id: experiment } = (
        await call('POST', '/api/v1/experiments', { name: `vision ${open.dialect}`, artifactLocation: place })
      ).body;
      const { id } = (await call('POST', '/api/v1/runs', { experiment })).body;
      const put = (path: string) => send(url, { method: 'PUT', path: `${proxied}/${path}`, body: path });
      for (const path of [
        `teams/vision/${id}/artifacts/a`,
        'teams/vision/traces/t1/artifacts/t',
        'teams/x',
        `0/${id}/artifacts/b`,
      ]) {
        assert.equal((await put(path)).status, 200, path);
      }
      await domain.events.placed();
      const { items } = (await call('GET', '/api/v1/events')).body;
      const whose = items
        .filter(({ action }: { action: string }) => action === 'artifact.put')
        .slice(-4)
        .map((event: { body: { path: string }; run?: string; experiment?: string }) => [
          event.body.path,
          event.run ?? event.experiment,
        ]);
      assert.deepEqual(whose, [
        ['a', id],
        ['traces/t1/artifacts/t', experiment],
        ['teams/x', undefined],
        [`${id}/artifacts/b`, '0'],
      ]);
    });
  });
});
