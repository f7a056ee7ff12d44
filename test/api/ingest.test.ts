/** Points by the binary route: what the JSON route does with them, on both stores. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  batchLimits,
  encodePointBatch,
  pointBatchType,
  type SeriesColumns,
} from '../../sdk/src/point-batch.ts';
import { type Answer, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const time = 1_760_000_000_000;
const jsonValue = (value: number) =>
  Number.isFinite(value) ? (Object.is(value, -0) ? '-0' : value) : String(value);

const point = fc.record({
  step: fc.integer({ min: -3, max: 30 }),
  time: fc.integer({ min: time, max: time + 4 }),
  value: fc.constantFrom(0.5, 0.25, 1 / 3, -0, 0, Number.NaN, Number.POSITIVE_INFINITY, 7),
});
/** Batches over a few metrics, with points that repeat within and between them. */
const batches = fc.array(
  fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('loss', 'acc', 'läng/e', 'x'.repeat(250)),
      points: fc.array(point, { minLength: 1, maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 4, selector: ({ name }) => name },
  ),
  { minLength: 1, maxLength: 4 },
);

forEachStore((open) => {
  const served = servedFor(open);

  async function newRun(): Promise<string> {
    return (await served().call('POST', '/api/v1/runs', { experiment: '0', name: 'a run' })).body.id;
  }

  async function ingest(
    run: string,
    body: Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${served().url}/api/v1/runs/${run}/points`, {
      method: 'POST',
      headers: { 'content-type': pointBatchType, ...headers },
      body,
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  const batchOf = (name: string, count: number): SeriesColumns => ({
    name,
    steps: Array.from({ length: count }, (_, i) => i),
    times: Array.from({ length: count }, (_, i) => time + i),
    values: Array.from({ length: count }, (_, i) => 1 / (i + 1)),
  });
  const points = async (run: string, key: string) =>
    (await served().call('GET', `/api/v1/runs/${run}/points?key=${encodeURIComponent(key)}`)).body.items;
  /** Everything that a run says, save who it is. */
  async function stateOf(run: string) {
    const { call } = served();
    const { metrics } = (await call('GET', `/api/v1/runs/${run}`)).body;
    const found: Record<string, unknown> = {};
    for (const key of Object.keys(metrics)) found[key] = await points(run, key);
    return { metrics, found };
  }
  const events = async (run: string) =>
    (await served().call('GET', `/api/v1/events?run=${run}&limit=2000`)).body.items.filter(
      ({ action }: { action: string }) => action === 'run.log',
    );

  describe('points by the binary route', () => {
    it('are those of the JSON route, in any batches', async () => {
      await fc.assert(
        fc.asyncProperty(batches, async (sent) => {
          const [json, binary] = [await newRun(), await newRun()];
          for (const batch of sent) {
            const metrics = batch.flatMap(({ name, points: list }) =>
              list.map((one) => ({ ...one, key: name, value: jsonValue(one.value) })),
            );
            const answer = await served().call('POST', `/api/v1/runs/${json}/log`, { metrics });
            assert.equal(answer.status, 204);
            const series = batch.map(({ name, points: list }) => ({
              name,
              steps: list.map(({ step }) => step),
              times: list.map((one) => one.time),
              values: list.map(({ value }) => value),
            }));
            assert.equal((await ingest(binary, encodePointBatch(series))).status, 204);
          }
          assert.deepEqual(await stateOf(binary), await stateOf(json));
          const told = (await events(binary)).map(({ body }: { body: { metrics: object } }) => body.metrics);
          const said = (await events(json)).map(({ body }: { body: { metrics: object } }) => body.metrics);
          const without = (list: { head: number; sha256: string }[]) =>
            list.map(({ head: _, sha256: __, ...rest }) => rest);
          assert.deepEqual(without(told), without(said));
        }),
        { numRuns: 15 },
      );
    });

    it('keep int64 steps and times exactly', async () => {
      const run = await newRun();
      const wide = BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n), 5n);
      const body = encodePointBatch([{ name: 'w', steps: wide, times: wide, values: [1, 2, 3] }]);
      assert.equal((await ingest(run, body)).status, 204);
      assert.deepEqual(await points(run, 'w'), [
        { step: '-9223372036854775808', time: '-9223372036854775808', value: 2 },
        { step: 5, time: 5, value: 3 },
        { step: '9223372036854775807', time: '9223372036854775807', value: 1 },
      ]);
    });

    it('change nothing when they come again, with a key or without', async () => {
      const run = await newRun();
      const body = encodePointBatch([batchOf('loss', 500), batchOf('acc', 3)]);
      for (const headers of [{ 'idempotency-key': 'one' }, { 'idempotency-key': 'one' }, {}])
        assert.equal((await ingest(run, body, headers as Record<string, string>)).status, 204);
      assert.equal((await events(run)).length, 1);
      assert.equal((await points(run, 'loss')).length, 500);
      const other = encodePointBatch([batchOf('loss', 501)]);
      const refused = await ingest(run, other, { 'idempotency-key': 'one' });
      assert.deepEqual([refused.status, refused.body.code], [422, 'idempotency_mismatch']);
    });

    it('follow a rewind: what was superseded may be logged again', async () => {
      const run = await newRun();
      const body = encodePointBatch([batchOf('loss', 10)]);
      await ingest(run, body);
      await served().call('POST', `/api/v1/runs/${run}/rewind`, { step: 4 });
      assert.equal((await points(run, 'loss')).length, 4);
      assert.equal((await ingest(run, body)).status, 204);
      assert.equal((await points(run, 'loss')).length, 10);
    });

    it('are refused whole, by name, and change nothing', async () => {
      const run = await newRun();
      const good = encodePointBatch([batchOf('loss', 5)]);
      const name = (text: string) => encodePointBatch([batchOf('ok', 2), batchOf(text, 2)]);
      const rows: [body: Uint8Array<ArrayBuffer>, status: number, field: string][] = [
        [good.slice(0, -9), 400, 'crc'],
        [new Uint8Array(), 400, 'body'],
        [name(''), 400, 'series[1].name'],
        [name('x'.repeat(251)), 400, 'series[1].name'],
        [name('a\0b'), 400, 'series[1].name'],
        [new Uint8Array(batchLimits.bytes + 1), 413, 'body'],
      ];
      for (const [body, status, field] of rows) {
        const answer = await ingest(run, body);
        assert.deepEqual([answer.status, answer.body.field], [status, field], answer.body.detail);
      }
      const typed = await ingest(run, good, { 'content-type': 'application/json' });
      assert.deepEqual([typed.status, typed.body.field], [415, 'Content-Type']);
      assert.equal((await ingest('0'.repeat(32), good)).status, 404);
      assert.equal((await events(run)).length, 0);
      assert.deepEqual((await stateOf(run)).metrics, {});
      await served().call('DELETE', `/api/v1/runs/${run}`);
      assert.equal((await ingest(run, good)).status, 409);
    });

    it('may be as many as one batch holds', async () => {
      const run = await newRun();
      const count = batchLimits.points / 4;
      const noise = (seed: number) => Array.from({ length: count }, (_, i) => Math.sin(i * seed) * 1e6);
      const series = [1.1, 2.2, 3.3, 4.4].map((seed) => ({
        ...batchOf(`m${seed}`, count),
        values: noise(seed),
      }));
      assert.equal((await ingest(run, encodePointBatch(series))).status, 204);
      const { metrics } = (await served().call('GET', `/api/v1/runs/${run}`)).body;
      assert.deepEqual(
        Object.values(metrics as Record<string, { points: number }>).map((summary) => summary.points),
        [count, count, count, count],
      );
    });
  });
});
