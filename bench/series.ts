/**
 * One series of a million points on the embedded store, from the use case down (no HTTP): writing it in batches of 1,000,
 * merging, bytes on disk, and every kind of read, beside the same points as rows of SQLite.
 *
 *   node bench/series.ts [points] [--keep]
 *
 * `cold` is the first read of its kind after the store was opened anew, once its threads run; nothing is remembered then.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Domain, openDomain } from '../src/app.ts';
import { openDb } from '../src/db/open-db.ts';
import { systemRandom } from '../src/kernel/ids.ts';
import { newRequestContext, type RequestContext } from '../src/kernel/request-context.ts';
import { systemClock } from '../src/kernel/time.ts';
import { temporaryBlobs } from '../test/fixtures/temporary-blobs.ts';
import { generator } from './random.ts';
import { machine } from './results.ts';

const given = process.argv.slice(2).filter((argument) => argument !== '--keep');
const keep = given.length < process.argv.length - 2;
const count = Number(given[0] ?? 1_000_000);
const perBatch = 1000;
const rounds = 7;

const random = generator(7);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const loss = (i: number) => 2.3 * Math.exp(-i / 200_000) + 0.1 + 0.05 * normal();
const kinds: Record<string, (i: number) => number> = {
  'loss (.item())': (i) => Math.fround(loss(i)),
  'loss (four decimals)': (i) => Math.round(loss(i) * 1e4) / 1e4,
  'loss (noisy 64-bit)': loss,
};

const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'));
const { blobs, remove } = temporaryBlobs();
const open = async (): Promise<Domain> => {
  const db = await openDb({ address: join(folder, 'cairn.db'), clock: systemClock, random: systemRandom });
  return openDomain(db, { defaultArtifactRoot: 'mlflow-artifacts:/', blobs });
};
let domain = await open();
const context: RequestContext = newRequestContext({
  actor: { name: 'bench', kind: 'system' } as never,
  scope: { projects: 'all' },
  face: 'native',
  requestId: 'bench',
  signal: new AbortController().signal,
  clock: systemClock,
  random: systemRandom,
});
const project = domain.defaultProject;

const table: Record<string, string>[] = [];
for (const [key, value] of Object.entries(kinds)) table.push({ values: key, ...(await measure(key, value)) });
const shown = Object.keys(table[0]!)
  .map((name) => name.padEnd(30) + table.map((row) => row[name]!.padStart(22)).join(''))
  .join('\n');
const text = `One series of ${count.toLocaleString('en')} points on the embedded store, node bench/series.ts, ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}
${machine()}

${shown}
`;
console.log(text);
if (keep) writeFileSync(join(import.meta.dirname, 'results', 'series.txt'), text);
await domain.close();
remove();
rmSync(folder, { recursive: true });

async function measure(key: string, value: (i: number) => number): Promise<Record<string, string>> {
  const { run } = await domain.runs.create(context, project, { experiment: '0' });
  let time = 1_760_000_000_000;
  const points = Array.from({ length: count }, (_, step) => {
    time += Math.max(1, Math.round(100 + 4 * normal()));
    return { key, value: value(step), step, time };
  });
  const before = stored();
  const began = performance.now();
  for (let start = 0; start < count; start += perBatch) {
    await domain.metrics.logBatch(context, project, run.id, {
      points: points.slice(start, start + perBatch),
    });
  }
  const written = performance.now() - began;
  await domain.metrics.sealer.settle();
  await domain.metrics.sealer.seal(run.node, project);
  const merged = performance.now() - began;
  const naive = rows(points);
  const middle = { from: Math.floor(count * 0.4), to: Math.floor(count * 0.5) };
  const ranks = (total: number) =>
    Array.from({ length: Math.min(320, total) }, (_, i) => Math.floor((i * total) / 320));
  const draw = (from?: number, to?: number) =>
    domain.metrics.draw(context, project, { runs: [run.id], keys: [key], x: 'step', from, to, pixels: 1000 });
  // A page's first read finds the reader threads running: `cold` is without what they remember, not without them.
  const reopened = async () => {
    await domain.close();
    domain = await open();
    const idle = () =>
      domain.metrics.draw(context, project, { runs: ['none'], keys: [key], x: 'step', pixels: 1 });
    await Promise.all([idle(), idle()]);
  };
  const cold = async (read: () => Promise<unknown>) => {
    await reopened();
    const start = performance.now();
    await read();
    return (performance.now() - start).toFixed(1);
  };
  const thinned = () => domain.metrics.sample(context, project, [run.id], key, {}, ranks);
  const result = {
    'M points/s written': (count / written / 1000).toFixed(2),
    '… and merged': (count / merged / 1000).toFixed(2),
    'bytes/point': ((stored() - before) / count).toFixed(2),
    'as rows': (naive.bytes / count).toFixed(1),
    '320 of all, cold ms': await cold(thinned),
    '320 of all ms': await fastest(thinned),
    'as rows ms': naive.sampled,
    '1,000 px of all, cold ms': await cold(() => draw()),
    '1,000 px of all ms': await fastest(() => draw()),
    'rows ms': naive.drawn,
    '1,000 px of a tenth ms': await fastest(() => draw(middle.from, middle.to)),
    '10,000 from the middle ms': await fastest(() =>
      domain.metrics.sample(context, project, [run.id], key, middle, (n) =>
        Array.from({ length: Math.min(n, 10_000) }, (_, i) => i),
      ),
    ),
    'latest ms': await fastest(() => domain.metrics.summaries(context, project, [run.node], { keys: [key] })),
  };
  naive.close();
  return result;
}

/** What the blobs and their rows take, free pages left out. */
function stored(): number {
  const reader = new DatabaseSync(join(folder, 'cairn.db'), { readOnly: true });
  const sum = ['point_head', 'point_chunk', 'point_outline']
    .map(
      (name) =>
        reader.prepare(`SELECT coalesce(sum(length(data)) + 60 * count(*), 0) AS n FROM ${name}`).get()?.n,
    )
    .reduce<number>((total, n) => total + Number(n), 0);
  reader.close();
  return sum;
}

