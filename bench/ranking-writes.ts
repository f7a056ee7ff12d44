/**
 * What kept orders cost writers: rates of creating runs and of batches of 10 metrics, in an experiment of many runs, while 0,
 * 3 and 10 orders of it are searched five times a second, each beside no search of them at all.
 *
 *   node bench/ranking-writes.ts [--runs=100000] [--seconds=5] [--writers=16]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openDb } from '../src/db/open-db.ts';
import { Metrics } from '../src/domain/metrics/index.ts';
import { Runs } from '../src/domain/runs/index.ts';
import { parseNativeOrder, Search } from '../src/domain/search/index.ts';
import { systemRandom } from '../src/kernel/ids.ts';
import { systemClock } from '../src/kernel/time.ts';
import { localContext, openSlices } from '../test/fixtures/opened-slices.ts';
import { machine } from './results.ts';
import { fillStore } from './run-store.ts';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '5' },
    writers: { type: 'string', default: '16' },
  },
});
const milliseconds = Number(options.seconds) * 1_000;
const orders = [
  'loss',
  'acc',
  'val_loss',
  'time_s',
  'loss.min',
  'acc.max',
  'loss.mean',
  'acc.first',
  'loss.max',
  'acc.min',
];

const context = localContext();

const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'));
const db = await openDb({ address: join(folder, 'cairn.db'), clock: systemClock, random: systemRandom });
try {
  await measure();
} finally {
  await db.close();
  rmSync(folder, { recursive: true });
}

async function measure(): Promise<void> {
  const slices = await openSlices(db);
  const { graph, journal, projects } = slices;
  const runs = new Runs(graph, journal);
  const metrics = new Metrics(graph, journal);
  const search = new Search(graph);
  const project = await projects.ensureDefault(context);
  const [experiment = '0'] = await fillStore(slices, context, Number(options.runs));

  const best = (key: string) => {
    const order = [parseNativeOrder(`metrics.${key} desc`)];
    return search.runs(context, project, { experiments: [experiment], order, view: 'active', limit: 100 });
  };
  const create = async () => (await runs.create(context, project, { experiment })).run.id;
  const batchesOf = async () => {
    const run = await create();
    let step = 0;
    return () => {
      step += 1;
      const points = orders.map((key, index) => ({
        key: key.split('.')[0]! + (index % 3),
        value: step,
        step,
        time: step,
      }));
      return metrics.logBatch(context, project, run, { points, params: [], tags: [] });
    };
  };

  /** Writes a second, and p50 in milliseconds of the searches beside them. */
  async function rateOf(writers: readonly (() => Promise<unknown>)[], kept: number) {
    const begun = performance.now();
    const isOver = () => performance.now() - begun > milliseconds;
    let written = 0;
    const times: number[] = [];
    const searches = orders.slice(0, kept).map(async (key) => {
      while (!isOver()) {
        const at = performance.now();
        await best(key);
        times.push(performance.now() - at);
        await pause(200);
      }
    });
    const used = process.cpuUsage();
    await Promise.all(
      writers.map(async (write) => {
        for (; !isOver(); written++) await write();
      }),
    );
    const { user, system } = process.cpuUsage(used);
    await Promise.all(searches);
    await search.rankings.settle();
    times.sort((a, b) => a - b);
    const rate = (written * 1_000) / milliseconds;
    return { rate, cpu: (user + system) / 1_000 / written, search: times[times.length >> 1] };
  }

  console.log(
    `${machine()}; Node ${process.versions.node}; ${options.runs} runs, ${options.writers} writers`,
  );
  console.log('orders searched      creates/s  CPU ms   batches/s  CPU ms   search p50 ms');
  const count = Number(options.writers);
  for (const kept of [0, 3, 10, 0]) {
    for (const key of orders.slice(0, kept)) {
      await best(key);
      await search.rankings.settle();
    }
    const made = await rateOf(
      Array.from({ length: count }, () => create),
      kept,
    );
    const logged = await rateOf(await Promise.all(Array.from({ length: count }, batchesOf)), kept);
    const cells = [made.rate.toFixed(0), made.cpu.toFixed(2), logged.rate.toFixed(0), logged.cpu.toFixed(2)];
    const searched = logged.search === undefined ? '–' : logged.search.toFixed(0);
    console.log(
      [String(kept).padEnd(18), ...[...cells, searched].map((cell) => cell.padStart(10))].join(' '),
    );
  }
  await metrics.sealer.close();
  await search.close();
}
