/** Runs of jobs that are deployments: what they serve, from their start to their end, whatever is recorded by hand beside them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDerivedData, rebuildDerivedData } from '../../src/derived-data.ts';
import { sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { learning } from './learning.ts';

describe('runs that serve a model', () => {
  forEachStore((open) => {
    const served = servedFor(open);

    const { send, run, table, model, written, register, impact } = learning(served);

    /** A run of a service; `at`: minutes of an hour. */
    const service = (id: string, at: number, eventType: string, facet?: object) => ({
      ...run('serve', at),
      ...{ eventType, run: { runId: id, facets: facet === undefined ? {} : { cairn_deployment: facet } } },
    });
    const minute = (at: number) => Date.parse('2026-11-02T01:00:00Z') + at * 60_000;
    const deployments = async (endpoint: string, more = '') =>
      (
        await served().call(
          'GET',
          `/api/v1/deployments?endpoint=${encodeURIComponent(endpoint)}&limit=1000${more}`,
        )
      ).body.items;
    interface Shown {
      readonly started: number;
      readonly ended: number | null;
      readonly ending: string | null;
      readonly traffic: number;
      readonly model: { readonly uri: string; readonly foreign: boolean };
    }
    const interval = ({ started, ended, ending, traffic, model: { uri } }: Shown) => [
      ...[started, ended, ending, traffic, uri],
    ];
    /** ms; what is recorded from now on is known later. */
    const past = () => {
      const now = Date.now();
      while (Date.now() === now);
      return now;
    };
    const logged = async (uid: string) =>
      (
        await served().domain.db.read((queries) =>
          queries.many<{ action: string }>(sql`SELECT e.action FROM event e JOIN node n ON n.id = e.node
            WHERE n.uid = ${uid} AND e.face = 4 ORDER BY e.id`),
        )
      ).map(({ action }) => action);

    it('are deployments of models that are registered later, or never', async () => {
      const endpoint = 'prod/told';
      const facet = { endpoint, model: 'models:/told/1', traffic: 60 };
      await send(run('split told', 1, { outputs: [table('told')] }));
      const data = await written('split told');
      await send(service('told', 20, 'START', facet));
      await send(
        run('train told', 5, {
          inputs: [table('told')],
          outputs: [model('told', { name: 'told', version: 1 })],
        }),
      );
      const reached = async (more = '') => {
        const found = await impact(data, `&deployed=true${more}`);
        return [...found.derives, ...found.mayDerive].map((one) => [
          one.node.type,
          ...one.serving.map((at: { endpoint: string }) => at.endpoint),
        ]);
      };
      assert.deepEqual(await reached(), [['foreign-model', endpoint]]);
      const [before] = await deployments(endpoint);
      assert.deepEqual(interval(before), [minute(20), null, null, 60, 'models:/told/1']);
      assert.deepEqual([before.model.foreign, before.jobRun.job, before.state], [true, 'serve', 'serving']);
      const unregistered = past();
      const version = await register('told');
      assert.deepEqual(await reached(), [['model-version', endpoint]]);
      const [now] = await deployments(endpoint, '&known_at=9999999999999');
      assert.deepEqual([now.uid, now.model.uid, now.model.foreign], [before.uid, version, false]);
      const [then] = await deployments(endpoint, `&known_at=${unregistered}`);
      assert.deepEqual([then.model.uid, then.model.foreign], [before.model.uid, true]);
      assert.deepEqual(await reached(`&known_at=${unregistered}`), [['foreign-model', endpoint]]);
      // What comes late is so from then on; what was known before stays known.
      await send(service('told', 10, 'START'));
      const early = past();
      await send(service('told', 40, 'COMPLETE'));
      const [over] = await deployments(endpoint);
      assert.deepEqual(interval(over), [minute(10), minute(40), 'retired', 60, 'models:/told/1']);
      assert.deepEqual(await reached(), []);
      assert.deepEqual(await reached(`&as_of=${minute(39)}`), [['model-version', endpoint]]);
      assert.deepEqual(await reached(`&as_of=${minute(15)}&known_at=${unregistered}`), []);
      assert.equal((await deployments(endpoint, `&known_at=${early}`))[0].ended, null);
      const whole = (await served().call('GET', `/api/v1/deployments/${over.uid}`)).body;
      assert.deepEqual(
        whole.assertions.map((one: { from: number; to: number; knownTo: number | null; face: string }) => [
          ...[one.from, one.to, one.knownTo === null, one.face],
        ]),
        [
          [minute(20), null, false, 'openlineage'],
          [minute(20), null, false, 'openlineage'],
          [minute(10), null, false, 'openlineage'],
          [minute(10), minute(40), true, 'openlineage'],
        ],
      );
      assert.deepEqual(await logged(over.uid), ['deployment.record', 'deployment.correct', 'deployment.end']);
    });

    it('end by their run alone, and end nothing else', async () => {
      const endpoint = 'prod/beside';
      await register('beside');
      const say = (id: string, at: number, type: string, more: object = {}) =>
        send(service(id, at, type, { endpoint, model: 'models:/beside/1', ...more }));
      const record = (more: object = {}) =>
        served().call('POST', '/api/v1/deployments', { endpoint, model: 'models:/beside/1', ...more });
      await say('beside 1', 1, 'START');
      await say('beside 2', 2, 'START', { traffic: 30 });
      const none = await served().call('POST', '/api/v1/deployments/end', { endpoint });
      assert.deepEqual([none.status, /What runs of jobs serve/.test(none.body.detail)], [409, true]);
      assert.equal((await record()).status, 200);
      assert.equal((await record({ platform: { kind: 'other', name: 'new' } })).status, 200);
      const serving = await deployments(endpoint, '&serving=true');
      assert.deepEqual(
        serving.map((one: { jobRun: object | null; traffic: number }) => [one.jobRun === null, one.traffic]),
        [
          [true, 100],
          [false, 30],
          [false, 100],
        ],
      );
      const { uid } = serving[1];
      for (const [method, path, body] of [
        ['POST', '/end', { deployment: uid }],
        ['PATCH', `/${uid}`, { note: 'x' }],
        ['DELETE', `/${uid}`, undefined],
      ] as const) {
        const answer = await served().call(method, `/api/v1/deployments${path}`, body);
        assert.deepEqual([answer.status, answer.body.code], [409, 'failed_precondition'], method);
        assert.match(answer.body.detail, /COMPLETE, ABORT or FAIL/);
      }
      await served().call('POST', '/api/v1/deployments/end', { endpoint });
      const asset = (await served().call('GET', `/api/v1/serving?endpoint=${endpoint}`)).body;
      assert.equal((await served().call('DELETE', `/api/v1/endpoints/${asset.uid}`)).status, 204);
      assert.equal((await deployments(endpoint, '&serving=true')).length, 2, 'what runs serve goes on');
      await say('beside 3', 3, 'START');
      await say('beside 1', 4, 'FAIL');
      await say('beside 2', 4, 'ABORT', { ending: 'rolled-back', traffic: 30 });
      const told = (await deployments(endpoint)).filter(
        (one: { jobRun: object | null }) => one.jobRun !== null,
      );
      assert.deepEqual(told.map(interval), [
        [minute(3), null, null, 100, 'models:/beside/1'],
        [minute(2), minute(4), 'rolled-back', 30, 'models:/beside/1'],
        [minute(1), minute(4), 'failed', 100, 'models:/beside/1'],
      ]);
      assert.equal(told[0].endpoint.deleted, true);
    });

    it('miss nothing that is said, or registered, at the same time', async () => {
      const names = Array.from({ length: 6 }, (_, index) => `at-once-${index}`);
      await send(run('split at once', 1, { outputs: [table('at-once')] }));
      for (const name of names) await served().call('POST', '/api/v1/models/registered', { name });
      await Promise.all(
        names.flatMap((name, index) => [
          send(service(name, 20, 'START', { endpoint: `at-once/${name}`, model: `models:/${name}/1` })),
          send(
            run(`train ${name}`, 5, {
              inputs: [table('at-once')],
              outputs: [model(name, { uri: `models:/${name}/1` })],
            }),
          ),
          ...(index % 2 === 0 ? [register(name)] : []),
        ]),
      );
      const found = await impact(await written('split at once'), '&deployed=true');
      const reached = [...found.derives, ...found.mayDerive].map((one) => [
        one.serving[0].endpoint,
        one.node.type,
      ]);
      assert.deepEqual(
        reached.sort(([a], [b]) => (a < b ? -1 : 1)),
        names.map((name, index) => [`at-once/${name}`, index % 2 === 0 ? 'model-version' : 'foreign-model']),
      );
    });

    it('serve what the latest facet says, and nothing once it is taken back', async () => {
      const [first, second] = ['prod/moved', 'prod/moved-to'];
      const say = (at: number, facet: object) => send(service('mover', at, 'RUNNING', facet));
      await register('moved');
      await say(5, {
        endpoint: first,
        model: 'models:/moved/1',
        platform: { kind: 'bentoml', url: 'https://x.org', gpu: 1 },
      });
      const [one] = await deployments(first);
      assert.deepEqual(one.platform, { kind: 'other', url: 'https://x.org', name: 'bentoml' });
      await say(4, { endpoint: second, model: 'models:/moved/1' });
      assert.deepEqual([(await deployments(first)).length, (await deployments(second)).length], [1, 0]);
      await say(6, { endpoint: first, model: 'models:/moved/7' });
      const [other] = await deployments(first);
      assert.deepEqual(
        [other.uid, other.model.uri, other.model.foreign, other.platform, other.started],
        [one.uid, 'models:/moved/7', true, null, minute(4)],
      );
      await say(7, { endpoint: second, model: 'models:/moved/1' });
      assert.deepEqual([(await deployments(first)).length, (await deployments(second)).length], [0, 1]);
      assert.equal((await served().call('GET', `/api/v1/deployments/${one.uid}`)).body.state, 'retracted');
      await say(8, { _deleted: true });
      assert.deepEqual(await deployments(second), []);
      for (const odd of [
        { model: 'models:/moved@champion' },
        { traffic: 101 },
        { endpoint: 'a//b' },
        { slot: ' ' },
      ])
        await say(9, { endpoint: second, model: 'models:/moved/1', ...odd });
      assert.deepEqual(await deployments(second), []);
      await say(10, { endpoint: second, model: 'models:/moved/1' });
      assert.equal((await deployments(second)).length, 1);
    });

    it('are held against what their runs say, from which they can be made again', async () => {
      const { db } = served().domain;
      const faults = async () =>
        (await db.read((queries) => checkDerivedData(queries, true, db.dialect))).flatMap(
          ({ level, check }) => (level === 'ok' ? [] : check),
        );
      const all = async () => (await served().call('GET', '/api/v1/deployments?limit=1000')).body.items;
      assert.deepEqual(await faults(), []);
      const before = (await all()).map(interval);
      await db.write((tx) =>
        tx.run(sql`UPDATE edge SET known_to = 1 WHERE kind = 7 AND face = 4 AND known_to IS NULL`),
      );
      assert.deepEqual(await faults(), ['deployments']);
      assert.ok((await all()).length < before.length);
      await rebuildDerivedData(db, systemClock);
      assert.deepEqual(await faults(), []);
      assert.deepEqual((await all()).map(interval), before);
    });
  });
});
