/** Purging what was deleted: what goes, what stays because something needs it, and that the store holds together after. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Db } from '../../src/db/db.ts';
import { checkDerivedData, rebuildDerivedData } from '../../src/derived-data.ts';
import { checkArtifacts } from '../../src/domain/artifacts/index.ts';
import { sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { forEachStore } from '../stores/stores.ts';
import { Things } from './deleted-things.ts';

const base = '/api/2.0/mlflow';

forEachStore((open) => {
  let db: Db;
  const { blobs } = temporaryBlobs();
  const served = servedFor(
    async () => {
      db = await open();
      return db;
    },
    { blobs },
  );
  const things = new Things(served);

  const count = async (from: ReturnType<typeof sql>) =>
    (await db.read((queries) => queries.one<{ rows: number }>(sql`SELECT count(*) AS rows FROM ${from}`)))!
      .rows;
  const nodeOf = async (id: string) =>
    (await db.read((queries) => queries.one<{ id: number }>(sql`SELECT id FROM node WHERE uid = ${id}`)))!.id;

  /** Deep checks find nothing, and nothing is to be made again. */
  async function assertSound(): Promise<void> {
    const findings = await db.read((queries) => checkDerivedData(queries, true, db.dialect));
    findings.push(...(await checkArtifacts(db, blobs, true)));
    assert.deepEqual(
      findings.filter(({ level }) => level !== 'ok'),
      [],
    );
    const [series] = await rebuildDerivedData(db, systemClock);
    assert.match(series!, /0 summaries, 0 outlines, 0 names$/);
  }

  it('purges deleted runs: unknown to clients, nothing of them left but a tombstone with its edges', async () => {
    const experiment = await things.experiment('runs that go');
    const [gone, stays] = [await things.run(experiment), await things.run(experiment)];
    // An order that is kept sorted must lose the run, too.
    await things.ask('POST', `${base}/runs/search`, {
      experiment_ids: [experiment],
      order_by: ['metrics.m0 DESC'],
    });
    await things.delete('runs', gone.id);
    const node = await nodeOf(gone.id);
    const events = await count(sql`event WHERE node = ${node}`);
    const before = await count(sql`event`);

    const dry = await things.purge({ dryRun: true });
    assert.deepEqual(dry.run, { records: 1, held: 0, points: 6, files: 2 });
    assert.equal(await count(sql`event`), before);
    assert.equal(await things.file(gone.uri, 'log.txt'), `log of ${gone.id}`);

    assert.deepEqual((await things.purge({ olderThan: 86_400_000 })).run, {
      records: 0,
      held: 0,
      points: 0,
      files: 0,
    });
    assert.deepEqual((await things.purge()).run, dry.run);
    const answer = await served().call('GET', `${base}/runs/get?run_id=${gone.id}`);
    assert.deepEqual([answer.status, answer.body.error_code], [404, 'RESOURCE_DOES_NOT_EXIST']);
    const search = { experiment_ids: [experiment], run_view_type: 'ALL' };
    const found = await things.ask('POST', `${base}/runs/search`, search);
    assert.deepEqual(
      found.runs.map((run: { info: { run_id: string } }) => run.info.run_id),
      [stays.id],
    );
    assert.equal((await served().call('POST', `${base}/runs/restore`, { run_id: gone.id })).status, 404);
    for (const path of [gone.id, `${gone.id}/metrics`, `${gone.id}/rewinds`, `${gone.id}/lineage`])
      assert.equal((await served().call('GET', `/api/v1/runs/${path}`)).status, 404, path);
    for (const text of [gone.id, ''])
      assert.ok(
        !JSON.stringify(await things.ask('GET', `/api/v1/find?text=${text}`)).includes(gone.id),
        'it is found',
      );
    assert.equal(await things.file(gone.uri, 'log.txt'), undefined);
    assert.equal(await things.file(stays.uri, 'log.txt'), `log of ${stays.id}`);

    for (const left of [
      sql`property WHERE owner = ${node}`,
      sql`series WHERE node = ${node}`,
      sql`point_head WHERE node = ${node}`,
      sql`metric_name WHERE node = ${node}`,
      sql`node_key WHERE node = ${node}`,
      sql`artifact_file WHERE owner = ${node}`,
      sql`ranked WHERE node = ${node}`,
      sql`purge`,
    ])
      assert.equal(await count(left), 0);
    // The log is as it was and one longer: bodies are gone, the purge tells how much.
    assert.equal(await count(sql`event WHERE node = ${node}`), events + 1);
    assert.equal(await count(sql`event_body b JOIN event e ON e.id = b.event WHERE e.node = ${node}`), 1);
    const tombstone = await things.ask('GET', `/api/v1/graph/nodes/${gone.id}`);
    assert.equal(tombstone.kind, 'tombstone');
    assert.deepEqual(tombstone.edges.map(({ kind }: { kind: string }) => kind).sort(), ['member-of', 'used']);
    const purged = tombstone.events.at(-1);
    assert.deepEqual([purged.action, purged.body.points, purged.body.files], ['run.purge', 6, 2]);
    assert.ok(!JSON.stringify(tombstone).includes('secret'));
    await assertSound();
  });

  it('keeps the bytes a version was made from until the last such version is purged', async () => {
    const experiment = await things.experiment('with a model');
    const run = await things.run(experiment);
    const number = await things.version('kept', `${run.uri}/model`, run.id);
    await things.ask('POST', `${base}/registered-models/alias`, {
      name: 'kept',
      alias: 'champion',
      version: number,
    });
    const copy = await things.version('copied', `models:/kept/${number}`, run.id);
    await things.delete('runs', run.id);
    assert.deepEqual((await things.purge()).run, { records: 1, held: 0, points: 6, files: 1 });

    const query = `name=kept&version=${number}`;
    const { artifact_uri: place } = await things.ask(
      'GET',
      `${base}/model-versions/get-download-uri?${query}`,
    );
    assert.equal(await things.file(place, 'weights'), `weights of ${run.id}`);
    assert.equal(await things.file(run.uri, 'log.txt'), undefined);
    const { model_version: version } = await things.ask('GET', `${base}/model-versions/get?${query}`);
    const tombstone = await things.ask('GET', `/api/v1/graph/nodes/${run.id}`);
    assert.ok(tombstone.edges.some(({ kind }: { kind: string }) => kind === 'generated'));
    assert.equal(version.run_id, run.id);
    await assertSound();

    await things.ask('DELETE', `${base}/model-versions/delete`, { name: 'kept', version: number });
    assert.equal((await things.purge())['model-version'].records, 1);
    assert.equal(await things.file(place, 'weights'), `weights of ${run.id}`);
    await things.ask('DELETE', `${base}/model-versions/delete`, { name: 'copied', version: copy });
    assert.equal((await things.purge())['model-version'].records, 1);
    assert.equal(await things.file(place, 'weights'), undefined);
    await assertSound();
  });

  it('holds a run that a version is read through', async () => {
    const experiment = await things.experiment('read through a run');
    const run = await things.run(experiment);
    await things.version('through', `runs:/${run.id}/model`, run.id);
    await things.delete('runs', run.id);
    assert.deepEqual((await things.purge()).run, { records: 0, held: 1, points: 0, files: 0 });
    await things.ask('GET', `${base}/runs/get?run_id=${run.id}`);
    assert.equal(await things.file(run.uri, 'log.txt'), `log of ${run.id}`);
    await things.ask('POST', `${base}/runs/restore`, { run_id: run.id });
  });

  it('purges a deleted experiment with its runs, frees its name, and spares one with a run that was restored', async () => {
    const [gone, held] = [await things.experiment('goes'), await things.experiment('has a restored run')];
    const run = await things.run(gone);
    const restored = await things.run(held);
    for (const id of [gone, held]) await things.delete('experiments', id);
    await things.ask('POST', `${base}/runs/restore`, { run_id: restored.id });
    const dry = await things.purge({ dryRun: true });
    const done = await things.purge();
    assert.deepEqual(done, dry);
    const { experiment } = done;
    assert.deepEqual([experiment.records, experiment.held], [1, 1]);
    const answer = await served().call('GET', `${base}/experiments/get?experiment_id=${gone}`);
    assert.equal(answer.body.error_code, 'RESOURCE_DOES_NOT_EXIST');
    assert.equal((await served().call('GET', `${base}/runs/get?run_id=${run.id}`)).status, 404);
    assert.notEqual(await things.experiment('goes'), gone);
    await things.ask('GET', `${base}/runs/get?run_id=${restored.id}`);
    await assertSound();
  });

  it('refuses what is no span, and cursors of another purge', async () => {
    for (const body of [{}, { olderThan: -1 }, { olderThan: 'x' }, { olderThan: 1, cursor: 'x' }]) {
      const answer = await served().call('POST', '/api/v1/retention/purge', body);
      assert.equal(answer.status, 400, JSON.stringify(answer.body));
    }
  });
});
