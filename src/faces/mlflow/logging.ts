/** Writing to a run: metrics, parameters, tags, one by one or as a batch that is stored whole or not at all. */
import type { Tag } from '../../domain/contexts/index.ts';
import type { MetricPoint } from '../../domain/metrics/index.ts';
import { type Param, runNameTag } from '../../domain/runs/index.ts';
import { CairnError, invalid } from '../../kernel/errors.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { bodyLimits, endpoint } from './endpoint.ts';
import { checkKey, checkLength, checkRunId, cut, isPlainKey, limits } from './entity-names.ts';
import { inputLimits } from './inputs.ts';
import { printDouble } from './message-printing.ts';
import { double, type Int64, int64, listOf, nested, required, text } from './message-schema.ts';
import { keyedPair, nothing } from './messages.ts';
import { byRunId } from './runs.ts';
import type { MlflowServices, Workspace, WorkspaceOperation } from './services.ts';

/** A point as it is sent; it may measure a logged model, on a dataset. */
const point = {
  key: required(text),
  value: required(double),
  timestamp: required(int64),
  step: int64,
  model_id: text,
  dataset_name: text,
  dataset_digest: text,
};

export function loggingEndpoints(services: MlflowServices): WorkspaceOperation[] {
  const { runs, metrics } = services;
  return [
    endpoint({
      id: 'runs.log-metric',
      methods: ['POST'],
      path: 'runs/log-metric',
      permission: 'metadata:write',
      summary: 'Log one point of a metric.',
      request: { ...byRunId, ...point },
      response: nothing,
      async run(context, input, project) {
        const point = await runFirst(services, context, project, input, () => metricPoint(() => '', input));
        await metrics.logBatch(context, project.id, input.run_id, { points: [point] });
        return {};
      },
    }),
    endpoint({
      id: 'runs.log-parameter',
      methods: ['POST'],
      path: 'runs/log-parameter',
      permission: 'metadata:write',
      summary: 'Log a parameter, which never changes.',
      bodyLimit: bodyLimits.texts,
      request: { ...byRunId, ...keyedPair },
      response: nothing,
      async run(context, input, project) {
        await metrics.logBatch(context, project.id, input.run_id, { params: [param('key', input)] });
        return {};
      },
    }),
    endpoint({
      id: 'runs.set-tag',
      methods: ['POST'],
      path: 'runs/set-tag',
      permission: 'metadata:write',
      summary: 'Set a tag of a run.',
      bodyLimit: bodyLimits.texts,
      request: { ...byRunId, ...keyedPair },
      response: nothing,
      async run(context, input, project) {
        const tag = runTag('key', input);
        if (namesNothing(tag)) await requireActive(services, context, project, input.run_id);
        else await runs.setTag(context, project.id, input.run_id, tag);
        return {};
      },
    }),
    endpoint({
      id: 'runs.delete-tag',
      methods: ['POST'],
      path: 'runs/delete-tag',
      permission: 'metadata:write',
      summary: 'Delete a tag of a run.',
      request: { ...byRunId, key: required(text) },
      response: nothing,
      async run(context, input, project) {
        await runs.deleteTag(context, project.id, input.run_id, input.key);
        return {};
      },
    }),
    endpoint({
      id: 'runs.log-batch',
      methods: ['POST'],
      path: 'runs/log-batch',
      permission: 'metadata:write',
      summary: 'Log metrics, parameters and tags together, all or nothing.',
      bodyLimit: bodyLimits.texts,
      request: {
        ...byRunId,
        metrics: listOf(nested(point)),
        params: listOf(nested(keyedPair)),
        tags: listOf(nested(keyedPair)),
      },
      response: nothing,
      async run(context, input, project) {
        checkRunId(input.run_id);
        const points = input.metrics.map((item, index) => metricPoint(() => `metrics[${index}].`, item));
        const params = input.params.map((item, index) => param(`params[${index}].key`, item));
        const tags = input.tags.map((item, index) => runTag(`tags[${index}].key`, item));
        checkBatchSize(points.length, params.length, tags.length);
        checkUnique(params);
        const kept = tags.filter((tag) => !namesNothing(tag));
        if (points.length + params.length + kept.length === 0)
          await requireActive(services, context, project, input.run_id);
        else await metrics.logBatch(context, project.id, input.run_id, { points, params, tags: kept });
        return {};
      },
    }),
  ].flat();
}

interface WrittenPoint {
  readonly key: string;
  readonly value: number;
  readonly timestamp: Int64;
  readonly step: Int64 | undefined;
  readonly model_id: string | undefined;
  readonly dataset_name: string | undefined;
  readonly dataset_digest: string | undefined;
}

