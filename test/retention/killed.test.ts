/** A purge that is killed leaves a sound store, and the next call goes on where it was. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkDerivedData } from '../../src/derived-data.ts';
import { checkArtifacts } from '../../src/domain/artifacts/index.ts';
import { sql } from '../../src/kernel/sql.ts';
import { serveDomain } from '../fixtures/served-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { killAfter } from '../stores/kill-after.ts';
import { forEachStore } from '../stores/stores.ts';
import { Things } from './deleted-things.ts';

const script = fileURLToPath(new URL('purge-until-killed.ts', import.meta.url));
/** Commits after which it is killed, the first of which is the upkeep's: in the middle of a run, at its end, and beyond the next. */
const kills = [2, 3, 4];
/** Of each run: its series go in three transactions. */
const metrics = 250;

forEachStore((open) => {
  it('is sound after each SIGKILL, and goes on', async () => {
    const address = await open.place();
    const { blobs, folder, remove } = temporaryBlobs();
    let served = await serveDomain(await open({ address }), { blobs });
    const things = new Things(() => served);
    const experiment = await things.experiment('killed');
    const gone = [];
    for (const _ of [1, 2, 3]) gone.push(await things.run(experiment, metrics));
    const stays = await things.run(experiment, metrics);
    for (const { id } of gone) await things.delete('runs', id);
    await served.close();

    for (const [round, commits] of kills.entries()) {
      await killAfter(script, [address, folder, String(commits)], commits);
      const db = await open({ address });
      const findings = await db.read((queries) => checkDerivedData(queries, true, db.dialect));
      findings.push(...(await checkArtifacts(db, blobs, true)));
      assert.deepEqual(
        findings.filter(({ level }) => level === 'error'),
        [],
        `kill ${round}`,
      );
      const row = await db.read((queries) =>
        queries.one<{ pending: number }>(sql`SELECT count(*) AS pending FROM purge`),
      );
      if (round === 0) assert.ok(row!.pending > 0, 'it was not in the middle of a run');
      await db.close();
    }

    const db = await open({ address });
    served = await serveDomain(db, { blobs });
    await things.purge();
    for (const { id, uri } of gone) {
      assert.equal((await served.call('GET', `/api/2.0/mlflow/runs/get?run_id=${id}`)).status, 404);
      assert.equal(await things.file(uri, 'log.txt'), undefined);
    }
    const { run } = await things.ask('GET', `/api/2.0/mlflow/runs/get?run_id=${stays.id}`);
    assert.equal(run.data.metrics.length, metrics);
    const left = await db.read((queries) =>
      queries.one<Record<'pending' | 'purges' | 'series', number>>(sql`SELECT
        (SELECT count(*) FROM purge) AS pending,
        (SELECT count(*) FROM event WHERE action = 'run.purge') AS purges,
        (SELECT count(*) FROM series) AS series`),
    );
    assert.deepEqual({ ...left }, { pending: 0, purges: 3, series: metrics });
    await served.close();
    remove();
  });
});
