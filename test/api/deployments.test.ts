/** Deployments over HTTP: what pipelines send, what auditors ask, and what is refused. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const day = 24 * 60 * 60 * 1000;
const march = (date: number) => Date.UTC(2026, 2, date);

forEachStore((open) => {
  const served = servedFor(open);
  let made = 0;

  /** An endpoint of its own for each test, and three versions of a model. */
  async function newModel() {
    const { call } = served();
    const [model, endpoint] = [`churn-${++made}`, `prod/scoring-${made}`];
    const uids: string[] = [];
    await call('POST', '/api/v1/models/registered', { name: model });
    for (const _ of [1, 2, 3]) {
      const path = `/api/v1/models/registered/${model}/versions`;
      uids.push((await call('POST', path, { source: 's3://bucket/model' })).body.uid);
    }
    const record = (version: number, more: object = {}, headers: Record<string, string> = {}) =>
      call(
        'POST',
        '/api/v1/deployments',
        { endpoint, model: `models:/${model}/${version}`, ...more },
        headers,
      );
    const serving = async (query = '') =>
      (
        await call('GET', `/api/v1/serving?endpoint=${encodeURIComponent(endpoint)}${query}`)
      ).body.serving.map((one: { model: { uri: string }; traffic: number }) => [
        one.model.uri.split('/').at(-1),
        one.traffic,
      ]);
    return { call, model, endpoint, uids, record, serving };
  }

  it('answers what served on a day, as it is known now and as it was known', async () => {
    const { record, serving, endpoint, call } = await newModel();
    await record(1, { at: march(1) });
    const between = Date.now();
    while (Date.now() <= between);
    await record(2, { at: march(10), traffic: 25 });
    assert.deepEqual(await serving('&as_of=2026-03-01'), [['1', 100]]);
    assert.deepEqual(await serving('&as_of=2026-02-28'), []);
    assert.deepEqual(await serving(`&as_of=2026-03-10T00:00:00Z`), [
      ['1', 75],
      ['2', 25],
    ]);
    assert.deepEqual(await serving(`&as_of=2026-03-11&known_at=${between}`), [['1', 100]]);
    const listed = await call(
      'GET',
      `/api/v1/deployments?endpoint=${encodeURIComponent(endpoint)}&as_of=2026-03-09`,
    );
    assert.deepEqual(
      listed.body.items.map((one: { traffic: number; state: string }) => [one.traffic, one.state]),
      [[100, 'serving']],
    );
    const { items } = (await call('GET', `/api/v1/endpoints?as_of=2026-03-09&search=${endpoint.slice(5)}`))
      .body;
    assert.deepEqual(
      items.map((one: { name: string; serving: unknown[] }) => [one.name, one.serving.length]),
      [[endpoint, 1]],
    );
  });

  it('stands in the graph: version, serves, deployment, member-of, endpoint, and an event for each change', async () => {
    const { record, endpoint, call, uids, model } = await newModel();
    const { body } = await record(1, {
      at: march(1),
      platform: { kind: 'triton', modelName: 'churn', modelVersion: 1 },
    });
    await call('POST', '/api/v1/deployments/end', { endpoint, at: march(2) });
    let node = (await call('GET', `/api/v1/graph/nodes/${body.uid}`)).body;
    // On PostgreSQL an event is given its place in the log a moment after its commit.
    while (node.events.length < 2) node = (await call('GET', `/api/v1/graph/nodes/${body.uid}`)).body;
    assert.deepEqual(
      [node.kind, node.type, node.state, node.started, node.ended],
      ['execution', 'deployment', 'finished', march(1), march(2)],
    );
    const edges = node.edges.map(
      (edge: Record<string, unknown> & { other: { uid: string; type: string } }) => [
        ...[
          edge.direction,
          edge.kind,
          edge.other.type,
          edge.other.uid,
          edge.validFrom,
          edge.validTo,
          edge.knownTo === null,
        ],
      ],
    );
    assert.deepEqual(edges, [
      ['out', 'member-of', 'endpoint', body.endpoint.uid, march(1), null, true],
      ['in', 'serves', 'model-version', uids[0], march(1), null, false],
      ['in', 'serves', 'model-version', uids[0], march(1), march(2), true],
    ]);
    assert.deepEqual(
      node.events.map(({ action }: { action: string }) => action),
      ['deployment.record', 'deployment.end'],
    );
    assert.equal(node.events[0].body.model, `models:/${model}/1`);
    // A deployment is no run, whatever asks for one by its id.
    for (const path of [`runs/${body.uid}`, `runs/${body.uid}/metrics`, `runs/${body.uid}/versions`]) {
      assert.equal((await call('GET', `/api/v1/${path}`)).status, 404, path);
    }
    assert.equal((await call('POST', `/api/v1/runs/${body.uid}/log`, { tags: [] })).status, 404);
    assert.equal((await call('GET', `/api/2.0/mlflow/runs/get?run_id=${body.uid}`)).status, 404);
  });

  it('gives a retry the first answer, and refuses another body under its key', async () => {
    const { record, call, endpoint } = await newModel();
    const key = { 'Idempotency-Key': `deploy-${made}` };
    const first = await record(1, { expected: [] }, key);
    const again = await record(1, { expected: [] }, key);
    assert.deepEqual([again.status, again.body], [200, first.body]);
    assert.equal((await record(2, {}, key)).body.code, 'idempotency_mismatch');
    await record(2);
    const back = { 'Idempotency-Key': `back-${made}` };
    for (const _ of [1, 2]) {
      const { body } = await call('POST', '/api/v1/deployments/roll-back', { endpoint }, back);
      assert.deepEqual([body.serving.length, body.deployments], [1, 3]);
    }
  });

  it('refuses what cannot be, names the field, and changes nothing', async () => {
    const { record, call, endpoint, model } = await newModel();
    const { uid } = (await record(1, { at: march(1) })).body;
    const refused: readonly (readonly [object, number, string])[] = [
      [{ model: 'models:/nobody/1' }, 404, 'model'],
      [{ model: `models:/${model}/9` }, 404, 'model'],
      [{ model: `models:/${model}@nobody` }, 400, 'model'],
      [{ model: 'models:/m-00000000000000000000000000000000' }, 404, 'model'],
      [{ model: 's3://bucket/model' }, 400, 'model'],
      [{ model: `models:/${model}` }, 404, 'model'],
      [{ model: `models://host/${model}/1` }, 400, 'model'],
      [{ at: march(1) / 1000 }, 400, 'at'],
      [{ at: Date.now() + 365 * day }, 400, 'at'],
      [{ at: -1 }, 400, 'at'],
      [{ at: 1.5 }, 400, 'at'],
      [{ at: 9e15 }, 400, 'at'],
      [{ at: march(9), ended: march(8) }, 400, 'ended'],
      [{ at: march(9), ended: march(9) }, 400, 'ended'],
      [{ ended: march(9) }, 400, 'at'],
      [{ at: march(9), ended: Date.now() + 10 * day }, 400, 'ended'],
      [{ traffic: 101 }, 400, 'traffic'],
      [{ traffic: -0.1 }, 400, 'traffic'],
      [{ traffic: '20' }, 400, 'traffic'],
      [{ slot: '../x' }, 400, 'slot'],
      [{ slot: 'x'.repeat(65) }, 400, 'slot'],
      [{ endpoint: '../etc' }, 400, 'endpoint'],
      [{ endpoint: endpoint.replace('/', '%2F') }, 409, 'endpoint'],
      [{ expected: ['models:/nobody/1'] }, 404, 'expected[0]'],
      [{ expected: [] }, 409, 'expected'],
      [{ note: 'a\0b' }, 400, 'note'],
      [{ others: 'kill' }, 400, 'others'],
      [{ platform: { kind: 'heroku' } }, 400, 'platform.kind'],
      [{ platform: { region: 'eu' } }, 400, 'platform.kind'],
      [{ platform: { kind: 'kserve', region: 'eu' } }, 400, 'platform.region'],
      [{ platform: { kind: 'kserve', namespace: 'Prod!' } }, 400, 'platform.namespace'],
      [{ platform: { kind: 'kserve', replicas: -1 } }, 400, 'platform.replicas'],
      [{ platform: { kind: 'kserve', anything: 1 } }, 400, 'platform.anything'],
      [{ platform: { kind: 'sagemaker', region: 'Frankfurt' } }, 400, 'platform.region'],
      [{ platform: { kind: 'sagemaker', account: '12' } }, 400, 'platform.account'],
      [{ platform: { kind: 'other', url: 'javascript:alert(1)' } }, 400, 'platform.url'],
      [{ platform: { kind: 'other', url: 'https://user:secret@host/' } }, 400, 'platform.url'],
      [{ platform: { kind: 'other', config: { text: 'x'.repeat(20_000) } } }, 400, 'platform.config'],
      [{ platform: { kind: 'other', config: nested(30) } }, 400, 'platform.config'],
      [{ anything: 1 }, 400, 'anything'],
    ];
    const before = await everything();
    for (const [more, status, field] of refused) {
      const answer = await record(2, more);
      assert.deepEqual(
        [answer.status, answer.body.field],
        [status, field],
        JSON.stringify(more).slice(0, 200),
      );
    }
    const changes: readonly (readonly [string, string, object, number, string])[] = [
      ['POST', 'end', { endpoint, at: march(1) }, 409, 'at'],
      ['POST', 'end', { deployment: uid, at: march(1) - day }, 400, 'at'],
      ['POST', 'end', { endpoint: 'nobody' }, 404, 'endpoint'],
      ['POST', 'end', { deployment: 'nobody' }, 404, 'deployment'],
      ['POST', 'end', { deployment: uid, endpoint }, 400, 'deployment'],
      ['POST', 'end', {}, 400, 'endpoint'],
      ['POST', 'end', { endpoint, slot: 'other' }, 409, 'endpoint'],
      ['POST', 'end', { endpoint, model: `models:/${model}/2` }, 409, 'endpoint'],
      ['POST', 'end', { endpoint, expected: [`models:/${model}/2`] }, 409, 'expected'],
      ['POST', 'roll-back', { endpoint }, 409, 'endpoint'],
      ['PATCH', uid, { ended: march(1) - day }, 400, 'ended'],
      ['PATCH', uid, { started: Date.now() + day }, 400, 'started'],
      ['PATCH', uid, { outcome: 'failed' }, 400, 'outcome'],
      ['PATCH', 'nobody', {}, 404, 'deployment'],
      ['DELETE', 'nobody', {}, 404, 'deployment'],
    ];
    for (const [method, path, body, status, field] of changes) {
      const sent = method === 'DELETE' ? undefined : body;
      const answer = await call(method, `/api/v1/deployments/${path}`, sent);
      assert.deepEqual(
        [answer.status, answer.body.field],
        [status, field],
        `${method} ${path} ${JSON.stringify(body)}`,
      );
    }
    for (const [query, field] of [
      ['as_of=yesterday', 'as_of'],
      ['as_of=2026-02-30', 'as_of'],
      ['as_of=2026-13-01T00:00Z', 'as_of'],
      ['known_at=-1', 'known_at'],
      ['known_at=99999999999999999', 'known_at'],
      ['known_at=2026-03-01T12:00', 'known_at'],
    ]) {
      for (const path of [`deployments/${uid}`, 'deployments', 'endpoints']) {
        const answer = await call('GET', `/api/v1/${path}?${query}`);
        assert.deepEqual([answer.status, answer.body.field], [400, field], `${path}?${query}`);
      }
    }
    assert.deepEqual(await everything(), before);

    async function everything() {
      const endpoints = (await call('GET', '/api/v1/endpoints?view=all&limit=500')).body;
      const one = (await call('GET', `/api/v1/deployments/${uid}`)).body;
      const log = (await call('GET', '/api/v1/events?order=newest&limit=1')).body.reached;
      return { endpoints, one, log };
    }
  });

  it('takes a clock that is a little fast for now', async () => {
    const { record } = await newModel();
    const { body } = await record(1, { at: Date.now() + 60_000 });
    assert.ok(body.started <= Date.now());
  });

  it('describes, deletes and restores an endpoint', async () => {
    const { record, call, endpoint, serving } = await newModel();
    const { uid } = (await record(1, { at: march(1) })).body.endpoint;
    const path = `/api/v1/endpoints/${uid}`;
    assert.equal((await call('PATCH', path, { description: 'scores' })).body.description, 'scores');
    assert.equal((await call('DELETE', path)).status, 204);
    assert.equal((await record(2)).body.field, 'endpoint');
    assert.deepEqual([await serving(), await serving('&as_of=2026-03-02')], [[], [['1', 100]]]);
    const shown = (await call('GET', path)).body;
    assert.deepEqual([shown.deleted, shown.name, shown.deployments], [true, endpoint, 1]);
    assert.equal((await call('POST', `${path}/restore`)).body.deleted, false);
    assert.equal((await record(2)).status, 200);
  });
});

function nested(depth: number): object {
  let value: object = {};
  for (let level = 0; level < depth; level++) value = { value };
  return value;
}
