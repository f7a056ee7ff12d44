/** What derives from a dataset, where that is deployed, and what a model comes from: asked over HTTP of what clients recorded. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const day = 24 * 60 * 60 * 1000;

interface Found {
  readonly node: { readonly uid: string; readonly type: string };
  readonly strength: string;
  readonly path: readonly { readonly kind: string; readonly event: number; readonly principal: string }[];
  readonly serving: readonly { readonly endpoint: string }[];
}

forEachStore((open) => {
  const served = servedFor(open);
  let made = 0;

  /** A run that trains on one dataset and is tested on another makes a model, whose version serves. */
  async function trained() {
    const { call } = served();
    const name = `churn-${++made}`;
    const mlflow = async (path: string, body: object) => {
      const answer = await call('POST', `/api/2.0/mlflow/${path}`, body);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    };
    const { run } = await mlflow('runs/create', { experiment_id: '0', start_time: Date.now() });
    const input = (digest: string, context: string) => ({
      tags: [{ key: 'mlflow.data.context', value: context }],
      dataset: {
        name: `${name} ${digest}`,
        digest,
        source_type: 's3',
        source: `{"uri": "s3://bucket/${name}/${digest}"}`,
      },
    });
    await mlflow('runs/log-inputs', {
      run_id: run.info.run_id,
      datasets: [input('train', 'training'), input('test', 'test')],
    });
    const { model } = await mlflow('logged-models', {
      ...{ experiment_id: '0', name, source_run_id: run.info.run_id },
    });
    const id = model.info.model_id;
    await call('POST', '/api/v1/models/registered', { name });
    const version = await call('POST', `/api/v1/models/registered/${name}/versions`, {
      ...{ source: `models:/${id}`, loggedModel: id },
    });
    assert.equal(version.status, 201, JSON.stringify(version.body));
    const endpoint = `prod/${name}`;
    const deployed = await call('POST', '/api/v1/deployments', { endpoint, model: `models:/${name}/1` });
    assert.equal(deployed.status, 200, JSON.stringify(deployed.body));
    const node = async (uid: string) => (await call('GET', `/api/v1/graph/nodes/${uid}`)).body;
    const used = (await node(run.info.run_id)).edges.filter((edge: { kind: string }) => edge.kind === 'used');
    const [train, test] = ['training', 'test'].map(
      (role) => used.find((edge: { subtype: string }) => edge.subtype === role).other.uid as string,
    );
    const ask = async (question: string, of: string, more = '') => {
      const answer = await call('GET', `/api/v1/lineage/${question}?of=${of}${more}`);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    };
    return {
      call,
      ask,
      endpoint,
      run: run.info.run_id as string,
      train: train!,
      test: test!,
      version: version.body.uid as string,
    };
  }

  it('tells which deployed models derive from a dataset, and shows why', async () => {
    const { ask, train, version, endpoint } = await trained();
    const body = await ask('impact', train, '&deployed=true');
    const [found] = body.derives as Found[];
    assert.equal(body.derives.length, 1);
    assert.deepEqual(
      [found?.node.uid, found?.strength, found?.serving[0]?.endpoint],
      [version, 'declared', endpoint],
    );
    assert.deepEqual(
      found?.path.map(({ kind }) => kind),
      ['used', 'generated', 'derived'],
    );
    assert.ok(found?.path.every(({ event, principal }) => event > 0 && principal === 'local'));
    assert.deepEqual(body.mayDerive, []);
  });

  it('does not find it as of a day before, nor from the test set, and says what it left out and what it cannot say', async () => {
    const { ask, train, test, version, run } = await trained();
    const before = await ask('impact', train, `&deployed=true&as_of=${Date.now() - 30 * day}`);
    assert.deepEqual([before.derives, before.cannotSay], [[], []]);
    const unknown = await ask('impact', train, `&deployed=true&known_at=${Date.now() - 30 * day}`);
    assert.deepEqual(unknown.derives, []);
    const body = await ask('impact', test, '&deployed=true');
    assert.deepEqual([body.counts.derives, body.leftOut.evaluation, body.complete], [0, 1, false]);
    const doubt = body.cannotSay.find((one: Found) => one.node.uid === version);
    assert.deepEqual([doubt.reason, doubt.at.uid, doubt.steps], ['no-producer', train, 3]);
    const included = await ask('impact', test, '&evaluation=true');
    const derived = included.derives.map((one: Found) => one.node.type).sort();
    assert.deepEqual(derived, ['logged-model', 'model-version']);
    assert.equal((await ask('impact', run, '&deployed=true')).derives[0].node.uid, version);
  });

  it('tells what a model comes from, with its test sets apart', async () => {
    const { ask, train, test, version, run } = await trained();
    const body = await ask('ancestry', version);
    const uids = body.items.map((one: Found) => one.node.uid);
    assert.equal(uids.length, 3);
    assert.ok(uids.includes(train) && uids.includes(run) && !uids.includes(test));
    assert.deepEqual(
      body.evaluation.map((step: { from: { uid: string }; to: { uid: string }; role: string }) => [
        step.from.uid,
        step.to.uid,
        step.role,
      ]),
      [[test, run, 'test']],
    );
    assert.deepEqual(
      body.openEnds.map((end: { node: { uid: string }; reason: string }) => [end.node.uid, end.reason]),
      [[train, 'no-producer']],
    );
    const near = await ask('ancestry', version, '&depth=1&limit=1');
    assert.deepEqual([near.items.length, near.count], [1, 1]);
    assert.deepEqual(near.openEndCounts, [{ reason: 'depth', count: 1 }]);
  });

  it('takes an asset for all its versions', async () => {
    const { call, ask, train, version } = await trained();
    const { edges } = (await call('GET', `/api/v1/graph/nodes/${train}`)).body;
    const asset = edges.find((edge: { kind: string }) => edge.kind === 'version-of').other.uid;
    const body = await ask('impact', asset, '&deployed=true');
    assert.deepEqual(
      body.derives.map((one: Found) => one.node.uid),
      [version],
    );
  });

  it('refuses what it cannot answer', async () => {
    const { call } = served();
    const status = async (query: string) => {
      const { status: code, body } = await call('GET', `/api/v1/lineage/impact?${query}`);
      return [code, body.error?.field ?? body.field];
    };
    assert.deepEqual(await status('of=nobody'), [404, 'of']);
    assert.deepEqual((await status('of=%00'))[0], 404);
    assert.equal((await status(''))[0], 400);
    assert.equal((await status('of=a&depth=-1'))[0], 400);
    assert.equal((await status('of=a&weakest=maybe'))[0], 400);
    assert.equal((await status('of=a&as_of=yesterday'))[0], 400);
  });
});
