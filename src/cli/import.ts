/** `cairn import mlflow SOURCE`: moves a store of MLflow in, and holds both sides against each other. */
import { UsageError } from '../config.ts';
import { CairnError } from '../kernel/errors.ts';
import { systemClock } from '../kernel/time.ts';
import type { Command, Terminal } from './command.ts';
import type { Invocation } from './invocation.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'Move in with all that an MLflow store holds: ids, times, histories, deleted things.',
  about:
    '`cairn import mlflow SOURCE`: SOURCE is the database of an MLflow server (a SQLite file, postgresql:// or mysql://), a folder mlruns, or the http address of a server. ' +
    'Nothing is written there. What is in Cairn already is never overwritten: what contradicts it is refused and named. A move that was cut off goes on where ' +
    'it was, and a second one adds what is new. At the end both sides are read and held against each other; the command exits with 1 unless they are equal. ' +
    'Without --server it starts Cairn itself on the data folder, which nobody may serve meanwhile.',
  examples: [
    [
      'cairn import mlflow mlflow.db',
      'the database of a server that was started in this folder, into ./cairn-data',
    ],
    [
      'cairn import mlflow postgresql://mlflow@db/mlflow --server http://127.0.0.1:5000',
      'into a Cairn that runs',
    ],
    ['cairn import mlflow mlflow.db --dry-run', 'only look at what is there'],
  ],
  settings: ['data', 'db', 'artifacts', 'token'],
  options: [
    {
      flag: 'server',
      kind: 'text',
      value: 'URL',
      doc: 'A running Cairn to move into. Unless set: the data folder.',
    },
    {
      flag: 'project',
      kind: 'text',
      value: 'NAME',
      doc: 'Project to move into, made if missing. Unless set: default, which is what MLflow clients see.',
    },
    {
      flag: 'only',
      kind: 'text',
      value: 'IDS',
      doc: 'Ids of the experiments to move, comma-separated. Unless set: all.',
    },
    {
      flag: 'workspace',
      kind: 'text',
      value: 'NAME',
      doc: 'Workspace of MLflow to move. Unless set: default.',
    },
    {
      flag: 'artifact-root',
      kind: 'text',
      value: 'DIRS',
      doc: 'Folders whose artifacts are copied, comma-separated; the first is what mlflow-artifacts:/ stands for. Unless set: the folder of SOURCE, and mlartifacts in it.',
    },
    {
      flag: 'reference-artifacts',
      kind: 'switch',
      doc: 'Copy no artifacts; experiments keep the places that they have.',
    },
    { flag: 'dry-run', kind: 'switch', doc: 'Read everything, store nothing.' },
    { flag: 'json', kind: 'switch', doc: 'Answer with one JSON object.' },
  ],
  words: 2,
  async run(invocation, terminal) {
    const { CairnRefused } = await import('./mlflow/cairn-server.ts');
    try {
      return await runImport(invocation, terminal);
    } catch (error) {
      if (!(error instanceof CairnRefused)) throw error;
      terminal.err(`cairn: ${error.message}`);
      return 1;
    }
  },
};

async function runImport({ options, values, words }: Invocation, terminal: Terminal): Promise<number> {
  const [kind, address] = words;
  if (kind !== 'mlflow')
    throw new UsageError(
      `what to import? cairn import mlflow SOURCE${kind === undefined ? '' : `, not ${kind}`}`,
    );
  if (address === undefined) throw new UsageError('SOURCE is missing: cairn import mlflow SOURCE');
  const option = (flag: string) => options[flag] as string | undefined;
  const { openSource } = await import('./mlflow/open-source.ts');
  const { Report } = await import('./mlflow/report.ts');
  const source = await openSource(address, {
    cwd: terminal.cwd,
    env: terminal.env,
    workspace: option('workspace'),
  });
  try {
    const survey = await source.survey();
    const report = new Report(source, survey, terminal, options.json === true);
    const only = option('only')
      ?.split(',')
      .map((id) => id.trim());
    const { compare, dryRun, MoveIn } = await import('./mlflow/move-in.ts');
    const { ProgressLine } = await import('./mlflow/progress.ts');
    const progress = new ProgressLine(terminal, systemClock, survey.runs || undefined);
    if (options['dry-run']) return report.dry(await dryRun(source, only, progress));
    const { ArtifactCopy } = await import('./mlflow/artifact-copy.ts');
    const { artifactRoots } = await import('./mlflow/open-source.ts');
    const copy = new ArtifactCopy({
      ...artifactRoots(address, option('artifact-root'), terminal.cwd),
      isReference: options['reference-artifacts'] === true,
    });
    const { openTarget } = await import('./mlflow/target.ts');
    const project = option('project') ?? 'default';
    const target = await openTarget(values, { server: option('server'), project }, terminal);
    try {
      await target.server.makeProject();
      const move = new MoveIn(source, target.server, copy, progress);
      const experiments = await move.experiments(only);
      // A move of some experiments is another one than that of all.
      const cursor = await target.server.progress(move.name);
      if (typeof cursor === 'string') {
        const stored = await move.stored(experiments, cursor);
        progress.note(
          `Going on where an earlier move was cut off: ${stored} of ${survey.runs} runs are here`,
        );
        progress.skip(stored);
      }
      await move.run(experiments, cursor ?? undefined);
      progress.end();
      progress.note('Both sides are read and held against each other');
      return report.end(
        await compare(source, target.server, experiments, copy, only === undefined),
        move.refused,
      );
    } finally {
      progress.end();
      await target.close();
    }
  } finally {
    await source.close().catch((error: unknown) => {
      throw new CairnError('internal', 'the source does not close', { cause: error });
    });
  }
}
