/** The native API by rows of request and answer, on both stores. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Served, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

forEachStore((open) => {
  const served = servedFor(open);

  async function newRun(name = 'a run'): Promise<string> {
    const { call } = served();
    return (await call('POST', '/api/v1/runs', { experiment: '0', name })).body.id;
  }

  describe('projects and experiments', () => {
    it('makes, lists and refuses doubles', async () => {
      const { call } = served();
      assert.equal((await call('POST', '/api/v1/projects', { name: 'vision' })).status, 201);
      const again = await call('POST', '/api/v1/projects', { name: 'vision' });
      assert.equal(again.status, 409);
      assert.equal(again.body.code, 'already_exists');
      assert.equal(again.headers.get('content-type'), 'application/problem+json; charset=utf-8');
      const names = (await call('GET', '/api/v1/projects')).body.items.map((p: { name: string }) => p.name);
      assert.deepEqual(names, ['default', 'vision']);
    });

    it('keeps projects apart', async () => {
      const { call } = served();
      await call('POST', '/api/v1/projects', { name: 'apart' });
      const made = await call('POST', '/api/v1/experiments?project=apart', { name: 'same name' });
      assert.equal(made.status, 201);
      assert.equal((await call('POST', '/api/v1/experiments', { name: 'same name' })).status, 201);
      const run = await call('POST', '/api/v1/runs?project=apart', { experiment: made.body.id });
      assert.equal((await call('GET', `/api/v1/runs/${run.body.id}`)).status, 404);
      assert.equal((await call('GET', `/api/v1/runs/${run.body.id}?project=apart`)).status, 200);
      assert.equal((await call('GET', '/api/v1/experiments/0?project=nowhere')).body.field, 'project');
    });

    it('renames, and frees the old name', async () => {
      const { call } = served();
      const { id } = (await call('POST', '/api/v1/experiments', { name: 'old name' })).body;
      assert.equal(
        (await call('PATCH', `/api/v1/experiments/${id}`, { name: 'new name' })).body.name,
        'new name',
      );
      assert.equal((await call('POST', '/api/v1/experiments', { name: 'old name' })).status, 201);
      assert.equal((await call('PATCH', `/api/v1/experiments/${id}`, { name: 'old name' })).status, 409);
    });

    it('inherits deletion: what was decided last holds', async () => {
      const { call } = served();
      const { id } = (await call('POST', '/api/v1/experiments', { name: 'mortal' })).body;
      const run = async () => (await call('POST', '/api/v1/runs', { experiment: id })).body.id as string;
      const [kept, dropped] = [await run(), await run()];
      const lifecycle = async (of: string) => (await call('GET', `/api/v1/runs/${of}`)).body.lifecycle;
      await call('DELETE', `/api/v1/runs/${dropped}`);
      assert.deepEqual([await lifecycle(kept), await lifecycle(dropped)], ['active', 'deleted']);
      assert.equal((await call('DELETE', `/api/v1/experiments/${id}`)).status, 204);
      assert.deepEqual([await lifecycle(kept), await lifecycle(dropped)], ['deleted', 'deleted']);
      assert.equal((await call('POST', '/api/v1/runs', { experiment: id })).status, 409);
      await call('POST', `/api/v1/runs/${kept}/restore`);
      assert.deepEqual([await lifecycle(kept), await lifecycle(dropped)], ['active', 'deleted']);
      await call('POST', `/api/v1/experiments/${id}/restore`);
      assert.deepEqual([await lifecycle(kept), await lifecycle(dropped)], ['active', 'active']);
    });

    it('refuses locations that have led servers astray', async () => {
      const { call } = served();
      for (const artifactLocation of [
        'file:///a/../etc',
        's3://b/%2e%2e/x',
        'http://h/?/../etc',
        'http://h/#/../etc',
        's3://b/a;x',
        'c:\\temp',
        's3://b/%252e%252e/x',
      ]) {
        const answer = await call('POST', '/api/v1/experiments', {
          name: `at ${artifactLocation}`,
          artifactLocation,
        });
        assert.deepEqual([answer.status, answer.body.field], [400, 'artifactLocation'], artifactLocation);
      }
    });
  });

  describe('logging', () => {
    it('reads back what was logged: NaN, infinities, int64, negative zero', async () => {
      const { call } = served();
      const run = await newRun();
      const points = [
        { step: '-9223372036854775808', time: 1, value: 'NaN' },
        { step: 0, time: 2, value: '-Infinity' },
        { step: 0, time: 3, value: '-0' },
        { step: '9223372036854775807', time: '9223372036854775807', value: 1e-320 },
      ];
      const answer = await call('POST', `/api/v1/runs/${run}/log`, {
        metrics: points.map((p) => ({ key: 'm', ...p })),
      });
      assert.equal(answer.status, 204);
      assert.deepEqual((await call('GET', `/api/v1/runs/${run}/points?key=m`)).body.items, points);
      const { m } = (await call('GET', `/api/v1/runs/${run}`)).body.metrics;
      assert.deepEqual(
        [m.points, m.nonFinite, m.last, m.lastStep, m.first],
        [4, 2, 1e-320, '9223372036854775807', 'NaN'],
      );
    });

    it('is all or nothing', async () => {
      const { call } = served();
      const run = await newRun();
      await call('POST', `/api/v1/runs/${run}/log`, { params: [{ key: 'lr', value: '1' }] });
      const refused = await call('POST', `/api/v1/runs/${run}/log`, {
        metrics: [{ key: 'm', value: 1, time: 1 }],
        tags: [{ key: 't', value: 'x' }],
        params: [
          { key: 'new', value: '1' },
          { key: 'lr', value: '2' },
        ],
      });
      assert.deepEqual(
        [refused.status, refused.body.code, refused.body.field],
        [409, 'conflict', 'params[1].value'],
      );
      const { params, metrics, tags } = (await call('GET', `/api/v1/runs/${run}`)).body;
      assert.deepEqual([params, metrics, Object.keys(tags)], [{ lr: '1' }, {}, ['mlflow.runName']]);
    });

    it('drops points it holds already, and an unchanged request leaves no event', async () => {
      const { call, domain } = served();
      const run = await newRun();
      const metrics = Array.from({ length: 50 }, (_, step) => ({ key: 'm', value: step / 2, time: 5, step }));
      await call('POST', `/api/v1/runs/${run}/log`, { metrics });
      await domain.metrics.sealer.settle();
      const before = await eventsOf(call, run, 2);
      await call('POST', `/api/v1/runs/${run}/log`, { metrics: metrics.slice(10, 30) });
      assert.equal((await call('GET', `/api/v1/runs/${run}`)).body.metrics.m.points, 50);
      await call('POST', `/api/v1/runs/${run}/log`, {
        metrics: [...metrics.slice(40), { key: 'm', value: 99, time: 5, step: 49 }],
      });
      assert.equal((await call('GET', `/api/v1/runs/${run}`)).body.metrics.m.points, 51);
      assert.equal((await eventsOf(call, run, 3)).length, before.length + 1);
    });

    it('seals many heads into chunks without changing what is read', async () => {
      const { call, domain } = served();
      const run = await newRun();
      const sent: unknown[] = [];
      for (let batch = 0; batch < 300; batch++) {
        const point = { step: batch, time: 1000 + batch, value: Math.sin(batch) };
        sent.push(point);
        await call('POST', `/api/v1/runs/${run}/log`, {
          metrics: [
            { key: 'loss', ...point },
            { key: `rare ${batch % 100}`, value: batch, time: 1, step: batch },
          ],
        });
      }
      await domain.metrics.sealer.settle();
      const { run: found } = await domain.runs.get(undefined as never, domain.defaultProject, run);
      await domain.metrics.sealer.seal(found.node, found.project);
      const page = await call('GET', `/api/v1/runs/${run}/points?key=loss&limit=200`);
      assert.equal(page.body.items.length, 200);
      const rest = await call(
        'GET',
        `/api/v1/runs/${run}/points?key=loss&limit=200&cursor=${page.body.cursor}`,
      );
      assert.deepEqual([...page.body.items, ...rest.body.items], sent);
      assert.equal(rest.body.cursor, undefined);
      const rare = await call('GET', `/api/v1/runs/${run}/points?key=rare+7`);
      assert.deepEqual(
        rare.body.items.map((p: { step: number }) => p.step),
        [7, 107, 207],
      );
    });

    it('refuses writes to a deleted run, naming it', async () => {
      const { call } = served();
      const run = await newRun();
      await call('DELETE', `/api/v1/runs/${run}`);
      const refused = await call('POST', `/api/v1/runs/${run}/log`, { tags: [{ key: 'a', value: 'b' }] });
      assert.deepEqual(
        [refused.status, refused.body.code, refused.body.field],
        [409, 'failed_precondition', 'run'],
      );
      assert.equal((await call('GET', `/api/v1/runs/${run}`)).status, 200);
    });

    it('answers a retried request with the first answer, and refuses the key for another', async () => {
      const { call } = served();
      const headers = { 'idempotency-key': 'once' };
      const first = await call('POST', '/api/v1/runs', { experiment: '0', name: 'once' }, headers);
      const second = await call('POST', '/api/v1/runs', { experiment: '0', name: 'once' }, headers);
      assert.deepEqual(second.body, first.body);
      const other = await call('POST', '/api/v1/runs', { experiment: '0', name: 'twice' }, headers);
      assert.deepEqual(
        [other.status, other.body.code, other.body.field],
        [422, 'idempotency_mismatch', 'Idempotency-Key'],
      );
    });

    it('answers a retried request of the registry with the first answer, whatever became of it', async () => {
      const { call } = served();
      const root = '/api/v1/models/registered';
      const source = 's3://bucket/model';
      const steps = [
        ['POST', root, { name: 'retried' }],
        ['POST', `${root}/retried/versions`, { source, tags: [{ key: 'a', value: 'b' }] }],
        ['PATCH', `${root}/retried/versions/1`, { description: 'one' }],
        ['PUT', `${root}/retried/versions/1/stage`, { stage: 'Staging' }],
        ['PATCH', `${root}/retried`, { description: 'all' }],
      ] as const;
      const send = ([method, path, body]: (typeof steps)[number], index: number) =>
        call(method, path, body, { 'idempotency-key': `step ${index}` });
      const first = [];
      for (const [index, step] of steps.entries()) first.push(await send(step, index));
      assert.deepEqual(
        first.map(({ status }) => status),
        [201, 201, 200, 200, 200],
      );
      await call('DELETE', `${root}/retried/versions/1`);
      await call('DELETE', `${root}/retried`);
      for (const [index, step] of steps.entries()) {
        const again = await send(step, index);
        assert.deepEqual([again.status, again.body], [first[index]!.status, first[index]!.body]);
      }
      assert.equal((await call('GET', `${root}/retried`)).status, 404);
    });

    it('keeps text that a store cannot hold as text', async () => {
      const { call } = served();
      const run = await newRun();
      const value = 'before\u0000after \u{1F9EA}';
      await call('POST', `/api/v1/runs/${run}/log`, { params: [{ key: '__proto__', value }] });
      assert.deepEqual(Object.entries((await call('GET', `/api/v1/runs/${run}`)).body.params), [
        ['__proto__', value],
      ]);
    });
  });

  it('describes itself as OpenAPI 3.1 with every operation', async () => {
    const { call } = served();
    const api = (await call('GET', '/api/openapi.json')).body;
    assert.equal(api.openapi, '3.1.0');
    assert.ok(api.paths['/api/v1/runs/{run}/log'].post.requestBody.content['application/json'].schema);
  });
});

/** Events of a run once at least `count` have their positions. */
async function eventsOf(call: Served['call'], run: string, count: number): Promise<unknown[]> {
  for (;;) {
    const { items } = (await call('GET', `/api/v1/events?run=${run}`)).body;
    if (items.length >= count) return items;
  }
}
