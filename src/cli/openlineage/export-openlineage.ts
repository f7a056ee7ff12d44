/** `cairn export openlineage`: runs as events that a data catalogue reads. */
import { Cairn, RequestError, type RunRecord } from '../../../sdk/src/index.ts';
import { UsageError } from '../../config.ts';
import type { Terminal } from '../command.ts';
import type { Invocation } from '../invocation.ts';
import { openTarget as openCairn } from '../mlflow/target.ts';
import { textOf } from '../server-access.ts';
import { EventsRefused, type EventTarget, openTarget } from './event-target.ts';
import { eventsOfRun } from './run-events.ts';
import { RunReader } from './run-facts.ts';

export async function exportOpenLineage(
  { options, values }: Invocation,
  terminal: Terminal,
): Promise<number> {
  const [run, experiment] = [textOf(options.run), textOf(options.experiment)];
  if ((run === undefined) === (experiment === undefined))
    throw new UsageError('what to export? Either --run ID or --experiment NAME');
  const from = { server: textOf(options.server), project: textOf(options.project) ?? 'default' };
  const namespace = textOf(options.namespace) ?? namespaceOf(from);
  const target = await openTarget(textOf(options.to), terminal);
  try {
    const opened = await openCairn(values, from, terminal);
    try {
      const token = textOf(values.token as string | undefined);
      const cairn = new Cairn({
        ...{ url: opened.server.name, project: from.project },
        ...(token !== undefined && { token }),
      });
      try {
        const counts = await exportRuns(cairn, runsOf(cairn, run, experiment), namespace, target);
        const where = await target.finish();
        if (where !== undefined) terminal.out(`${counts.runs} runs, ${counts.events} events ${where}`);
        return 0;
      } finally {
        await cairn.close();
      }
    } finally {
      await opened.close();
    }
  } catch (error) {
    await target.abandon();
    if (!(error instanceof RequestError) && !(error instanceof EventsRefused)) throw error;
    terminal.err(`cairn: ${error.message}`);
    return 1;
  }
}

async function exportRuns(
  cairn: Cairn,
  runs: AsyncIterable<RunRecord>,
  namespace: string,
  target: EventTarget,
): Promise<{ readonly runs: number; readonly events: number }> {
  const reader = new RunReader(cairn);
  const counts = { runs: 0, events: 0 };
  for await (const part of partsOf(runs, together)) {
    for (const facts of await Promise.all(part.map((run) => reader.factsOf(run)))) {
      const events = eventsOfRun(facts, namespace);
      await target.put(events.map((event) => JSON.stringify(event)));
      counts.runs += 1;
      counts.events += events.length;
    }
  }
  return counts;
}

/** Runs that are read at a time: the server answers several requests in the time of one. */
const together = 8;

async function* partsOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let part: T[] = [];
  for await (const item of items) {
    part.push(item);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** Those of an experiment in the order in which they began. */
async function* runsOf(
  cairn: Cairn,
  run: string | undefined,
  experiment: string | undefined,
): AsyncGenerator<RunRecord> {
  if (run !== undefined) yield await cairn.getRun(run);
  else yield* cairn.searchRuns({ experiments: [experiment!], order: ['started asc'], pageSize: 200 });
}

/** The same for the same store, whatever process reads it. */
function namespaceOf({
  server,
  project,
}: {
  readonly server: string | undefined;
  readonly project: string;
}): string {
  const host = server === undefined ? undefined : URL.parse(server)?.host;
  const store = host === undefined || host === '' ? 'cairn' : `cairn://${host}`;
  return project === 'default' ? store : `${store}/${project}`;
}
