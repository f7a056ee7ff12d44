/**
 * `cairn demo`: runs the Python scripts of `demo/` against a server, with MLflow's own client. This file finds the server,
 * makes the Python environment once, runs the scripts and tells which pages to look at; what is logged stands in demo/.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { UsageError } from '../config.ts';
import { systemClock } from '../kernel/time.ts';
import type { Command, Terminal } from './command.ts';
import type { DemoServer } from './demo-server.ts';
import type { Invocation } from './invocation.ts';

/** The folder of the package, or of the checkout. */
const root = path.resolve(import.meta.dirname, '..', '..');
const scripts = path.join(root, 'demo');
const isCheckout = existsSync(path.join(root, 'src'));
/** ms between looks whether the server is still there. */
const watchInterval = 5000;
/** What is shown of the errors of a script that failed. */
const errorLines = 15;

export const demo: Command = {
  name: 'demo',
  summary: 'Fill a running server with example trainings, by an unmodified MLflow client.',
  about:
    'Trains small models with scikit-learn and XGBoost on data that come with them, in about a minute and without the ' +
    'network, and ends with the addresses to look at. One learns from what a job prepared that speaks OpenLineage, and is ' +
    'deployed. Needs Python 3.10 or newer; the first time it installs MLflow and ' +
    'the rest into an environment of its own, which does need the network. Words beside the options are the names of ' +
    'single scripts. Running it again adds further runs.',
  examples: [
    ['cairn demo', 'everything, into the server at http://127.0.0.1:5000'],
    ['cairn demo epochs boosting', 'only these scripts of demo/'],
    ['cairn demo --live', 'one training that goes on until Ctrl-C, to watch it arrive'],
    ['CAIRN_TOKEN=… cairn demo --server https://cairn.example.org', 'a server that asks for a token'],
  ],
  settings: ['token'],
  options: [
    {
      flag: 'server',
      kind: 'text',
      value: 'URL',
      doc: 'The server to log to. Unless set: http://127.0.0.1:5000.',
    },
    {
      flag: 'python',
      kind: 'text',
      value: 'PATH',
      doc: 'The Python to make the environment with. Unless set: the first on PATH that is new enough.',
    },
    {
      flag: 'folder',
      kind: 'text',
      value: 'DIR',
      doc: 'Where the files of the data sets are written. Unless set: a folder of the cache.',
    },
    { flag: 'live', kind: 'switch', doc: 'Run one training that goes on until Ctrl-C.' },
  ],
  words: 100,
  async run(invocation, terminal) {
    try {
      return await runDemo(invocation, terminal);
    } catch (error) {
      if (!(await isExplained(error))) throw error;
      terminal.err(`cairn: ${(error as Error).message}`);
      return 1;
    }
  },
};

/** Whether its message tells a person all there is to know. */
async function isExplained(error: unknown): Promise<boolean> {
  const { InstallFailed, PythonMissing } = await import('./python-environment.ts');
  const { ServerUnfit } = await import('./server-unfit.ts');
  return [ServerUnfit, PythonMissing, InstallFailed].some((kind) => error instanceof kind);
}

async function runDemo({ options, values, words }: Invocation, terminal: Terminal): Promise<number> {
  const names = options.live ? ['live'] : words;
  const unknown = names.find((name) => !isScript(name));
  if (unknown !== undefined)
    throw new UsageError(`demo/ has no script ${unknown}; demo/README.md lists them`);
  const text = (flag: string): string | undefined => options[flag] as string | undefined;
  const { DemoServer } = await import('./demo-server.ts');
  const server = new DemoServer(
    text('server') ?? 'http://127.0.0.1:5000',
    values.token as string | undefined,
  );
  await server.greet();
  terminal.out(`Logging to ${server.url}`);

  const { pythonFor } = await import('./python-environment.ts');
  const python = await pythonFor(path.join(scripts, 'requirements.txt'), {
    folder: isCheckout ? path.join(root, '.envs') : path.join(cacheFolder(), 'envs'),
    python: text('python'),
    onInstall: (_, builder) =>
      terminal.out(`Installing MLflow, scikit-learn and XGBoost for ${builder}: once, about a minute`),
  });
  const folder = path.resolve(terminal.cwd, text('folder') ?? path.join(cacheFolder(), 'demo'));
  mkdirSync(folder, { recursive: true });
  terminal.out(`Data sets are written to ${path.join(folder, 'data')}`);
  if (options.live) await terminal.out(`Training until Ctrl-C. Watch it: ${await server.liveAddress()}`);
  else terminal.out('Importing the libraries');

  const begun = systemClock.now();
  const end = await runScripts(python, names, folder, server, terminal);
  if (end.isStopped) {
    terminal.err('cairn: stopped; what was logged stays');
    return options.live ? 0 : 130;
  }
  if (end.failure !== undefined) {
    terminal.err(end.failure);
    const state = (await server.answers()) ? 'still answers' : 'no longer answers';
    terminal.err(`cairn: the demo failed; the server at ${server.url} ${state}`);
    return 1;
  }
  const seconds = Math.round((systemClock.now() - begun) / 1000);
  terminal.out(`Done in ${seconds} s. Look at:`);
  for (const [address, what] of await server.pages()) terminal.out(`  ${address}\n      ${what}`);
  return 0;
}