async function fastest(run: () => Promise<unknown>): Promise<string> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await run();
    best = Math.min(best, performance.now() - start);
  }
  return best.toFixed(1);
}

/** The same points as rows (run, key, step, time, value) with the primary key a tracker has. */
function rows(points: readonly { key: string; value: number; step: number; time: number }[]) {
  const file = join(folder, 'rows.db');
  const store = new DatabaseSync(file);
  store.exec(
    'PRAGMA journal_mode = WAL; CREATE TABLE m (run INT, key TEXT, step INT, time INT, value REAL, PRIMARY KEY (run, key, step, time, value))',
  );
  store.exec('BEGIN');
  const insert = store.prepare('INSERT INTO m VALUES (1, ?, ?, ?, ?)');
  for (const point of points) insert.run(point.key, point.step, point.time, point.value);
  store.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  const time = (text: string, ...values: string[]) => {
    const statement = store.prepare(text);
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      statement.all(...values);
      best = Math.min(best, performance.now() - start);
    }
    return best.toFixed(0);
  };
  const key = points[0]!.key;
  const sampled = time(
    'SELECT * FROM (SELECT step, time, value, ntile(320) OVER (ORDER BY step, time, value) t, row_number() OVER (ORDER BY step, time, value) n FROM m WHERE run = 1 AND key = ?) GROUP BY t HAVING n = min(n)',
    key,
  );
  const drawn = time(
    'SELECT step / 1024 AS bucket, min(value), max(value), sum(value), count(*) FROM m WHERE run = 1 AND key = ? GROUP BY bucket',
    key,
  );
  return {
    bytes: statSync(file).size,
    sampled,
    drawn,
    close() {
      store.close();
      rmSync(file);
    },
  };
}
