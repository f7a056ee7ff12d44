/**
 * Runs of very many metrics on a server of its own: what writing them costs, what reads take, and how much memory the server has by then.
 *
 *   node bench/wide.ts [--runs 10] [--names 100000] [--keep]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from '../test/conformance/child-server.ts';
import { Session } from './load/session.ts';
import { cairn } from './peers/cairn.ts';
import { machine } from './results.ts';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    names: { type: 'string', default: '100000' },
    keep: { type: 'boolean', default: false },
  },
});
const [runs, names] = [Number(options.runs), Number(options.names)];
const perBatch = 1_000;
const native = '/api/v1';
const mlflow = '/api/2.0/mlflow';

const nameOf = (i: number) => `layer_${Math.floor(i / 100)}/unit_${String(i).padStart(6, '0')}/Norm`;

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-bench-wide-'));
const server = await launch(await cairn.launchIn(folder));
const rows: string[] = [];
try {
  const target = { name: cairn.name, url: server.url, pid: server.pid, features: cairn.features };
  const session = new Session(target as never, {} as never);
  report('idle', 0, '');
  const ids = await session.runs(runs);
  const began = performance.now();
  for (const id of ids) await log(session, id, 0);
  const seconds = (performance.now() - began) / 1_000;
  report(`${(runs * names).toLocaleString('en')} series written, a thousand a request`, seconds * 1_000, '');

  const [first] = ids as [string];
  const half = Math.floor(names / 2);
  await read(session, 'run with its first 1,000 metrics', 'GET', `${native}/runs/${first}`);
  await read(
    session,
    'names by prefix',
    'GET',
    `${native}/runs/${first}/metrics?prefix=layer_${Math.floor(half / 100)}/`,
  );
  await read(
    session,
    'names by substring',
    'GET',
    `${native}/runs/${first}/metrics?contains=_${String(half).padStart(6, '0')}`,
  );
  await read(
    session,
    'one series',
    'GET',
    `${native}/runs/${first}/points?key=${encodeURIComponent(nameOf(half))}`,
  );
  const search = { experiments: ['0'] };
  const one = { metrics: [nameOf(half)], params: [], tags: [] };
  await read(session, `search, ${runs} runs`, 'POST', `${native}/runs/search`, search);
  await read(session, 'search with one column', 'POST', `${native}/runs/search`, { ...search, columns: one });
  await read(session, 'search in the order of one metric', 'POST', `${native}/runs/search`, {
    ...search,
    columns: one,
    order: [`metrics.\`${nameOf(half)}\` desc`],
  });
  await read(
    session,
    'names of the experiment',
    'GET',
    `${native}/experiments/0/columns?search=${String(half).padStart(6, '0')}`,
  );
  await read(session, "MLflow's get-run, all metrics", 'GET', `${mlflow}/runs/get?run_id=${first}`);
  await read(session, "MLflow's search, its first page", 'POST', `${mlflow}/runs/search`, {
    experiment_ids: ['0'],
    max_results: 1_000,
  });

  const more = performance.now();
  await log(session, first, 1);
  report('one more point of every metric of a run', performance.now() - more, '');
  await read(session, 'rewind of all of them', 'POST', `${native}/runs/${first}/rewind`, { step: 1 }, 1);
  session.close();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

const text = `# Runs of very many metrics, ${new Date().toISOString().slice(0, 10)}

${machine()}. ${await cairn.version()}. ${runs} runs of ${names.toLocaleString('en')} metrics in one experiment, on an empty SQLite store, from one connection. Of reads, the first and the best of five.
Memory is that of the server process with its threads, after the row: resident, and the most there ever was.

| | ms | bytes | resident MiB | most MiB |
|---|---:|---:|---:|---:|
${rows.join('\n')}
`;
console.log(text);
if (options.keep) writeFileSync(path.join(import.meta.dirname, 'results', 'wide.md'), text);

async function log(session: Session, id: string, step: number): Promise<void> {
  for (let from = 0; from < names; from += perBatch) {
    const metrics = Array.from({ length: Math.min(perBatch, names - from) }, (_, i) => ({
      key: nameOf(from + i),
      value: from + i + step / 2,
      timestamp: 1_760_000_000_000 + step,
      step,
    }));
    await session.call('POST', `${mlflow}/runs/log-batch`, { run_id: id, metrics });
  }
}

async function read(
  session: Session,
  what: string,
  method: string,
  at: string,
  body?: unknown,
  times = 5,
): Promise<void> {
  const took: number[] = [];
  let bytes = 0;
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    bytes = JSON.stringify(await session.call(method, at, body)).length;
    took.push(performance.now() - began);
  }
  const best = Math.min(...took);
  const spelt = times === 1 ? shown(best) : `${shown(took[0]!)} → ${shown(best)}`;
  report(what, spelt, bytes.toLocaleString('en'));
}

function shown(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en');
}

function report(what: string, ms: number | string, bytes: string): void {
  const { resident, most } = memoryOf(server.pid);
  rows.push(`| ${what} | ${typeof ms === 'string' ? ms : shown(ms)} | ${bytes} | ${resident} | ${most} |`);
  console.error(rows.at(-1));
}

/** Of a process of Linux, MiB. */
function memoryOf(pid: number): { readonly resident: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) / 1024);
  return { resident: of('VmRSS'), most: of('VmHWM') };
}
