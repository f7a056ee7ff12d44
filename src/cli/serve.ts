/** `cairn serve`: runs the server until it is told to stop, or its launcher is gone. */
import module from 'node:module';
import { type Config, configOf, settings } from '../config.ts';
import { systemClock } from '../kernel/time.ts';
import type { Command, Terminal } from './command.ts';

/** Signals closer together than this are one: a terminal, npm and the launcher may each pass on the same Ctrl-C. */
const sameSignalMs = 500;
/** A close that takes longer is cut off. What was acknowledged is on disk already. */
const closeLimitMs = 10_000;

export const serve: Command = {
  name: 'serve',
  summary: 'Run the server: UI, API and the doors for MLflow clients.',
  about:
    'Prints one line when it is ready, and runs until Ctrl-C or SIGTERM. Without further settings it keeps everything ' +
    'in ./cairn-data and answers this machine only.',
  examples: [
    ['cairn serve', 'everything in ./cairn-data, on http://127.0.0.1:5000'],
    ['cairn serve --port 5001 --data /srv/cairn', 'another port and folder'],
    ['CAIRN_TOKEN=… cairn serve --host 0.0.0.0', 'for other machines; clients send the token'],
    ['CAIRN_DB=postgres://… cairn serve --artifacts /srv/artifacts', 'on PostgreSQL'],
  ],
  settings: settings.map(({ name }) => name),
  options: [],
  async run(invocation, terminal) {
    const config = configOf(invocation.values, terminal.version, terminal.cwd);
    const stopRequested = waitForStop(terminal);
    const { createApp } = await import('../app.ts');
    const app = await createApp(config);
    try {
      const { url } = await app.listen();
      terminal.out(`Cairn is at ${url}`);
      if (terminal.isInteractive) showHints(terminal, url);
      module.flushCompileCache?.(); // a server that is killed would never write it
      await stopRequested;
    } catch (error) {
      const message = listenProblem(error, config);
      if (message === undefined) throw error;
      terminal.err(`cairn: ${message}`);
      return 1;
    } finally {
      systemClock.after(closeLimitMs, () => {
        terminal.err(`cairn: closing took longer than ${closeLimitMs / 1000} s; giving up`);
        process.exit(1);
      });
      await app.close();
    }
    return 0;
  },
};

/** Resolves on the first signal, or when the launcher is gone; a later second signal ends the process at once. */
function waitForStop(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (signal: NodeJS.Signals) => {
      const now = systemClock.now();
      if (first === undefined) {
        first = now;
        if (terminal.isInteractive) terminal.err('cairn: stopping (again to stop at once)');
        resolve();
      } else if (now - first > sameSignalMs) {
        process.exit(signal === 'SIGINT' ? 130 : 143);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    if (process.connected) {
      process.once('disconnect', resolve);
      process.channel?.unref();
    }
  });
}

/** What to do about an address that cannot be listened on; undefined for any other error. */
function listenProblem(error: unknown, { host, port }: Config): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'EADDRINUSE') {
    const airplay =
      port === 5000 && process.platform === 'darwin'
        ? '\nOn macOS, AirPlay Receiver holds port 5000 (System Settings, General, AirDrop & Handoff).'
        : '';
    return (
      `port ${port} on ${host} is taken, perhaps by another Cairn.\n` +
      `Take another one: cairn serve --port ${port < 65535 ? port + 1 : 5001} (or --port 0 for any free one).${airplay}`
    );
  }
  if (code === 'EACCES')
    return `no permission to listen on port ${port}; take one from 1024 on, for example 5000`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all of its addresses`;
  }
  return undefined;
}

function showHints(terminal: Terminal, url: string): void {
  terminal.err(`  Open it in a browser, or log from Python: mlflow.set_tracking_uri("${url}")`);
  terminal.err('  Stop with Ctrl-C.');
}
