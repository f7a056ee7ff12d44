/** A PostgreSQL of one test's own that can be killed like a machine that loses power, and started again on what is on its disk. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startPostgresServer } from '../stores/postgres-server.ts';

/** A new server refuses to start while backends of the killed one have not noticed yet; they do within moments. */
const patienceMs = 30_000;

/**
 * Runs a command as a user and ends it when its own standard input ends: however this test ends, the server does not outlive
 * it. Only the command runs as that user, who may not even reach the folder of this checkout.
 */
const guardian = `
  const { spawn } = require('node:child_process');
  const [uid, gid, command, ...args] = process.argv.slice(1);
  const stdio = ['ignore', 'inherit', 'inherit'];
  const child = spawn(command, args, { uid: Number(uid), gid: Number(gid), stdio });
  child.on('exit', () => process.exit());
  process.stdin.resume().on('end', () => child.kill('SIGQUIT'));
`;

export class CrashingPostgres {
  readonly url: string;
  readonly #data: string;
  readonly #binary: string;
  readonly #stopFirst: () => Promise<void>;
  #again: ChildProcess | undefined;

  private constructor(url: string, data: string, stopFirst: () => Promise<void>) {
    this.url = url;
    this.#data = data;
    this.#binary = join(dirname(data), 'native', 'bin', 'postgres');
    this.#stopFirst = stopFirst;
  }

  static async start(): Promise<CrashingPostgres> {
    const first = await startPostgresServer();
    const [row] = await query<{ data: string }>(
      first.url,
      "SELECT current_setting('data_directory') AS data",
    );
    const data = row!.data;
    return new CrashingPostgres(first.url, data, () => first.stop());
  }

  /** SIGKILL to one backend that works for the database: the server throws all connections away and recovers. */
  async killBackend(): Promise<void> {
    const rows = await query<{ pid: number }>(
      this.url,
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'cairn' ORDER BY state = 'active' DESC LIMIT 1",
    );
    if (rows[0] !== undefined) process.kill(rows[0].pid, 'SIGKILL');
  }

  /** SIGKILL to the whole server. */
  killAll(): void {
    process.kill(postmasterOf(this.#data), 'SIGKILL');
  }

  /** Starts it again on the same port; resolves when it takes connections. */
  async restart(): Promise<void> {
    const port = new URL(this.url).port;
    const log = openSync(join(dirname(this.#data), 'log'), 'a');
    const { uid, gid } = statSync(this.#data);
    const args = ['-D', this.#data, '-p', port, '-k', '', '-c', 'listen_addresses=127.0.0.1'];
    args.push('-c', 'max_connections=200');
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      const child = spawn(
        process.execPath,
        ['-e', guardian, String(uid), String(gid), this.#binary, ...args],
        { cwd: dirname(this.#data), stdio: ['pipe', log, log] },
      );
      this.#again = child;
      while (child.exitCode === null && child.signalCode === null) {
        if (await this.#answers()) return;
        await delay(20);
      }
    }
    throw new Error(
      `postgres did not start again: ${readFileSync(join(dirname(this.#data), 'log'), 'utf8')}`,
    );
  }

  async stop(): Promise<void> {
    const child = this.#again;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.stdin!.end();
      await once(child, 'exit');
    }
    await this.#stopFirst();
  }

  async #answers(): Promise<boolean> {
    try {
      await query(this.url, 'SELECT 1');
      return true;
    } catch {
      return false;
    }
  }
}

function postmasterOf(data: string): number {
  return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
