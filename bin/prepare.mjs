/**
 * Makes a checkout ready: installs packages that are missing or stale, and builds the UI when its sources changed.
 * Depends on nothing, runs on any Node ≥ 20, writes only to stderr, and takes a few milliseconds when all is well.
 * Used by bin/cairn.mjs and test/run.mjs; not part of the published package.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { findNode24, noNode24Message } from './node24.mjs';

/** A failure that its message explains fully. */
export class PrepareError extends Error {
  name = 'PrepareError';
}

/** Readies the checkout for `cairn <argv>`. The UI is for `serve` only. */
export function prepareToRun(root, argv) {
  installPackages(root, { dev: false });
  if (argv[0] === 'serve' && !argv.includes('--help')) buildUi(root);
}

/** Readies the checkout for its tests. */
export function prepareToTest(root) {
  installPackages(root, { dev: true });
  buildUi(root);
}

/**
 * Runs `npm ci` where the installed packages differ from the lock. Packages for development are installed when asked for,
 * and kept when they are there already: starting the server must not take away what the tests need.
 */
function installPackages(folder, { dev }) {
  const lock = readJson(path.join(folder, 'package-lock.json'));
  const installed = readJson(path.join(folder, 'node_modules', '.package-lock.json'));
  const isComplete = (includingDev) => lacking(lock, installed, includingDev).length === 0;
  const isRoot = existsSync(path.join(folder, 'bin', 'cairn.mjs'));
  if (isComplete(dev) && !(isRoot && findNode24(folder) === undefined)) return;
  const hasDev = Object.values(installed?.packages ?? {}).some((entry) => entry.dev === true);
  say(`installing the packages of ${path.basename(folder)} (npm ci${dev || hasDev ? '' : ' --omit=dev'})`);
  npm(['ci', dev || hasDev ? '--include=dev' : '--omit=dev'], folder);
}

/** Paths of the lock that are not installed in that version. npm itself decides about optional ones. */
function lacking(lock, installed, includingDev) {
  return Object.entries(lock?.packages ?? {})
    .filter(([place, entry]) => place !== '' && !entry.optional && !entry.devOptional)
    .filter(([, entry]) => includingDev || !entry.dev)
    .filter(([place, entry]) => installed?.packages?.[place]?.version !== entry.version)
    .map(([place]) => place);
}

/** Builds web/dist if the digest of the UI's sources is not the one it was built from. */
function buildUi(root) {
  const web = path.join(root, 'web');
  const stamp = path.join(web, 'dist', '.stamp');
  const digest = digestOf(web);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  installPackages(web, { dev: true });
  say('building the UI (npm run build in web)');
  const node = findNode24(root);
  if (node === undefined) throw new PrepareError(noNode24Message());
  const searchPath = `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`;
  npm(['run', 'build'], web, { PATH: searchPath, NODE_ENV: 'production' });
  writeFileSync(stamp, digest);
}

/** SHA-256 over names and bytes of every source file below a folder, in the order of their names. */
function digestOf(folder) {
  const hash = createHash('sha256');
  const walk = (place) => {
    const entries = readdirSync(place, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue;
      const full = path.join(place, entry.name);
      if (entry.isDirectory()) walk(full);
      else hash.update(`${path.relative(folder, full)}\0`).update(readFileSync(full));
    }
  };
  walk(folder);
  return hash.digest('hex');
}

function npm(args, cwd, env = {}) {
  // Under npm the very same npm is used again; its Node is the host's, not one that `npm ci` is about to replace.
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const [command, first] = script?.endsWith('npm-cli.js')
    ? [node ?? process.execPath, [script]]
    : ['npm', []];
  const result = spawnSync(command, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (result.error) throw new PrepareError(`cannot run npm: ${result.error.message}`);
  if (result.status !== 0) {
    throw new PrepareError(
      `\`npm ${args.join(' ')}\` failed in ${path.basename(cwd)}; its output above says why.`,
    );
  }
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function say(text) {
  process.stderr.write(`cairn: ${text}\n`);
}
