/** The list of experiments in its orders, what happens in them by day, and the log from its end, on both stores. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const day = 86_400_000;

interface Listed {
  id: string;
  name: string;
  runs: number;
  running: number;
  failed: number;
  latest: number | null;
  user: string;
  days: number[];
}

forEachStore((open) => {
  const served = servedFor(open);

  describe('the list of experiments', () => {
    it('goes by name, creation and latest run, page by page, both ways', async () => {
      const { call } = served();
      await call('POST', '/api/v1/projects', { name: 'listed' });
      for (const name of ['b', 'a', 'c', 'd'])
        await call('POST', '/api/v1/experiments?project=listed', { name });
      const all = (await call('GET', '/api/v1/experiments?project=listed')).body.items as Listed[];
      const idOf = new Map(all.map(({ name, id }) => [name, id]));
      for (const [name, started] of [
        ['b', 5_000],
        ['a', 9_000],
        ['b', 7_000],
        ['c', 1_000],
      ] as const) {
        const body = { experiment: idOf.get(name), started, user: `by ${started}` };
        assert.equal((await call('POST', '/api/v1/runs?project=listed', body)).status, 201);
      }
      // Those without a run come last both ways.
      const expected = {
        name: ['a', 'b', 'c', 'd'],
        '-name': ['d', 'c', 'b', 'a'],
        latest: ['c', 'b', 'a', 'd'],
        '-latest': ['a', 'b', 'c', 'd'],
      };
      for (const [order, names] of Object.entries(expected)) {
        const walked: Listed[] = [];
        let cursor: string | undefined;
        do {
          const address = `/api/v1/experiments?project=listed&limit=2&order=${order}`;
          const { body } = await call('GET', cursor === undefined ? address : `${address}&cursor=${cursor}`);
          walked.push(...body.items);
          cursor = body.cursor;
        } while (cursor !== undefined);
        assert.deepEqual(
          walked.map(({ name }) => name),
          names,
          order,
        );
        const b = walked.find(({ name }) => name === 'b')!;
        assert.deepEqual([b.latest, b.user, b.days], [7_000, 'by 7000', []]);
      }
      const other = await call('GET', '/api/v1/experiments?project=listed&order=size');
      assert.deepEqual([other.status, other.body.field], [400, 'order']);
    });

    it('counts runs, those that failed, and those of each day', async () => {
      const { call } = served();
      const { id } = (await call('POST', '/api/v1/experiments', { name: 'busy' })).body;
      const now = Date.now();
      const start = async (age: number, state?: string) => {
        const run = (await call('POST', '/api/v1/runs', { experiment: id, started: now - age })).body;
        if (state !== undefined) await call('PATCH', `/api/v1/runs/${run.id}`, { state });
        return run.id as string;
      };
      await start(1_000);
      await start(2_000, 'failed');
      await start(day + 60_000, 'killed');
      await start(2.5 * day, 'finished');
      await start(9 * day, 'finished');
      await start(-day, 'finished');
      await call('DELETE', `/api/v1/runs/${await start(3_000, 'failed')}`);
      const { items } = (await call('GET', '/api/v1/experiments?search=busy&days=4')).body;
      const { runs, running, failed, days } = items[0] as Listed;
      assert.deepEqual(
        { runs, running, failed, days },
        { runs: 6, running: 1, failed: 2, days: [0, 1, 1, 2] },
      );
    });
  });

  describe('finding', () => {
    it('answers with what a link needs', async () => {
      const { call } = served();
      const { id: experiment } = (await call('POST', '/api/v1/experiments', { name: 'needles' })).body;
      const { id } = (await call('POST', '/api/v1/runs', { experiment, name: 'needle one', started: 77 }))
        .body;
      const { body } = await call('GET', '/api/v1/find?text=needle');
      assert.equal(body.experiments[0].id, experiment);
      const run = { id, name: 'needle one', state: 'running', user: '', started: 77, lifecycle: 'active' };
      assert.deepEqual(body.runs, [{ ...run, experiment: { id: experiment, name: 'needles' } }]);
      assert.equal(body.complete, true);
      assert.equal((await call('GET', `/api/v1/find?text=${'x'.repeat(501)}`)).status, 400);
      assert.equal((await call('GET', '/api/v1/find?limit=51')).body.field, 'limit');
      assert.equal((await call('GET', '/api/v1/find?project=nowhere')).status, 404);
    });
  });

  describe('the log from its end', () => {
    it('gives the latest events of a run first, page by page, each once', async () => {
      const { call, domain } = served();
      const { id } = (await call('POST', '/api/v1/runs', { experiment: '0', name: 'told' })).body;
      for (let index = 0; index < 7; index++)
        await call('POST', `/api/v1/runs/${id}/tags`, { key: `k${index}`, value: 'v' });
      await call('POST', '/api/v1/runs', { experiment: '0', name: 'another' });
      await domain.events.placed();
      const seen: { position: number; action: string; run: string }[] = [];
      let before: number | undefined;
      do {
        const address = `/api/v1/events?run=${id}&order=newest&limit=3`;
        const { body } = await call('GET', before === undefined ? address : `${address}&before=${before}`);
        seen.push(...body.items);
        before = body.reached;
      } while (before !== 1);
      assert.equal(seen.length, 8);
      assert.ok(seen.every(({ run }) => run === id));
      assert.deepEqual(
        seen.map(({ position }) => position),
        seen.map(({ position }) => position).toSorted((a, b) => b - a),
      );
      assert.deepEqual([seen[0]!.action, seen.at(-1)!.action], ['run.tag', 'run.create']);

      const whole = (await call('GET', '/api/v1/events?experiment=0&order=newest&limit=2000')).body;
      assert.equal(whole.items[0].action, 'run.create');
      assert.equal(whole.reached, 1);
      assert.equal((await call('GET', '/api/v1/events?order=sideways')).status, 400);
    });
  });
});
