/**
 * Bytes on disk of a point: the whole folder of a server that holds one series, after it was stopped, less the folder of one that holds
 * an empty run. Each server is fed the same points by log-batch, a thousand a request.
 *
 *   node bench/disk.ts [--points 1000000] [--peer-points 100000] [--keep]
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launch } from '../test/conformance/child-server.ts';
import { Session } from './load/session.ts';
import { cairn } from './peers/cairn.ts';
import { fastTrackMl } from './peers/fasttrackml.ts';
import { mlflow } from './peers/mlflow.ts';
import type { Peer } from './peers/peer.ts';
import { generator } from './random.ts';
import { machine } from './results.ts';

const perBatch = 1_000;
/** Mean and spread of the time between two steps, ms: clocks of trainings are not regular. */
const pace = { mean: 100, spread: 4 };

const kinds: Readonly<Record<string, (loss: number) => number>> = {
  '32-bit (`.item()` of a tensor)': Math.fround,
  'four decimals': (loss) => Math.round(loss * 1e4) / 1e4,
  'noisy 64-bit': (loss) => loss,
};

const { values: options } = parseArgs({
  options: {
    points: { type: 'string', default: '1000000' },
    'peer-points': { type: 'string', default: '100000' },
    peers: { type: 'string', default: 'cairn,fasttrackml,mlflow' },
    keep: { type: 'boolean', default: false },
  },
});
const chosen = options.peers.split(',');
const peers: readonly (readonly [Peer, number])[] = [
  [cairn, Number(options.points)],
  [fastTrackMl, Number(options['peer-points'])],
  [mlflow, Number(options['peer-points'])],
].filter(([peer]) => chosen.some((name) => (peer as Peer).name.toLowerCase().startsWith(name))) as never;

const lines = [
  `| values | ${peers.map(([peer, count]) => `${peer.name}, ${count.toLocaleString('en')} points`).join(' | ')} |`,
  `|---|${peers.map(() => '---:|').join('')}`,
];
for (const [kind, roundedBy] of Object.entries(kinds)) {
  const cells: string[] = [];
  for (const [peer, count] of peers) {
    const [empty, full] = [await sizes(peer, 0, roundedBy), await sizes(peer, count, roundedBy)];
    const each = (bytes: number) => `${(bytes / count).toPrecision(3)} B`;
    const points = full.points === undefined ? '' : ` (${each(full.points)})`;
    cells.push(`${each(full.folder - empty.folder)}${points}`);
    console.error(`${kind}: ${peer.name} ${cells.at(-1)}`);
  }
  lines.push(`| ${kind} | ${cells.join(' | ')} |`);
}
const versions = await Promise.all(peers.map(([peer]) => peer.version()));
const text = `# Bytes on disk of a point, ${new Date().toISOString().slice(0, 10)}

${machine()}. ${versions.join('; ')}. One series, logged ${perBatch.toLocaleString('en')} points a request; times ${pace.mean} ± ${pace.spread} ms apart. Everything in the folder of the server
after the run had ended and it was stopped counts: points, indexes, logs, events; less that of a store with an empty run. In brackets, for Cairn: the points and their outlines alone, in whole pages;
the rest is an event for each request (0.28 bytes a point), and pages that merges left free, which what comes next fills.

${lines.join('\n')}
`;
console.log(text);
if (options.keep) writeFileSync(path.join(import.meta.dirname, 'results', 'disk.md'), text);

interface Sizes {
  /** Everything in the folder. */
  readonly folder: number;
  /** Of Cairn: pages of the tables of points and outlines, and of their indexes. */
  readonly points: number | undefined;
}

async function sizes(peer: Peer, count: number, roundedBy: (loss: number) => number): Promise<Sizes> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-bench-disk-'));
  try {
    const server = await launch(await peer.launchIn(folder));
    const target = { name: peer.name, url: server.url, pid: server.pid, features: peer.features };
    const session = new Session(target as never, {} as never);
    const [run] = await session.runs(1);
    const random = generator(7);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let timestamp = 1_760_000_000_000;
    for (let start = 0; start < count; start += perBatch) {
      const metrics = Array.from({ length: Math.min(perBatch, count - start) }, (_, i) => {
        const step = start + i;
        timestamp += Math.max(1, Math.round(pace.mean + pace.spread * normal()));
        const loss = 2.3 * Math.exp(-step / 200_000) + 0.1 + 0.05 * normal();
        return { key: 'loss', value: roundedBy(loss), timestamp, step };
      });
      await session.call('POST', '/api/2.0/mlflow/runs/log-batch', { run_id: run, metrics });
    }
    await session.call('POST', '/api/2.0/mlflow/runs/update', { run_id: run, status: 'FINISHED' });
    session.close();
    if (peer === cairn) await sealed(folder);
    await server.stop();
    return { folder: sizeOf(folder), points: peer === cairn ? pagesOfPoints(folder) : undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Until nothing waits in heads: what a run has left there is sealed when it ends. */
async function sealed(folder: string): Promise<void> {
  const store = open(folder);
  const count = store.prepare('SELECT count(*) AS heads FROM point_head');
  while (Number(count.get()!.heads) > 0) await delay(20);
  store.close();
}

function pagesOfPoints(folder: string): number {
  const store = open(folder);
  const row = store.prepare("SELECT sum(pgsize) AS bytes FROM dbstat WHERE name LIKE '%point_%'").get();
  store.close();
  return Number(row!.bytes);
}

function open(folder: string): DatabaseSync {
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('cairn.db'),
  );
  return new DatabaseSync(path.join(folder, file!), { readOnly: true });
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}
