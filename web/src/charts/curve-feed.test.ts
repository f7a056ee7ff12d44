import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CurveRequest, DrawnCurve } from '../api/types.ts';
import { CurveFeed, type Wanted } from './curve-feed.ts';

/** As the server draws: points where there are at most two a pixel, else buckets of a power of two. */
function drawn(
  values: readonly number[],
  { from = 0, to = values.length - 1, pixels }: CurveRequest,
): Omit<DrawnCurve, 'run' | 'key'> {
  const end = Math.min(to, values.length - 1);
  const steps = Array.from({ length: Math.max(0, end - from + 1) }, (_, index) => from + index);
  if (steps.length <= 2 * pixels)
    return { points: { steps, times: steps, values: steps.map((step) => values[step]!) } };
  let size = 1;
  while (Math.floor(end / size) - Math.floor(from / size) + 1 > pixels) size *= 2;
  const buckets = new Map<number, number[]>();
  const [first, last] = [
    Math.floor(from / size) * size,
    Math.min(values.length - 1, (Math.floor(end / size) + 1) * size - 1),
  ];
  for (let step = first; step <= last; step++) {
    const bucket = buckets.get(Math.floor(step / size));
    if (bucket === undefined) buckets.set(Math.floor(step / size), [step]);
    else bucket.push(step);
  }
  const all = [...buckets.values()];
  const of = (bucket: readonly number[]) => bucket.map((step) => values[step]!);
  return {
    bands: {
      counts: all.map((bucket) => bucket.length),
      nonFinite: all.map(() => 0),
      min: all.map((bucket) => Math.min(...of(bucket))),
      max: all.map((bucket) => Math.max(...of(bucket))),
      sums: all.map((bucket) => of(bucket).reduce((sum, value) => sum + value, 0)),
      firstX: all.map((bucket) => bucket[0]!),
      lastX: all.map((bucket) => bucket.at(-1)!),
    },
  };
}

function served(series: Record<string, number[]>) {
  const asked: CurveRequest[] = [];
  const held: (() => void)[] = [];
  const state = { holds: false, fails: false };
  const feed = new CurveFeed(
    async (request, signal) => {
      asked.push(request);
      if (state.fails) throw new Error('no answer');
      if (state.holds) await new Promise<void>((done) => held.push(done));
      signal.throwIfAborted();
      const curves = request.runs.flatMap((run) =>
        series[run] === undefined ? [] : [{ run, key: 'k', ...drawn(series[run], request) }],
      );
      return { curves };
    },
    'k',
    'step',
  );
  const lines = () =>
    Object.entries(series).map(([run, { length }]) => ({ run, started: 0, points: length }));
  const want = (change: Partial<Wanted> = {}) =>
    feed.want({ lines: lines(), pixels: 100, range: undefined, logX: false, ...change });
  const settle = async () => {
    for (let turn = 0; turn < 30; turn++) await new Promise((done) => setImmediate(done));
  };
  const curve = (run: string) => feed.snapshot().curves.get(run)!;
  return { feed, asked, held, state, want, settle, curve };
}

const wave = (length: number) =>
  Array.from({ length }, (_, index) => (index === 77_777 ? 1000 : Math.sin(index / 50)));

test('the whole of many lines is one request, of as many buckets as pixels', async () => {
  const { feed, asked, want, settle, curve } = served({ a: wave(100_000), b: wave(150) });
  want();
  await settle();
  assert.equal(asked.length, 1);
  assert.deepEqual(asked[0], { runs: ['a', 'b'], keys: ['k'], x: 'step', pixels: 100 });
  assert.equal(feed.snapshot().phase, 'ready');
  assert.ok(curve('a').x.length <= 100);
  assert.equal(Math.max(...curve('a').high), 1000);
  assert.equal(curve('a').points, 100_000);
  assert.equal(curve('b').x.length, 150);
});

test('what is zoomed into is read finer and laid into the whole; nothing is lost or doubled', async () => {
  const { asked, want, settle, curve } = served({ a: wave(100_000) });
  want();
  await settle();
  want({ range: [77_000, 78_000] });
  await settle();
  assert.equal(asked.length, 2);
  assert.ok(asked[1]!.from! <= 76_500 && asked[1]!.to! >= 78_500);
  assert.equal(curve('a').points, 100_000);
  const inside = [...curve('a').x].filter((x) => x >= 77_000 && x <= 78_000);
  assert.ok(inside.length >= 60, `${inside.length} entries`);
  // A little to the side is there already; down to the points it goes.
  want({ range: [77_100, 78_100] });
  await settle();
  assert.equal(asked.length, 2);
  want({ range: [77_770, 77_790] });
  await settle();
  assert.equal(asked.length, 3);
  assert.equal(curve('a').points, 100_000);
  const at = [...curve('a').x].indexOf(77_777);
  assert.deepEqual([curve('a').y[at], curve('a').weight[at]], [1000, 1]);
  want({ range: [77_775, 77_779] });
  await settle();
  assert.equal(asked.length, 3, 'points cannot be read finer');
});

