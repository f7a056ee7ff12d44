import assert from 'node:assert/strict';
import { type Given, type Request, type Row, testRows } from '../../../test/mlflow/mlflow-rows.ts';

const dataset = (name: string, digest: string, more: object = {}) => ({
  name,
  digest,
  source_type: 's3',
  source: '{"uri": "s3://bucket/rows"}',
  schema: '{"mlflow_colspec": []}',
  profile: '{"num_rows": 2}',
  ...more,
});
const training = { key: 'mlflow.data.context', value: 'training' };
const log = (run_id: string, ...datasets: object[]): Request => [
  'POST',
  'runs/log-inputs',
  { run_id, datasets },
];
const getRun = (run: string): Request => ['GET', `runs/get?run_id=${run}`];

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
const inputsAre = (inputs: object) => (json: any) => assert.deepEqual(json.run.inputs, inputs);
// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
const outputsAre = (outputs: object) => (json: any) => assert.deepEqual(json.run.outputs, outputs);
const refused = (title: string, request: Request, message: string | RegExp): Row => ({
  title,
  request,
  status: 400,
  answer: message,
});

const datasetRows = ({ experiment, run }: Given): Row[] => [
  {
    title: 'records a dataset that is new, and that the run uses it',
    request: log(run, { dataset: dataset('rows', 'd1'), tags: [training] }),
    status: 200,
    answer: {},
    events: ['run.inputs'],
  },
  {
    title: 'gives it back byte for byte',
    first: [
      log(run, {
        dataset: dataset('Zeilen ü', 'd1', { source: '{"a" :  1}', schema: ' x\0y ', profile: undefined }),
        tags: [training, { key: 'note', value: 'ü' }, { key: 'empty' }],
      }),
    ],
    request: getRun(run),
    status: 200,
    answer: inputsAre({
      dataset_inputs: [
        {
          tags: [
            { key: 'empty', value: '' },
            { key: 'mlflow.data.context', value: 'training' },
            { key: 'note', value: 'ü' },
          ],
          dataset: {
            name: 'Zeilen ü',
            digest: 'd1',
            source_type: 's3',
            source: '{"a" :  1}',
            schema: ' x\0y ',
          },
        },
      ],
    }),
  },
  {
    title: 'changes nothing when it is logged again, whatever is said of it then',
    first: [log(run, { dataset: dataset('rows', 'd1'), tags: [training] })],
    request: log(run, { dataset: dataset('rows', 'd1', { source: '{}' }), tags: [{ key: 'a', value: 'b' }] }),
    status: 200,
    answer: {},
  },
  {
    title: 'keeps the first of equal records in one request, in the order they came',
    first: [
      log(
        run,
        { dataset: dataset('b', '1') },
        { dataset: dataset('a', '1'), tags: [training] },
        { dataset: dataset('b', '1', { source: 'other' }), tags: [training] },
        { dataset: dataset('a', '2', { schema: undefined, profile: '' }) },
      ),
    ],
    request: getRun(run),
    status: 200,
    answer: inputsAre({
      dataset_inputs: [
        { dataset: dataset('b', '1') },
        { dataset: dataset('a', '1'), tags: [training] },
        { dataset: { name: 'a', digest: '2', source_type: 's3', source: '{"uri": "s3://bucket/rows"}' } },
      ],
    }),
  },
  {
    title: 'shows them in a search too',
    first: [log(run, { dataset: dataset('rows', 'd1'), tags: [training] })],
    request: ['POST', 'runs/search', { experiment_ids: [experiment], filter: "dataset.name = 'rows'" }],
    status: 200,
    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
    answer: (json: any) =>
      assert.deepEqual(json.runs[0].inputs, {
        dataset_inputs: [{ dataset: dataset('rows', 'd1'), tags: [training] }],
      }),
  },
  { title: 'takes no datasets at all', request: log(run), status: 200, answer: {} },
  refused(
    'wants a name',
    log(run, { dataset: dataset('', 'd1') }),
    /^Missing value for required parameter 'datasets\[0\]\.dataset\.name'/,
  ),
  refused(
    'wants a digest',
    log(run, { dataset: { name: 'a' } }),
    /^Missing value for required parameter 'datasets\[0\]\.dataset\.digest'/,
  ),
  refused('wants a dataset', log(run, {}), /^Missing value for required parameter 'datasets\[0\]\.dataset'/),
  refused(
    'limits the name',
    log(run, { dataset: dataset('n'.repeat(501), 'd') }),
    "'name' exceeds the maximum length of 500 characters",
  ),
  refused(
    'limits the digest',
    log(run, { dataset: dataset('n', 'd'.repeat(37)) }),
    "'digest' exceeds the maximum length of 36 characters",
  ),
  refused(
    'limits the source',
    log(run, { dataset: dataset('n', 'd', { source: 's'.repeat(65_536) }) }),
    "'source' exceeds the maximum length of 65535 characters",
  ),
  refused(
    'limits tags',
    log(run, { dataset: dataset('n', 'd'), tags: [{ key: 'k', value: 'v'.repeat(501) }] }),
    "'value' exceeds the maximum length of 500 characters",
  ),
  refused(
    'wants each tag once',
    log(run, { dataset: dataset('n', 'd'), tags: [training, training] }),
    "datasets[0] holds the tag 'mlflow.data.context' twice.",
  ),
  refused(
    'limits how many come at once',
    log(run, ...Array.from({ length: 101 }, (_, index) => ({ dataset: dataset(`n${index}`, 'd') }))),
    'A request takes at most 100 datasets, got 101.',
  ),
  {
    title: 'knows the run',
    request: log('nope', { dataset: dataset('n', 'd') }),
    status: 404,
    answer: 'Run with id=nope not found',
  },
  {
    title: 'writes to no deleted run, not even nothing',
    first: [['POST', 'runs/delete', { run_id: run }]],
    request: log(run),
    status: 400,
    answer: `The run ${run} must be in the 'active' state. Current state is deleted.`,
  },
];

