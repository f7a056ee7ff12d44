/** The command `cairn` as a person runs it, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

const command = path.resolve(import.meta.dirname, '..', '..', 'bin', 'cairn.mjs');

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** As if on a Node that is too old to serve, so that the launcher must start another one. */
  readonly onOldNode?: boolean;
  /** The script to run instead of the checkout's own. */
  readonly command?: string;
}

export class CairnCommand {
  readonly child: ChildProcess;
  readonly exited: Promise<number | NodeJS.Signals | null>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], options: RunOptions = {}) {
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } })`;
    const flags = options.onOldNode ? ['--import', `data:text/javascript,${encodeURIComponent(old)}`] : [];
    this.child = spawn(process.execPath, [...flags, options.command ?? command, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    // `close` comes when the output is complete, also that of a server which outlives its launcher.
    this.exited = once(this.child, 'close').then(([code, signal]) => signal ?? code);
  }

  /** Resolves to the address that the server prints. */
  async ready(): Promise<string> {
    for (;;) {
      const address = /^Cairn is at (\S+)$/m.exec(this.stdout)?.[1];
      if (address !== undefined) return address;
      const ended = await Promise.race([
        this.exited.then(() => true),
        once(this.child.stdout!, 'data').then(() => false),
      ]);
      if (ended) throw new Error(`cairn ended before it was ready:\n${this.stdout}${this.stderr}`);
    }
  }

  /** Sends a signal and resolves to the exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.exited;
  }
}

/** Runs to the end. */
export async function runCairn(args: readonly string[], options: RunOptions = {}) {
  const run = new CairnCommand(args, options);
  const code = await run.exited;
  return { code, stdout: run.stdout, stderr: run.stderr };
}

/** A folder that is gone after the test, or the block of tests, that asked for it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-start-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
