/**
 * Cairn beside the real `mlflow server`, both on SQLite on this machine in this run, driven through the same REST calls:
 * requests and points per second, and the ratio. Machines are noisy: read the ratio, not the figures.
 *
 *   node bench/tracking.ts [seconds per figure]
 */
import { Agent, request } from 'node:http';
import type { ChildServer } from '../test/conformance/child-server.ts';
import { startCairn, startMlflow } from '../test/conformance/servers.ts';

const seconds = Number(process.argv[2] ?? 3);
const api = '/api/2.0/mlflow';

interface Workload {
  readonly name: string;
  readonly connections: number;
  /** Units that one request counts for: points, or 1. */
  readonly units: number;
  readonly unit: string;
  /** Path and body of the n-th request of a connection, which writes to its own run. */
  call(run: string, experiment: string, n: number, seed: number): readonly [path: string, body: unknown];
}

const metrics = (count: number, n: number, key: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => ({
    key: key(i),
    value: Math.sin(n * count + i) + 2,
    timestamp: 1_700_000_000_000 + n * 1000 + i,
    step: n * count + i,
  }));

function workloads(connections: number): Workload[] {
  return [
    {
      name: 'create run',
      connections,
      units: 1,
      unit: 'runs/s',
      call: (_run, experiment_id, n, seed) => [
        `${api}/runs/create`,
        { experiment_id, run_name: `r${seed}-${n}`, start_time: 1 },
      ],
    },
    {
      name: 'one metric',
      connections,
      units: 1,
      unit: 'requests/s',
      call: (run_id, _e, n) => [
        `${api}/runs/log-metric`,
        { run_id, key: 'loss', value: 1 / (n + 1), timestamp: 1_700_000_000_000 + n, step: n },
      ],
    },
    {
      name: '10 metrics + 10 params',
      connections,
      units: 1,
      unit: 'requests/s',
      call: (run_id, _e, n, seed) => [
        `${api}/runs/log-batch`,
        {
          run_id,
          metrics: metrics(10, n, (i) => `m${i}`),
          params: n === 0 ? Array.from({ length: 10 }, (_, i) => ({ key: `p${i}`, value: `${seed}` })) : [],
        },
      ],
    },
    {
      name: '1,000 points of one metric',
      connections: Math.min(connections, 8),
      units: 1000,
      unit: 'points/s',
      call: (run_id, _e, n) => [`${api}/runs/log-batch`, { run_id, metrics: metrics(1000, n, () => 'loss') }],
    },
    {
      name: 'search: 100 runs by a metric',
      connections: 1,
      units: 1,
      unit: 'requests/s',
      call: (_r, experiment) => [
        `${api}/runs/search`,
        {
          experiment_ids: [experiment],
          max_results: 100,
          filter: 'metrics.m1 > 1.2',
          order_by: ['metrics.m0 DESC'],
        },
      ],
    },
  ];
}

async function post(url: string, agent: Agent, path: string, body: unknown): Promise<unknown> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const sent = request(`${url}${path}`, { method: 'POST', agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const whole = Buffer.concat(chunks).toString();
        if (answer.statusCode === 200) resolve(JSON.parse(whole));
        else reject(new Error(`${path}: ${answer.statusCode} ${whole}`));
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Units per second of one workload on one server. */
async function measure(url: string, workload: Workload, experiment: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: workload.connections });
  const runs: string[] = [];
  for (let i = 0; i < workload.connections; i++) {
    const made = (await post(url, agent, `${api}/runs/create`, { experiment_id: experiment })) as {
      run: { info: { run_id: string } };
    };
    runs.push(made.run.info.run_id);
  }
  let done = 0;
  const begun = performance.now();
  const until = begun + seconds * 1000;
  await Promise.all(
    runs.map(async (run, seed) => {
      for (let n = 0; performance.now() < until; n++) {
        // A server that refuses under load is slower, not absent: what it refused does not count.
        done += await post(url, agent, ...workload.call(run, experiment, n, seed)).then(
          () => 1,
          () => 0,
        );
      }
    }),
  );
  agent.destroy();
  return (done * workload.units * 1000) / (performance.now() - begun);
}

/** 300 runs of ten metrics, for the search. */
async function seed(url: string): Promise<string> {
  const agent = new Agent({ keepAlive: true });
  const made = (await post(url, agent, `${api}/experiments/create`, { name: 'bench' })) as {
    experiment_id: string;
  };
  for (let n = 0; n < 300; n++) {
    const run = (await post(url, agent, `${api}/runs/create`, { experiment_id: made.experiment_id })) as {
      run: { info: { run_id: string } };
    };
    await post(url, agent, `${api}/runs/log-batch`, {
      run_id: run.run.info.run_id,
      metrics: metrics(10, n, (i) => `m${i}`),
      params: [{ key: 'lr', value: `${n / 1000}` }],
    });
  }
  agent.destroy();
  return made.experiment_id;
}

const withPeer = process.env.CAIRN_BENCH_ALONE !== '1';
const sides: { name: string; server: ChildServer }[] = [{ name: 'cairn', server: await startCairn() }];
if (withPeer) sides.push({ name: 'mlflow', server: await startMlflow() });
try {
  const rows: string[][] = [
    ['workload', 'connections', ...sides.map((side) => side.name), ...(withPeer ? ['ratio'] : []), 'unit'],
  ];
  const experiments = [];
  for (const side of sides) experiments.push(await seed(side.server.url));
  for (const workload of [...workloads(16), ...workloads(1)]) {
    const figures: number[] = [];
    // Searches see only the seeded experiment; what is written goes to Default.
    for (const [index, side] of sides.entries()) {
      const experiment = workload.name.startsWith('search') ? experiments[index]! : '0';
      figures.push(await measure(side.server.url, workload, experiment));
    }
    const ratio = withPeer ? [`${(figures[0]! / figures[1]!).toFixed(1)} ×`] : [];
    console.error(`${workload.name}: ${figures.map(Math.round).join(' / ')}`);
    rows.push([
      workload.name,
      String(workload.connections),
      ...figures.map((f) => Math.round(f).toLocaleString('en')),
      ...ratio,
      workload.unit,
    ]);
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    );
} finally {
  for (const side of sides) await side.server.stop();
}
