import { CairnError, invalid } from '../../kernel/errors.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { bodyLimits, endpoint, PrintedBytes } from './endpoint.ts';
import { checkLength, cut, limits } from './entity-names.ts';
import { experimentId } from './experiment-ids.ts';
import { type Int64, int64, listOf, nested, required, text, withAlias } from './message-schema.ts';
import { nothing, pair, run, runInfo, runStatus } from './messages.ts';
import { linksOf } from './run-links.ts';
import { runInfoMessage, runMessage, stateOfStatus } from './run-message.ts';
import { type RunTexts, runAnswer } from './run-texts.ts';
import type { MlflowServices, Workspace, WorkspaceOperation } from './services.ts';

/** `run_uuid` is the name before MLflow 1.0; clients send both. */
export const byRunId = { run_id: withAlias(required(text), 'run_uuid') };

export function runEndpoints(services: MlflowServices, texts: RunTexts): WorkspaceOperation[] {
  const { runs, metrics } = services;
  return [
    endpoint({
      id: 'runs.create',
      methods: ['POST'],
      path: 'runs/create',
      permission: 'metadata:write',
      summary: 'Create a run.',
      bodyLimit: bodyLimits.texts,
      request: {
        experiment_id: text,
        user_id: text,
        run_name: text,
        start_time: int64,
        tags: listOf(nested(pair)),
      },
      response: { run: nested(run) },
      async run(context, input, project) {
        const experiment = experimentId('experiment_id', input.experiment_id || '0');
        const created = await experimentFirst(services, context, project, experiment, async () =>
          runs.create(context, project.id, {
            experiment,
            name: input.run_name && cut(input.run_name, limits.runTagValue),
            user: input.user_id,
            started: instant('start_time', input.start_time),
            tags: input.tags.map((tag, index) => newRunTag(index, tag.key, tag.value)),
          }),
        );
        return { run: { ...runMessage(created.run, created.data, []), outputs: undefined } };
      },
    }),
    endpoint({
      id: 'runs.get',
      methods: ['GET'],
      path: 'runs/get',
      permission: 'metadata:read',
      summary: 'A run with its latest metrics, parameters and tags.',
      request: byRunId,
      response: { run: nested(run) },
      async run(context, input, project) {
        const version = await runs.version(context, project.id, input.run_id);
        const text = version && texts.find(version, 'alone');
        if (text !== undefined) return new PrintedBytes(runAnswer(text));
        const found = await runs.get(context, project.id, input.run_id);
        const summaries = await metrics.summaries(context, project.id, [found.run.node]);
        const links = await linksOf(services, context, project, [found.run]);
        const message = runMessage(found.run, found.data, summaries, links(found.run));
        return new PrintedBytes(runAnswer(texts.print(found.run, message, 'alone')));
      },
    }),
    endpoint({
      id: 'runs.update',
      methods: ['POST'],
      path: 'runs/update',
      permission: 'metadata:write',
      summary: 'Change status, end or name of a run.',
      request: { ...byRunId, status: runStatus, end_time: int64, run_name: text },
      response: { run_info: nested(runInfo) },
      async run(context, input, project) {
        const updated = await runs.update(context, project.id, input.run_id, {
          state: input.status && stateOfStatus[input.status],
          ended: instant('end_time', input.end_time),
          name: input.run_name && cut(input.run_name, limits.runTagValue),
        });
        return { run_info: runInfoMessage(updated) };
      },
    }),
    endpoint({
      id: 'runs.delete',
      methods: ['POST'],
      path: 'runs/delete',
      permission: 'metadata:delete',
      summary: 'Mark a run as deleted.',
      request: byRunId,
      response: nothing,
      async run(context, input, project) {
        await runs.delete(context, project.id, input.run_id);
        return {};
      },
    }),
    endpoint({
      id: 'runs.restore',
      methods: ['POST'],
      path: 'runs/restore',
      permission: 'metadata:delete',
      summary: 'Take back the deletion of a run.',
      request: byRunId,
      response: nothing,
      async run(context, input, project) {
        await runs.restore(context, project.id, input.run_id);
        return {};
      },
    }),
  ].flat();
}

/** Of two faults MLflow tells the experiment's: where the run is refused, it is looked whether that is to be told instead. */
async function experimentFirst<T>(
  { experiments }: MlflowServices,
  context: RequestContext,
  project: Workspace,
  id: string,
  create: () => Promise<T>,
): Promise<T> {
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof CairnError) || error.code !== 'invalid_argument') throw error;
    const { lifecycle } = await experiments.get(context, project.id, id);
    if (lifecycle === 'active') throw error;
    throw new CairnError(
      'failed_precondition',
      `The experiment ${id} must be in the 'active' state. Current state is deleted.`,
      { field: 'experiment_id' },
    );
  }
}

/** A tag given at birth: MLflow checks the characters of its key only later, when a tag is set. */
function newRunTag(index: number, key = '', value = ''): { key: string; value: string } {
  const where = `tags[${index}].key`;
  if (key === '') throw invalid(where, `Missing value for required parameter '${where}'.`);
  checkLength(where, where, key, limits.key);
  return { key, value: cut(value, limits.runTagValue) };
}

/** ms; a run's own times are exact up to the year 287396, which is where a double's whole numbers end. */
function instant(field: string, written: Int64 | undefined): number | undefined {
  if (typeof written === 'bigint') {
    throw invalid(field, `Invalid value ${written} for parameter '${field}' supplied: it is no time in ms.`);
  }
  return written;
}
