import assert from 'node:assert/strict';
import { it } from 'node:test';
import { march, openDeployments, refusal } from '../../../test/fixtures/deployed-domain.ts';
import { forEachStore } from '../../../test/stores/stores.ts';
import { sql } from '../../kernel/sql.ts';
import { checkDeployments, rebuildDeployments } from './deployment-check.ts';

forEachStore((open) => {
  const opened = async () => openDeployments(await open());

  it('knows what served on any day, and who took its place', async () => {
    const { at, record, serving, history } = await opened();
    at(march(5));
    await record(1);
    at(march(10));
    await record(2);
    await record(2); // the same again
    at(march(20));
    assert.deepEqual(await serving(), ['v2 100 %']);
    assert.deepEqual(await serving({ asOf: march(5) }), ['v1 100 %']);
    assert.deepEqual(await serving({ asOf: march(10) - 1 }), ['v1 100 %']);
    assert.deepEqual(await serving({ asOf: march(10) }), ['v2 100 %']);
    assert.deepEqual(await serving({ asOf: march(4) }), []);
    assert.deepEqual(await history(), [
      { version: 2, shares: [[march(10), null, 100, null]] },
      { version: 1, shares: [[march(5), march(10), 100, 'replaced']] },
    ]);
  });

  it('keeps what was asked, and resolves it when it is recorded', async () => {
    const { domain, registry, deployments, context, project, endpoint, at } = await opened();
    await registry.names.setAlias(context, project, 'churn', 'champion', 2);
    await registry.names.setStage(context, project, 'churn', 3, 'Staging');
    const { run } = await domain.runs.create(context, project, { experiment: '0' });
    const logged = await domain.models.create(context, project, { experiment: '0', sourceRun: run.id });
    const asked = [
      'models:/churn@champion',
      'models:/churn/Staging',
      `models:/${logged.id}`,
      'models:/churn/latest',
    ];
    const led = ['models:/churn/2', 'models:/churn/3', `models:/${logged.id}`, 'models:/churn/4'];
    for (const [index, model] of asked.entries()) {
      at(march(2) + index);
      const uid = await deployments.record(context, project, { endpoint, model });
      const { deployment } = await deployments.get(context, project, uid);
      assert.deepEqual([deployment.model.asked, deployment.model.uri], [model, led[index]]);
    }
    await registry.names.setAlias(context, project, 'churn', 'champion', 4);
    await registry.models.update(context, project, 'churn', { name: 'attrition' });
    const { items } = await deployments.list(context, project, { endpoint, limit: 10 });
    assert.deepEqual(
      items.map(({ model }) => [model.asked, model.uri]),
      asked.map((text, index) => [text, led[index]!.replace('churn', 'attrition')]).reverse(),
    );
    assert.deepEqual([items[1]!.model.run, items[1]!.model.loggedModel], [run.id, logged.id]);
  });

  it('shares traffic while a version is rolled out, and gives it back when that is ended', async () => {
    const { deployments, context, project, endpoint, at, record, serving, history, uri } = await opened();
    at(march(5));
    await record(1);
    at(march(10));
    await record(2, { traffic: 20 });
    assert.deepEqual(await serving(), ['v1 80 %', 'v2 20 %']);
    for (const expected of [[], [uri(1)], [uri(1), uri(2), uri(3)], [uri(1), uri(3)]]) {
      await assert.rejects(record(4, { expected }), refusal('conflict', 'expected'), expected.join());
    }
    at(march(11));
    await record(2, { traffic: 50, expected: [uri(2), uri(1)] });
    at(march(12));
    await deployments.end(context, project, { endpoint, model: 'models:/churn/2', outcome: 'failed' });
    assert.deepEqual(await serving(), ['v1 100 %']);
    at(march(13));
    await record(3, { traffic: 10 });
    at(march(14));
    await record(3);
    assert.deepEqual(await serving(), ['v3 100 %']);
    assert.deepEqual(await history(), [
      {
        version: 3,
        shares: [
          [march(13), march(14), 10, 'shared'],
          [march(14), null, 100, null],
        ],
      },
      {
        version: 2,
        shares: [
          [march(10), march(11), 20, 'shared'],
          [march(11), march(12), 50, 'failed'],
        ],
      },
      {
        version: 1,
        shares: [
          [march(5), march(10), 100, 'shared'],
          [march(10), march(11), 80, 'shared'],
          [march(11), march(12), 50, 'shared'],
          [march(12), march(13), 100, 'shared'],
          [march(13), march(14), 90, 'replaced'],
        ],
      },
    ]);
  });

  it('rolls back to what served before, and never to what was rolled back', async () => {
    const { deployments, context, project, endpoint, at, record, serving, history, uri } = await opened();
    const back = (expected?: string[]) => deployments.rollBack(context, project, { endpoint, expected });
    await assert.rejects(back(), refusal('not_found', 'endpoint'));
    for (const version of [1, 2, 3]) {
      at(march(version));
      await record(version);
    }
    at(march(4));
    await assert.rejects(back([uri(1)]), refusal('conflict', 'expected'));
    await back([uri(3)]);
    assert.deepEqual(await serving(), ['v2 100 %']);
    at(march(5));
    await back();
    assert.deepEqual(await serving(), ['v1 100 %']);
    at(march(6));
    await assert.rejects(back(), refusal('failed_precondition', 'endpoint'));
    await record(4, { traffic: 30 });
    at(march(7));
    await back();
    assert.deepEqual(await serving(), ['v1 100 %']);
    assert.deepEqual(
      (await history()).map(({ version, shares }) => [version, shares.at(-1)![3]]),
      [
        [4, 'rolled-back'],
        [1, null],
        [2, 'rolled-back'],
        [3, 'rolled-back'],
        [2, 'replaced'],
        [1, 'replaced'],
      ],
    );
    const { items } = await deployments.list(context, project, { endpoint, serving: true, limit: 10 });
    const undone = await deployments.list(context, project, { endpoint, model: uri(2), limit: 10 });
    assert.equal(items[0]!.rolledBack, undone.items[0]!.uid);
  });

  it('rolls back a version that was rolled out little by little', async () => {
    const { deployments, context, project, endpoint, at, record, serving } = await opened();
    at(march(1));
    await record(1);
    at(march(2));
    await record(2, { traffic: 20 });
    at(march(3));
    await record(2);
    at(march(4));
    await record(3, { traffic: 10 });
    at(march(5));
    await deployments.end(context, project, { endpoint, model: 'models:/churn/3' });
    at(march(6));
    await deployments.rollBack(context, project, { endpoint });
    assert.deepEqual(await serving(), ['v1 100 %']);
  });

  it('keeps the record of a version that is deleted, and tells that it is', async () => {
    const { db, registry, deployments, context, project, endpoint, record, serving, at, uri } =
      await opened();
    at(march(5));
    await record(1);
    at(march(10));
    await record(2);
    at(march(11));
    await registry.versions.delete(context, project, 'churn', 1);
    await registry.models.delete(context, project, 'churn');
    assert.deepEqual(await serving(), ['v2 100 %']);
    assert.deepEqual(await serving({ asOf: march(7) }), ['v1 100 %']);
    const { items } = await deployments.list(context, project, { model: uri(1), limit: 10 });
    assert.deepEqual(
      items.map(({ model }) => [model.uri, model.deleted]),
      [['models:/churn/1', true]],
    );
    await assert.rejects(record(3), refusal('not_found', 'model'));
    // Who says what serves may name it still; and the platform may go back to it.
    at(march(12));
    await deployments.rollBack(context, project, { endpoint, expected: [uri(2)] });
    assert.deepEqual(await serving(), ['v1 100 %']);
    // A purge leaves node and edges, and takes the name away.
    await db.write((tx) =>
      tx.run(sql`UPDATE node SET name = NULL WHERE id IN (SELECT source FROM edge WHERE kind = 7)`),
    );
    assert.deepEqual(await serving(), ['v1 100 %']);
    assert.equal(
      (await deployments.endpoint(context, project, { name: endpoint })).serving[0]!.model.uri,
      uri(1),
    );
  });

  it('is checked, and mended where a node says of it what is not believed', async () => {
    const { db, deployments, context, project, endpoint, record, at } = await opened();
    const levels = async () =>
      (await db.read((queries) => checkDeployments(queries, true, db.dialect))).map(({ level }) => level);
    assert.deepEqual(await levels(), ['ok']);
    for (const version of [1, 2, 3]) {
      at(march(version));
      await record(version, { traffic: 60 });
    }
    at(march(9));
    await deployments.rollBack(context, project, { endpoint });
    await deployments.end(context, project, { endpoint, model: 'models:/churn/1', outcome: 'failed' });
    assert.deepEqual(await levels(), ['ok']);
    const rows = () =>
      db.read((queries) =>
        queries.many(
          sql`SELECT n.id, n.started, n.ended, n.state FROM node n WHERE n.name = ${endpoint} AND n.kind = 1 ORDER BY n.id`,
        ),
      );
    const before = await rows();
    await db.write((tx) =>
      tx.run(sql`UPDATE node SET started = 5, ended = 6, state = 2 WHERE name = ${endpoint} AND kind = 1`),
    );
    assert.deepEqual(await levels(), ['error']);
    assert.equal(await rebuildDeployments(db, context.clock), 3);
    assert.deepEqual(await rows(), before);
    assert.deepEqual(await levels(), ['ok']);
  });

  it('lets one of two pipelines win when both expect the same', async () => {
    const { record, uri, serving, history, at } = await opened();
    at(march(5));
    await record(1, { expected: [] });
    at(march(6));
    const ended = await Promise.allSettled([2, 3].map((version) => record(version, { expected: [uri(1)] })));
    const lost = ended.filter((one) => one.status === 'rejected');
    assert.equal(lost.length, 1);
    assert.ok(refusal('conflict', 'expected')(lost[0]!.reason));
    // Without an expectation all succeed in the same ms, one after the other, and each begins when the one before ends.
    await Promise.all([1, 2, 3, 4, 1, 2, 3, 4].map((version) => record(version)));
    assert.equal((await serving()).length, 1);
    const stretches = (await history()).map(({ shares }) => shares[0]!);
    for (const [index, share] of stretches.slice(0, -1).entries()) {
      assert.equal(stretches[index + 1]![1], share[0]);
    }
  });

  it('makes a deployment of its own of the same version on another platform, or in another slot', async () => {
    const { record, deployments, context, project, endpoint, serving, at } = await opened();
    const kserve = {
      kind: 'kserve',
      namespace: 'prod',
      service: 'scoring',
      config: { __proto__: null, b: 1, a: [] },
    } as const;
    at(march(5));
    const first = await record(1, { platform: kserve });
    assert.equal(await record(1, { platform: { ...kserve, config: { a: [], b: 1 } } }), first);
    assert.equal(await record(1), first);
    at(march(6));
    assert.notEqual(await record(1, { platform: { ...kserve, replicas: 3 } }), first);
    await record(1, { slot: 'shadow', traffic: 0 });
    assert.deepEqual(await serving(), ['v1 100 %', 'v1 0 %']);
    const { items } = await deployments.list(context, project, { endpoint, slot: 'shadow', limit: 10 });
    assert.deepEqual(
      items.map(({ slot, platform }) => [slot, platform]),
      [['shadow', undefined]],
    );
    const { deployment } = await deployments.get(context, project, first);
    assert.deepEqual(deployment.platform, {
      kind: 'kserve',
      namespace: 'prod',
      service: 'scoring',
      config: { a: [], b: 1 },
    });
  });

  it('deletes an endpoint with what serves there, keeps its history and its name, and restores it', async () => {
    const { record, deployments, context, project, endpoint, serving, at } = await opened();
    at(march(5));
    await record(1);
    const { uid } = await deployments.endpoint(context, project, { name: endpoint });
    at(march(6));
    await deployments.deleteEndpoint(context, project, uid);
    await deployments.deleteEndpoint(context, project, uid);
    assert.deepEqual(await serving(), []);
    assert.deepEqual(await serving({ asOf: march(5) }), ['v1 100 %']);
    await assert.rejects(record(2), refusal('failed_precondition', 'endpoint'));
    const names = async (view: 'active' | 'deleted' | 'all') =>
      (await deployments.endpoints(context, project, { view, order: 'name', limit: 10 })).items.map(
        ({ name }) => name,
      );
    assert.deepEqual(
      [await names('active'), await names('deleted'), await names('all')],
      [[], [endpoint], [endpoint]],
    );
    await deployments.restoreEndpoint(context, project, uid);
    assert.deepEqual(await serving(), []);
    at(march(7));
    await record(2);
    assert.deepEqual(await names('active'), [endpoint]);
  });

  it('makes no endpoint whose name reads like that of another', async () => {
    const { deployments, context, project, uri } = await opened();
    const record = (endpoint: string) => deployments.record(context, project, { endpoint, model: uri(1) });
    await record('prod/scoring');
    for (const name of ['prod%2Fscoring', 'prоd/scoring', 'prod/sco\u200bring', 'ｐrod/scoring']) {
      await assert.rejects(record(name), refusal('already_exists', 'endpoint'), JSON.stringify(name));
    }
    for (const name of ['Prod/scoring', 'prod/scoring-2', 'prod', 'a b/ü', '名前/服务', '%'])
      await record(name);
    const bad = [
      '',
      ' ',
      '/',
      'a/',
      '/a',
      'a//b',
      'a/../b',
      '.',
      ' a',
      'a /b',
      'a\nb',
      'a\0b',
      'a\\b',
      'a\u2028b',
    ];
    for (const name of [...bad, 'x'.repeat(257), 'a/'.repeat(17), '\ud800']) {
      await assert.rejects(record(name), refusal('invalid_argument', 'endpoint'), JSON.stringify(name));
    }
    const { items } = await deployments.endpoints(context, project, {
      view: 'all',
      order: 'name',
      limit: 100,
    });
    assert.equal(items.length, 7);
  });

  it('pages through endpoints and deployments, each exactly once', async () => {
    const { deployments, context, project, uri, at } = await opened();
    for (let index = 0; index < 7; index++) {
      at(march(5) + index);
      await deployments.record(context, project, { endpoint: `e/${index}`, model: uri(1 + (index % 2)) });
    }
    const walk = async <T>(page: (cursor?: string) => Promise<{ items: readonly T[]; cursor?: string }>) => {
      const all: T[] = [];
      let cursor: string | undefined;
      do {
        const found = await page(cursor);
        all.push(...found.items);
        cursor = found.cursor;
      } while (cursor !== undefined);
      return all;
    };
    for (const order of ['name', '-name', 'updated', '-updated'] as const) {
      const names = await walk((cursor) =>
        deployments.endpoints(context, project, { view: 'active', order, limit: 3, cursor }),
      );
      const wanted = [0, 1, 2, 3, 4, 5, 6].map((index) => `e/${index}`);
      assert.deepEqual(
        names.map(({ name }) => name),
        order.startsWith('-') ? wanted.reverse() : wanted,
      );
    }
    const of = (search: object) =>
      walk((cursor) => deployments.list(context, project, { limit: 2, cursor, ...search }));
    assert.equal((await of({})).length, 7);
    assert.equal((await of({ model: uri(1) })).length, 4);
    assert.equal((await of({ registered: 'churn', serving: true })).length, 7);
    assert.equal((await of({ registered: 'other' })).length, 0);
    const { cursor } = await deployments.list(context, project, { limit: 2 });
    await assert.rejects(
      deployments.list(context, project, { limit: 2, cursor, serving: true }),
      refusal('invalid_argument', 'cursor'),
    );
  });
});
