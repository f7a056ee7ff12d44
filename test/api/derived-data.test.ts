/** `checkDerivedData` finds nothing in a store that was only written to, and names what was tampered with. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Finding } from '../../src/db/db.ts';
import { checkDerivedData, rebuildDerivedData } from '../../src/derived-data.ts';
import { parseNativeOrder, Search } from '../../src/domain/search/index.ts';
import { type Sql, sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { localContext } from '../fixtures/opened-slices.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

forEachStore((open) => {
  const served = servedFor(open);

  async function errors(): Promise<string[]> {
    return (await found()).map((finding) => finding.check);
  }

  async function found(): Promise<Finding[]> {
    const { db } = served().domain;
    const findings = await db.read((queries) => checkDerivedData(queries, true, db.dialect));
    return findings.filter((finding) => finding.level === 'error');
  }

  async function tamper(statement: Sql): Promise<void> {
    assert.equal(await served().domain.db.write((tx) => tx.run(statement)), 1);
  }

  it('is content with what was logged, sealed or not', async () => {
    const { call, domain } = served();
    const { id } = (await call('POST', '/api/v1/runs', { experiment: '0' })).body;
    for (let step = 0; step < 100; step++) {
      const metrics = ['a', 'b'].map((key) => ({
        key,
        value: step % 7 === 0 ? 'NaN' : step / 3,
        time: step,
        step,
      }));
      await call('POST', `/api/v1/runs/${id}/log`, { metrics });
      if (step === 60) {
        const { run } = await domain.runs.get(undefined as never, domain.defaultProject, id);
        await domain.metrics.sealer.seal(run.node, run.project);
      }
    }
    assert.deepEqual(await errors(), []);
  });

  it('is made again by a rebuild', async () => {
    const { call, domain } = served();
    const { id } = (await call('POST', '/api/v1/runs', { experiment: '0' })).body;
    const metrics = Array.from({ length: 5_000 }, (_, step) => ({
      key: 'long',
      value: step / 7,
      time: step,
      step,
    }));
    for (const from of [0, 2_500]) {
      await call('POST', `/api/v1/runs/${id}/log`, { metrics: metrics.slice(from, from + 2_500) });
    }
    const { run } = await domain.runs.get(undefined as never, domain.defaultProject, id);
    await domain.metrics.sealer.seal(run.node, run.project);
    const before = (await call('GET', `/api/v1/runs/${id}`)).body.metrics;
    await tamper(sql`UPDATE series SET sum_value = 1, step_max = 7 WHERE node = ${run.node}`);
    await tamper(sql`UPDATE metric_name SET name = 'wrong' WHERE node = ${run.node}`);
    await tamper(
      sql`UPDATE point_outline SET data = ${Buffer.from('none')} WHERE id = (SELECT max(id) FROM point_outline)`,
    );
    assert.deepEqual(await errors(), ['series']);
    const [line] = await rebuildDerivedData(domain.db, systemClock);
    assert.match(line!, /written again: 1 summaries, 1 outlines, 1 names$/);
    assert.deepEqual(await errors(), []);
    assert.deepEqual((await call('GET', `/api/v1/runs/${id}`)).body.metrics, before);
    assert.match(
      (await rebuildDerivedData(domain.db, systemClock))[0]!,
      /written again: 0 summaries, 0 outlines, 0 names$/,
    );
  });

  it('names the run that stands elsewhere in an order, and makes the order again', async () => {
    const { call, domain } = served();
    const ids: string[] = [];
    for (const value of [3, 1, 2]) {
      const { id } = (await call('POST', '/api/v1/runs', { experiment: '0' })).body;
      await call('POST', `/api/v1/runs/${id}/log`, { metrics: [{ key: 'loss', value, time: 1, step: 1 }] });
      ids.push(id);
    }
    await domain.events.placed();
    const context = localContext();
    const search = new Search(domain.graph, { ranked: 0, few: 0 });
    const best = async () => {
      const asked = {
        experiments: ['0'],
        order: [parseNativeOrder('metrics.loss')],
        view: 'active',
      } as const;
      const { items } = await search.runs(context, domain.defaultProject, { ...asked, limit: 3 });
      await search.rankings.settle();
      return items.map(({ run }) => run.id);
    };
    const sorted = await best();
    assert.deepEqual(await best(), sorted);
    assert.deepEqual(await errors(), []);
    const node = sql`(SELECT id FROM node WHERE uid = ${ids[0]!})`;
    await tamper(sql`UPDATE ranked SET sort = ${Buffer.of(0)} WHERE node = ${node}`);
    const [broken] = await found();
    assert.equal(broken?.check, 'rankings');
    assert.match(broken!.detail, new RegExp(`by metric loss of .*: run ${ids[0]} stands elsewhere$`));
    const [, line] = await rebuildDerivedData(domain.db, systemClock);
    assert.equal(line, 'rankings: 1 read; made again: 1');
    assert.deepEqual(await errors(), []);
    assert.deepEqual(await best(), sorted);
    await tamper(sql`DELETE FROM ranked WHERE node = ${node}`);
    assert.match(
      (await found())[0]!.detail,
      new RegExp(`run ${ids[0]} is missing; it says \\d+ rows and has \\d+`),
    );
    await rebuildDerivedData(domain.db, systemClock);
    assert.deepEqual(await errors(), []);
    await search.close();
  });

  for (const [what, statement, check] of [
    [
      'a summary',
      sql`UPDATE series SET max_value = max_value + 1 WHERE id = (SELECT min(id) FROM series)`,
      'series',
    ],
    [
      'a head',
      sql`UPDATE point_head SET data = ${Buffer.from('no points at all')} WHERE id = (SELECT max(id) FROM point_head)`,
      'series',
    ],
    [
      'the body of an event',
      sql`UPDATE event_body SET body = '{}' WHERE event = (SELECT max(event) FROM event_body)`,
      'event_digests',
    ],
    [
      'a position',
      sql`UPDATE event SET position = position + 1000 WHERE position = (SELECT max(position) FROM event)`,
      'event_positions',
    ],
    ['a node', sql`DELETE FROM node WHERE id = (SELECT max(node) FROM series)`, 'graph'],
  ] as const) {
    it(`notices that ${what} was changed behind its back`, async () => {
      const { domain } = served();
      await domain.events.placed();
      await tamper(statement);
      assert.ok((await errors()).includes(check), `no error of ${check}`);
    });
  }
});
