import assert from 'node:assert/strict';
import { type Request, type Row, testRows } from '../../../test/mlflow/mlflow-rows.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Json = any;

/** Without what differs from run to run. */
function info({ model }: Json) {
  const { creation_timestamp_ms, last_updated_timestamp_ms, model_id, ...rest } = model.info;
  assert.match(model_id, /^m-[0-9a-f]{32}$/);
  assert.ok(Number.isInteger(creation_timestamp_ms) && last_updated_timestamp_ms >= creation_timestamp_ms);
  return rest;
}
const get = (id: string): Request => ['GET', `logged-models/${id}`];
const missing = `m-${'0'.repeat(32)}`;
const refused = (title: string, request: Request, answer: string | RegExp): Row => ({
  title,
  request,
  status: 400,
  answer,
});

testRows('POST logged-models', ({ experiment, run }) => {
  const create = (body: object): Request => ['POST', 'logged-models', { experiment_id: experiment, ...body }];
  return [
    {
      title: 'makes a pending model of what it is told',
      request: create({
        name: 'Eiche ü',
        model_type: 'tree',
        source_run_id: run,
        params: [{ key: 'b', value: '2' }, { key: 'a' }],
        tags: [{ key: 'note', value: '' }],
      }),
      status: 200,
      answer: (json: Json) => {
        assert.deepEqual(info(json), {
          experiment_id: experiment,
          name: 'Eiche ü',
          artifact_uri: `mlflow-artifacts:/${experiment}/models/${json.model.info.model_id}/artifacts`,
          status: 'LOGGED_MODEL_PENDING',
          model_type: 'tree',
          source_run_id: run,
          tags: [{ key: 'note', value: '' }],
        });
        assert.deepEqual(json.model.data, {
          params: [
            { key: 'a', value: '' },
            { key: 'b', value: '2' },
          ],
        });
      },
      events: ['model.create'],
    },
    {
      title: 'invents a name, and keeps a run it does not know as written',
      request: create({ source_run_id: 'elsewhere' }),
      status: 200,
      answer: (json: Json) => {
        const { name, source_run_id: source, model_type: type } = info(json);
        assert.match(name, /^[a-z]+-[a-z]+-\d+$/);
        assert.deepEqual([source, type, json.model.data], ['elsewhere', '', {}]);
      },
      events: ['model.create'],
    },
    refused(
      'wants an experiment',
      ['POST', 'logged-models', {}],
      /^Missing value for required parameter 'experiment_id'/,
    ),
    ...['a/b', 'a:b', 'a.b', 'a%b', 'a"b', ' '].map((name) =>
      refused(
        `refuses the name ${name}`,
        create({ name }),
        `Invalid model name ('${name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
      ),
    ),
    refused('refuses a long name', create({ name: 'x'.repeat(501) }), 'name is longer than 500 characters'),
    refused(
      'wants each parameter once',
      create({
        params: [
          { key: 'a', value: '1' },
          { key: 'a', value: '1' },
        ],
      }),
      "params holds the key 'a' twice",
    ),
    refused(
      'wants keys',
      create({ tags: [{ value: 'x' }] }),
      /^Missing value for required parameter 'tags\[0\]\.key'/,
    ),
    {
      title: 'knows the experiment',
      request: ['POST', 'logged-models', { experiment_id: '99999' }],
      status: 404,
      answer: 'No Experiment with id=99999 exists',
    },
    {
      title: 'makes none in a deleted experiment',
      first: [['POST', 'experiments/delete', { experiment_id: experiment }]],
      request: create({}),
      status: 400,
      answer: `The experiment ${experiment} must be in the 'active' state. Current state is deleted.`,
    },
  ];
});

testRows(
  'logged-models/{id}',
  ({ experiment, run, model }) => {
    const finish = (status?: string | number): Request => ['PATCH', `logged-models/${model}`, { status }];
    const tags = (...list: object[]): Request => ['PATCH', `logged-models/${model}/tags`, { tags: list }];
    const params = (...list: object[]): Request => [
      'POST',
      `logged-models/${model}/params`,
      { params: list },
    ];
    const remove: Request = ['DELETE', `logged-models/${model}`];
    const notFound = (title: string, request: Request): Row => ({
      title,
      first: [remove],
      request,
      status: 404,
      answer: `Logged model with ID '${model}' not found.`,
    });
    return [
      {
        title: 'is finished',
        request: finish('LOGGED_MODEL_READY'),
        status: 200,
        answer: (json: Json) => assert.equal(info(json).status, 'LOGGED_MODEL_READY'),
        events: ['model.finish'],
      },
      {
        title: 'is finished once',
        first: [finish('LOGGED_MODEL_READY')],
        request: finish('LOGGED_MODEL_READY'),
        status: 200,
      },
      { title: 'may fail', request: finish(3), status: 200, events: ['model.finish'] },
      refused(
        'has no status that says nothing',
        finish('LOGGED_MODEL_STATUS_UNSPECIFIED'),
        "Invalid value 'LOGGED_MODEL_STATUS_UNSPECIFIED' for parameter 'status' supplied.",
      ),
      refused('has no other status', finish('READY'), /^Invalid value "READY" for parameter 'status'/),
      refused('wants a status', finish(), /^Missing value for required parameter 'status'/),
      {
        title: 'takes tags, the last of equal keys',
        first: [tags({ key: 'kind', value: 'new' }, { key: 'u', value: 'a' }, { key: 'u', value: 'b' })],
        request: get(model),
        status: 200,
        answer: (json: Json) =>
          assert.deepEqual(info(json).tags, [
            { key: 'kind', value: 'new' },
            { key: 'u', value: 'b' },
          ]),
      },
      {
        title: 'records tags',
        request: tags({ key: 'a', value: 'b' }),
        status: 200,
        answer: {},
        events: ['model.tag'],
      },
      { title: 'takes no tags', request: tags(), status: 200, answer: {} },
      {
        title: 'loses a tag',
        request: ['DELETE', `logged-models/${model}/tags/kind`],
        status: 200,
        answer: {},
        events: ['model.untag'],
      },
      {
        title: 'loses only a tag it has',
        request: ['DELETE', `logged-models/${model}/tags/none`],
        status: 404,
        answer: `No tag with key 'none' found for model with ID '${model}'.`,
      },
      {
        title: 'takes parameters',
        first: [params({ key: 'width', value: '4' })],
        request: get(model),
        status: 200,
        answer: (json: Json) =>
          assert.deepEqual(json.model.data.params, [
            { key: 'depth', value: '3' },
            { key: 'width', value: '4' },
          ]),
      },
      { title: 'takes the same parameter again', request: params({ key: 'depth', value: '3' }), status: 200 },
      refused('takes no other value', params({ key: 'depth', value: '4' }), /^Changing param values is not/),
      {
        title: 'is deleted',
        request: remove,
        status: 200,
        answer: {},
        events: ['model.delete'],
      },
      { title: 'is deleted once', first: [remove], request: remove, status: 200, answer: {} },
      {
        title: 'was there to be deleted',
        request: ['DELETE', `logged-models/${missing}`],
        status: 404,
        answer: `Logged model with ID '${missing}' not found.`,
      },
      notFound('is gone then', get(model)),
      notFound('cannot be finished then', finish('LOGGED_MODEL_READY')),
      notFound('takes no tags then', tags({ key: 'a', value: 'b' })),
      notFound('takes no parameters then', params({ key: 'a', value: 'b' })),
      notFound('lists no artifacts then', ['GET', `logged-models/${model}/artifacts/directories`]),
      notFound('takes no metrics then', [
        'POST',
        'runs/log-metric',
        { run_id: run, key: 'x', value: 1, timestamp: 1, model_id: model },
      ]),
      {
        title: 'outlives its run and its experiment',
        first: [
          ['POST', 'runs/delete', { run_id: run }],
          ['POST', 'experiments/delete', { experiment_id: experiment }],
        ],
        request: get(model),
        status: 200,
      },
      {
        title: 'stays deleted when its experiment comes back',
        first: [
          remove,
          ['POST', 'experiments/delete', { experiment_id: experiment }],
          ['POST', 'experiments/restore', { experiment_id: experiment }],
        ],
        request: get(model),
        status: 404,
        answer: `Logged model with ID '${model}' not found.`,
      },
      ...['nope', missing, model.toUpperCase(), `${model}0`, 'm-'].map((id) => ({
        title: `is not ${id.length > 20 ? id.length : id}`,
        request: get(id),
        status: 404,
        answer: `Logged model with ID '${id}' not found.`,
      })),
      {
        title: 'lists its artifacts',
        request: ['GET', `logged-models/${model}/artifacts/directories`],
        status: 200,
        answer: { root_uri: `mlflow-artifacts:/${experiment}/models/${model}/artifacts` },
      },
      refused(
        'lists nothing beside them',
        ['GET', `logged-models/${model}/artifacts/directories?artifact_directory_path=../x`],
        /^Invalid path/,
      ),
      {
        title: 'gives a file of them',
        request: ['GET', `/ajax-api/2.0/mlflow/logged-models/${model}/artifacts/files?artifact_file_path=x`],
        status: 404,
        answer: "No such artifact: 'x'",
      },
    ];
  },
  { model: true },
);

testRows(
  'metrics of a logged model',
  ({ run, model }) => {
    const point = (value: number | string, timestamp: number, step: number, more: object = {}) => ({
      ...{ key: 'acc', value, timestamp, step, model_id: model },
      ...more,
    });
    const log = (...metrics: object[]): Request => ['POST', 'runs/log-batch', { run_id: run, metrics }];
    const onRows = { dataset_name: 'rows', dataset_digest: 'd1' };
    return [
      {
        title: 'are the points logged for it, with run and dataset, by time',
        first: [
          log(point(0.5, 10, 2), point(0.7, 5, 9, onRows), point('NaN', 20, 0), {
            ...point(9, 9, 9),
            model_id: '',
          }),
        ],
        request: get(model),
        status: 200,
        answer: ({ model: { data } }: Json) => {
          const of = { key: 'acc', model_id: model, run_id: run };
          assert.deepEqual(data.metrics, [
            { ...of, value: 0.7, timestamp: 5, step: 9, ...onRows },
            { ...of, value: 0.5, timestamp: 10, step: 2 },
            { ...of, value: 'NaN', timestamp: 20, step: 0 },
          ]);
        },
      },
      {
        title: 'are the points of the run too',
        first: [log(point(0.5, 10, 2), { ...point(9, 9, 9), model_id: '' })],
        request: ['GET', `metrics/get-history?run_id=${run}&metric_key=acc`],
        status: 200,
        answer: {
          metrics: [
            { key: 'acc', value: 9, timestamp: 9, step: 9 },
            { key: 'acc', value: 0.5, timestamp: 10, step: 2 },
          ],
        },
      },
      {
        title: 'are kept once, and again on another dataset',
        first: [
          log(point(1, 1, 1)),
          log(point(1, 1, 1)),
          log(point(1, 1, 1, onRows), point(1, 1, 1, onRows)),
        ],
        request: get(model),
        status: 200,
        answer: ({ model: { data } }: Json) => assert.equal(data.metrics.length, 2),
      },
      {
        title: 'are recorded with the run',
        request: log(point(1, 1, 1)),
        status: 200,
        answer: {},
        events: ['run.log'],
      },
      {
        title: 'change nothing again',
        first: [log(point(1, 1, 1))],
        request: log(point(1, 1, 1)),
        status: 200,
      },
      {
        title: 'are of a model that is there',
        request: log(point(1, 1, 1), point(1, 1, 1, { model_id: missing })),
        status: 404,
        answer: `Logged model with ID '${missing}' not found.`,
      },
      ...[{ dataset_name: 'rows' }, { dataset_digest: 'd1' }].map((half) =>
        refused(
          `want both, not only ${Object.keys(half)}`,
          log(point(1, 1, 1, half)),
          'Both dataset_name and dataset_digest must be provided if one is provided',
        ),
      ),
    ];
  },
  { model: true },
);
