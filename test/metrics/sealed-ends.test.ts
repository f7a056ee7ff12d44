/** What a run has left in heads when it ends is sealed where it matters: at once, or by the server that starts next. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Domain, openDomain } from '../../src/app.ts';
import type { Db } from '../../src/db/db.ts';
import { checkDerivedData } from '../../src/derived-data.ts';
import type { NodeId } from '../../src/kernel/ids.ts';
import { sql } from '../../src/kernel/sql.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { forEachStore } from '../stores/stores.ts';

const perRequest = 1_000;

async function domainOn(db: Db): Promise<{ domain: Domain; close(): Promise<void> }> {
  const { blobs, remove } = temporaryBlobs();
  const domain = await openDomain(db, { defaultArtifactRoot: 'mlflow-artifacts:/', blobs });
  return { domain, close: () => domain.close().then(remove) };
}

async function runOf(domain: Domain, points: number): Promise<{ id: string; node: NodeId }> {
  const { metrics, runs, defaultProject } = domain;
  const { run } = await runs.create(testContext, defaultProject, { experiment: '0' });
  for (let from = 0; from < points; from += perRequest) {
    await metrics.logBatch(testContext, defaultProject, run.id, {
      points: Array.from({ length: perRequest }, (_, i) => ({
        key: 'loss',
        value: Math.sin(from + i),
        step: from + i,
        time: 1_760_000_000_000 + from + i,
      })),
    });
  }
  await metrics.sealer.settle();
  return run;
}

async function blobsOf(db: Db, node: NodeId): Promise<{ heads: number; chunked: number } | undefined> {
  return db.read((queries) =>
    queries.one(sql`SELECT (SELECT count(*) FROM point_head WHERE node = ${node}) AS heads,
      (SELECT coalesce(sum(c.points), 0) FROM point_chunk c JOIN series s ON s.id = c.series WHERE s.node = ${node}) AS chunked`),
  );
}

async function checkWhole(domain: Domain, run: string, points: number): Promise<void> {
  const page = await domain.metrics.history(testContext, domain.defaultProject, run, 'loss', {
    limit: 1_000_000,
  });
  assert.deepEqual(
    page.items.map(({ step }) => Number(step)),
    Array.from({ length: points }, (_, i) => i),
  );
  const findings = await domain.db.read((queries) => checkDerivedData(queries, true, domain.db.dialect));
  assert.deepEqual(
    findings.filter((finding) => finding.level === 'error'),
    [],
  );
}

forEachStore((open) => {
  it('seals what a run has left, however it ends', async () => {
    const { domain, close } = await domainOn(await open());
    for (const state of ['finished', 'failed', 'killed'] as const) {
      const [long, short] = [await runOf(domain, 5_000), await runOf(domain, 1_000)];
      assert.deepEqual(await blobsOf(domain.db, long.node), { heads: 5, chunked: 0 }, 'not before its end');
      await domain.runs.update(testContext, domain.defaultProject, long.id, { name: 'still running' });
      await domain.metrics.sealer.settle();
      assert.equal((await blobsOf(domain.db, long.node))?.heads, 5);
      for (const { id } of [long, short]) {
        await domain.runs.update(testContext, domain.defaultProject, id, { state, ended: 1 });
      }
      await domain.metrics.sealer.settle();
      assert.deepEqual(await blobsOf(domain.db, long.node), { heads: 0, chunked: 5_000 });
      assert.deepEqual(await blobsOf(domain.db, short.node), { heads: 1, chunked: 0 }, 'not worth a write');
      await checkWhole(domain, long.id, 5_000);
    }
    await close();
  });

  it('seals after a start what the server before did not come to', async () => {
    const address = await open.place();
    const first = await domainOn(await open({ address }));
    const run = await runOf(first.domain, 5_000);
    const other = await runOf(first.domain, 5_000);
    // As with a kill right after the answer: the seal is never begun.
    await first.domain.metrics.sealer.close();
    await first.domain.runs.update(testContext, first.domain.defaultProject, run.id, { state: 'finished' });
    assert.equal((await blobsOf(first.domain.db, run.node))?.heads, 5);
    await first.domain.events.placed();
    await first.close();

    const second = await domainOn(await open({ address }));
    await second.domain.metrics.sealer.resume();
    await second.domain.metrics.sealer.settle();
    assert.deepEqual(await blobsOf(second.domain.db, run.node), { heads: 0, chunked: 5_000 });
    assert.equal((await blobsOf(second.domain.db, other.node))?.heads, 5, 'it has not ended');
    await checkWhole(second.domain, run.id, 5_000);
    await second.close();
  });
});
