#!/usr/bin/env node
/**
 * The command `cairn`. Any Node ≥ 20 runs this file; it depends on nothing. In a checkout it first installs and builds
 * what is missing (bin/prepare.mjs). Then it runs the real command: in this very process where Node is new enough, else
 * by starting itself again with Node 24, called by its path. That child ends when this process is gone: the channel
 * between the two closes, even on SIGKILL.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findNode24, isNewEnough, noNode24Message } from './node24.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const isCheckout = existsSync(path.join(root, 'src', 'cli', 'main.ts'));
const argv = process.argv.slice(2);
/** Only a launcher of ours opens a channel to this file, and it has prepared everything. */
const isLaunched = process.connected === true;

try {
  if (isCheckout && !isLaunched) {
    const { prepareToRun } = await import('./prepare.mjs');
    prepareToRun(root, argv);
  }
  if (process.env.npm_lifecycle_event !== undefined && !isLaunched) endWithNpm();
  if (isNewEnough()) await runHere();
  else launch();
} catch (error) {
  // Only what a person can act on is worded as a message; anything else is a bug and keeps its stack.
  console.error(error?.name === 'PrepareError' ? `cairn: ${error.message}` : error);
  process.exitCode = 1;
}

async function runHere() {
  const cache = process.env.NODE_COMPILE_CACHE ?? compileCacheFolder();
  process.env.NODE_COMPILE_CACHE = cache; // reader threads take it from here
  module.enableCompileCache?.(cache);
  const entry = isCheckout ? ['src', 'cli', 'main.ts'] : ['dist', 'cli', 'main.js'];
  const { main } = await import(pathToFileURL(path.join(root, ...entry)).href);
  process.exitCode = await main(argv);
  if (process.connected) process.disconnect();
}

function launch() {
  const node = findNode24(root);
  if (node === undefined) {
    console.error(noNode24Message());
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...argv], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { NODE_COMPILE_CACHE: compileCacheFolder(), ...process.env },
  });
  // A terminal sends Ctrl-C to the child too; the server takes signals that come together as one.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const forward = (signal) => process.platform !== 'win32' && child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.on('error', (error) => {
    console.error(`cairn: cannot run ${node}: ${error.message}\n${noNode24Message()}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    for (const name of signals) process.off(name, forward);
    if (signal === null) process.exitCode = code;
    else process.kill(process.pid, signal);
  });
}

/**
 * npm runs a script in a shell, which passes on no signals: when npm is told to end, or is killed, we would stay behind
 * and hold the port. So we look whether shell and npm are still there.
 */
function endWithNpm() {
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === before) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}

/** The parent and, where the system tells, the parent of that one. */
function ancestors() {
  const parent = process.ppid;
  try {
    const [, grandparent] = readFileSync(`/proc/${parent}/stat`, 'utf8').split(') ')[1].split(' ');
    return `${parent} ${grandparent}`;
  } catch {
    return `${parent}`;
  }
}

/** In a checkout an ignored folder of it; else the user's own cache, never a folder that others can write to. */
function compileCacheFolder() {
  if (isCheckout) return path.join(root, '.cache', 'compile');
  const { env, platform } = process;
  const home = os.homedir();
  const caches =
    platform === 'win32'
      ? (env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'))
      : platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : (env.XDG_CACHE_HOME ?? path.join(home, '.cache'));
  return path.join(caches, 'cairn-ml', 'compile');
}
