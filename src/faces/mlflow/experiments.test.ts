import assert from 'node:assert/strict';
import { type Given, type Row, testRows } from '../../../test/mlflow/mlflow-rows.ts';

const hint = ' See the API docs for more information about request parameters.';

testRows('experiments', ({ experiment, name }: Given): Row[] => [
  {
    title: 'create answers the id',
    request: ['POST', 'experiments/create', { name: `${name} b`, artifact_location: 's3://bucket/x' }],
    status: 200,
    answer: (json: { experiment_id: string }) => assert.match(json.experiment_id, /^\d+$/),
    events: ['experiment.create'],
  },
  {
    title: 'create refuses a name that is taken',
    request: ['POST', 'experiments/create', { name }],
    status: 400,
    answer: { error_code: 'RESOURCE_ALREADY_EXISTS', message: `Experiment(name=${name}) already exists.` },
  },
  {
    title: 'create keeps the name of a deleted experiment taken',
    first: [['POST', 'experiments/delete', { experiment_id: experiment }]],
    request: ['POST', 'experiments/create', { name }],
    status: 400,
    answer: { error_code: 'RESOURCE_ALREADY_EXISTS', message: `Experiment(name=${name}) already exists.` },
  },
  {
    title: 'create asks for a name',
    request: ['POST', 'experiments/create', {}],
    status: 400,
    answer: {
      error_code: 'INVALID_PARAMETER_VALUE',
      message: `Missing value for required parameter 'name'.${hint}`,
    },
  },
  {
    title: 'create limits the name',
    request: ['POST', 'experiments/create', { name: 'x'.repeat(501) }],
    status: 400,
    answer: "'name' exceeds the maximum length of 500 characters",
  },
  {
    title: 'create refuses locations that lead astray',
    request: ['POST', 'experiments/create', { name: `${name} c`, artifact_location: 'http://h/?/../../etc' }],
    status: 400,
    answer: /artifact/,
  },
  {
    title: 'create refuses tags without a proper key',
    request: ['POST', 'experiments/create', { name: `${name} d`, tags: [{ key: 'a//b', value: 'x' }] }],
    status: 400,
    answer:
      "Invalid value \"a//b\" for parameter 'key' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to 'a/b'",
  },
  {
    title: 'create refuses a body that is not sent as JSON',
    request: ['POST', 'experiments/create', { name: 'x' }, { 'content-type': 'text/plain' }],
    status: 400,
    answer: {
      error_code: 'INVALID_PARAMETER_VALUE',
      message: "Bad Request. Content-Type must be one of ['application/json'].",
    },
  },
  {
    title: 'create refuses a body of unknown type',
    request: ['POST', 'experiments/create', { name: 'x' }, {}],
    status: 400,
    answer: 'Bad Request. Content-Type header is missing.',
  },
  {
    title: 'get answers every field in the order of the protocol',
    request: ['GET', `experiments/get?experiment_id=${experiment}`],
    status: 200,
    answer: ({ experiment: found }: { experiment: Record<string, unknown> }) => {
      assert.deepEqual(Object.keys(found), [
        'experiment_id',
        'name',
        'artifact_location',
        'lifecycle_stage',
        'last_update_time',
        'creation_time',
        'tags',
        'workspace',
      ]);
      assert.equal(found.artifact_location, `mlflow-artifacts:/${experiment}`);
      assert.deepEqual(found.tags, [{ key: 'kind', value: 'row' }]);
    },
  },
  {
    title: 'get reads a JSON body too, and leading zeros',
    request: ['GET', 'experiments/get', { experimentId: '000' }],
    status: 200,
    answer: (json: { experiment: { name: string } }) => assert.equal(json.experiment.name, 'Default'),
  },
  {
    title: 'get of an unknown id',
    request: ['GET', 'experiments/get?experiment_id=999999999999999999999'],
    status: 404,
    answer: {
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      message: 'No Experiment with id=999999999999999999999 exists',
    },
  },
  {
    title: 'get of what is no id',
    request: ['GET', 'experiments/get?experiment_id=abc'],
    status: 400,
    answer: "Invalid experiment ID 'abc'. Experiment ID must be a valid integer.",
  },
  {
    title: 'get-by-name finds deleted ones too',
    first: [['POST', 'experiments/delete', { experiment_id: experiment }]],
    request: ['GET', `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`],
    status: 200,
    answer: (json: { experiment: { lifecycle_stage: string } }) =>
      assert.equal(json.experiment.lifecycle_stage, 'deleted'),
  },
  {
    title: 'get-by-name of an unknown name',
    request: ['GET', 'experiments/get-by-name?experiment_name=nobody'],
    status: 404,
    answer: {
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      message: "Could not find experiment with name 'nobody'",
    },
  },
  {
    title: 'update renames',
    request: ['POST', 'experiments/update', { experiment_id: experiment, new_name: `${name} renamed` }],
    status: 200,
    answer: {},
    events: ['experiment.rename'],
  },
  {
    title: 'update refuses a name that is taken',
    request: ['POST', 'experiments/update', { experiment_id: experiment, new_name: 'Default' }],
    status: 400,
    answer: { error_code: 'RESOURCE_ALREADY_EXISTS', message: 'Experiment(name=Default) already exists.' },
  },
  {
    title: 'update of a deleted experiment is refused, and not with 500',
    first: [['POST', 'experiments/delete', { experiment_id: experiment }]],
    request: ['POST', 'experiments/update', { experiment_id: experiment, new_name: `${name} z` }],
    status: 400,
    answer: `The experiment ${experiment} must be in the 'active' state. Current state is deleted.`,
  },
  {
    title: 'delete a second time finds nothing',
    first: [['POST', 'experiments/delete', { experiment_id: experiment }]],
    request: ['POST', 'experiments/delete', { experiment_id: experiment }],
    status: 404,
    answer: `No Experiment with id=${experiment} exists`,
  },
  {
    title: 'restore takes a deletion back',
    first: [['POST', 'experiments/delete', { experiment_id: experiment }]],
    request: ['POST', 'experiments/restore', { experiment_id: experiment }],
    status: 200,
    answer: {},
    events: ['experiment.restore'],
  },
  {
    title: 'restore of an active experiment finds nothing to restore',
    request: ['POST', 'experiments/restore', { experiment_id: experiment }],
    status: 404,
    answer: `No Experiment with id=${experiment} exists`,
  },
  {
    title: 'set-experiment-tag takes an empty value',
    request: ['POST', 'experiments/set-experiment-tag', { experiment_id: experiment, key: 'k' }],
    status: 200,
    answer: {},
    events: ['experiment.tag'],
  },
  {
    title: 'set-experiment-tag limits the value',
    request: [
      'POST',
      'experiments/set-experiment-tag',
      { experiment_id: experiment, key: 'k', value: 'x'.repeat(20_001) },
    ],
    status: 400,
    answer: "'value' exceeds the maximum length of 20000 characters",
  },
  {
    title: 'set-experiment-tag on a deleted experiment',
    first: [['POST', 'experiments/delete', { experiment_id: experiment }]],
    request: ['POST', 'experiments/set-experiment-tag', { experiment_id: experiment, key: 'k', value: 'v' }],
    status: 400,
    answer: {
      error_code: 'INVALID_PARAMETER_VALUE',
      message: `The experiment ${experiment} must be in the 'active' state. Current state is deleted.`,
    },
  },
  {
    title: 'delete-experiment-tag takes a tag away',
    request: ['POST', 'experiments/delete-experiment-tag', { experiment_id: experiment, key: 'kind' }],
    status: 200,
    answer: {},
    events: ['experiment.untag'],
  },
  {
    title: 'delete-experiment-tag of a missing tag',
    request: ['POST', 'experiments/delete-experiment-tag', { experiment_id: experiment, key: 'none' }],
    status: 404,
    answer: {
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      message: `No tag with name: none in experiment with id ${experiment}`,
    },
  },
]);
