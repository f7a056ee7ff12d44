/** A merge that is killed, or whose transaction fails at any statement, loses no point and doubles none. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Domain, openDomain } from '../../src/app.ts';
import type { Db } from '../../src/db/db.ts';
import { checkDerivedData } from '../../src/derived-data.ts';
import type { MetricPoint } from '../../src/domain/metrics/index.ts';
import type { NodeId } from '../../src/kernel/ids.ts';
import { sql } from '../../src/kernel/sql.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { killAfter } from '../stores/kill-after.ts';
import { forEachStore } from '../stores/stores.ts';
import { failing } from './failing-db.ts';
import { batchOf, pointsOfBatch } from './merged-batches.ts';

const script = fileURLToPath(new URL('./merge-until-killed.ts', import.meta.url));
const rounds = 4;
const batchesOfRound = 12;

async function domainOn(db: Db): Promise<{ domain: Domain; remove(): void }> {
  const { blobs, remove } = temporaryBlobs();
  return { domain: await openDomain(db, { defaultArtifactRoot: 'mlflow-artifacts:/', blobs }), remove };
}

async function newRun(domain: Domain): Promise<{ id: string; node: NodeId }> {
  const { run } = await domain.runs.create(testContext, domain.defaultProject, { experiment: '0' });
  return run;
}

async function stored(domain: Domain, run: string, key: string): Promise<readonly MetricPoint[]> {
  const page = await domain.metrics.history(testContext, domain.defaultProject, run, key, {
    limit: 1_000_000,
  });
  return page.items;
}

/** Each point of these batches once, and nothing else. */
async function checkBatches(domain: Domain, run: string, batches: number): Promise<void> {
  for (const key of ['loss', 'accuracy']) {
    const wanted = Array.from({ length: batches }, (_, batch) => batchOf(batch))
      .flat()
      .filter((point) => point.key === key)
      .sort((a, b) => Number(a.time) - Number(b.time));
    assert.deepEqual(await stored(domain, run, key), wanted);
  }
  const findings = await domain.db.read((queries) => checkDerivedData(queries, true, domain.db.dialect));
  assert.deepEqual(
    findings.filter((finding) => finding.level === 'error'),
    [],
  );
}

/** Logs and merges in a process of its own until so many batches are acknowledged, then kills; resolves to the last of them. */
async function lastBeforeKill(address: string, run: string, start: number, count: number): Promise<number> {
  return Number((await killAfter(script, [address, run, String(start)], count)).at(-1));
}

forEachStore((open) => {
  it('loses and doubles nothing when the server is killed while it merges', async () => {
    const address = await open.place();
    const first = await open({ address });
    const setUp = await domainOn(first);
    const run = await newRun(setUp.domain);
    await setUp.domain.close();
    setUp.remove();
    let next = 0;
    for (let round = 0; round < rounds; round++) {
      const last = await lastBeforeKill(address, run.id, next, batchesOfRound + 3 * round);
      const { domain, remove } = await domainOn(await open({ address }));
      // What was under way when it died may be there whole, or not at all.
      const count = (await stored(domain, run.id, 'loss')).length / (pointsOfBatch / 2);
      assert.ok(
        count === last + 1 || count === last + 2,
        `${count} batches are there, ${last} was the last told`,
      );
      await checkBatches(domain, run.id, count);
      next = count;
      await domain.close();
      remove();
    }
  });

  it('changes nothing when a statement of the merge fails, whichever', async () => {
    const state = failing(await open());
    const { domain, remove } = await domainOn(state.db);
    const run = await newRun(domain);
    let batches = 0;
    for (let failAt = 1; ; failAt++) {
      for (let more = 0; more < 3; more++) {
        const points = batchOf(batches++);
        await domain.metrics.logBatch(testContext, domain.defaultProject, run.id, { points });
      }
      state.statements = 0;
      state.failAt = failAt;
      const failed = await domain.metrics.sealer.seal(run.node, domain.defaultProject).then(
        () => false,
        () => true,
      );
      state.failAt = undefined;
      await checkBatches(domain, run.id, batches);
      if (!failed) break;
      assert.ok(failAt < 20, 'a merge is a handful of statements');
    }
    await domain.close();
    remove();
  });

  it('carries many short series on without a chunk for each, in few heads', async () => {
    const db = await open();
    const { domain, remove } = await domainOn(db);
    const run = await newRun(domain);
    const perBatch = 1_700;
    for (let batch = 0; batch < 40; batch++) {
      const points = Array.from({ length: perBatch }, (_, i) => ({
        key: `m${i}`,
        value: i,
        step: batch,
        time: batch,
      }));
      await domain.metrics.logBatch(testContext, domain.defaultProject, run.id, { points });
      await domain.metrics.sealer.settle();
    }
    const found = await db.read((queries) =>
      queries.one<{ heads: number; chunks: number }>(
        sql`SELECT (SELECT count(*) FROM point_head WHERE node = ${run.node}) AS heads, (SELECT count(*) FROM point_chunk) AS chunks`,
      ),
    );
    assert.equal(found?.chunks, 0);
    assert.ok(found.heads < 20, `${found.heads} heads`);
    assert.deepEqual(
      (await stored(domain, run.id, 'm1699')).map((point) => point.step),
      Array.from({ length: 40 }, (_, step) => step),
    );
    const findings = await db.read((queries) => checkDerivedData(queries, true, db.dialect));
    assert.deepEqual(
      findings.filter((finding) => finding.level === 'error'),
      [],
    );
    await domain.close();
    remove();
  });

  it('merges beside another server: who comes late begins again', async () => {
    const db = await open();
    const { domain, remove } = await domainOn(db);
    const run = await newRun(domain);
    for (let batch = 0; batch < 25; batch++) {
      await domain.metrics.logBatch(testContext, domain.defaultProject, run.id, { points: batchOf(batch) });
    }
    const { sealer } = domain.metrics;
    await Promise.all(Array.from({ length: 4 }, () => sealer.seal(run.node, domain.defaultProject)));
    await checkBatches(domain, run.id, 25);
    await domain.close();
    remove();
  });
});
