/** Whole series over HTTP: every point once, in order, in each format, and nothing held between slices. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { batchLimits, decodePointBatch } from '../../src/engines/metrics/index.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const path = '/api/v1/series/read';
const count = 70_000;
const odd = 'a "quoted", key';
const start = 1_760_000_000_000;

/** Every 1,000th value is no real number, and times run backwards in pairs. */
const pointOf = (step: number) => ({
  value:
    step % 1000 === 999 ? [Number.NaN, Number.POSITIVE_INFINITY, -0][((step / 1000) % 3) | 0]! : step / 8,
  step,
  time: start + 10 * (step ^ 1),
});
const all = Array.from({ length: count }, (_, step) => pointOf(step));
const spelt = (value: number) => (Object.is(value, -0) ? '-0' : String(value));

forEachStore((open) => {
  const served = servedFor(open);

  async function newRun(): Promise<string> {
    const { domain } = served();
    const project = domain.defaultProject;
    const { run } = await domain.runs.create(testContext, project, { experiment: '0' });
    const log = (points: readonly (typeof all)[number][], key: string) =>
      domain.metrics.logBatch(testContext, project, run.id, {
        points: points.map((point) => ({ key, ...point })),
      });
    await log(all.slice(0, 40_000), 'loss');
    await log(all.slice(40_000, 60_000), 'loss');
    await domain.metrics.sealer.settle();
    await domain.metrics.sealer.seal(run.node, project);
    // Some chunks, some heads.
    await log(all.slice(60_000), 'loss');
    await log([pointOf(0), { value: 1, step: 2n ** 60n, time: -5 } as never], odd);
    return run.id;
  }

  it('gives every point once, as lines of JSON, as CSV and as columns', async () => {
    const { call, url } = served();
    const run = await newRun();
    const lines = await call('POST', path, { runs: ['none', run], keys: ['loss', 'no such', odd] });
    assert.equal(lines.headers.get('content-type'), 'application/x-ndjson');
    const text: string = typeof lines.body === 'string' ? lines.body : '';
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(rows.length, count + 2);
    assert.deepEqual(rows[999], { run, key: 'loss', step: 999, time: start + 9980, value: 'NaN' });
    assert.deepEqual(
      rows.slice(0, count).map(({ step, time, value }) => `${step} ${time} ${value}`),
      all.map(({ step, time, value }) => `${step} ${time} ${spelt(value)}`),
    );
    assert.deepEqual(rows.at(-1), { run, key: odd, step: String(2n ** 60n), time: -5, value: 1 });

    const table = (await call('POST', path, { runs: [run], keys: [odd, 'loss'], format: 'csv' })).body.split(
      '\r\n',
    );
    assert.equal(table.length, count + 4);
    assert.equal(table[0], 'run,key,step,time,value');
    assert.equal(table[2], `${run},"a ""quoted"", key",${2n ** 60n},-5,1`);
    assert.equal(table[3], `${run},loss,0,${start + 10},0`);

    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ runs: [run], keys: ['loss'], format: 'columns' }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    let read = 0;
    for (let at = 0; at < bytes.length; ) {
      const [length, idLength] = [bytes.readUInt32LE(at), bytes.readUInt16LE(at + 4)];
      assert.equal(bytes.toString('utf8', at + 6, at + 6 + idLength), run);
      at += 6 + idLength;
      const [entry] = decodePointBatch(bytes.subarray(at, at + length));
      const [name, { values, steps, times }] = entry!;
      assert.equal(name, 'loss');
      assert.ok(values.length <= batchLimits.points);
      for (const [i, value] of values.entries()) {
        const wanted = all[read++]!;
        if (Object.is(value, wanted.value) && steps[i] === wanted.step && times[i] === wanted.time) continue;
        assert.fail(`point ${read - 1} is ${value}, ${steps[i]}, ${times[i]}`);
      }
      at += length;
    }
    assert.equal(read, count);
  });

  it('keeps to a range, to every n-th step, and to the order of times', async () => {
    const { call } = served();
    const run = await newRun();
    const read = async (body: object) => {
      const text = (await call('POST', path, { runs: [run], keys: ['loss'], format: 'csv', ...body }))
        .body as string;
      return text
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((row) => row.split(',').slice(2, 4).map(Number));
    };
    const steps = (await read({ from: 10_000, to: 65_000, every: 1000 })).map(([step]) => step);
    assert.deepEqual(
      steps,
      Array.from({ length: 56 }, (_, i) => 10_000 + i * 1000),
    );
    const times = await read({ x: 'time', from: start, to: start + 10 * 59_999 });
    assert.equal(times.length, 60_000);
    assert.deepEqual(
      times.slice(0, 4).map(([step]) => step),
      [1, 0, 3, 2],
    );
    assert.ok(times.every(([, time], i) => i === 0 || time! > times[i - 1]![1]!));
    assert.deepEqual(await read({ from: 5_000_000 }), []);
  });

  it('holds nothing between slices: what is logged behind the place is read too', async () => {
    const { domain } = served();
    const run = await newRun();
    const project = domain.defaultProject;
    const slices = await domain.metrics.read(testContext, project, {
      runs: [run],
      keys: ['loss'],
      x: 'step',
    });
    const first = (await slices.next()).value!;
    assert.equal(first.points.values.length, 32_768);
    await domain.metrics.logBatch(testContext, project, run, {
      points: [
        { key: 'loss', value: 1, step: 1, time: 1 },
        { key: 'loss', value: 2, step: 90_000, time: 1 },
      ],
    });
    await domain.metrics.sealer.seal((await domain.runs.get(testContext, project, run)).run.node, project);
    let last = first.points.steps.at(-1)!;
    let total = first.points.values.length;
    for await (const { points } of slices) {
      assert.ok(points.steps[0]! > last);
      last = points.steps.at(-1)!;
      total += points.values.length;
    }
    assert.equal(total, count + 1);
    assert.equal(last, 90_000);
  });

  it('refuses what it cannot read before it answers', async () => {
    const { call } = served();
    for (const [body, field] of [
      [{ runs: ['a'], keys: ['b'], from: 2, to: 1 }, 'to'],
      [{ runs: ['a'], keys: ['b'], every: 0 }, 'every'],
      [{ runs: ['a'], keys: ['b'], from: '9223372036854775808' }, 'from'],
      [
        {
          runs: Array.from({ length: 200 }, (_, i) => `${i}`),
          keys: Array.from({ length: 51 }, (_, i) => `${i}`),
        },
        'keys',
      ],
      [{ runs: ['a'], keys: [] }, 'keys'],
    ] as const) {
      const { status, body: problem } = await call('POST', path, body);
      assert.equal(status, 400, JSON.stringify(problem));
      assert.equal(problem.field, field);
    }
  });
});
