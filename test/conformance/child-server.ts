/**
 * A server under test as a child process: started, waited for until it answers, and stopped with everything it started.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface ChildServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** The process that was started; 0 where nothing was (a server that already runs). */
  readonly pid: number;
  /** What it wrote so far to stdout and stderr, for the message of a failed test. */
  output(): string;
  stop(): Promise<void>;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The address, read from what the server wrote so far; undefined until it is known. */
  url(output: string): string | undefined;
  readonly patienceMs: number;
  /** Keeps a channel open to a Node child, which ends when the channel closes; Cairn's launcher then prepares nothing. */
  readonly withChannel?: boolean;
}

export async function launch(server: Launch): Promise<ChildServer> {
  const { command, args, cwd, env, url, patienceMs, withChannel = false } = server;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: withChannel ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    // Its own process group, so that stopping it also stops its workers.
    detached: process.platform !== 'win32',
  });
  child.channel?.unref();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let failure: string | undefined;
  child.on('error', (error) => {
    failure = error.message;
  });
  const killOnExit = () => signal(child, 'SIGKILL');
  process.once('exit', killOnExit);
  const stop = async () => {
    process.off('exit', killOnExit);
    if (child.exitCode !== null || child.signalCode !== null || failure !== undefined) return;
    const gone = once(child, 'exit');
    signal(child, 'SIGTERM');
    const late = delay(10_000, undefined, { ref: false }).then(() => signal(child, 'SIGKILL'));
    await Promise.race([gone, late.then(() => gone)]);
  };

  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    if (failure !== undefined || child.exitCode !== null) break;
    const address = url(output);
    if (address !== undefined && (await answers(address)))
      return { url: address, pid: child.pid ?? 0, output: () => output, stop };
    await delay(50);
  }
  await stop();
  throw new Error(`${command} ${args.join(' ')} did not come up${failure ? `: ${failure}` : ''}\n${output}`);
}

/** A port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/health`)).ok;
  } catch {
    return false;
  }
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // It is gone already.
  }
}
