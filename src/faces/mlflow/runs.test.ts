import assert from 'node:assert/strict';
import { type Given, type Row, testRows } from '../../../test/mlflow/mlflow-rows.ts';

type Info = Record<string, unknown>;
type Tags = readonly { key: string; value: string }[];
interface RunAnswer {
  readonly run: {
    readonly info: Info;
    readonly data: { readonly tags?: Tags; readonly [key: string]: unknown };
  };
}
const noRun = 'f'.repeat(32);

testRows('runs', ({ experiment, run }: Given): Row[] => [
  {
    title: 'create answers the whole run',
    request: [
      'POST',
      'runs/create',
      {
        experiment_id: experiment,
        user_id: 'ada',
        run_name: 'first',
        start_time: '1700000000000',
        tags: [{ key: 'a(b)', value: 'x' }],
      },
    ],
    status: 200,
    answer: ({ run: { info, data, ...rest } }: RunAnswer) => {
      assert.match(String(info.run_id), /^[0-9a-f]{32}$/);
      assert.deepEqual(info, {
        run_uuid: info.run_id,
        experiment_id: experiment,
        run_name: 'first',
        user_id: 'ada',
        status: 'RUNNING',
        start_time: 1_700_000_000_000,
        artifact_uri: `mlflow-artifacts:/${experiment}/${info.run_id}/artifacts`,
        lifecycle_stage: 'active',
        run_id: info.run_id,
      });
      assert.deepEqual(data, {
        tags: [
          { key: 'a(b)', value: 'x' },
          { key: 'mlflow.runName', value: 'first' },
        ],
      });
      assert.deepEqual(rest, { inputs: {} });
    },
    events: ['run.create'],
  },
  {
    title: 'create without an experiment uses Default, without a name invents one',
    request: ['POST', 'runs/create', {}],
    status: 200,
    answer: ({ run: { info, data } }: RunAnswer) => {
      assert.equal(info.experiment_id, '0');
      assert.match(String(info.run_name), /^[a-z]+-[a-z]+-\d+$/);
      assert.deepEqual(data.tags, [{ key: 'mlflow.runName', value: info.run_name }]);
      assert.equal(info.user_id, '');
    },
    events: ['run.create'],
  },
  {
    title: 'create takes the name from the tag',
    request: ['POST', 'runs/create', { tags: [{ key: 'mlflow.runName', value: 'tagged' }] }],
    status: 200,
    answer: ({ run: { info } }: RunAnswer) => assert.equal(info.run_name, 'tagged'),
    events: ['run.create'],
  },
  {
    title: 'create refuses a name that is not that of the tag',
    request: ['POST', 'runs/create', { run_name: 'a', tags: [{ key: 'mlflow.runName', value: 'b' }] }],
    status: 400,
    answer:
      "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='a', mlflow.runName='b').",
  },
  {
    title: 'create cuts a long tag value',
    request: ['POST', 'runs/create', { run_name: 'n', tags: [{ key: 'k', value: 'x'.repeat(9000) }] }],
    status: 200,
    answer: ({ run: { data } }: RunAnswer) => assert.equal(data.tags?.[0]?.value.length, 8000),
    events: ['run.create'],
  },
  {
    title: 'create in an unknown experiment',
    request: ['POST', 'runs/create', { experiment_id: '424242' }],
    status: 404,
    answer: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'No Experiment with id=424242 exists' },
  },
  {
    title: 'create in a deleted experiment',
    first: [['POST', 'experiments/delete', { experiment_id: experiment }]],
    request: ['POST', 'runs/create', { experiment_id: experiment }],
    status: 400,
    answer: {
      error_code: 'INVALID_PARAMETER_VALUE',
      message: `The experiment ${experiment} must be in the 'active' state. Current state is deleted.`,
    },
  },
  {
    title: 'get answers latest metrics, parameters and tags',
    request: ['GET', `runs/get?run_id=${run}`],
    status: 200,
    answer: (json: RunAnswer & { run: { outputs: object } }) => {
      assert.deepEqual(json.run.data, {
        metrics: [{ key: 'loss', value: 0.5, timestamp: 10, step: 1 }],
        params: [{ key: 'depth', value: '3' }],
        tags: [{ key: 'mlflow.runName', value: 'swift' }],
      });
      assert.deepEqual(json.run.outputs, {});
    },
  },
  {
    title: 'get by run_uuid',
    request: ['GET', `runs/get?run_uuid=${run}`],
    status: 200,
    answer: (json: RunAnswer) => assert.equal(json.run.info.run_id, run),
  },
  {
    title: 'get is exact in the case of ids',
    request: ['GET', `runs/get?run_id=${run.toUpperCase()}A`],
    status: 404,
    answer: {
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      message: `Run with id=${run.toUpperCase()}A not found`,
    },
  },
  {
    title: 'get of a deleted run works',
    first: [['POST', 'runs/delete', { run_id: run }]],
    request: ['GET', `runs/get?run_id=${run}`],
    status: 200,
    answer: (json: RunAnswer) => assert.equal(json.run.info.lifecycle_stage, 'deleted'),
  },
  {
    title: 'update changes status, end and name',
    request: [
      'POST',
      'runs/update',
      { run_id: run, status: 'FINISHED', end_time: 2000, run_name: 'swallow' },
    ],
    status: 200,
    answer: ({ run_info: info }: { run_info: Info }) => {
      assert.deepEqual(Object.keys(info), [
        'run_uuid',
        'experiment_id',
        'run_name',
        'user_id',
        'status',
        'start_time',
        'end_time',
        'artifact_uri',
        'lifecycle_stage',
        'run_id',
      ]);
      assert.deepEqual([info.status, info.end_time, info.run_name], ['FINISHED', 2000, 'swallow']);
    },
    events: ['run.update'],
  },
  {
    title: 'update takes the number of a status, and leaves the name where it is empty',
    request: ['POST', 'runs/update', { run_uuid: run, status: 4, run_name: '' }],
    status: 200,
    answer: ({ run_info: info }: { run_info: Info }) =>
      assert.deepEqual([info.status, info.run_name], ['FAILED', 'swift']),
    events: ['run.update'],
  },
  {
    title: 'update renames the tag too',
    first: [['POST', 'runs/update', { run_id: run, run_name: 'renamed' }]],
    request: ['GET', `runs/get?run_id=${run}`],
    status: 200,
    answer: (json: RunAnswer) =>
      assert.deepEqual(json.run.data.tags, [{ key: 'mlflow.runName', value: 'renamed' }]),
  },
  {
    title: 'update refuses a status that is none',
    request: ['POST', 'runs/update', { run_id: run, status: 'DONE' }],
    status: 400,
    answer:
      "Invalid value \"DONE\" for parameter 'status' supplied:  Hint: Value was of type 'str'. See the API docs for more information about request parameters.",
  },
  {
    title: 'update refuses times beyond what is kept exactly',
    request: ['POST', 'runs/update', { run_id: run, end_time: '9223372036854775807' }],
    status: 400,
    answer: /end_time/,
  },
  {
    title: 'update of a deleted run',
    first: [['POST', 'runs/delete', { run_id: run }]],
    request: ['POST', 'runs/update', { run_id: run, status: 'FINISHED' }],
    status: 400,
    answer: {
      error_code: 'INVALID_PARAMETER_VALUE',
      message: `The run ${run} must be in the 'active' state. Current state is deleted.`,
    },
  },
  {
    title: 'delete marks the run',
    request: ['POST', 'runs/delete', { run_id: run }],
    status: 200,
    answer: {},
    events: ['run.delete'],
  },
  {
    title: 'delete a second time changes nothing',
    first: [['POST', 'runs/delete', { run_id: run }]],
    request: ['POST', 'runs/delete', { run_id: run }],
    status: 200,
    answer: {},
  },
  {
    title: 'delete of an unknown run',
    request: ['POST', 'runs/delete', { run_id: noRun }],
    status: 404,
    answer: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: `Run with id=${noRun} not found` },
  },
  {
    title: 'restore takes a deletion back',
    first: [['POST', 'runs/delete', { run_id: run }]],
    request: ['POST', 'runs/restore', { run_id: run }],
    status: 200,
    answer: {},
    events: ['run.restore'],
  },
  {
    title: 'restore of an active run changes nothing',
    request: ['POST', 'runs/restore', { run_id: run }],
    status: 200,
    answer: {},
  },
  {
    title: 'deleting an experiment deletes its runs',
    first: [['POST', 'experiments/delete', { experiment_id: experiment }]],
    request: ['GET', `runs/get?run_id=${run}`],
    status: 200,
    answer: (json: RunAnswer) => assert.equal(json.run.info.lifecycle_stage, 'deleted'),
  },
  {
    title: 'restoring an experiment restores all its runs',
    first: [
      ['POST', 'runs/delete', { run_id: run }],
      ['POST', 'experiments/delete', { experiment_id: experiment }],
      ['POST', 'experiments/restore', { experiment_id: experiment }],
    ],
    request: ['GET', `runs/get?run_id=${run}`],
    status: 200,
    answer: (json: RunAnswer) => assert.equal(json.run.info.lifecycle_stage, 'active'),
  },
]);