testRows('POST runs/log-inputs: datasets', datasetRows);

testRows('POST experiments/search-datasets', ({ experiment, run }) => {
  const route = '/ajax-api/2.0/mlflow/experiments/search-datasets';
  const search = (...experiment_ids: string[]): Request => ['POST', route, { experiment_ids }];
  return [
    {
      title: 'names each dataset once per context',
      first: [
        log(run, { dataset: dataset('b', '1'), tags: [training] }, { dataset: dataset('a', '2') }),
        log(run, { dataset: dataset('b', '1') }),
      ],
      request: search(experiment, '99999'),
      status: 200,
      answer: {
        dataset_summaries: [
          { experiment_id: experiment, name: 'a', digest: '2' },
          { experiment_id: experiment, name: 'b', digest: '1', context: 'training' },
        ],
      },
    },
    { title: 'finds none', request: search(experiment), status: 200, answer: {} },
    refused('wants experiments', search(), 'SearchDatasets request must specify at least one experiment_id.'),
    refused('wants ids', search('x'), /^Invalid experiment ID 'x'/),
    refused(
      'wants few of them',
      search(...Array.from({ length: 21 }, String)),
      'SearchDatasets request cannot specify more than 20 experiment_ids. Received 21 experiment_ids.',
    ),
  ];
});

