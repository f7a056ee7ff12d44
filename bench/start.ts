/**
 * How long a start takes: from the exec of Node to the first 200, on an empty store and compile cache, then on the ones
 * that the start before left behind. Run: node bench/start.ts
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const command = path.resolve(import.meta.dirname, '..', 'bin', 'cairn.mjs');
const port = 5077;
const repeats = 10;

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-bench-start-'));
try {
  const first = await start();
  const later: number[] = [];
  for (let count = 0; count < repeats; count++) later.push(await start());
  later.sort((a, b) => a - b);
  const shown = (milliseconds: number) => `${milliseconds.toFixed(0).padStart(6)} ms`;
  console.log(`Node ${process.versions.node}, exec to first 200 of /healthz`);
  console.log(`first start            ${shown(first)}`);
  console.log(`later starts, best     ${shown(later[0]!)}`);
  console.log(`later starts, median   ${shown(later[Math.floor(repeats / 2)]!)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function start(): Promise<number> {
  const begun = performance.now();
  const args = [command, 'serve', '--port', String(port), '--data', path.join(folder, 'data')];
  const env = { ...process.env, NODE_COMPILE_CACHE: path.join(folder, 'cache') };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  const exit = once(child, 'exit');
  while ((await status()) !== 200) {
    if (child.exitCode !== null) throw new Error('the server did not start');
    await delay(2);
  }
  const taken = performance.now() - begun;
  child.kill('SIGTERM');
  await exit;
  return taken;
}

/** Status of one request on a connection of its own; 0 while nobody listens. */
function status(): Promise<number> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path: '/healthz', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).on('error', () => resolve(0));
  });
}
