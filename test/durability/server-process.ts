/**
 * The real server as a process of its own, started the way its launcher starts it (the launcher's channel makes the very
 * process we hold the server's, not a parent of it), so that SIGKILL hits the server itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../bin/cairn.mjs', import.meta.url));

export interface ServerOptions {
  readonly dataDir: string;
  /** postgres://… */
  readonly databaseUrl?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #output = '';

  constructor({ dataDir, databaseUrl, env }: ServerOptions) {
    const args = [command, 'serve', '--port', '0', '--data', dataDir, '--log-level', 'warn'];
    this.#child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, CAIRN_DB: databaseUrl ?? '', ...env },
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-200_000);
      });
    }
    this.#exited = once(this.#child, 'exit');
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** What it wrote so far, for the message of a failed test. */
  get output(): string {
    return this.#output;
  }

  /** The address, once it takes requests. */
  async ready(): Promise<string> {
    const ended = this.#exited.then(() => {
      throw new Error(`the server ended before it was ready:\n${this.#output}`);
    });
    for (;;) {
      const address = /^Cairn is at (\S+)$/m.exec(this.#output)?.[1];
      if (address !== undefined) return address;
      await Promise.race([ended, once(this.#child.stdout!, 'data')]);
    }
  }

  /** SIGKILL, and the end of the process. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await this.#exited;
  }

  /** SIGTERM; resolves to the exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      await this.#exited;
    }
    return this.#child.exitCode;
  }
}
