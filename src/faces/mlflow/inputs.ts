/** What a run reads and makes: datasets and logged models. */
import type { NewDatasetInput } from '../../domain/datasets/index.ts';
import { CairnError, invalid } from '../../kernel/errors.ts';
import { parseJsonText } from '../../kernel/json.ts';
import { bodyLimits, endpoint } from './endpoint.ts';
import { checkLength, checkRunId } from './entity-names.ts';
import { isObject } from './message-reading.ts';
import { listOf, nested, type Read, required, text } from './message-schema.ts';
import { datasetInput, modelOutput, nothing } from './messages.ts';
import { pythonDumps } from './python-json.ts';
import { byRunId } from './runs.ts';
import type { MlflowServices, WorkspaceOperation } from './services.ts';

/** docs/reference/limits.md shows them. Lengths are code points. */
export const inputLimits = {
  name: 500,
  digest: 36,
  sourceType: 100,
  source: 65_535,
  schema: 1_048_575,
  profile: 16_777_215,
  tagKey: 255,
  tagValue: 500,
  /** Datasets, or models, of one request. */
  perRequest: 100,
  /** Bytes of a body. */
  body: 64 * 1024 * 1024,
} as const;

/** The tag that says what a run uses a dataset for. */
const contextTag = 'mlflow.data.context';

export function inputEndpoints({ runLinks }: MlflowServices): WorkspaceOperation[] {
  return [
    endpoint({
      id: 'runs.log-inputs',
      methods: ['POST'],
      path: 'runs/log-inputs',
      permission: 'metadata:write',
      summary: 'Log that a run reads datasets and logged models.',
      bodyLimit: inputLimits.body,
      request: {
        ...byRunId,
        datasets: listOf(nested(datasetInput)),
        models: listOf(nested({ model_id: required(text) })),
      },
      response: nothing,
      async run(context, input, project) {
        checkRunId(input.run_id);
        checkCount('datasets', input.datasets);
        checkCount('models', input.models);
        await runLinks.logInputs(context, project.id, input.run_id, {
          datasets: input.datasets.map(newInput),
          models: input.models.map((model) => model.model_id),
        });
        return {};
      },
    }),
    endpoint({
      id: 'runs.outputs',
      methods: ['POST'],
      path: 'runs/outputs',
      permission: 'metadata:write',
      summary: 'Log that a run made logged models.',
      request: { ...byRunId, models: required(listOf(nested(modelOutput))) },
      response: nothing,
      async run(context, input, project) {
        checkCount('models', input.models);
        const outputs = input.models.map(({ model_id, step = 0 }) => ({ model: model_id, step }));
        await runLinks.logOutputs(context, project.id, input.run_id, outputs);
        return {};
      },
    }),
    endpoint({
      id: 'runs.log-model',
      methods: ['POST'],
      path: 'runs/log-model',
      permission: 'metadata:write',
      summary: 'Keep what a client of MLflow 2 says of a model in a tag of the run.',
      bodyLimit: bodyLimits.texts,
      request: { ...byRunId, model_json: required(text) },
      response: nothing,
      async run(context, input, project) {
        const entry = historyEntry(input.model_json);
        await runLinks.appendModelHistory(context, project.id, input.run_id, (before) =>
          pythonDumps([...historyOf(before), entry]),
        );
        return {};
      },
    }),
  ].flat();
}

function checkCount(field: string, items: readonly unknown[]): void {
  if (items.length <= inputLimits.perRequest) return;
  throw invalid(field, `A request takes at most ${inputLimits.perRequest} ${field}, got ${items.length}.`);
}

function newInput(input: Read<typeof datasetInput>, index: number): NewDatasetInput {
  const { name, digest, source_type = '', source = '', schema, profile } = input.dataset;
  const path = `datasets[${index}]`;
  checkLength(`${path}.dataset.name`, 'name', name, inputLimits.name);
  checkLength(`${path}.dataset.digest`, 'digest', digest, inputLimits.digest);
  checkLength(`${path}.dataset.source_type`, 'source_type', source_type, inputLimits.sourceType);
  checkLength(`${path}.dataset.source`, 'source', source, inputLimits.source);
  checkLength(`${path}.dataset.schema`, 'schema', schema ?? '', inputLimits.schema);
  checkLength(`${path}.dataset.profile`, 'profile', profile ?? '', inputLimits.profile);
  const tags = new Map<string, string>();
  for (const [at, { key, value = '' }] of input.tags.entries()) {
    const field = `${path}.tags[${at}].key`;
    checkLength(field, 'key', key, inputLimits.tagKey);
    checkLength(`${path}.tags[${at}].value`, 'value', value, inputLimits.tagValue);
    if (tags.has(key)) throw invalid(field, `${path} holds the tag '${key}' twice.`);
    tags.set(key, value);
  }
  return {
    record: { name, digest, sourceType: source_type, source, schema, profile },
    context: tags.get(contextTag),
    tags: [...tags].map(([key, value]) => ({ key, value })),
  };
}

const mandatory = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'];

/** What the tag keeps of a model: which, where, when and of which kind. */
function historyEntry(json: string): Readonly<Record<string, unknown>> {
  const model = parsed(json);
  if (!isObject(model)) {
    throw invalid('model_json', `Malformed model info. \n ${json.slice(0, 1000)} \n is not a valid JSON.`);
  }
  const missing = mandatory.filter((field) => !Object.hasOwn(model, field));
  if (missing.length > 0) {
    const list = missing.map((field) => `'${field}'`).join(', ');
    throw invalid('model_json', `Model json is missing mandatory fields: {${list}}`);
  }
  const { run_id, artifact_path, utc_time_created, model_uuid = null, flavors } = model;
  return { run_id, artifact_path, utc_time_created, model_uuid, flavors };
}

function historyOf(tag: string | undefined): readonly unknown[] {
  const list = tag === undefined ? [] : parsed(tag);
  if (Array.isArray(list)) return list;
  throw new CairnError('failed_precondition', 'The tag mlflow.log-model.history of the run is not a list.', {
    field: 'model_json',
  });
}

function parsed(json: string): unknown {
  try {
    return parseJsonText(json, 'model_json');
  } catch {
    return undefined;
  }
}
