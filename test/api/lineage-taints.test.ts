/** What is declared wrong: what it touches now, what a page is told, and an event, once, for each model version that comes to derive from it later. */
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { openDomain } from '../../src/app.ts';
import { payloadOf, webhookEventOf } from '../../src/domain/triggers/webhook-payload.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { typed } from '../start/typed-command.ts';
import { forEachStore } from '../stores/stores.ts';

interface Reached {
  readonly action: string;
  readonly position: number;
  readonly body: { readonly model: string; readonly label: string; readonly note: string };
}

forEachStore((open) => {
  const served = servedFor(open);

  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await served().call(method, path, body);
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const post = (path: string, body: unknown) => call('POST', path, body);
  const lineage = (path: string, of: string) =>
    call('GET', `/api/v1/lineage/${path}?of=${encodeURIComponent(of)}`);
  const facet = { _producer: 'https://example.com', _schemaURL: 'https://example.com/schema' };
  const at = (name: string, version: string) => ({
    ...{ namespace: 's3://bucket', name },
    facets: { version: { ...facet, datasetVersion: version } },
  });
  const job = (name: string, inputs: object[], outputs: object[], ended = Date.now()) =>
    post('/api/v1/lineage', {
      ...{ eventTime: new Date(ended).toISOString(), eventType: 'COMPLETE', producer: 'https://example.com' },
      ...{ run: { runId: name }, job: { namespace: 'jobs', name }, inputs, outputs },
    });
  /** A registered version of a model that learned from what lies there. */
  async function trained(name: string, on: string, deployed = false) {
    const { run } = await post('/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: Date.now() });
    const dataset = {
      name: on,
      digest: `${on}-${name}`,
      source_type: 's3',
      source: `{"uri": "s3://bucket/${on}"}`,
    };
    await post('/api/2.0/mlflow/runs/log-inputs', {
      run_id: run.info.run_id,
      datasets: [{ tags: [], dataset }],
    });
    const { model } = await post('/api/2.0/mlflow/logged-models', {
      ...{ experiment_id: '0', name, source_run_id: run.info.run_id },
    });
    await post('/api/v1/models/registered', { name });
    const { model_id: id } = model.info;
    await post(`/api/v1/models/registered/${name}/versions`, { source: `models:/${id}`, loggedModel: id });
    if (deployed) await post('/api/v1/deployments', { endpoint: `prod/${name}`, model: `models:/${name}/1` });
  }
  const reached = async (): Promise<Reached[]> => {
    const { events } = served().domain;
    const { defaultProject } = served().domain;
    const found: Reached[] = [];
    for (let position = 0; ; ) {
      const page = await events.page({ project: defaultProject }, position);
      for (const event of page.events)
        if (event.action === 'taint.reach') found.push(event as unknown as Reached);
      if (page.isEnd) return found;
      position = page.reached;
    }
  };
  const told = async () => {
    await served().domain.events.placed();
    await served().domain.taintWatch.pass();
    await served().domain.events.placed();
    return (await reached()).map(({ body }) => `${body.model} from ${body.label}: ${body.note}`);
  };

  before(async () => {
    await job('collect', [], [at('raw', 'v1')]);
    await job('prepare', [at('raw', 'v1')], [at('prepared', 'p1')]);
    await trained('first', 'prepared', true);
  });

  it('looks at nothing while nothing is wrong', async () => {
    assert.deepEqual(await told(), []);
    assert.deepEqual(await lineage('marks', 'models:/first/1'), { source: null, taints: [] });
    const none = await served().call('GET', '/api/v1/lineage/taints/reach?of=s3%3A%2F%2Fbucket%2Fraw');
    assert.deepEqual([none.status, none.body.field], [404, 'of']);
  });

  it('tells what is touched now, deployed models first, and marks it', async () => {
    const said = await typed('taint s3://bucket/raw@v1 --note "shifted by a day"', {
      env: { CAIRN_URL: served().url },
    });
    assert.equal(said.code, 0, said.err);
    assert.match(said.out, /^raw@v1 is declared wrong by local: shifted by a day\n/);
    assert.match(
      said.out,
      /Deployed models that may derive from it \(1\):\n {2}models:\/first\/1 .*serves prod\/first/,
    );
    assert.match(said.out, /1 logged model, 1 model version\./);
    const { taints } = await lineage('marks', 'models:/first/1');
    assert.deepEqual(
      taints.map((mark: { taint: { node: { label: string } }; own: boolean }) => [
        mark.taint.node.label,
        mark.own,
      ]),
      [['raw@v1', false]],
    );
    assert.equal((await lineage('marks', 's3://bucket/raw@v1')).taints[0].own, true);
    assert.equal((await lineage('marks', 'prod/first')).taints.length, 1);
    assert.deepEqual(await told(), [], 'what it touched by then is no news');
  });

  it('tells of each model version that comes to derive from it later, once, also over a restart', async () => {
    await trained('second', 'prepared');
    await trained('unrelated', 'elsewhere');
    const expected = ['models:/second/1 from raw@v1: shifted by a day'];
    assert.deepEqual(await told(), expected);
    assert.deepEqual(await told(), expected);
    const { blobs, remove } = temporaryBlobs();
    const again = await openDomain(served().domain.db, { defaultArtifactRoot: 'mlflow-artifacts:/', blobs });
    await again.taintWatch.pass();
    remove();
    assert.deepEqual(await told(), expected);
    const [event] = (await reached()) as unknown as Parameters<typeof payloadOf>[2][];
    assert.equal(webhookEventOf(event!, false), 'taint.reached');
    const { entity, action, data } = JSON.parse(payloadOf('taint.reached', 'default', event!));
    assert.deepEqual([entity, action, data.model], ['taint', 'reached', 'models:/second/1']);
    assert.deepEqual([data.wrong.name, data.wrong.note], ['raw@v1', 'shifted by a day']);
  });

  it('sees what joins in the middle: a model stands, and only then is it told what its data was made from', async () => {
    await trained('third', 'late');
    const known = await told();
    await job('late-maker', [at('raw', 'v1')], [at('late', 'l1')], Date.now() - 60_000);
    assert.deepEqual((await told()).slice(known.length), ['models:/third/1 from raw@v1: shifted by a day']);
  });

  it('says before it is declared what it would touch, and declares a run wrong', async () => {
    const before = await lineage('taints/preview', 's3://bucket/prepared@p1');
    const { versions, deployed, counts } = before;
    assert.deepEqual([versions, deployed.counts.derives + deployed.counts.mayDerive], [1, 1]);
    assert.deepEqual(
      counts.map((one: { type: string; count: number }) => `${one.count} ${one.type}`),
      ['2 logged-model', '2 model-version'],
    );
    const none = await call(
      'GET',
      `/api/v1/lineage/taints/preview?of=s3%3A%2F%2Fbucket%2Fprepared&since=${Date.now() + 60_000}`,
    );
    assert.equal(none.versions, 0);
    const { taints } = await lineage('marks', 's3://bucket/prepared@p1');
    assert.equal(taints.length, 1, 'a look declares nothing');
    const { nodes } = await call('GET', `/api/v1/lineage/neighbours?of=${before.models[0].uid}&direction=up`);
    const [run] = nodes.filter((node: { type: string }) => node.type === 'run');
    await post('/api/v1/lineage/taints', { of: run.uid, note: 'a bug in the loss' });
    assert.deepEqual(marked(await lineage('marks', run.uid)), [true, false]);
    assert.deepEqual(marked(await lineage('marks', before.models[0].uid)), [false, false]);
    await call('DELETE', `/api/v1/lineage/taints?of=${run.uid}`);
    const endpoint = await served().call('POST', '/api/v1/lineage/taints', { of: 'prod/first', note: 'x' });
    assert.deepEqual([endpoint.status, endpoint.body.field], [400, 'of']);
  });

  it('marks versions of a dataset since a day, and nothing once it is withdrawn', async () => {
    await post('/api/v1/lineage/taints', { of: 's3://bucket/prepared', since: Date.now() + 60_000 });
    assert.equal((await lineage('marks', 'models:/second/1')).taints.length, 1, 'made before that');
    await post('/api/v1/lineage/taints', { of: 's3://bucket/prepared', since: 1, note: 'all of it' });
    assert.equal((await lineage('marks', 'models:/second/1')).taints.length, 2);
    const { items } = await call('GET', '/api/v1/lineage/taints');
    assert.deepEqual(
      items.map((one: { node: { label: string }; since: number | null }) => [one.node.label, one.since]),
      [
        ['prepared', 1],
        ['raw@v1', null],
      ],
    );
    for (const wrong of withdrawn)
      await call('DELETE', `/api/v1/lineage/taints?of=${encodeURIComponent(wrong)}`);
    assert.deepEqual((await lineage('marks', 'models:/second/1')).taints, []);
    const known = await told();
    await trained('fifth', 'prepared');
    assert.deepEqual(await told(), known);
    const all = await call('GET', '/api/v1/lineage/taints?all=true');
    assert.ok(all.items.every((one: { withdrawn: number | null }) => one.withdrawn !== null));
  });
});

const marked = ({ taints }: { taints: readonly { own: boolean }[] }) => taints.map(({ own }) => own);
const withdrawn = ['s3://bucket/prepared', 's3://bucket/raw@v1'];
