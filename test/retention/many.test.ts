/**
 * Purging many runs: nobody who writes meanwhile waits long, memory does not grow with their number, and as many go as a dry
 * run told. CAIRN_LONG=1: 20,000 of them.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Db } from '../../src/db/db.ts';
import { checkDerivedData } from '../../src/derived-data.ts';
import { toWire } from '../../src/domain/transfer/index.ts';
import { pointsFrom } from '../../src/engines/metrics/index.ts';
import { sql } from '../../src/kernel/sql.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { Things } from './deleted-things.ts';

const isLong = process.env.CAIRN_LONG === '1';
const count = isLong ? 20_000 : 600;
const batch = 200;
const time = 1_700_000_000_000;
/** ms that a write beside may take at most: a transaction of the purge before it, on a machine that does more. */
const patience = 1_500;
/** Bytes of heap that are still in use after all of them. */
const growth = 24 * 1024 * 1024;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

const points = toWire(pointsFrom([0, 1, 2].map((step) => ({ value: step / 3, step, time: time + step }))));

function runRecord(number: number) {
  const isKept = number % 100 === 0;
  return {
    ...{ id: `a${String(number).padStart(31, '0')}`, name: `run ${number}`, user: 'ada', state: 'finished' },
    ...{ started: time + number, ended: time + number + 10, inputs: [] },
    ...{ lifecycle: isKept ? 'active' : 'deleted', deleted: isKept ? null : time + 99 },
    params: Array.from({ length: 5 }, (_, index) => [`p${index}`, `value ${number}`]),
    tags: [['note', `${number}`]],
    series: ['loss', 'accuracy'].map((key) => ({ key, points })),
  };
}

forEachStore((open) => {
  let db: Db;
  const served = servedFor(async () => {
    db = await open();
    return db;
  });
  const things = new Things(served);

  it(`purges ${count} runs beside others`, async () => {
    const experiment = await things.experiment('many');
    const beside = await things.run(await things.experiment('beside'));
    for (let first = 0; first < count; first += batch) {
      const runs = Array.from({ length: batch }, (_, index) => runRecord(first + index));
      const body = { source: 'test', cursor: 'c', experiment: { id: experiment, name: 'many' }, runs };
      await things.ask('POST', '/api/v1/transfer/batches', body);
    }
    const dry = await things.purge({ dryRun: true });
    const before = heap();

    let isOver = false;
    const waits: number[] = [];
    const writing = (async () => {
      for (let step = 0; !isOver; step++) {
        const begun = performance.now();
        const metric = { run_id: beside.id, key: 'beside', value: step, timestamp: time + step, step };
        await things.ask('POST', '/api/2.0/mlflow/runs/log-metric', metric);
        waits.push(performance.now() - begun);
        await delay(5);
      }
    })();
    const begun = performance.now();
    const done = await things.purge();
    const took = performance.now() - begun;
    isOver = true;
    await writing;

    assert.deepEqual(done, dry);
    const gone = count - count / 100;
    assert.deepEqual(done.run, { records: gone, held: 0, points: gone * 6, files: 0 });
    const longest = Math.max(...waits);
    const grown = heap() - before;
    console.log(
      `${db.dialect.name}: ${Math.round((gone / took) * 1000)} runs/s; ${waits.length} writes beside, the longest ${Math.round(longest)} ms; heap ${Math.round(grown / 2 ** 20)} MiB more`,
    );
    assert.ok(longest < patience, `a write beside waited ${Math.round(longest)} ms`);
    assert.ok(grown < growth, `the heap grew by ${grown} bytes`);
    const left = await db.read((queries) =>
      queries.one<Record<'runs' | 'tombstones' | 'heads' | 'pending', number>>(sql`SELECT
        (SELECT count(*) FROM node WHERE kind = 1) AS runs, (SELECT count(*) FROM node WHERE kind = 7) AS tombstones,
        (SELECT count(*) FROM series WHERE context = (SELECT context FROM node WHERE uid = ${runRecord(0).id})) AS series,
        (SELECT count(*) FROM purge) AS pending`),
    );
    assert.deepEqual(
      { ...left },
      { runs: count / 100 + 1, tombstones: gone, series: (count / 100) * 2, pending: 0 },
    );
    const { runs } = await things.ask('POST', '/api/2.0/mlflow/runs/search', {
      experiment_ids: [experiment],
      run_view_type: 'ALL',
      max_results: 1000,
    });
    assert.equal(runs.length, count / 100);
    const findings = await db.read((queries) => checkDerivedData(queries, true, db.dialect));
    assert.deepEqual(
      findings.filter(({ level }) => level !== 'ok'),
      [],
    );
  });
});
