/**
 * Full ingest for half an hour with searches beside it: does memory stay, do the slowest answers stay as they were, is
 * everything there at the end? A line for each minute; what was acknowledged is counted against the store.
 *
 *   node bench/soak/soak.ts [--minutes=30] [--trainings=14] [--keep]
 *
 * `--keep` writes bench/results/soak.txt. Exits with 1 when anything is lost.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type ChildServer, launch } from '../../test/conformance/child-server.ts';
import { cairnIn } from '../../test/conformance/servers.ts';
import { cpuOf, memoryOf } from '../load/process-tree.ts';
import { machine } from '../results.ts';
import { dawdle, look, type Soak, train } from './lanes.ts';
import { Ledger, type Times } from './ledger.ts';
import { reconcile } from './reconcile.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    trainings: { type: 'string', default: '14' },
    keep: { type: 'boolean', default: false },
  },
});
const minutes = Number(options.minutes);
const trainings = Number(options.trainings);
const columns = ['create', 'batch of 20', 'batch of 1,000', 'search', 'draw'];
const lines: string[] = [];

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-soak-'));
const server = await launch(cairnIn(folder));
try {
  process.exitCode = (await soak(server)) ? 0 : 1;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (options.keep)
  writeFileSync(path.join(import.meta.dirname, '..', 'results', 'soak.txt'), `${lines.join('\n')}\n`);

/** Whether everything is there. */
async function soak({ url, pid }: ChildServer): Promise<boolean> {
  tell(
    `${machine()}. ${new Date().toISOString().slice(0, 10)}. Server and clients share these cores; SQLite.`,
  );
  tell(
    `${trainings} trainings at once, each create, 50 batches of 20 metrics, 4 batches of 1,000 points, finish;`,
  );
  tell('beside them 2 tables that search and draw, and one reader of events that hardly reads.');
  tell('');
  tell(`min    runs  k points/s  CPU  MiB  WAL MiB  store MiB  ${columns.map(headOf).join('')}`);
  const ledger = new Ledger();
  const until = performance.now() + minutes * 60_000;
  const soak: Soak = { url, experiment: '0', ledger, goesOn: () => performance.now() < until };
  const lanes = [
    ...Array.from({ length: trainings }, () => train(soak)),
    ...Array.from({ length: 2 }, () => look(soak)),
    dawdle(soak),
  ];
  const observed = observe(ledger, pid, minutes);
  await Promise.all([...lanes, observed]);
  const found = await reconcile(url, soak.experiment, ledger);
  tell('');
  tell(
    `Acknowledged: ${ledger.runs.size.toLocaleString('en')} runs, ${ledger.points.toLocaleString('en')} points; told to come back: ${ledger.refused}.`,
  );
  tell(
    `In the store: ${found.runs.toLocaleString('en')} runs, ${found.points.toLocaleString('en')} points; differences: ${found.differences.length}.`,
  );
  for (const difference of found.differences.slice(0, 20)) tell(`  ${difference}`);
  return found.differences.length === 0;
}

/** A line at the end of each minute. */
async function observe(ledger: Ledger, pid: number, count: number): Promise<void> {
  const begun = performance.now();
  let points = 0;
  let cpu = cpuOf(pid) ?? 0;
  for (let minute = 1; minute <= count; minute++) {
    const wait = begun + minute * 60_000 - performance.now();
    await new Promise((resolve) => setTimeout(resolve, wait));
    const times = ledger.take();
    const cpuNow = cpuOf(pid) ?? 0;
    const cells = [
      String(minute).padStart(3),
      ledger.runs.size.toLocaleString('en').padStart(7),
      ((ledger.points - points) / 60_000).toFixed(1).padStart(11),
      `${Math.round((cpuNow - cpu) / 600)}%`.padStart(4),
      Math.round(memoryOf(pid) ?? 0)
        .toString()
        .padStart(4),
      mebibytes('cairn.db-wal').padStart(8),
      mebibytes('cairn.db').padStart(10),
    ];
    tell(`${cells.join(' ')}  ${columns.map((column) => cellOf(times.get(column))).join('')}`);
    points = ledger.points;
    cpu = cpuNow;
  }
}

function headOf(column: string): string {
  return `${column} p50 / p99 ms`.padStart(28);
}

function cellOf(times: Times | undefined): string {
  if (times === undefined) return '–'.padStart(28);
  return `${times.p50.toFixed(1)} / ${times.p99.toFixed(1)}`.padStart(28);
}

/** Of the files of that name below the server's folder. */
function mebibytes(name: string): string {
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === name)
    .map((file) => statSync(path.join(folder, file)).size);
  return (sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20).toFixed(0);
}

function tell(line: string): void {
  console.log(line);
  lines.push(line);
}
