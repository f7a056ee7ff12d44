/** What happens in the registry reaches receivers: signed, once per event, over failures of the receiver. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { it, type TestContext } from 'node:test';
import { readEvent } from '../../src/faces/openlineage/event-reading.ts';
import { CairnError } from '../../src/kernel/errors.ts';
import { claimingAs } from '../../src/kernel/request-context.ts';
import { sql } from '../../src/kernel/sql.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { type HookedDomain, openHookedDomain } from './hooked-domain.ts';
import { Receiver } from './receiver.ts';

const source = 's3://bucket/model';
const limits = { timeout: 30_000 };

forEachStore((open) => {
  async function opened(context: TestContext): Promise<HookedDomain & { receiver: Receiver }> {
    const hooked = await openHookedDomain(await open());
    const receiver = new Receiver();
    await receiver.start();
    context.after(async () => {
      await receiver.stop();
      await hooked.close();
    });
    return Object.assign(hooked, { receiver });
  }

  /** Everything that is due is tried, whatever its number. */
  async function settle({ domain }: HookedDomain, times = 8): Promise<void> {
    await domain.events.placed();
    for (let time = 0; time < times; time++) await domain.webhooks.pass();
  }

  it('tells of models, versions, tags and aliases as MLflow does', limits, async (t) => {
    const hooked = await opened(t);
    const { domain, project, receiver } = hooked;
    const { registry, webhooks } = domain;
    await registry.models.create(testContext, project, { name: 'before' });
    await webhooks.create(testContext, project, {
      name: 'all',
      url: receiver.url,
      secret: 'sécret',
      events: [
        ...(['registered_model.created', 'model_version.created', 'model_version_tag.set'] as const),
        ...(['model_version_tag.deleted', 'model_version_alias.created', 'prompt_tag.set'] as const),
        ...(['model_version_alias.deleted', 'prompt.created', 'prompt_version.created'] as const),
        ...(['prompt_alias.created', 'prompt_version_tag.set'] as const),
      ],
    });
    const tags = [{ key: 'a', value: 'ä"' }];
    await registry.models.create(testContext, project, { name: 'm', tags });
    await registry.versions.create(testContext, project, 'm', { source, tags, description: 'first' });
    await registry.versions.setTag(testContext, project, 'm', 1, { key: 'k', value: 'v' });
    await registry.versions.deleteTag(testContext, project, 'm', 1, 'k');
    await registry.models.setTag(testContext, project, 'm', { key: 'not', value: 'told' });
    await registry.names.setAlias(testContext, project, 'm', 'champion', 1);
    await registry.names.removeAlias(testContext, project, 'm', 'champion');
    await registry.names.undoAlias(testContext, project, 'm', 'champion');
    const prompt = { key: 'mlflow.prompt.is_prompt', value: 'true' };
    await registry.models.create(testContext, project, { name: 'p', tags: [prompt] });
    await registry.models.setTag(testContext, project, 'p', { key: 'k', value: 'v' });
    await registry.versions.create(testContext, project, 'p', {
      source: 'dummy-source',
      tags: [prompt, { key: 'mlflow.prompt.text', value: 'Hello {{x}}' }, { key: 'b', value: 'c' }],
    });
    await registry.versions.setTag(testContext, project, 'p', 1, { key: 'k', value: 'v' });
    await registry.names.setAlias(testContext, project, 'p', 'live', 1);
    await settle(hooked);
    const expected: Record<string, object[]> = {
      'registered_model.created': [{ name: 'm', tags: { a: 'ä"' }, description: '' }],
      'model_version.created': [
        { name: 'm', version: '1', source, run_id: null, tags: { a: 'ä"' }, description: 'first' },
      ],
      'model_version_tag.set': [{ name: 'm', version: '1', key: 'k', value: 'v' }],
      'model_version_tag.deleted': [{ name: 'm', version: '1', key: 'k' }],
      'model_version_alias.created': [
        { name: 'm', alias: 'champion', version: '1' },
        { name: 'm', alias: 'champion', version: '1' },
      ],
      'model_version_alias.deleted': [{ name: 'm', alias: 'champion' }],
      'prompt.created': [{ name: 'p', tags: {}, description: '' }],
      'prompt_tag.set': [{ name: 'p', key: 'k', value: 'v' }],
      'prompt_version.created': [
        { name: 'p', version: '1', template: 'Hello {{x}}', tags: { b: 'c' }, description: null },
      ],
      'prompt_version_tag.set': [{ name: 'p', version: '1', key: 'k', value: 'v' }],
      'prompt_alias.created': [{ name: 'p', alias: 'live', version: '1' }],
    };
    const told = Object.groupBy(receiver.received, ({ json }) => `${json.entity}.${json.action}`);
    const data = Object.fromEntries(
      Object.entries(told).map(([name, all]) => [name, all!.map(({ json }) => json.data)]),
    );
    assert.deepEqual(data, expected);
    for (const { id, timestamp, signature, body, json } of receiver.received) {
      const mac = createHmac('sha256', 'sécret').update(`${id}.${timestamp}.${body}`).digest('base64');
      assert.equal(signature, `v1,${mac}`);
      assert.match(json.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
      assert.ok(Math.abs(Number(timestamp) - Date.now() / 1_000) < 60);
    }
    assert.equal(new Set(receiver.received.map(({ id }) => id)).size, receiver.received.length);
  });

  it('tells of what runs of jobs serve', limits, async (t) => {
    const hooked = await opened(t);
    const { domain, project, receiver } = hooked;
    await domain.webhooks.create(testContext, project, {
      ...{ name: 'ops', url: receiver.url, events: ['deployment.created', 'deployment.ended'] },
    });
    const facets = { cairn_deployment: { endpoint: 'prod/m', model: 'models:/m/1' } };
    for (const [eventType, eventTime] of [
      ['START', '2026-03-01T00:00:00Z'],
      ['COMPLETE', '2026-03-02T00:00:00Z'],
      ['COMPLETE', '2026-03-02T00:00:00Z'],
    ] as const) {
      const event = {
        ...{
          eventType,
          eventTime,
          producer: 'https://example.com/serving',
          job: { namespace: 'a', name: 'b' },
        },
        run: { runId: 'r', facets: eventType === 'START' ? facets : {} },
      };
      const text = JSON.stringify(event);
      const sender = claimingAs(testContext, 'openlineage');
      await domain.lineageEvents.record(sender, project, readEvent(JSON.parse(text), text, 'event'));
    }
    await settle(hooked);
    const { items } = await domain.deployments.list(testContext, project, { limit: 10 });
    const place = { endpoint: 'prod/m', slot: 'main' };
    const { uid } = items[0]!;
    assert.deepEqual(
      receiver.received
        .map(({ json }) => [`${json.entity}.${json.action}`, json.data])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
      [
        [
          'deployment.created',
          { deployment: uid, ...place, model: 'models:/m/1', at: Date.UTC(2026, 2, 1), traffic: 100 },
        ],
        [
          'deployment.ended',
          {
            ...{ deployments: [uid], ...place, models: ['models:/m/1'] },
            ...{ at: Date.UTC(2026, 2, 2), outcome: 'retired' },
          },
        ],
      ],
    );
  });

  it('tells of deployments and endpoints', limits, async (t) => {
    const hooked = await opened(t);
    const { domain, project, receiver } = hooked;
    const { registry, deployments, webhooks } = domain;
    await registry.models.create(testContext, project, { name: 'm' });
    for (const _ of [1, 2]) await registry.versions.create(testContext, project, 'm', { source });
    const { uid: hook } = await webhooks.create(testContext, project, {
      name: 'ops',
      url: receiver.url,
      events: [
        ...(['deployment.created', 'deployment.changed', 'deployment.ended'] as const),
        ...(['endpoint.updated', 'endpoint.deleted', 'endpoint.restored'] as const),
      ],
    });
    const endpoint = 'prod/m';
    const began = Date.UTC(2026, 2, 1);
    const record = (version: number, at: number, traffic?: number) =>
      deployments.record(testContext, project, {
        ...{ endpoint, model: `models:/m/${version}`, at: began + at },
        ...(traffic !== undefined && { traffic }),
      });
    const [one, two] = [await record(1, 0), await record(2, 1000, 10)];
    await record(2, 1000, 10);
    await record(2, 2000, 50);
    await deployments.rollBack(testContext, project, { endpoint, at: began + 3000 });
    await deployments.correct(testContext, project, one, { note: 'by hand' });
    await deployments.end(testContext, project, { endpoint, at: began + 4000 });
    await deployments.retract(testContext, project, two);
    const { uid } = await deployments.endpoint(testContext, project, { name: endpoint });
    await deployments.describeEndpoint(testContext, project, uid, 'Scores');
    await deployments.deleteEndpoint(testContext, project, uid);
    await deployments.restoreEndpoint(testContext, project, uid);
    await settle(hooked);
    const told = receiver.received
      .map(({ json }) => [`${json.entity}.${json.action}`, json.data])
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const of = (name: string) => told.filter(([each]) => each === name).map(([, data]) => data);
    assert.equal(told.length, 10, JSON.stringify(told));
    assert.deepEqual(
      of('deployment.created').sort((a, b) => a.at - b.at),
      [
        {
          ...{ deployment: one, endpoint, slot: 'main', model: 'models:/m/1', at: began, traffic: 100 },
          ...{ others: 'end', new_endpoint: true },
        },
        {
          ...{ deployment: two, endpoint, slot: 'main', model: 'models:/m/2', at: began + 1000, traffic: 10 },
          others: 'share',
        },
      ],
    );
    const changes = of('deployment.changed').map(({ change, deployment, traffic, note }) => [
      ...[change, deployment, traffic, note],
    ]);
    assert.deepEqual(
      changes.sort(([a], [b]) => (a < b ? -1 : 1)),
      [
        ['corrected', undefined, undefined, 'by hand'],
        ['retracted', two, undefined, undefined],
        ['traffic', two, 50, undefined],
      ],
    );
    const ends = of('deployment.ended').sort((a, b) => a.at - b.at);
    assert.deepEqual(
      ends.map(({ change, outcome, model, models }) => [change, outcome, model, models]),
      [
        ['rolled-back', undefined, 'models:/m/2', undefined],
        [undefined, 'retired', undefined, ['models:/m/1']],
      ],
    );
    assert.deepEqual(of('endpoint.updated'), [{ endpoint, description: 'Scores' }]);
    assert.deepEqual([of('endpoint.deleted').length, of('endpoint.restored').length], [1, 1]);
    await webhooks.test(testContext, project, hook, 'deployment.ended');
    assert.equal(receiver.received.at(-1)!.json.data.outcome, 'retired');
  });

  it('names the project, where it is another than default', limits, async (t) => {
    const hooked = await opened(t);
    const { domain, receiver } = hooked;
    const { id: team } = await domain.projects.create(testContext, { name: 'team-a' });
    for (const project of [domain.defaultProject, team]) {
      const { uid } = await domain.webhooks.create(testContext, project, {
        ...{ name: 'h', url: receiver.url, events: ['registered_model.created'] },
      });
      await domain.registry.models.create(testContext, project, { name: 'oak' });
      await settle(hooked);
      await domain.webhooks.test(testContext, project, uid);
    }
    const told = receiver.received.map(({ json }) => [json.data.name, json.workspace]);
    const named = ['oak', 'example_model'];
    assert.deepEqual(told, [
      ...named.map((name) => [name, undefined]),
      ...named.map((name) => [name, 'team-a']),
    ]);
  });

  it('tries again, ever later, under the same id until the receiver is back', limits, async (t) => {
    const hooked = await opened(t);
    const { domain, project, receiver } = hooked;
    const { uid } = await domain.webhooks.create(testContext, project, {
      ...{ name: 'down', url: receiver.url, events: ['registered_model.created'] },
    });
    await receiver.stop();
    await domain.registry.models.create(testContext, project, { name: 'm' });
    await settle(hooked, 1);
    const state = async () =>
      (await domain.webhooks.deliveries(testContext, project, uid, { limit: 10 })).items;
    const [first] = await state();
    assert.deepEqual([first!.state, first!.attempts, first!.status], ['waiting', 1, undefined]);
    assert.match(first!.error!, /ECONNREFUSED/);
    const waits = [first!.nextAt! - first!.tried!];
    for (let attempt = 2; attempt <= 4; attempt++) {
      await settle(hooked, 1);
      assert.equal((await state())[0]!.attempts, attempt - 1, 'not before its time');
      hooked.ahead = (await state())[0]!.nextAt! - Date.now() + 5;
      await settle(hooked, 1);
      const [now] = await state();
      assert.equal(now!.attempts, attempt);
      waits.push(now!.nextAt! - now!.tried!);
    }
    const steps = [1_000, 4_000, 16_000, 64_000];
    for (const [index, wait] of waits.entries()) {
      assert.ok(wait >= steps[index]! / 2 && wait < steps[index]! + 5_000, `${index}: ${wait}`);
    }
    await receiver.start();
    receiver.answer = () => ({ status: 503, headers: { 'retry-after': '7200' } });
    hooked.ahead = (await state())[0]!.nextAt! - Date.now() + 5;
    await settle(hooked, 1);
    const [asked] = await state();
    assert.deepEqual([asked!.status, asked!.error], [503, 'answered 503']);
    assert.ok(asked!.nextAt! - asked!.tried! >= 7_200_000, 'as long as it asks for');
    receiver.answer = () => ({ status: 204 });
    hooked.ahead = asked!.nextAt! - Date.now() + 5;
    await settle(hooked);
    const [last] = await state();
    assert.deepEqual([last!.state, last!.attempts, last!.status], ['delivered', 6, 204]);
    assert.deepEqual(
      receiver.received.map(({ id }) => id),
      [last!.uid, last!.uid],
    );
    const [one, two] = receiver.received;
    assert.equal(one!.body, two!.body);
  });

  it('gives up in the end, keeps what failed, and sends it again when asked', limits, async (t) => {
    const hooked = await opened(t);
    const { domain, project, receiver } = hooked;
    receiver.answer = () => ({ status: 302, headers: { location: '/elsewhere' } });
    const { uid } = await domain.webhooks.create(testContext, project, {
      ...{ name: 'broken', url: receiver.url, events: ['registered_model.created'] },
    });
    await domain.registry.models.create(testContext, project, { name: 'm' });
    for (let attempt = 0; attempt < 20; attempt++) {
      await settle(hooked, 1);
      hooked.ahead += 13 * 3_600_000;
    }
    const page = { limit: 10, state: 'failed' } as const;
    const [failed] = (await domain.webhooks.deliveries(testContext, project, uid, page)).items;
    assert.deepEqual([failed!.attempts, failed!.status, receiver.received.length], [15, 302, 15]);
    receiver.answer = () => ({ status: 200 });
    await domain.webhooks.replay(hooked.context, project, uid, failed!.uid);
    await settle(hooked);
    const [again] = (await domain.webhooks.deliveries(testContext, project, uid, { limit: 10 })).items;
    assert.deepEqual([again!.uid, again!.state], [failed!.uid, 'delivered']);
    assert.equal(receiver.received.at(-1)!.id, failed!.uid);
  });

  it('sends nothing while disabled, and nothing of that time afterwards', limits, async (t) => {
    const hooked = await opened(t);
    const { domain, project, receiver } = hooked;
    const { webhooks, registry } = domain;
    const make = (name: string) => registry.models.create(testContext, project, { name });
    const { uid } = await webhooks.create(testContext, project, {
      ...{ name: 'off', url: receiver.url, events: ['registered_model.created'], active: false },
    });
    await make('unseen');
    await settle(hooked);
    await domain.events.placed();
    await webhooks.update(testContext, project, uid, { active: true });
    await make('seen');
    await settle(hooked);
    receiver.answer = () => ({ status: 410 });
    await make('last');
    await settle(hooked);
    receiver.answer = () => ({ status: 200 });
    await make('gone');
    await settle(hooked);
    assert.deepEqual(
      receiver.received.map(({ json }) => json.data.name),
      ['seen', 'last'],
    );
    assert.equal((await webhooks.get(testContext, project, uid)).active, false);
    await webhooks.delete(testContext, project, uid);
    await assert.rejects(
      webhooks.get(testContext, project, uid),
      (error) => error instanceof CairnError && error.code === 'not_found',
    );
  });

  it('keeps no secret that a copy of the store would tell, and tells none', limits, async (t) => {
    const { domain, project, receiver } = await opened(t);
    const secret = 'not-to-be-found-anywhere';
    const made = await domain.webhooks.create(testContext, project, {
      ...{ name: 'sealed', url: receiver.url, events: ['prompt.created'], secret },
    });
    assert.ok(made.signed && !JSON.stringify(made).includes(secret));
    const row = await domain.db.read((queries) =>
      queries.one<{ secret: Uint8Array }>(sql`SELECT secret FROM webhook`),
    );
    assert.ok(!Buffer.from(row!.secret).includes(secret));
    const bodies = await domain.db.read((queries) =>
      queries.many<{ body: string }>(sql`SELECT body FROM event_body`),
    );
    assert.ok(bodies.every(({ body }) => !body.includes(secret) && !body.includes('/hook')));
    assert.deepEqual(await domain.webhooks.test(testContext, project, made.uid), {
      ...{ success: true, status: 200, text: 'taken', error: undefined },
    });
    assert.ok(receiver.received[0]!.signature);
    await domain.webhooks.update(testContext, project, made.uid, { secret: '' });
    await domain.webhooks.test(testContext, project, made.uid, 'model_version_alias.created');
    assert.equal(receiver.received[1]!.signature, undefined);
    assert.equal(receiver.received[1]!.json.entity, 'model_version_alias');
  });

  it('sends a burst of events once each', limits, async (t) => {
    const hooked = await opened(t);
    const { domain, project, receiver } = hooked;
    const { uid } = await domain.webhooks.create(testContext, project, {
      ...{ name: 'slow', url: receiver.url, events: ['registered_model.created'] },
    });
    const names = Array.from({ length: 230 }, (_, index) => `model ${index}`);
    await Promise.all(names.map((name) => domain.registry.models.create(testContext, project, { name })));
    await settle(hooked, 70);
    assert.deepEqual(receiver.received.map(({ json }) => json.data.name).sort(), names.sort());
    const page = await domain.webhooks.deliveries(testContext, project, uid, { limit: 100 });
    assert.equal(page.items.length, 100);
    assert.ok(page.cursor);
  });
});
