import type { MetricSummary } from '../../domain/metrics/index.ts';
import type { Run, RunData } from '../../domain/runs/index.ts';
import type { Printed } from './message-schema.ts';
import type { run, runInfo, runStatuses } from './messages.ts';

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

/** Of each metric the latest point: greatest step, then time, then value. */
export function runMessage(
  found: Run,
  data: RunData,
  metrics: readonly MetricSummary[],
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
    inputs: {},
    outputs: {},
  };
}
