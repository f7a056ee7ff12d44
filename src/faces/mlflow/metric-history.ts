/** Reading the points of metrics: of one run page by page, of many runs at once, and thinned for charts. */
import type { MetricPoint } from '../../domain/metrics/index.ts';
import { CairnError, invalid } from '../../kernel/errors.ts';
import type { HttpRequest } from '../../kernel/operation.ts';
import { answering, bodyLimits, endpoint, jsonReply, PrintedBytes } from './endpoint.ts';
import { historyAnswer } from './history-text.ts';
import { printDouble } from './message-printing.ts';
import { type Int64, int32, int64, listOf, nested, required, text } from './message-schema.ts';
import { metric, metricOfRun } from './messages.ts';
import { sampleRanks } from './point-sampling.ts';
import { byRunId } from './runs.ts';
import type { MlflowServices, WorkspaceOperation } from './services.ts';

export const historyLimits = {
  /** Points of one answer of get-history, also when the client asks for no limit; the rest is behind the token. */
  page: 1_000_000,
  /** Runs of one bulk request. */
  runs: 100,
  /** Points of one answer of get-history-bulk, all runs together. */
  bulk: 25_000,
  /** Points per run of get-history-bulk-interval. */
  interval: 2500,
} as const;

export function historyEndpoints(services: MlflowServices): WorkspaceOperation[] {
  return [...historyEndpoint(services), bulkOperation(services), ...intervalEndpoint(services)];
}

function historyEndpoint(services: MlflowServices): WorkspaceOperation[] {
  return endpoint({
    id: 'metrics.get-history',
    methods: ['GET'],
    path: 'metrics/get-history',
    permission: 'metadata:read',
    summary: 'The points of a metric of a run, in the order of time, step, value.',
    request: { ...byRunId, metric_key: required(text), page_token: text, max_results: int32 },
    response: { metrics: listOf(nested(metric)), next_page_token: text },
    async run(context, input, project) {
      if (input.max_results !== undefined && input.max_results <= 0) {
        throw invalid(
          'max_results',
          `Invalid value ${input.max_results} for parameter 'max_results' supplied. It must be a positive integer.`,
        );
      }
      const limit = Math.min(input.max_results ?? historyLimits.page, historyLimits.page);
      const cursor = input.page_token || undefined;
      const { metrics } = services;
      const { run_id, metric_key } = input;
      const page = await ofKnownRun(
        () => metrics.historyColumns(context, project.id, run_id, metric_key, { limit, cursor }),
        { stretches: [] },
      );
      return new PrintedBytes(await historyAnswer(metric_key, page));
    },
  });
}

/** Only MLflow's own pages call this one: `/ajax-api` alone, JSON in one line, NaN bare. */
function bulkOperation({ metrics }: MlflowServices): WorkspaceOperation {
  return {
    id: 'mlflow.metrics.get-history-bulk',
    method: 'GET',
    path: '/ajax-api/2.0/mlflow/metrics/get-history-bulk',
    permission: 'metadata:read',
    summary: 'The points of a metric of several runs.',
    bodyLimit: bodyLimits.plain,
    handle: answering(async (context, request, project) => {
      const { runIds, metricKey, limit } = bulkQuery(request);
      const points: string[] = [];
      for (const runId of runIds) {
        const left = limit - points.length;
        if (left === 0) break;
        const page = await ofKnownRun(
          () => metrics.history(context, project.id, runId, metricKey, { limit: left }),
          { items: [] },
        );
        points.push(...page.items.map((point) => bulkPoint(runId, point)));
      }
      return jsonReply(`{"metrics":[${points.join(',')}]}\n`);
    }),
  };
}

