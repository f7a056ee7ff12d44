/** The native API of metrics: rewinds, curves, and runs with very many metrics. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Served, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

interface Point {
  readonly key: string;
  readonly value: number | string;
  readonly step: number | string;
  readonly time: number;
}

async function newRun({ call }: Served, points: readonly Point[]): Promise<string> {
  const { id } = (await call('POST', '/api/v1/runs', { experiment: '0' })).body;
  for (let start = 0; start < points.length; start += 10_000) {
    const metrics = points.slice(start, start + 10_000);
    assert.equal((await call('POST', `/api/v1/runs/${id}/log`, { metrics })).status, 204);
  }
  return id;
}

const line = (
  key: string,
  count: number,
  value: (step: number) => number | string = (step) => step,
): Point[] =>
  Array.from({ length: count }, (_, step) => ({ key, value: value(step), step, time: 1000 + 10 * step }));

forEachStore((open) => {
  const served = servedFor(open);
  const seal = async (id: string) => {
    const { domain } = served();
    const { run } = await domain.runs.get(undefined as never, domain.defaultProject, id);
    await domain.metrics.sealer.seal(run.node, run.project);
  };

  describe('rewind', () => {
    it('takes later points out of the run, keeps them readable, and lets steps be logged again', async () => {
      const { call } = served();
      const id = await newRun(served(), [
        ...line('loss', 100),
        ...line('late', 3).map((point) => ({ ...point, step: 90 })),
      ]);
      await seal(id);
      const { status, body } = await call('POST', `/api/v1/runs/${id}/rewind`, { step: 60 });
      assert.equal(status, 200);
      assert.deepEqual(
        {
          step: body.rewind.step,
          series: body.rewind.series,
          points: body.rewind.points,
          actor: body.rewind.actor,
        },
        { step: 60, series: 2, points: 43, actor: 'local' },
      );
      const run = (await call('GET', `/api/v1/runs/${id}`)).body;
      assert.deepEqual(Object.keys(run.metrics), ['loss']);
      assert.deepEqual(
        [run.metrics.loss.points, run.metrics.loss.last, run.metrics.loss.max, run.metrics.loss.mean],
        [60, 59, 59, 29.5],
      );
      await call('POST', `/api/v1/runs/${id}/log`, {
        metrics: [{ key: 'loss', value: -1, step: 60, time: 5000 }],
      });
      const points = (await call('GET', `/api/v1/runs/${id}/points?key=loss&limit=1000`)).body.items;
      assert.equal(points.length, 61);
      assert.equal(points.at(-1).value, -1);
      const before = (await call('GET', `/api/v1/runs/${id}/points?key=loss&rewind=${body.rewind.id}`)).body
        .items;
      assert.deepEqual(
        before.map((point: Point) => point.step),
        Array.from({ length: 40 }, (_, i) => 60 + i),
      );
      const rewinds = (await call('GET', `/api/v1/runs/${id}/rewinds`)).body.items;
      assert.deepEqual(rewinds, [body.rewind]);
      const events = (await call('GET', `/api/v1/graph/nodes/${id}`)).body.events;
      assert.equal(events.filter((event: { action: string }) => event.action === 'run.rewind').length, 1);
    });

    it('changes nothing where no point is that far', async () => {
      const { call } = served();
      const id = await newRun(served(), line('loss', 10));
      const { body } = await call('POST', `/api/v1/runs/${id}/rewind`, { step: '10' });
      assert.deepEqual(body, { rewind: null });
      assert.deepEqual((await call('GET', `/api/v1/runs/${id}/rewinds`)).body, { items: [] });
    });

    it('answers a retry with the first answer, and pages', async () => {
      const { call } = served();
      const id = await newRun(served(), line('loss', 10));
      const go = () =>
        call('POST', `/api/v1/runs/${id}/rewind`, { step: 5 }, { 'idempotency-key': `back-${id}` });
      const first = await go();
      assert.deepEqual((await go()).body, first.body);
      await call('POST', `/api/v1/runs/${id}/rewind`, { step: 3 });
      const page = (await call('GET', `/api/v1/runs/${id}/rewinds?limit=1`)).body;
      assert.equal(page.items[0].step, 3);
      const next = (await call('GET', `/api/v1/runs/${id}/rewinds?limit=1&cursor=${page.cursor}`)).body;
      assert.deepEqual(next.items, [first.body.rewind]);
    });

    for (const [what, path, body, status, field] of [
      ['an unknown run', `/api/v1/runs/${'0'.repeat(32)}/rewind`, { step: 1 }, 404, 'run'],
      ['a step that is none', '/rewind', { step: '99999999999999999999' }, 400, 'step'],
      ['a step beyond int64', '/rewind', { step: '9223372036854775808' }, 400, 'step'],
      ['no step', '/rewind', {}, 400, 'step'],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const { call } = served();
        const target = path.startsWith('/api') ? path : `/api/v1/runs/${await newRun(served(), [])}${path}`;
        const answer = await call('POST', target, body);
        assert.equal(answer.status, status);
        assert.match(JSON.stringify(answer.body), new RegExp(field));
      });
    }

    it('refuses a deleted run', async () => {
      const { call } = served();
      const id = await newRun(served(), line('loss', 10));
      await call('DELETE', `/api/v1/runs/${id}`);
      assert.equal((await call('POST', `/api/v1/runs/${id}/rewind`, { step: 5 })).status, 409);
    });
  });

  describe('curves', () => {
    const draw = (body: unknown) => served().call('POST', '/api/v1/series/draw', body);

    it('shows every point of short lines, of several metrics of several runs', async () => {
      const [one, two] = [
        await newRun(served(), [
          ...line('loss', 5),
          ...line('odd', 2, (step) => (step === 0 ? 'NaN' : '-Infinity')),
        ]),
        await newRun(served(), line('loss', 3)),
      ];
      const { body } = await draw({ runs: [one, two, 'f'.repeat(32)], keys: ['loss', 'odd', 'none'] });
      assert.deepEqual(
        body.curves.map((curve: { run: string; key: string }) => [curve.run, curve.key]),
        [
          [one, 'loss'],
          [one, 'odd'],
          [two, 'loss'],
        ],
      );
      assert.deepEqual(body.curves[1].points, {
        steps: [0, 1],
        times: [1000, 1010],
        values: ['NaN', '-Infinity'],
      });
      assert.deepEqual([body.from, body.to], [0, 4]);
    });

    it('bands a long line on a fixed grid, sealed or not', async () => {
      const id = await newRun(
        served(),
        line('loss', 20_000, (step) => (step === 7 ? 'NaN' : step % 100)),
      );
      const whole = { runs: [id], keys: ['loss'], pixels: 100 };
      const before = (await draw(whole)).body;
      await seal(id);
      const { level, curves } = (await draw(whole)).body;
      assert.deepEqual(curves, before.curves);
      assert.equal(level, 8);
      const { bands } = curves[0];
      assert.deepEqual(bands.starts.slice(0, 3), [0, 256, 512]);
      assert.deepEqual(
        [bands.counts[0], bands.nonFinite[0], bands.min[0], bands.max[0], bands.first[0], bands.last[0]],
        [256, 1, 0, 99, 0, 55],
      );
      assert.deepEqual([bands.firstX[1], bands.lastX[1]], [256, 511]);
      const part = (await draw({ ...whole, from: 300, to: 5000, pixels: 19 })).body.curves[0].bands;
      assert.deepEqual(part.starts, bands.starts.slice(1, 20));
      assert.deepEqual(part.max, bands.max.slice(1, 20));
      const times = (await draw({ ...whole, x: 'time', from: 1000, to: 2990 })).body.curves[0];
      assert.equal(times.points.values.length, 200);
    });

    it('lays runs over each other that began at other times', async () => {
      const { call } = served();
      const begun = async (started: number) => {
        const { id } = (await call('POST', '/api/v1/runs', { experiment: '0', started })).body;
        const metrics = line('loss', 10).map((point) => ({
          ...point,
          time: started + 1000 * Number(point.step),
        }));
        assert.equal((await call('POST', `/api/v1/runs/${id}/log`, { metrics })).status, 204);
        return id as string;
      };
      const runs = [await begun(1_000_000), await begun(5_000_000_000)];
      const whole = (await draw({ runs, keys: ['loss'], x: 'relative', pixels: 5 })).body;
      assert.deepEqual([whole.from, whole.to, whole.level], [0, 9000, null]);
      assert.deepEqual(
        whole.curves.map(({ points }: { points: { values: number[] } }) => points.values.length),
        [10, 10],
      );
      const part = (await draw({ runs, keys: ['loss'], x: 'relative', from: 2500, to: 4000 })).body;
      assert.deepEqual(part.curves[1].points.times, [5_000_003_000, 5_000_004_000]);
      assert.deepEqual(part.curves[0].points.values, [3, 4]);
      // A narrow screen: each run's bands are as fine as the other's, whatever lies between their starts.
      const narrow = (await draw({ runs, keys: ['loss'], x: 'relative', pixels: 4 })).body;
      for (const { bands } of narrow.curves)
        assert.ok(bands.counts.length >= 3 && bands.counts.length <= 5, bands.counts.join());
    });

    it('draws one metric over another, by its values', async () => {
      const id = await newRun(served(), [
        ...line('seen', 10, (step) => 100 - step),
        ...line('loss', 12, (step) => step / 2),
      ]);
      const { pairs } = (await draw({ runs: [id], keys: ['loss'], x: { metric: 'seen' }, from: 92.5 })).body
        .curves[0];
      assert.deepEqual(pairs, {
        xs: [93, 94, 95, 96, 97, 98, 99, 100],
        steps: [7, 6, 5, 4, 3, 2, 1, 0],
        values: [3.5, 3, 2.5, 2, 1.5, 1, 0.5, 0],
      });
      const { pairBands } = (await draw({ runs: [id], keys: ['loss'], x: { metric: 'seen' }, pixels: 3 }))
        .body.curves[0];
      assert.equal(pairBands.width, 8);
      assert.deepEqual(pairBands.starts, [88, 96]);
      assert.deepEqual(pairBands.counts, [5, 5]);
    });

    for (const [what, body, field] of [
      ['no runs', { runs: [], keys: ['a'] }, 'runs'],
      [
        'too many lines',
        {
          runs: Array.from({ length: 101 }, (_, i) => `r${i}`),
          keys: Array.from({ length: 10 }, (_, i) => `k${i}`),
        },
        'lines',
      ],
      [
        'too many pixels',
        { runs: ['a'], keys: Array.from({ length: 100 }, (_, i) => `k${i}`), pixels: 10_000 },
        'pixels',
      ],
      ['an end before the beginning', { runs: ['a'], keys: ['a'], from: 2, to: 1 }, 'to'],
      ['a fraction of a step', { runs: ['a'], keys: ['a'], from: 0.5 }, 'from'],
      ['another axis', { runs: ['a'], keys: ['a'], x: 'space' }, 'x'],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const answer = await draw(body);
        assert.equal(answer.status, 400);
        assert.match(JSON.stringify(answer.body), new RegExp(field));
      });
    }
  });

  describe('a run with many metrics', () => {
    const names = [
      ...Array.from({ length: 1_100 }, (_, i) => `layer/${String(i).padStart(4, '0')}/grad`),
      'Größe_100%',
      'loss',
      'Loss/train',
      '\u{10ffff}end',
      'b\\c',
    ];

    it('shows the first thousand with the run, and pages through all', async () => {
      const { call } = served();
      const id = await newRun(
        served(),
        names.map((key, i) => ({ key, value: i, step: 0, time: 1 })),
      );
      const { body: run } = await call('GET', `/api/v1/runs/${id}`);
      assert.equal(Object.keys(run.metrics).length, 1_000);
      const found = Object.keys(run.metrics);
      let cursor: string | undefined = run.moreMetrics;
      while (cursor !== undefined) {
        const page: { items: { key: string }[]; cursor?: string } = (
          await call('GET', `/api/v1/runs/${id}/metrics?limit=70&cursor=${cursor}`)
        ).body;
        found.push(...page.items.map((item) => item.key));
        cursor = page.cursor;
      }
      const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      assert.deepEqual(found, sorted);
      const search = async (query: string) =>
        (await call('GET', `/api/v1/runs/${id}/metrics?${query}`)).body.items.map(
          (item: { key: string }) => item.key,
        );
      assert.deepEqual(
        await search('prefix=layer/000&limit=3'),
        sorted.filter((name) => name.startsWith('layer/000')).slice(0, 3),
      );
      assert.deepEqual(await search('contains=LOSS'), ['Loss/train', 'loss']);
      assert.deepEqual(await search('contains=100%25'), ['Größe_100%']);
      assert.deepEqual(await search('contains=%5C'), ['b\\c']);
      assert.deepEqual(await search('contains=_'), ['Größe_100%']);
      assert.deepEqual(await search(`prefix=${encodeURIComponent('\u{10ffff}')}`), ['\u{10ffff}end']);
      assert.deepEqual(await search('prefix=layer/&contains=99/G&limit=2'), [
        'layer/0099/grad',
        'layer/0199/grad',
      ]);
      assert.deepEqual(await search('prefix=zzz'), []);
    });

    it('refuses a cursor of another search', async () => {
      const { call } = served();
      const id = await newRun(
        served(),
        names.slice(0, 20).map((key) => ({ key, value: 1, step: 0, time: 1 })),
      );
      const { cursor } = (await call('GET', `/api/v1/runs/${id}/metrics?limit=2&prefix=layer`)).body;
      assert.equal((await call('GET', `/api/v1/runs/${id}/metrics?cursor=${cursor}`)).status, 400);
    });
  });
});