testRows(
  'models of a run',
  ({ run, model }) => {
    const missing = `m-${'0'.repeat(32)}`;
    const output = (id: string, step?: number): Request => [
      'POST',
      'runs/outputs',
      { run_id: run, models: [{ model_id: id, step }] },
    ];
    const input = (...ids: string[]): Request => [
      'POST',
      'runs/log-inputs',
      { run_id: run, models: ids.map((model_id) => ({ model_id })) },
    ];
    return [
      {
        title: 'logs an output with its step',
        request: output(model, 7),
        status: 200,
        answer: {},
        events: ['run.outputs'],
      },
      {
        title: 'shows it with the run',
        first: [output(model, 7)],
        request: getRun(run),
        status: 200,
        answer: outputsAre({ model_outputs: [{ model_id: model, step: 7 }] }),
      },
      {
        title: 'shows no model that only names the run',
        request: getRun(run),
        status: 200,
        answer: outputsAre({}),
      },
      { title: 'keeps the first step', first: [output(model, 7)], request: output(model, 8), status: 200 },
      {
        title: 'takes 0 where no step is told',
        first: [output(model)],
        request: getRun(run),
        status: 200,
        answer: outputsAre({ model_outputs: [{ model_id: model, step: 0 }] }),
      },
      {
        title: 'wants outputs',
        request: ['POST', 'runs/outputs', { run_id: run }],
        status: 400,
        answer: /^Missing value for required parameter 'models'/,
      },
      {
        title: 'knows the model',
        request: output(missing),
        status: 404,
        answer: `Logged model with ID '${missing}' not found.`,
      },
      {
        title: 'logs an input once',
        request: input(model, model),
        status: 200,
        answer: {},
        events: ['run.inputs'],
      },
      { title: 'and never again', first: [input(model)], request: input(model), status: 200, answer: {} },
      {
        title: 'shows it with the run, also when it was deleted',
        first: [input(model), ['DELETE', `logged-models/${model}`]],
        request: getRun(run),
        status: 200,
        answer: inputsAre({ model_inputs: [{ model_id: model }] }),
      },
      {
        title: 'takes no deleted one',
        first: [['DELETE', `logged-models/${model}`]],
        request: input(model),
        status: 404,
        answer: `Logged model with ID '${model}' not found.`,
      },
      {
        title: 'takes nothing of a request with one that is not there',
        request: input(model, missing),
        status: 404,
        answer: `Logged model with ID '${missing}' not found.`,
      },
    ];
  },
  { model: true },
);

testRows('POST runs/log-model', ({ run }) => {
  const send = (model_json: string): Request => ['POST', 'runs/log-model', { run_id: run, model_json }];
  const model = (artifact_path: string) =>
    JSON.stringify({ artifact_path, flavors: { sk: { a: 1 } }, run_id: run, utc_time_created: 'ü', more: 1 });
  const tag = 'mlflow.log-model.history';
  return [
    {
      title: 'begins the list in the tag',
      request: send(model('m')),
      status: 200,
      answer: {},
      events: ['run.tag'],
    },
    {
      title: 'adds to it, in the words of Python',
      first: [send(model('m')), send(model('n'))],
      request: getRun(run),
      status: 200,
      answer: (json: { run: { data: { tags: { key: string; value: string }[] } } }) => {
        const entry = (path: string) =>
          `{"run_id": "${run}", "artifact_path": "${path}", "utc_time_created": "\\u00fc", "model_uuid": null, "flavors": {"sk": {"a": 1}}}`;
        const { value } = json.run.data.tags.find(({ key }) => key === tag)!;
        assert.equal(value, `[${entry('m')}, ${entry('n')}]`);
      },
    },
    {
      title: 'wants the mandatory fields',
      request: send('{"run_id": 1}'),
      status: 400,
      answer: "Model json is missing mandatory fields: {'artifact_path', 'flavors', 'utc_time_created'}",
    },
    refused('wants JSON', send('x{'), 'Malformed model info. \n x{ \n is not a valid JSON.'),
    refused('wants an object', send('[1]'), /^Malformed model info/),
    {
      title: 'leaves a tag alone that is no list',
      first: [['POST', 'runs/set-tag', { run_id: run, key: tag, value: 'mine' }]],
      request: send(model('m')),
      status: 400,
      answer: 'The tag mlflow.log-model.history of the run is not a list.',
    },
  ];
});
