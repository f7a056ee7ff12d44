/** Messages that several endpoints share. The order of fields is that of the protocol's definition, in which it is printed. */
import { content, double, enumOf, int64, listOf, nested, required, text } from './message-schema.ts';

export const viewTypes = { ACTIVE_ONLY: 1, DELETED_ONLY: 2, ALL: 3 } as const;
export const runStatuses = { RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 } as const;

export const viewType = enumOf(viewTypes);
export const runStatus = enumOf(runStatuses);

/** A tag or parameter. */
export const pair = { key: text, value: content };

/** The same, in a request that insists on a key. */
export const keyedPair = { key: required(text), value: content };

export const metric = { key: text, value: double, timestamp: int64, step: int64 };
export const metricOfRun = { ...metric, run_id: text };

export const experiment = {
  experiment_id: text,
  name: text,
  artifact_location: text,
  lifecycle_stage: text,
  last_update_time: int64,
  creation_time: int64,
  tags: listOf(nested(pair)),
  workspace: text,
};

export const runInfo = {
  run_uuid: text,
  experiment_id: text,
  run_name: text,
  user_id: text,
  status: runStatus,
  start_time: int64,
  end_time: int64,
  artifact_uri: text,
  lifecycle_stage: text,
  run_id: text,
};

/** A dataset as a client records it. The name and the digest make it one. */
const dataset = {
  name: required(text),
  digest: required(text),
  source_type: text,
  source: content,
  schema: content,
  profile: content,
};

export const datasetInput = {
  tags: listOf(nested({ key: required(text), value: text })),
  dataset: required(nested(dataset)),
};

export const modelOutput = { model_id: required(text), step: int64 };

export const run = {
  info: nested(runInfo),
  data: nested({
    metrics: listOf(nested(metric)),
    params: listOf(nested(pair)),
    tags: listOf(nested(pair)),
  }),
  inputs: nested({
    dataset_inputs: listOf(nested(datasetInput)),
    model_inputs: listOf(nested({ model_id: text })),
  }),
  outputs: nested({ model_outputs: listOf(nested(modelOutput)) }),
};

export const modelStatuses = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 0,
  LOGGED_MODEL_PENDING: 1,
  LOGGED_MODEL_READY: 2,
  LOGGED_MODEL_UPLOAD_FAILED: 3,
} as const;

export const loggedModel = {
  info: nested({
    model_id: text,
    experiment_id: text,
    name: text,
    creation_timestamp_ms: int64,
    last_updated_timestamp_ms: int64,
    artifact_uri: text,
    status: enumOf(modelStatuses),
    model_type: text,
    source_run_id: text,
    tags: listOf(nested(pair)),
  }),
  data: nested({
    params: listOf(nested(pair)),
    metrics: listOf(
      nested({ ...metric, dataset_name: text, dataset_digest: text, model_id: text, run_id: text }),
    ),
  }),
};

/** Answer of endpoints that give nothing back. */
export const nothing = {};