function bulkQuery({ query }: HttpRequest): { runIds: string[]; metricKey: string; limit: number } {
  const runIds = [...new Set(query.getAll('run_id'))].sort();
  const metricKey = query.get('metric_key');
  const asked = query.get('max_results') ?? String(historyLimits.bulk);
  if (runIds.length === 0)
    throw invalid('run_id', 'GetMetricHistoryBulk request must specify at least one run_id.');
  if (query.getAll('run_id').length > historyLimits.runs) {
    throw invalid(
      'run_id',
      `GetMetricHistoryBulk request cannot specify more than ${historyLimits.runs} run_ids. Received ${query.getAll('run_id').length} run_ids.`,
    );
  }
  if (metricKey === null)
    throw invalid('metric_key', 'GetMetricHistoryBulk request must specify a metric_key.');
  if (!/^\d{1,9}$/.test(asked) || Number(asked) === 0) {
    throw invalid(
      'max_results',
      `Invalid value ${JSON.stringify(asked)} for parameter 'max_results' supplied. It must be a positive integer.`,
    );
  }
  return { runIds, metricKey, limit: Math.min(Number(asked), historyLimits.bulk) };
}

function bulkPoint(runId: string, point: MetricPoint): string {
  // A page's JSON reader knows NaN by a patch of its own, and no infinities: those are the greatest doubles, as in MLflow.
  const finite = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, point.value));
  const value = Number.isNaN(point.value) ? 'NaN' : printDouble(finite);
  return `{"key":${JSON.stringify(point.key)},"run_id":${JSON.stringify(runId)},"step":${point.step},"timestamp":${point.time},"value":${value}}`;
}

function intervalEndpoint(services: MlflowServices): WorkspaceOperation[] {
  return endpoint({
    id: 'metrics.get-history-bulk-interval',
    methods: ['GET'],
    path: 'metrics/get-history-bulk-interval',
    permission: 'metadata:read',
    summary: 'Points of a metric of several runs within steps, evenly thinned.',
    request: {
      run_ids: intervalRuns,
      metric_key: required(text),
      start_step: int64,
      end_step: int64,
      max_results: intervalSize,
    },
    response: { metrics: listOf(nested(metricOfRun)) },
    async run(context, input, project) {
      const range = stepRange(input.start_step, input.end_step) ?? {};
      const size = input.max_results ?? historyLimits.interval;
      const { metrics } = services;
      const { run_ids: runs, metric_key: key } = input;
      const sample = await metrics.sample(context, project.id, runs, key, range, (count) =>
        sampleRanks(count, size),
      );
      // A run that is named twice is answered twice, as in MLflow.
      return {
        metrics: runs.flatMap((run_id) =>
          (sample.get(run_id) ?? []).map((point) => ({ ...metricMessage(point), run_id })),
        ),
      };
    },
  });
}

const intervalRuns = {
  ...required(listOf(text)),
  check: (runs: readonly string[]) =>
    runs.length <= historyLimits.runs
      ? undefined
      : `GetMetricHistoryBulkInterval request must specify at most ${historyLimits.runs} run_ids. Received ${runs.length} run_ids.`,
};

const intervalSize = {
  ...int32,
  check: (size: number | undefined) =>
    size === undefined || (size >= 1 && size <= historyLimits.interval)
      ? undefined
      : `max_results must be between 1 and ${historyLimits.interval}.`,
};

function stepRange(start: Int64 | undefined, end: Int64 | undefined): { from: Int64; to: Int64 } | undefined {
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined) {
    const field = start === undefined ? 'start_step' : 'end_step';
    throw invalid(field, 'If either start step or end step are specified, both must be specified.');
  }
  if (start > end) {
    throw invalid(
      'end_step',
      `end_step must be greater than start_step. Found start_step=${start} and end_step=${end}.`,
    );
  }
  return { from: start, to: end };
}

/** What a run that does not exist has, as MLflow answers: no points. */
async function ofKnownRun<T>(read: () => Promise<T>, none: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CairnError && error.code === 'not_found') return none;
    throw error;
  }
}

function metricMessage(point: MetricPoint) {
  return { key: point.key, value: point.value, timestamp: point.time, step: point.step };
}