test('a range that is left before its answer is given up, and the picture stays', async () => {
  const { feed, asked, held, state, want, settle, curve } = served({ a: wave(100_000) });
  want();
  await settle();
  const coarse = curve('a');
  state.holds = true;
  want({ range: [1000, 2000] });
  await settle();
  assert.equal(curve('a'), coarse);
  assert.equal(feed.snapshot().phase, 'ready');
  want({ range: [90_000, 91_000] });
  state.holds = false;
  for (const done of held.splice(0)) done();
  await settle();
  assert.equal(asked.length, 3);
  assert.ok(asked[2]!.from! > 80_000);
  assert.ok(![...curve('a').first].some((x) => x > 1100 && x < 1200));
});

test('a chart that is scrolled past gives up its request, and reads again when it comes back', async () => {
  const { feed, asked, held, state, want, settle, curve } = served({ a: wave(100_000) });
  state.holds = true;
  want();
  await settle();
  feed.dispose();
  state.holds = false;
  for (const done of held.splice(0)) done();
  await settle();
  assert.equal(asked.length, 1);
  assert.equal(feed.snapshot().error, undefined);
  want();
  await settle();
  assert.equal(asked.length, 2);
  assert.equal(curve('a').points, 100_000);
});

test('while a run logs, only its tail is read', async () => {
  const series = { a: wave(100_000), b: wave(100_000) };
  const { asked, want, settle, curve } = served(series);
  want();
  await settle();
  series.a.push(2000, 1, 2);
  want();
  await settle();
  assert.deepEqual(asked[1]!.runs, ['a']);
  assert.ok(asked[1]!.from! > 98_000);
  assert.equal(curve('a').points, 100_003);
  assert.equal(Math.max(...curve('a').high), 2000);
  assert.equal(curve('a').last.at(-1), 100_002);
  want();
  await settle();
  assert.equal(asked.length, 2);
});

test('points that came before the tail, or went, make it read again', async () => {
  const series = { a: wave(1000) };
  const { asked, want, settle, curve, feed } = served(series);
  want();
  await settle();
  // The server says there are more than the tail brings.
  feed.want({ lines: [{ run: 'a', started: 0, points: 1005 }], pixels: 100, range: undefined, logX: false });
  await settle();
  assert.equal(asked.at(-1)!.from, undefined);
  series.a.length = 500;
  want();
  await settle();
  assert.equal(curve('a').points, 500);
});

test('a logarithmic axis is read in parts, each as finely as it is drawn', async () => {
  const { asked, want, settle, curve } = served({ a: wave(1_000_000) });
  want({ logX: true });
  await settle();
  assert.ok(asked.length > 4 && asked.length <= 9, `${asked.length} requests`);
  assert.equal(curve('a').points, 1_000_000);
  const first = [...curve('a').x].filter((x) => x >= 8 && x <= 64);
  assert.ok(first.length >= 10, `${first.length} entries between 8 and 64`);
});

test('a failure keeps the picture, and is tried again when asked', async () => {
  const { feed, state, want, settle, curve } = served({ a: wave(100_000) });
  want();
  await settle();
  state.fails = true;
  want({ range: [1, 1000] });
  await settle();
  assert.match(String(feed.snapshot().error), /no answer/);
  assert.equal(curve('a').points, 100_000);
  state.fails = false;
  feed.retry();
  await settle();
  assert.equal(feed.snapshot().error, undefined);
  assert.equal(curve('a').points, 100_000);
});

test('runs that come are read alone', async () => {
  const { asked, want, settle, feed } = served({ a: wave(10), b: wave(10) });
  feed.want({ lines: [{ run: 'a', started: 0, points: 10 }], pixels: 100, range: undefined, logX: false });
  await settle();
  want();
  await settle();
  assert.deepEqual(
    asked.map(({ runs }) => runs),
    [['a'], ['b']],
  );
});
