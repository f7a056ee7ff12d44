/**
 * A run of very many metrics: logged by batches, found by their names page by page, read one by one, none of it through a list of all names.
 * 4,000 here; 100,000 in the long run (CAIRN_LONG=1), and ten such runs in one experiment: a million series.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Search } from '../../src/domain/search/index.ts';
import { sql } from '../../src/kernel/sql.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { type Served, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const isLong = process.env.CAIRN_LONG === '1';
const names = isLong ? 100_000 : 4_000;
const runs = isLong ? 10 : 2;
const perBatch = 1_000;
const mlflow = '/api/2.0/mlflow';

const nameOf = (i: number) => `layer_${Math.floor(i / 100)}/unit_${String(i).padStart(6, '0')}/Norm`;

async function wideRun({ call }: Served, steps: number): Promise<string> {
  const { id } = (await call('POST', '/api/v1/runs', { experiment: '0' })).body;
  for (let step = 0; step < steps; step++) {
    for (let from = 0; from < names; from += perBatch) {
      const metrics = Array.from({ length: perBatch }, (_, i) => ({
        key: nameOf(from + i),
        value: from + i + step / 2,
        timestamp: 1_760_000_000_000 + step,
        step,
      }));
      const { status } = await call('POST', `${mlflow}/runs/log-batch`, { run_id: id, metrics });
      assert.equal(status, 200);
    }
  }
  return id;
}

forEachStore((open) => {
  const served = servedFor(open);

  it(`holds ${runs} runs of ${names} metrics, and finds each`, async () => {
    const { call, domain } = served();
    const first = await wideRun(served(), 3);
    for (let more = 1; more < runs; more++) await wideRun(served(), 1);
    await domain.metrics.sealer.settle();
    const { run } = await domain.runs.get(undefined as never, domain.defaultProject, first);
    await domain.metrics.sealer.seal(run.node, run.project);

    const page = async (query: string) => (await call('GET', `/api/v1/runs/${first}/metrics?${query}`)).body;
    const some = Math.floor(names / 2);
    const found = await page(`prefix=${encodeURIComponent(nameOf(some).slice(0, -6))}&limit=50`);
    assert.equal(found.items.length, 10);
    const [{ key, points, last, min, max }] = (await page(`contains=UNIT_${String(some).padStart(6, '0')}`))
      .items;
    assert.deepEqual([key, points, min, max, last], [nameOf(some), 3, some, some + 1, some + 1]);
    let cursor: string | undefined;
    let count = 0;
    do {
      const next: { items: { key: string }[]; cursor?: string } = await page(
        `limit=1000${cursor ? `&cursor=${cursor}` : ''}`,
      );
      count += next.items.length;
      cursor = next.cursor;
    } while (cursor !== undefined);
    assert.equal(count, names);

    const shown = (await call('GET', `/api/v1/runs/${first}`)).body;
    assert.equal(Object.keys(shown.metrics).length, 1_000);
    const listed = (await call('POST', '/api/v1/runs/search', { experiments: ['0'], order: ['started asc'] }))
      .body;
    assert.equal(listed.items.length, runs);
    const byName = Array.from({ length: names }, (_, i) => nameOf(i)).sort();
    for (const { id, metrics, moreMetrics } of listed.items) {
      assert.deepEqual(Object.keys(metrics), byName.slice(0, 1_000), id);
      const next = (await call('GET', `/api/v1/runs/${id}/metrics?limit=1&cursor=${moreMetrics}`)).body;
      assert.equal(next.items[0].key, byName[1_000], 'goes on where the search left off');
    }
    const named = (
      await call('POST', '/api/v1/runs/search', {
        experiments: ['0'],
        columns: { metrics: [nameOf(names - 1)] },
      })
    ).body;
    for (const item of named.items) {
      assert.deepEqual([Object.keys(item.metrics), item.moreMetrics], [[nameOf(names - 1)], undefined]);
    }
    const node = (await call('GET', `/api/v1/graph/nodes/${first}`)).body;
    assert.equal(node.series.length, 1_000);

    const all = (await call('GET', `${mlflow}/runs/get?run_id=${first}`)).body.run.data.metrics;
    assert.equal(all.length, names, 'MLflow answers every metric of a run');

    // A page of MLflow's ends where the next run would be too much, and always brings one.
    for (const [most, perPage] of [
      [1, 1],
      [names, 1],
      // More than that takes longer than a search may, once there are a million.
      ...(isLong ? [] : [[2 * names, 2] as const]),
    ] as const) {
      const searches = new Search(domain.graph, { metrics: most });
      const found: string[] = [];
      let at: string | undefined;
      do {
        const some: Awaited<ReturnType<Search['runsBesides']>> = await searches.runsBesides(
          testContext,
          domain.defaultProject,
          {
            experiments: ['0'],
            order: [],
            view: 'all',
            limit: 1_000,
            cursor: at,
            isKnown: () => false,
          },
        );
        assert.equal(some.items.length, perPage);
        for (const { run, metrics } of some.loaded) {
          found.push(run.id);
          assert.equal(metrics.length, names);
        }
        at = some.cursor;
      } while (at !== undefined);
      assert.equal(new Set(found).size, runs);
    }

    const history = (
      await call('GET', `/api/v1/runs/${first}/points?key=${encodeURIComponent(nameOf(some))}`)
    ).body;
    assert.deepEqual(
      history.items.map((point: { step: number }) => point.step),
      [0, 1, 2],
    );
    const drawn = (
      await call('POST', '/api/v1/series/draw', { runs: [first], keys: [nameOf(7), nameOf(names - 1)] })
    ).body;
    assert.deepEqual(
      drawn.curves.map((curve: { points: { values: number[] } }) => curve.points.values.length),
      [3, 3],
    );

    const stored = await domain.db.read((queries) =>
      queries.one<{
        series: number;
        chunks: number;
        heads: number;
      }>(sql`SELECT (SELECT count(*) FROM series) AS series,
        (SELECT count(*) FROM point_chunk) AS chunks, (SELECT count(*) FROM point_head WHERE node = ${run.node}) AS heads`),
    );
    assert.deepEqual([stored?.series, stored?.chunks], [names * runs, 0], 'no chunk for a short series');
    // 300,000 points are more than one merge takes: their heads are few, each at most twice as large as all behind it.
    assert.ok(stored!.heads <= (isLong ? 8 : 1), `${stored!.heads} heads`);
  });

  it('goes back to a step in all of them', async () => {
    const { call } = served();
    const id = await wideRun(served(), 2);
    const { rewind } = (await call('POST', `/api/v1/runs/${id}/rewind`, { step: 1 })).body;
    assert.deepEqual([rewind.series, rewind.points], [names, names]);
    const [{ points }] = (
      await call('GET', `/api/v1/runs/${id}/metrics?prefix=${encodeURIComponent(nameOf(3))}`)
    ).body.items;
    assert.equal(points, 1);
  });
});
