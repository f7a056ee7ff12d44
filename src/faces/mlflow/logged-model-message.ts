import type { ModelPoint } from '../../domain/metrics/index.ts';
import type { LoggedModel } from '../../domain/models/index.ts';
import type { Printed } from './message-schema.ts';
import type { loggedModel, modelStatuses } from './messages.ts';

type ModelStatus = keyof typeof modelStatuses;

/** This protocol's word for each state. */
const statusOfState = {
  pending: 'LOGGED_MODEL_PENDING',
  ready: 'LOGGED_MODEL_READY',
  failed: 'LOGGED_MODEL_UPLOAD_FAILED',
} as const satisfies Readonly<Record<LoggedModel['status'], ModelStatus>>;

export const stateOfStatus: Readonly<Record<ModelStatus, LoggedModel['status'] | undefined>> = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: undefined,
  LOGGED_MODEL_PENDING: 'pending',
  LOGGED_MODEL_READY: 'ready',
  LOGGED_MODEL_UPLOAD_FAILED: 'failed',
};

export function loggedModelMessage(
  model: LoggedModel,
  points: readonly ModelPoint[],
): Printed<typeof loggedModel> {
  return {
    info: {
      model_id: model.id,
      experiment_id: model.experiment,
      name: model.name,
      creation_timestamp_ms: model.created,
      last_updated_timestamp_ms: model.updated,
      artifact_uri: model.artifactUri,
      status: statusOfState[model.status],
      model_type: model.type,
      source_run_id: model.sourceRun,
      tags: model.tags,
    },
    data: {
      params: model.params,
      metrics: points.map(({ key, value, time, step, run, dataset }) => ({
        ...{ key, value, step, timestamp: time, model_id: model.id, run_id: run },
        dataset_name: dataset?.name,
        dataset_digest: dataset?.digest,
      })),
    },
  };
}
