/** Batches of neutral records over HTTP, on both stores: what they keep, that twice is once, and what is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromWire, toWire } from '../../src/domain/transfer/index.ts';
import { pointsFrom } from '../../src/engines/metrics/index.ts';
import { type Served, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const time = 1_700_000_000_000;
const hex = (digit: string, number: number) => `${digit}${String(number).padStart(31, '0')}`;

const points = pointsFrom([
  { value: Number.NaN, step: 3, time },
  { value: Number.NEGATIVE_INFINITY, step: 3, time: time + 1 },
  { value: -0, step: 9_007_199_254_740_993n, time },
  { value: 0.1, step: 0, time: 0 },
]);

function experimentRecord(id: string, name: string) {
  return {
    ...{
      id,
      name,
      location: `mlflow-artifacts:/${id}`,
      lifecycle: 'active',
      created: time,
      updated: time + 5,
    },
    tags: [
      ['note', 'ü'],
      ['', ''],
    ].slice(0, 1),
  };
}

function runRecord(number: number, extra: Record<string, unknown> = {}) {
  return {
    id: hex('a', number),
    name: `run ${number}`,
    user: 'ada',
    state: 'finished',
    started: time + number,
    ended: time + number + 10,
    lifecycle: number % 2 === 0 ? 'active' : 'deleted',
    deleted: number % 2 === 0 ? null : time + 99,
    params: [
      ['lr', '0.1'],
      ['nul', 'a\0b'],
    ],
    tags: number === 0 ? [] : [['mlflow.parentRunId', hex('a', 0)]],
    inputs: [
      {
        ...{ name: 'data', digest: 'd1', sourceType: 'local', source: '{}', schema: '{}' },
        tags: [['mlflow.data.context', 'training']],
      },
    ],
    series: [{ key: 'loss', points: toWire(points) }],
    ...extra,
  };
}

function modelRecord(number: number, extra: Record<string, unknown> = {}) {
  const series = [{ key: 'auc', run: hex('a', 0), dataset: ['data', 'd1'], points: toWire(points) }];
  return {
    ...{ id: `m-${hex('b', number)}`, name: 'tree', type: 't', sourceRun: hex('a', 0), state: 'failed' },
    ...{ message: 'why', created: time, updated: time + 1, lifecycle: number === 0 ? 'active' : 'deleted' },
    ...{ params: [['depth', '3']], tags: [['t', 'v']], series, ...extra },
  };
}

const place = '/api/v1/transfer';

describe('moving records in and out', () => {
  forEachStore((open) => {
    const served = servedFor(() => open());
    const put = async (batch: Record<string, unknown>, project = 'default') => {
      const body = { source: 'test', cursor: 'c', ...batch };
      const answer = await served().call('POST', `${place}/batches?project=${project}`, body);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body as { changed: number; refused: { kind: string; id: string; why: string }[] };
    };
    const experiment = { id: '7', name: 'moved' };

    it('keeps ids, times, deleted things and every bit of points', async () => {
      assert.deepEqual(await put({ experiments: [experimentRecord('7', 'moved')] }), {
        changed: 1,
        refused: [],
      });
      assert.equal((await put({ experiment, runs: [runRecord(1), runRecord(0), runRecord(2)] })).changed, 3);
      assert.equal((await put({ experiment, models: [modelRecord(0), modelRecord(1)] })).changed, 2);
      const links = [
        { run: hex('a', 0), model: `m-${hex('b', 0)}`, role: 'output', step: '9223372036854775807' },
        { run: hex('a', 1), model: `m-${hex('b', 1)}`, role: 'input', step: '0' },
      ];
      assert.equal((await put({ links })).refused.length, 0);
      const read = await records(served(), '7');
      assert.deepEqual(
        read.experiments.filter(({ id }) => id === '7'),
        [experimentRecord('7', 'moved')],
      );
      assert.deepEqual(
        read.runs.map(withoutSeries),
        [0, 1, 2].map((number) => withoutSeries(runRecord(number))),
      );
      for (const { series } of read.runs) {
        assert.deepEqual(
          series.map((one: { key: string }) => one.key),
          ['loss'],
        );
        assert.deepEqual(fromWire(series[0]!.points!, 'loss'), fromWire(toWire(sorted()), 'loss'));
      }
      assert.deepEqual(
        read.models.map(withoutSeries),
        [0, 1].map((number) => withoutSeries(modelRecord(number))),
      );
      assert.deepEqual(read.models[0]!.series[0]!.dataset, ['data', 'd1']);
      assert.deepEqual(read.links, links.toReversed());
      const { edges } = (await served().call('GET', `/api/v1/graph/nodes/${hex('a', 0)}`)).body;
      const nested = edges.items ?? edges;
      assert.equal(
        nested.filter((edge: { kind: string }) => edge.kind === 'parent-of').length,
        2,
        'each child once',
      );
    });

    it('changes nothing the second time, and adds what is new', async () => {
      const { events } = await logged(served());
      assert.equal((await put({ experiments: [experimentRecord('7', 'moved')] })).changed, 0);
      assert.equal((await put({ experiment, runs: [runRecord(0), runRecord(1), runRecord(2)] })).changed, 0);
      assert.equal((await put({ experiment, models: [modelRecord(0), modelRecord(1)] })).changed, 0);
      assert.equal((await logged(served())).events, events, 'no event for nothing');
      const longer = toWire(pointsFrom([{ value: 5, step: 99, time }]));
      const again = runRecord(0, { params: [['new', 'x']], series: [{ key: 'loss', points: longer }] });
      assert.equal((await put({ experiment, runs: [again] })).changed, 1);
      const [run] = (await records(served(), '7')).runs;
      assert.equal(new Map(run!.params as [string, string][]).get('new'), 'x');
      assert.equal(fromWire(run!.series[0]!.points!, 'loss').values.length, 5);
    });

    it('refuses what contradicts, by name, and stores the rest', async () => {
      const other = runRecord(0, { params: [['lr', '0.2']] });
      const answer = await put({ experiment, runs: [other, runRecord(4)] });
      assert.equal(answer.changed, 1);
      assert.deepEqual(answer.refused, [
        { kind: 'run', id: hex('a', 0), why: "here its parameter 'lr' has another value" },
      ]);
      const named = await put({ experiment: { id: '7', name: 'another' }, runs: [runRecord(5)] });
      assert.match(named.refused[0]!.why, /here experiment 7 is another one, 'moved'/);
      const taken = await put({ experiments: [experimentRecord('8', 'moved'), experimentRecord('7', 'x')] });
      assert.deepEqual(
        taken.refused.map(({ id, why }) => [id, why]),
        [
          ['8', "the name 'moved' belongs to another experiment here"],
          ['7', "here it is called 'moved'"],
        ],
      );
      const model = await put({ experiment, models: [modelRecord(0, { name: 'bush' })] });
      assert.match(model.refused[0]!.why, /here its name is 'tree'/);
      const links = [{ run: hex('f', 1), model: `m-${hex('b', 0)}`, role: 'input', step: '0' }];
      assert.match((await put({ links })).refused[0]!.why, /the run is not here/);
    });

    it('refuses broken batches whole', async () => {
      for (const [body, field] of [
        [{ runs: [runRecord(9)] }, 'experiment'],
        [{ experiment, runs: [runRecord(9), runRecord(9)] }, 'runs[1].id'],
        [{ experiment, runs: [runRecord(9, { id: '../x' })] }, 'runs[0].id'],
        [
          {
            experiment,
            runs: [
              runRecord(9, { series: [{ key: 'k', points: { values: 'AAAA', steps: '', times: '' } }] }),
            ],
          },
          'values',
        ],
        [{ experiment, runs: [], models: [] }, 'models'],
      ] as const) {
        const answer = await served().call('POST', `${place}/batches`, {
          source: 's',
          cursor: null,
          ...body,
        });
        assert.equal(answer.status, 400, JSON.stringify(answer.body));
        assert.match(JSON.stringify(answer.body), new RegExp(field.replaceAll(/[[\]]/g, '\\$&')));
      }
      const missing = await served().call('POST', `${place}/batches`, {
        ...{ source: 's', cursor: null, experiment: { id: '404', name: 'x' }, runs: [] },
      });
      assert.equal(missing.status, 404);
      assert.equal((await progress(served(), 's')).progress, null, 'nothing was kept of them');
    });

    it('keeps how far it has come with the batch', async () => {
      await put({ source: 'elsewhere', cursor: 'after 3' });
      const { progress: found } = await progress(served(), 'elsewhere');
      assert.deepEqual([found.cursor, found.actor], ['after 3', 'local']);
      await put({ source: 'elsewhere', cursor: null });
      assert.equal((await progress(served(), 'elsewhere')).progress.cursor, null);
    });

    it('takes an untouched Default over, and leaves a used one', async () => {
      await served().call('POST', '/api/v1/projects', { name: 'fresh' });
      const moved = { ...experimentRecord('0', 'Default'), lifecycle: 'deleted' };
      const zero = { ...moved, name: 'Zero' };
      const own = await served().call('GET', '/api/v1/experiments/0');
      assert.equal(own.body.name, 'Default');
      assert.deepEqual((await put({ experiments: [zero] })).refused, []);
      const after = (await served().call('GET', '/api/v1/experiments/0')).body;
      assert.deepEqual([after.name, after.lifecycle, after.created], ['Zero', 'deleted', time]);
      assert.equal((await put({ experiments: [zero] })).changed, 0);
      assert.match((await put({ experiments: [moved] })).refused[0]!.why, /here it is called 'Zero'/);
    });
  });
});

const sorted = () =>
  pointsFrom([
    { value: 0.1, step: 0, time: 0 },
    { value: Number.NaN, step: 3, time },
    { value: Number.NEGATIVE_INFINITY, step: 3, time: time + 1 },
    { value: -0, step: 9_007_199_254_740_993n, time },
  ]);

function withoutSeries({ series: _, ...record }: { series?: unknown; [key: string]: unknown }) {
  return record;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Read = Readonly<Record<'experiments' | 'runs' | 'models' | 'links', any[]>>;

async function records(served: Served, experiment: string): Promise<Read> {
  const found: Record<string, unknown[]> = {};
  for (const kind of ['experiments', 'runs', 'models', 'links']) {
    const answer = await served.call('GET', `${place}/records?kind=${kind}&experiment=${experiment}`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    found[kind] = answer.body[kind];
  }
  return found as Read;
}

const progress = async (served: Served, source: string) =>
  (await served.call('GET', `${place}/progress?source=${source}`)).body;

async function logged(served: Served): Promise<{ events: number }> {
  const { body } = await served.call('GET', '/api/v1/events?limit=1000');
  return { events: body.items.length };
}
