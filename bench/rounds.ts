/** Starts the servers fresh, has the load process measure row after row on each in turn, and collects the medians. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ChildServer, launch } from '../test/conformance/child-server.ts';
import type { Order, Report } from './load/load-process.ts';
import type { Figures } from './load/measure.ts';
import { memoryOf } from './load/process-tree.ts';
import type { Target } from './load/session.ts';
import type { Workload } from './load/workload.ts';
import type { Options } from './options.ts';
import type { Peer } from './peers/peer.ts';
import { allWorkloads } from './workloads/all-workloads.ts';

export interface Row {
  readonly name: string;
  readonly connections: number;
  readonly unit: string;
  /** By peer, in the order of the options; undefined where it does not offer this, a text where it failed. */
  readonly figures: readonly (Figures | string | undefined)[];
  /** Units a second of the floor, where there is one. */
  readonly floor: number | undefined;
}

export interface Memory {
  /** ms from the exec to the first answer, on the store that a start before it made; told every 50 ms. Kept results of before have none. */
  readonly started?: number | undefined;
  /** MiB right after the start, and the most at the end of a row. */
  readonly idle: number | undefined;
  readonly loaded: number | undefined;
}

export interface Result {
  readonly versions: readonly string[];
  readonly rows: readonly Row[];
  readonly memory: readonly Memory[];
}

interface Side {
  readonly peer: Peer;
  readonly server: ChildServer;
  readonly folder: string;
  readonly target: Target;
  readonly started: number;
  readonly idle: number | undefined;
  loaded: number | undefined;
}

export async function runBench(options: Options, say: (text: string) => void): Promise<Result> {
  const workloads = allWorkloads(options.sizes).filter(
    ({ name, group }) =>
      options.groups.includes(group) &&
      (options.only.length === 0 || options.only.some((part) => name.includes(part))),
  );
  const sides: Side[] = [];
  const load = fork(fileURLToPath(new URL('load/load-process.ts', import.meta.url)), {
    // JSON knows no NaN: the time of requests that all failed.
    serialization: 'advanced',
  });
  try {
    for (const peer of options.peers) {
      say(`starting ${peer.name}`);
      sides.push(await startFresh(peer));
    }
    const rows: Row[] = [];
    for (const workload of workloads) {
      const row = await measureRow(load, sides, workload, options);
      rows.push(row);
      say(`${row.name}: ${row.figures.map(inShort).join(' / ')}`);
    }
    return {
      versions: await Promise.all(options.peers.map((peer) => peer.version())),
      rows,
      memory: sides.map(({ started, idle, loaded }) => ({ started, idle, loaded })),
    };
  } finally {
    load.kill();
    for (const side of sides) await stop(side);
  }
}

async function startFresh(peer: Peer): Promise<Side> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-bench-'));
  try {
    // The first start makes the store, and fills caches of code.
    await (await launch(await peer.launchIn(folder))).stop();
    const again = await peer.launchIn(folder);
    const begun = performance.now();
    const server = await launch(again);
    const started = performance.now() - begun;
    // Of a bench that is broken off; by then `launch` has killed the server.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const { name, features } = peer;
    const target = { name, features, url: server.url, pid: server.pid };
    return { peer, server, folder, target, started, idle: memoryOf(server.pid), loaded: undefined };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function stop({ server, folder }: Side): Promise<void> {
  await server.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Repeats are interleaved: what else the machine does meets all servers alike. */
async function measureRow(
  load: ChildProcess,
  sides: readonly Side[],
  workload: Workload,
  { repeats, seconds, sizes }: Options,
): Promise<Row> {
  const measured: (Figures[] | string | undefined)[] = sides.map(({ peer }) =>
    workload.needs === undefined || peer.features.includes(workload.needs) ? [] : undefined,
  );
  let floor: number | undefined;
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [index, side] of sides.entries()) {
      const figures = measured[index];
      if (!Array.isArray(figures)) continue;
      const report = await ask(load, { target: side.target, sizes, workload: workload.name, seconds });
      if ('error' in report) {
        measured[index] = report.error;
        continue;
      }
      figures.push(report.figures);
      floor ??= report.floor;
      side.loaded = Math.max(side.loaded ?? 0, report.memory ?? 0) || undefined;
    }
  }
  const { name, connections, unit } = workload;
  return {
    name,
    connections,
    unit,
    figures: measured.map((figures) => (Array.isArray(figures) ? medianOf(figures) : figures)),
    floor,
  };
}

function ask(load: ChildProcess, order: Order): Promise<Report> {
  return new Promise((resolve, reject) => {
    const onMessage = (report: unknown) => {
      load.off('exit', onExit);
      resolve(report as Report);
    };
    const onExit = () => {
      load.off('message', onMessage);
      reject(new Error('the load process ended'));
    };
    load.once('message', onMessage);
    load.once('exit', onExit);
    load.send(order);
  });
}

/** The repeat of median rate, with all its figures; failures are added up. */
function medianOf(figures: readonly Figures[]): Figures {
  const sorted = figures.toSorted((a, b) => a.rate - b.rate);
  const middle = sorted[Math.floor(sorted.length / 2)]!;
  return { ...middle, failed: figures.reduce((sum, { failed }) => sum + failed, 0) };
}

function inShort(figures: Figures | string | undefined): string {
  if (figures === undefined) return '–';
  return typeof figures === 'string' ? figures.split('\n')[0]! : String(Math.round(figures.rate));
}