function isScript(name: string): boolean {
  const isWord = /^[a-z_]+$/.test(name) && name !== 'run' && name !== 'data_files';
  return isWord && existsSync(path.join(scripts, `${name}.py`));
}

/** Runs demo/run.py, its lines passed on; resolves to how it ended. */
async function runScripts(
  python: string,
  names: readonly string[],
  folder: string,
  server: DemoServer,
  terminal: Terminal,
): Promise<{ isStopped: boolean; failure?: string }> {
  const child = spawn(python, ['-W', 'ignore', path.join(scripts, 'run.py'), ...names], {
    cwd: folder,
    env: { ...terminal.env, ...clientEnvironment, ...server.clientEnvironment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stopping = stopOnSignals(child);
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => terminal.out(line));
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.push(line);
    if (errors.length > errorLines) errors.shift();
  });
  let isGone = false;
  const unwatch = watch(server, () => {
    isGone = true;
    child.kill('SIGKILL');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  unwatch();
  const isStopped = stopping.end();
  if (code === 0 || isStopped) return { isStopped };
  if (isGone) return { isStopped, failure: 'The server is gone; what it acknowledged is in its store.' };
  return { isStopped, failure: [...errors, `demo/run.py ended with ${signal ?? code}`].join('\n') };
}

/** Calls `onGone` when nobody answers twice in a row: MLflow's client itself would try on for minutes, in silence. */
function watch(server: DemoServer, onGone: () => void): () => void {
  let misses = 0;
  let isOver = false;
  const look = async () => {
    misses = (await server.answers()) ? 0 : misses + 1;
    if (isOver) return;
    if (misses === 2) onGone();
    else systemClock.after(watchInterval, look);
  };
  systemClock.after(watchInterval, look);
  return () => {
    isOver = true;
  };
}

/** Only the tracking address is set of what changes how the client logs; the rest keeps it quiet and off the network. */
const clientEnvironment = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true',
  MPLBACKEND: 'agg',
  // Matrices this small are slower on many threads than on one.
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONIOENCODING: 'utf-8',
} as const;

/**
 * Python takes an interrupt as the wish to stop, and ends its runs. A terminal's Ctrl-C reaches it without us; all other
 * ways to end this process are passed on as one. `end` tells whether any came.
 */
function stopOnSignals(child: ChildProcess): { end(): boolean } {
  let isStopped = false;
  const noted = () => {
    isStopped = true;
  };
  const passed = () => {
    isStopped = true;
    child.kill('SIGINT');
  };
  const signals = [
    ['SIGINT', process.stdin.isTTY ? noted : passed],
    ['SIGTERM', passed],
    ['SIGHUP', passed],
  ] as const;
  for (const [signal, handler] of signals) process.on(signal, handler);
  if (process.connected) process.once('disconnect', passed);
  return {
    end() {
      for (const [signal, handler] of signals) process.off(signal, handler);
      process.off('disconnect', passed);
      return isStopped;
    },
  };
}

/** As the launcher's (bin/cairn.mjs): in a checkout an ignored folder of it, else the user's own cache. */
function cacheFolder(): string {
  if (isCheckout) return path.join(root, '.cache');
  const home = os.homedir();
  const caches =
    process.platform === 'win32'
      ? (process.env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : (process.env.XDG_CACHE_HOME ?? path.join(home, '.cache'));
  return path.join(caches, 'cairn-ml');
}
