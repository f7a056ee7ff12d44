/**
 * Times of typical searches over stores of several sizes, p50 and p95 in milliseconds, on the domain (no HTTP). The first
 * search of each kind is told apart: it finds no ranking, which is then made before the others.
 *
 *   node bench/search.ts [--runs=1000,100000] [--experiments=1] [--postgres] [--repeats=15] [--folder=kept] [--only=text]
 *                        [--as-it-is]
 *
 * A folder given is kept, and a store found in it is used again; otherwise all is made in a temporary folder. `--as-it-is`
 * makes no rankings beside those that the store has.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDb } from '../src/db/open-db.ts';
import { Finder, Search } from '../src/domain/search/index.ts';
import { CairnError } from '../src/kernel/errors.ts';
import { systemRandom } from '../src/kernel/ids.ts';
import { sql } from '../src/kernel/sql.ts';
import { systemClock } from '../src/kernel/time.ts';
import { localContext, openSlices } from '../test/fixtures/opened-slices.ts';
import { startPostgresServer } from '../test/stores/postgres-server.ts';
import { machine } from './results.ts';
import { fillStore } from './run-store.ts';
import { searchCases } from './search-cases.ts';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000,100000' },
    experiments: { type: 'string', default: '1' },
    repeats: { type: 'string', default: '15' },
    postgres: { type: 'boolean', default: false },
    folder: { type: 'string' },
    only: { type: 'string', default: '' },
    'as-it-is': { type: 'boolean', default: false },
  },
});
const sizes = options.runs.split(',').map(Number);
const experimentCount = Number(options.experiments);
const repeats = Number(options.repeats);

const context = localContext();

/** Milliseconds after which a case is not repeated any more. */
const longestCase = 10_000;

interface Times {
  readonly p50: number;
  readonly p95: number;
  /** CPU of all threads of this process, median: steadier than the clock on a busy machine. */
  readonly cpu: number;
  readonly first: number;
}

/** A refusal is a result, too: `query_too_expensive`. */
function whyNot(error: unknown): string {
  if (error instanceof CairnError) return error.code;
  throw error;
}

async function timesOf(task: () => Promise<unknown>, settle: () => Promise<void>): Promise<Times> {
  const times: number[] = [];
  const cpu: number[] = [];
  let left = longestCase;
  for (let n = 0; n <= repeats && left > 0; n++) {
    const [begun, used] = [performance.now(), process.cpuUsage()];
    await task();
    times.push(performance.now() - begun);
    left -= times.at(-1)!;
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1_000);
    // What the first search asked to be kept is there for the next.
    await settle();
  }
  const first = times[0]!;
  if (times.length > 1) {
    times.shift();
    cpu.shift();
  }
  for (const list of [times, cpu]) list.sort((a, b) => a - b);
  const p95 = times[Math.floor(times.length * 0.95)]!;
  return { p50: times[times.length >> 1]!, p95, cpu: cpu[cpu.length >> 1]!, first };
}

async function benchSize(
  runs: number,
  address: string,
  isThere: boolean,
): Promise<Map<string, Times | string>> {
  const db = await openDb({ address, clock: systemClock, random: systemRandom, scanBudget: 120_000 });
  const slices = await openSlices(db);
  const { graph, projects } = slices;
  const project = await projects.ensureDefault(context);
  const never = Number.POSITIVE_INFINITY;
  const search = new Search(graph, options['as-it-is'] ? { ranked: never, filtered: never } : {});
  const settle = () => search.rankings.settle();
  const begun = performance.now();
  const ids = isThere
    ? Array.from({ length: experimentCount }, (_, n) => n)
    : await fillStore(slices, context, runs, experimentCount);
  if (!isThere && db.dialect.name === 'postgres') await db.write((tx) => tx.run(sql`ANALYZE`));
  process.stderr.write(`${runs} runs ready after ${Math.round((performance.now() - begun) / 1000)} s\n`);
  const found = new Map<string, Times | string>();
  const finder = new Finder(graph);
  const cases = searchCases({ search, finder, context, project, experiments: ids.map(String), runs });
  for (const { name, task } of cases.filter((one) => one.name.includes(options.only))) {
    const times = task().then((timed) => timesOf(timed, settle));
    const figures = await times.catch(whyNot);
    found.set(name, figures);
    process.stderr.write(`${name.padEnd(36)}${JSON.stringify(figures)}\n`);
  }
  await search.close();
  await db.close();
  return found;
}

async function main(): Promise<void> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'cairn-bench-'));
  mkdirSync(folder, { recursive: true });
  const server = options.postgres ? await startPostgresServer() : undefined;
  const columns: Map<string, Times | string>[] = [];
  try {
    for (const runs of sizes) {
      const file = join(folder, `runs-${runs}-${experimentCount}.db`);
      columns.push(await benchSize(runs, server?.url ?? file, server === undefined && existsSync(file)));
    }
  } finally {
    await server?.stop();
    if (options.folder === undefined) rmSync(folder, { recursive: true });
  }
  const cell = (text: string | number) => String(text).padStart(9);
  const ms = (value: number) => cell(value.toFixed(value < 10 ? 1 : 0));
  const heads = sizes.map((runs) => `${cell(`${runs} p50`)}${cell('p95')}${cell('cpu')}${cell('first')}`);
  console.log(`${machine()}; Node ${process.versions.node}; ${experimentCount} experiments; milliseconds`);
  console.log(`${(options.postgres ? 'PostgreSQL' : 'SQLite').padEnd(36)}${heads.join('')}`);
  for (const name of columns[0]!.keys()) {
    const times = columns.map((column) => {
      const found = column.get(name)!;
      if (typeof found === 'string') return found.padStart(36);
      const { p50, p95, cpu, first } = found;
      return `${ms(p50)}${ms(p95)}${ms(cpu)}${ms(first)}`;
    });
    console.log(`${name.padEnd(36)}${times.join('')}`);
  }
}

await main();
