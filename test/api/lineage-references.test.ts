/** What people write for a node: each form, and what is said where it is not clear. */
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const day = 24 * 60 * 60 * 1000;

forEachStore((open) => {
  const served = servedFor(open);
  const post = async (path: string, body: unknown) => {
    const answer = await served().call('POST', path, body);
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const resolve = async (ref: string, more = '') =>
    (await served().call('GET', `/api/v1/lineage/resolve?ref=${encodeURIComponent(ref)}${more}`)).body;
  const refused = async (of: string) => {
    const { status, body } = await served().call(
      'GET',
      `/api/v1/lineage/impact?of=${encodeURIComponent(of)}`,
    );
    return [status, body.field, body.detail ?? body.message] as const;
  };
  const sha256 = 'ab'.repeat(32);
  const versions: Record<string, string> = {};
  let run = '';
  let endpoint = '';

  before(async () => {
    const record = async (version: string, more: object) => {
      const { uid } = await post('/api/v1/dataset-versions', {
        ...{ name: 'orders', uri: 's3://bucket/orders', version },
        ...more,
      });
      versions[version] = uid;
    };
    const now = Date.now();
    await record('v1', { created: now - 20 * day });
    await record('v2', { created: now - 10 * day, digests: [{ algorithm: 'sha256', value: sha256 }] });
    await post('/api/v1/dataset-versions', { name: 'twin', uri: 's3://one/twin', version: '1' });
    await post('/api/v1/dataset-versions', { name: 'twin', uri: 's3://two/twin', version: '1' });
    run = (await post('/api/v1/runs', { experiment: '0' })).id;
    await post('/api/v1/models/registered', { name: 'churn' });
    for (const _ of [1, 2])
      await post('/api/v1/models/registered/churn/versions', { source: 's3://bucket/model' });
    await served().call('PUT', '/api/v1/models/registered/churn/aliases/champion', { version: 1 });
    const deployed = await post('/api/v1/deployments', {
      endpoint: 'prod/scoring',
      model: 'models:/churn/2',
    });
    endpoint = deployed.endpoint.uid;
    await post('/api/v1/lineage', {
      ...{ eventTime: '2026-10-01T00:00:00Z', eventType: 'COMPLETE', producer: 'https://example.com' },
      ...{
        run: { runId: '0190a9d4-0000-7000-8000-000000000001' },
        job: { namespace: 'jobs', name: 'nightly' },
      },
      ...{ inputs: [], outputs: [{ namespace: 's3://bucket', name: 'made' }] },
    });
  });

  it('finds datasets by place and by name, and their versions by what they are called', async () => {
    for (const ref of [
      's3://bucket/orders@v2',
      'orders@v2',
      's3a://bucket/orders/@v2',
      versions.v2!,
      ` ${versions.v2} `,
    ])
      assert.equal((await resolve(ref)).node?.uid, versions.v2, ref);
    for (const ref of [`orders@${sha256}`, `orders@sha256:${sha256}`, `orders@${sha256.slice(0, 10)}`])
      assert.equal((await resolve(ref)).node?.uid, versions.v2, ref);
    assert.equal((await resolve('orders@latest')).node.label, 'orders@v2');
    const then = new Date(Date.now() - 15 * day).toISOString().slice(0, 10);
    assert.equal((await resolve('orders@latest', `&as_of=${then}`)).node.label, 'orders@v1');
    const whole = (await resolve('s3://bucket/orders')).node;
    assert.deepEqual([whole.type, whole.uri], ['dataset', 's3://bucket/orders']);
  });

  it('finds models, runs and endpoints', async () => {
    const label = async (ref: string) => (await resolve(ref)).node?.label;
    assert.equal(await label('models:/churn/2'), 'models:/churn/2');
    assert.equal(await label('models:/churn@champion'), 'models:/churn/1');
    assert.equal(await label('churn@champion'), 'models:/churn/1');
    assert.equal(await label('churn@2'), 'models:/churn/2');
    assert.equal(await label('churn@latest'), 'models:/churn/2');
    assert.equal(await label('models:/churn'), 'models:/churn');
    assert.equal((await resolve(`runs:/${run}/model`)).node.uid, run);
    assert.equal((await resolve(run)).node.type, 'run');
    assert.equal((await resolve('0190A9D4-0000-7000-8000-000000000001')).node.type, 'job-run');
    assert.equal((await resolve('prod/scoring')).node.uid, endpoint);
    assert.equal((await resolve('endpoints:/prod/scoring')).node.uid, endpoint);
  });

  it('asks of an endpoint what serves there', async () => {
    const answer = await served().call('GET', '/api/v1/lineage/ancestry?of=prod%2Fscoring');
    assert.equal(answer.status, 200);
    assert.deepEqual(
      answer.body.openEnds.map((end: { node: { label: string } }) => end.node.label),
      ['models:/churn/2'],
    );
  });

  it('never guesses: what is not clear is refused, with what may be meant', async () => {
    const twin = await refused('twin');
    assert.deepEqual(twin.slice(0, 2), [400, 'of']);
    assert.match(twin[2], /dataset twin at s3:\/\/one\/twin .*; dataset twin at s3:\/\/two\/twin/);
    const version = await refused('orders@v9');
    assert.deepEqual(version.slice(0, 2), [404, 'of']);
    assert.match(version[2], /"orders" has no version "v9"\. There is .*orders@v2.*; .*orders@v1/);
    assert.match((await refused('models:/churn/9'))[2], /There is model version models:\/churn\/2 /);
    assert.match(
      (await refused('s3://elsewhere/orders@v2'))[2],
      /There is dataset orders at s3:\/\/bucket\/orders/,
    );
    assert.equal((await refused('models:/nobody/1'))[0], 404);
    assert.deepEqual((await refused('models://host/churn/1')).slice(0, 2), [400, 'of']);
    for (const one of ['@', 'orders@', '@v1', 'a@b@c', '\0', '%', 'x'.repeat(4_400)]) {
      assert.deepEqual((await refused(one)).slice(0, 2), [404, 'of'], one);
    }
    const unclear = await resolve('twin');
    assert.deepEqual([unclear.node, unclear.candidates.length, unclear.why], [null, 2, null]);
  });
});