/** `path` is what stands before the names of its fields. */
function metricPoint(path: () => string, written: WrittenPoint): MetricPoint {
  const { key, value, timestamp, step = 0 } = written;
  const isPlain = isPlainKey(key);
  if (!isPlain) checkKey(`${path()}name`, key);
  if (timestamp < 0) {
    const field = `${path()}timestamp`;
    throw invalid(
      field,
      `Invalid value ${timestamp} for parameter '${field}' supplied: metric '${key}' (value=${pythonFloat(value)}). Timestamp must be a nonnegative long (64-bit integer) `,
    );
  }
  if (!isPlain) checkLength(`${path()}name`, 'Metric name', key, limits.key);
  const point = { key, value, time: timestamp, step };
  const dataset = measuredDataset(path, written);
  if (!written.model_id && dataset === undefined) return point;
  return { ...point, model: written.model_id || undefined, dataset };
}

function measuredDataset(
  path: () => string,
  { dataset_name: name = '', dataset_digest: digest = '' }: WrittenPoint,
): MetricPoint['dataset'] {
  if (name === '' && digest === '') return undefined;
  if (name === '' || digest === '') {
    const field = `${path()}${name === '' ? 'dataset_name' : 'dataset_digest'}`;
    throw invalid(field, 'Both dataset_name and dataset_digest must be provided if one is provided');
  }
  checkLength(`${path()}dataset_name`, 'dataset_name', name, inputLimits.name);
  checkLength(`${path()}dataset_digest`, 'dataset_digest', digest, inputLimits.name);
  return { name, digest };
}

/** As Python prints a float: 1.0, 1e-07, 1e+16, nan, inf. */
function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value).toLowerCase().replace('inity', '');
  const [digits, exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 16) return printDouble(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

interface WrittenPair {
  readonly key: string;
  readonly value: string | undefined;
}

function param(path: string, { key, value = '' }: WrittenPair): Param {
  checkKey(path, key);
  checkLength(path, 'Param key', key, limits.key);
  return { key, value: cut(value, limits.paramValue) };
}

function runTag(path: string, { key, value = '' }: WrittenPair): Tag {
  checkKey(path, key);
  checkLength(path, path, key, limits.key);
  return { key, value: cut(value, limits.runTagValue) };
}

/** An empty name renames nothing, and takes no name away. */
function namesNothing(tag: Tag): boolean {
  return tag.key === runNameTag && tag.value === '';
}

/** Of a point of a model MLflow looks at the run before it looks at the point: of two faults, the run's is told. */
async function runFirst(
  services: MlflowServices,
  context: RequestContext,
  project: Workspace,
  { run_id: run, model_id: model }: { readonly run_id: string; readonly model_id: string | undefined },
  read: () => MetricPoint,
): Promise<MetricPoint> {
  try {
    return read();
  } catch (error) {
    if (model) await requireActive(services, context, project, run);
    throw error;
  }
}

/** What a write that changes nothing answers when the run is unknown or deleted. */
async function requireActive(
  { runs }: MlflowServices,
  context: RequestContext,
  project: Workspace,
  id: string,
): Promise<void> {
  const { run } = await runs.get(context, project.id, id);
  if (run.lifecycle === 'active') return;
  throw new CairnError(
    'failed_precondition',
    `The run ${id} must be in the 'active' state. Current state is deleted.`,
    { field: 'run_id' },
  );
}

function checkBatchSize(points: number, params: number, tags: number): void {
  const rules: readonly (readonly [name: string, limit: number, count: number])[] = [
    ['metrics', limits.metricsPerBatch, points],
    ['params', limits.paramsPerBatch, params],
    ['tags', limits.tagsPerBatch, tags],
    ['metrics, params, and tags', limits.entitiesPerBatch, points + params + tags],
  ];
  for (const [name, limit, count] of rules) {
    if (count <= limit) continue;
    throw invalid(
      name,
      `A batch logging request can contain at most ${limit} ${name}. Got ${count} ${name}. Please split up ${name} across multiple requests and try again.`,
    );
  }
}

function checkUnique(params: readonly Param[]): void {
  const seen = new Set<string>();
  const twice = params.map((item) => item.key).filter((key) => seen.size === seen.add(key).size);
  if (twice.length === 0) return;
  const shown = twice.map((key) => `'${key}'`).join(', ');
  throw invalid(
    'params',
    `Duplicate parameter keys have been submitted: [${shown}]. Please ensure the request contains only one param value per param key.`,
  );
}
