/**
 * The command line: finds the command, reads its options, runs it, and words what went wrong. `bin/cairn.mjs` calls
 * `main` and exits with its answer: 0 done, 1 failed, 2 the command line (or a setting) is not acceptable, 3 what a change
 * expected did not hold.
 */
import { readFileSync } from 'node:fs';
import { UsageError } from '../config.ts';
import { CairnError } from '../kernel/errors.ts';
import { ancestry } from './ancestry.ts';
import { artifacts } from './artifacts.ts';
import { backup } from './backup.ts';
import type { Command, Terminal } from './command.ts';
import { datasets } from './datasets.ts';
import { demo } from './demo.ts';
import { deploy } from './deploy.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { experiments } from './experiments.ts';
import { exportCommand } from './export.ts';
import { gc } from './gc.ts';
import { commandNamed, helpCommand, pageOf } from './help.ts';
import { impact } from './impact.ts';
import { importCommand } from './import.ts';
import { readInvocation } from './invocation.ts';
import { models } from './models.ts';
import { rebuild } from './rebuild.ts';
import { restore } from './restore.ts';
import { runs } from './runs.ts';
import { serve } from './serve.ts';
import { source } from './source.ts';
import { taint } from './taint.ts';
import { version } from './version.ts';
import { webhooks } from './webhooks.ts';

export const commands: readonly Command[] = [
  serve,
  demo,
  experiments,
  runs,
  artifacts,
  datasets,
  models,
  webhooks,
  deploy,
  impact,
  ancestry,
  diff,
  source,
  taint,
  doctor,
  rebuild,
  gc,
  backup,
  restore,
  importCommand,
  exportCommand,
  helpCommand(() => commands),
  version,
];

export async function main(argv: readonly string[], terminal: Terminal = systemTerminal()): Promise<number> {
  if (argv[0] !== 'serve') endWithReader();
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`cairn: ${error.message}`);
      return 2;
    }
    // What the store refuses is worded for people (a newer schema, a foreign file); the rest is a bug with its stack.
    terminal.err(`cairn: ${error instanceof CairnError ? error.message : stackOf(error)}`);
    return 1;
  }
}

/** What people type for a command out of habit. */
const aliases: Readonly<Record<string, string>> = {
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
  '-v': 'version',
  deployments: 'deploy',
};

async function dispatch([name = 'help', ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  const command = commandNamed(aliases[name] ?? name, commands);
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(pageOf(command));
    return 0;
  }
  return command.run(readInvocation(rest, command, terminal), terminal);
}

function systemTerminal(): Terminal {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return {
    cwd: process.cwd(),
    version: manifest.version,
    env: process.env,
    isInteractive: process.stdout.isTTY === true,
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    ...(process.stderr.isTTY === true && { rewrite: (line) => process.stderr.write(`\r\u001b[K${line}`) }),
    readFile(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new UsageError(`cannot read ${path}: ${(error as Error).message}`);
      }
    },
  };
}

/** `cairn … | head`: whoever read what is printed has seen enough. A server outlives those who read its log. */
function endWithReader(): void {
  if (process.stdout.listenerCount('error') > 0) return;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
