import type { DatasetInput } from '../../domain/datasets/index.ts';
import type { LatestPoint } from '../../domain/metrics/index.ts';
import type { ModelLinks } from '../../domain/models/index.ts';
import type { Run, RunData } from '../../domain/runs/index.ts';
import type { Printed } from './message-schema.ts';
import type { datasetInput, run, runInfo, runStatuses } from './messages.ts';

export type RunStatus = keyof typeof runStatuses;

/** This protocol's word for each state. */
const statusOfState = {
  scheduled: 'SCHEDULED',
  running: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  killed: 'KILLED',
} as const satisfies Readonly<Record<Run['state'], RunStatus>>;

export const stateOfStatus: Readonly<Record<RunStatus, Run['state']>> = {
  SCHEDULED: 'scheduled',
  RUNNING: 'running',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
};

export function runInfoMessage(found: Run): Printed<typeof runInfo> {
  return {
    run_uuid: found.id,
    experiment_id: found.experiment,
    run_name: found.name,
    user_id: found.user,
    status: statusOfState[found.state],
    start_time: found.started,
    end_time: found.ended,
    artifact_uri: found.artifactUri,
    lifecycle_stage: found.lifecycle,
    run_id: found.id,
  };
}

/** What a run is linked to. */
export interface RunLinksMessage {
  readonly datasets: readonly DatasetInput[];
  readonly models: ModelLinks | undefined;
}

/** Of each metric the latest point: greatest step, then time, then value. */
export function runMessage(
  found: Run,
  data: RunData,
  metrics: readonly LatestPoint[],
  links?: RunLinksMessage,
): Printed<typeof run> {
  return {
    info: runInfoMessage(found),
    data: {
      metrics: metrics.map(({ key, last }) => ({
        key,
        value: last.value,
        timestamp: last.time,
        step: last.step,
      })),
      params: data.params,
      tags: data.tags,
    },
    inputs: {
      dataset_inputs: (links?.datasets ?? []).map(datasetInputMessage),
      model_inputs: (links?.models?.inputs ?? []).map(({ id }) => ({ model_id: id })),
    },
    outputs: {
      model_outputs: (links?.models?.outputs ?? []).map(({ id, step }) => ({ model_id: id, step })),
    },
  };
}

function datasetInputMessage({ dataset, tags }: DatasetInput): Printed<typeof datasetInput> {
  const { name, digest, sourceType, source, schema, profile } = dataset;
  return {
    tags,
    dataset: {
      ...{ name, digest, source, source_type: sourceType },
      schema: schema || undefined,
      profile: profile || undefined,
    },
  };
}
