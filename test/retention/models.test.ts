/** Purging beside models: what a version was made of stays with its files and its way back, until the version goes. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Db } from '../../src/db/db.ts';
import { checkDerivedData } from '../../src/derived-data.ts';
import { sql } from '../../src/kernel/sql.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { Things } from './deleted-things.ts';

const base = '/api/2.0/mlflow';

forEachStore((open) => {
  let db: Db;
  const served = servedFor(async () => {
    db = await open();
    return db;
  });
  const things = new Things(served);

  async function loggedModel(experiment: string, run: string): Promise<{ id: string; uri: string }> {
    const body = { experiment_id: experiment, name: 'tree', source_run_id: run };
    const { model } = await things.ask('POST', `${base}/logged-models`, body);
    const { model_id: id, artifact_uri: uri } = model.info;
    await things.put(uri, 'weights', `weights of ${id}`);
    const metric = { key: 'auc', value: 0.5, timestamp: 1, step: 0, model_id: id };
    await things.ask('POST', `${base}/runs/log-metric`, { run_id: run, ...metric });
    return { id, uri };
  }

  /** Kinds and edges from a node up, in the words of the graph. */
  async function edgesOf(uid: string): Promise<{ kind: string; edges: string[] }> {
    const node = await things.ask('GET', `/api/v1/graph/nodes/${uid}`);
    return { kind: node.kind, edges: node.edges.map(({ kind }: { kind: string }) => kind).sort() };
  }

  async function assertSound(): Promise<void> {
    const findings = await db.read((queries) => checkDerivedData(queries, true, db.dialect));
    assert.deepEqual(
      findings.filter(({ level }) => level !== 'ok'),
      [],
    );
  }

  it('keeps a logged model that a version was made of, and lets it go with the version', async () => {
    const experiment = await things.experiment('logged models');
    const run = await things.run(experiment);
    const [used, unused] = [await loggedModel(experiment, run.id), await loggedModel(experiment, run.id)];
    await things.ask('POST', `${base}/registered-models/create`, { name: 'trees' });
    const { model_version: made } = await things.ask('POST', `${base}/model-versions/create`, {
      name: 'trees',
      source: `models:/${used.id}`,
      model_id: used.id,
      run_id: run.id,
    });
    await things.ask('POST', `${base}/registered-models/alias`, {
      name: 'trees',
      alias: 'champion',
      version: made.version,
    });
    await things.delete('runs', run.id);
    for (const { id } of [used, unused]) await things.ask('DELETE', `${base}/logged-models/${id}`);

    const dry = await things.purge({ dryRun: true });
    const done = await things.purge();
    assert.deepEqual(done, dry);
    assert.deepEqual([done.run.records, done['logged-model'].records, done['logged-model'].held], [1, 1, 1]);
    assert.equal(await things.file(used.uri, 'weights'), `weights of ${used.id}`);
    assert.equal(await things.file(unused.uri, 'weights'), undefined);
    const champion = `${base}/registered-models/alias?name=trees&alias=champion`;
    const { model_version: version } = await things.ask('GET', champion);
    assert.deepEqual([version.version, version.run_id], [made.version, run.id]);
    // The way back: version ← logged model ← what was the run ← its data set.
    const model = await edgesOf(used.id.slice(2));
    assert.deepEqual(model, { kind: 'artifact', edges: ['derived', 'generated', 'member-of'] });
    const tombstone = await edgesOf(run.id);
    assert.equal(tombstone.kind, 'tombstone');
    for (const kind of ['generated', 'used']) assert.ok(tombstone.edges.includes(kind), kind);
    await assertSound();

    // A deleted registered model holds nothing, and its name is free.
    await things.ask('DELETE', `${base}/registered-models/delete`, { name: 'trees' });
    const last = await things.purge();
    assert.deepEqual(
      ['logged-model', 'model-version', 'registered-model'].map((kind) => last[kind].records),
      [1, 1, 1],
    );
    assert.equal(await things.file(used.uri, 'weights'), undefined);
    assert.equal((await served().call('GET', champion)).status, 404);
    const again = await things.version('trees', `s3://elsewhere/${run.id}`, '');
    assert.equal(again, '1');
    await assertSound();
  });

  it('keeps a deleted version with its files while an endpoint serves it', async () => {
    const run = await things.run(await things.experiment('served'));
    const version = await things.version('in service', `${run.uri}/model`, run.id);
    const deployment = { endpoint: 'prod/scores', model: `models:/in service/${version}` };
    await things.ask('POST', '/api/v1/deployments', deployment);
    await things.delete('runs', run.id);
    await things.ask('DELETE', `${base}/model-versions/delete`, { name: 'in service', version });
    const dry = await things.purge({ dryRun: true });
    const done = await things.purge();
    assert.deepEqual(done, dry);
    assert.deepEqual([done['model-version'].held, done['model-version'].records], [1, 0]);
    assert.equal(await things.file(run.uri, 'model/weights'), `weights of ${run.id}`);
    await things.ask('POST', '/api/v1/deployments/end', { endpoint: 'prod/scores' });
    assert.equal((await things.purge())['model-version'].records, 1);
    assert.equal(await things.file(run.uri, 'model/weights'), undefined);
    const { items } = await things.ask('GET', '/api/v1/deployments?endpoint=prod/scores');
    assert.equal(items[0].model.deleted, true, 'what was served is still told');
    await assertSound();
  });

  it('keeps an experiment and what is in it while a version needs one of its models', async () => {
    const experiment = await things.experiment('holds a model');
    const run = await things.run(experiment);
    const model = await loggedModel(experiment, run.id);
    await things.ask('POST', `${base}/registered-models/create`, { name: 'held' });
    await things.ask('POST', `${base}/model-versions/create`, {
      name: 'held',
      source: `models:/${model.id}`,
      model_id: model.id,
    });
    await things.delete('experiments', experiment);
    const dry = await things.purge({ dryRun: true });
    const done = await things.purge();
    assert.deepEqual(done, dry);
    assert.deepEqual([done.run.records, done['logged-model'].held, done.experiment.held], [1, 1, 1]);
    assert.equal(await things.file(model.uri, 'weights'), `weights of ${model.id}`);
    await things.ask('POST', `${base}/experiments/restore`, { experiment_id: experiment });
    const { model: found } = await things.ask('GET', `${base}/logged-models/${model.id}`);
    assert.equal(found.data.metrics[0].run_id, run.id, 'who measured it is known');
    await assertSound();
  });

  it('keeps the files of runs that a version from elsewhere reads by a folder above them', async () => {
    const experiment = await things.experiment('folders');
    const run = await things.run(experiment);
    const folder = run.uri.replace(/\/[0-9a-f]{32}\/artifacts$/, '');
    const version = {
      ...{ version: 1, created: 1, updated: 1, creator: '', stage: 'None', tags: [] },
      ...{ source: folder, location: folder, run: '', runLink: '', loggedModel: '' },
    };
    const registered = [
      {
        name: 'whole folder',
        created: 1,
        updated: 1,
        tags: [],
        aliases: [],
        versions: [version],
        deleted: [],
      },
    ];
    const moved = await things.ask('POST', '/api/v1/transfer/batches', {
      source: 'test',
      cursor: null,
      registered,
    });
    assert.deepEqual(moved.refused, []);
    await things.delete('runs', run.id);
    assert.deepEqual((await things.purge()).run, { records: 1, held: 0, points: 6, files: 0 });
    assert.equal(await things.file(run.uri, 'log.txt'), `log of ${run.id}`);
    const left = await db.read((queries) => queries.many(sql`SELECT 1 AS one FROM purge`));
    assert.deepEqual(left, []);
  });

  it('tells a move that a run was purged, and brings it not back', async () => {
    const experiment = await things.experiment('moved twice');
    const run = await things.run(experiment);
    const page = await things.ask('GET', `/api/v1/transfer/records?kind=runs&experiment=${experiment}`);
    await things.delete('runs', run.id);
    await things.purge();
    const batch = { source: 'again', cursor: null, experiment: { id: experiment, name: 'moved twice' } };
    const answer = await things.ask('POST', '/api/v1/transfer/batches', { ...batch, runs: page.runs });
    assert.deepEqual([answer.changed, answer.refused.length], [0, 1]);
    assert.match(answer.refused[0].why, /purged/);
    await assertSound();
  });
});
