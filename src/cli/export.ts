/** `cairn export mlflow TARGET`: moves out into a store that MLflow's own server serves. `cairn export openlineage`: runs as events. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../config.ts';
import { systemClock } from '../kernel/time.ts';
import type { Command, Terminal } from './command.ts';
import type { Invocation } from './invocation.ts';

export const exportCommand: Command = {
  name: 'export',
  summary: "Move out into a store that MLflow's own server serves, or tell a data catalogue of runs.",
  about:
    '`cairn export mlflow TARGET`: TARGET is the SQLite database of an MLflow server (3.10 to 3.17) that was started once and stopped, with nothing in it. ' +
    'Everything goes there in one transaction: what MLflow can hold of it, with ids, times and deleted things. Artifacts are copied into mlartifacts beside it, where that server keeps them. ' +
    'Nothing is changed in Cairn. Without --server it starts Cairn itself on the data folder, which nobody may serve meanwhile. ' +
    '`cairn export openlineage` writes a run, or all runs of an experiment, as events of OpenLineage, one JSON object a line: what was read and for what, ' +
    'parameters, metrics, code, the models that were made, registered and deployed. The same runs give the same bytes. Posted to a server of OpenLineage, events go in batches where it ' +
    'takes these; its key is read from OPENLINEAGE_API_KEY.',
  examples: [
    [
      'cairn export mlflow out/mlflow.db',
      'all of ./cairn-data; then `mlflow server` in the folder out serves it',
    ],
    ['cairn export mlflow out/mlflow.db --server http://127.0.0.1:5000', 'from a Cairn that runs'],
    [
      'cairn export openlineage --experiment churn --to http://marquez:5000 --server http://127.0.0.1:5000',
      'all runs of an experiment, to a data catalogue',
    ],
    ['cairn export openlineage --run 01a2… --to run.ndjson', 'one run, into a file'],
  ],
  settings: ['data', 'db', 'artifacts', 'token'],
  options: [
    {
      flag: 'server',
      kind: 'text',
      value: 'URL',
      doc: 'A running Cairn to move out of. Unless set: the data folder.',
    },
    {
      flag: 'artifact-root',
      kind: 'text',
      value: 'DIR',
      doc: 'Where artifacts are written. Unless set: mlartifacts beside TARGET.',
    },
    { flag: 'no-artifacts', kind: 'switch', doc: 'Copy no artifacts.' },
    { flag: 'run', kind: 'text', value: 'ID', doc: 'openlineage: this run.' },
    { flag: 'experiment', kind: 'text', value: 'NAME', doc: 'openlineage: all runs of this experiment.' },
    {
      flag: 'to',
      kind: 'text',
      value: 'FILE|URL',
      doc: 'openlineage: where events go: a file, or the address of a server that takes them. Unless set: the terminal.',
    },
    {
      flag: 'namespace',
      kind: 'text',
      value: 'TEXT',
      doc: 'openlineage: in which the jobs, and the models, have their names. Unless set: cairn://HOST of --server, else cairn.',
    },
    {
      flag: 'project',
      kind: 'text',
      value: 'NAME',
      doc: 'openlineage: the project of the runs. Unless set: the default one.',
    },
  ],
  words: 2,
  async run(invocation, terminal) {
    const { CairnRefused } = await import('./mlflow/cairn-server.ts');
    try {
      return await runExport(invocation, terminal);
    } catch (error) {
      if (!(error instanceof CairnRefused)) throw error;
      terminal.err(`cairn: ${error.message}`);
      return 1;
    }
  },
};

const mlflowOnly = ['artifact-root', 'no-artifacts'];
const openLineageOnly = ['run', 'experiment', 'to', 'namespace', 'project'];

async function runExport(invocation: Invocation, terminal: Terminal): Promise<number> {
  const [kind, address] = invocation.words;
  if (kind !== 'mlflow' && kind !== 'openlineage')
    throw new UsageError('what to export? cairn export mlflow TARGET, or cairn export openlineage --run ID');
  const others = kind === 'mlflow' ? openLineageOnly : mlflowOnly;
  const stray = others.find((flag) => invocation.options[flag] !== undefined);
  if (stray !== undefined) throw new UsageError(`export ${kind} does not take --${stray}`);
  if (kind === 'mlflow') return exportMlflow(invocation, terminal);
  if (address !== undefined)
    throw new UsageError(`export openlineage does not take ${address}: where to is told by --to`);
  const { exportOpenLineage } = await import('./openlineage/export-openlineage.ts');
  return exportOpenLineage(invocation, terminal);
}

async function exportMlflow({ options, values, words }: Invocation, terminal: Terminal): Promise<number> {
  const [, address] = words;
  if (address === undefined) throw new UsageError('what to export, and where? cairn export mlflow TARGET');
  const { sqlitePath } = await import('../db/foreign-db.ts');
  const file = path.resolve(terminal.cwd, /^sqlite/i.test(address) ? sqlitePath(address) : address);
  if (!existsSync(file)) {
    throw new UsageError(
      `there is no database at ${file}. Let MLflow make it: start \`mlflow server --backend-store-uri sqlite:///${file}\` once and stop it`,
    );
  }
  const { openTarget } = await import('./mlflow/target.ts');
  const { ForeignSqliteWriter } = await import('../db/sqlite/foreign-sqlite-writer.ts');
  const { MoveOut } = await import('./mlflow/move-out.ts');
  const { Problems } = await import('./mlflow/problems.ts');
  const { ProgressLine } = await import('./mlflow/progress.ts');
  const problems = new Problems();
  const writer = new ForeignSqliteWriter(file);
  try {
    // What MLflow's clients see: other projects have no place there.
    const from = { server: options.server as string | undefined, project: 'default' };
    const cairn = await openTarget(values, from, terminal);
    try {
      const progress = new ProgressLine(terminal, systemClock, undefined);
      const move = new MoveOut(cairn.server, writer, progress, problems);
      move.check();
      const root = options['artifact-root'] as string | undefined;
      const folder =
        root === undefined ? path.join(path.dirname(file), 'mlartifacts') : path.resolve(terminal.cwd, root);
      await move.run(options['no-artifacts'] ? undefined : folder);
      progress.end();
      writer.commit();
    } finally {
      await cairn.close();
    }
  } finally {
    writer.close();
  }
  for (const line of problems.lines()) terminal.out(line);
  terminal.out(`Moved out into ${file}. To hold both against each other: cairn import mlflow ${address}`);
  return 0;
}
