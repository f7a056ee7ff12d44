import assert from 'node:assert/strict';
import { type Given, type Row, testRows } from '../../../test/mlflow/mlflow-rows.ts';

interface RunAnswer {
  readonly run: { readonly info: Record<string, unknown>; readonly data: Record<string, unknown> };
}
const hint = ' See the API docs for more information about request parameters.';
const noRun = 'f'.repeat(32);
const point = { key: 'acc', value: 1, timestamp: 1 };

testRows('logging', ({ run }: Given): Row[] => [
  {
    title: 'log-metric takes numbers as texts',
    request: ['POST', 'runs/log-metric', { run_uuid: run, key: 'acc', value: '1.5', timestamp: '5' }],
    status: 200,
    answer: {},
    events: ['run.log'],
  },
  {
    title: 'log-metric takes bare literals of Python',
    request: ['POST', 'runs/log-metric', `{"run_id":"${run}","key":"acc","value":NaN,"timestamp":5}`],
    status: 200,
    answer: {},
    events: ['run.log'],
  },
  {
    title: 'log-metric of a point that is stored changes nothing',
    request: ['POST', 'runs/log-metric', { run_id: run, key: 'loss', value: 0.5, timestamp: 10, step: 1 }],
    status: 200,
    answer: {},
  },
  ...(
    [
      [{ key: undefined }, `Missing value for required parameter 'key'.${hint}`],
      [{ value: undefined }, `Missing value for required parameter 'value'.${hint}`],
      [{ timestamp: null }, `Missing value for required parameter 'timestamp'.${hint}`],
      [
        { timestamp: -1 },
        "Invalid value -1 for parameter 'timestamp' supplied: metric 'acc' (value=1.0). Timestamp must be a nonnegative long (64-bit integer) ",
      ],
      [{ timestamp: -1, value: 1e-7 }, /^Invalid value -1 .* metric 'acc' \(value=1e-07\)\. Timestamp must/],
      [{ timestamp: -1, value: 1e21 }, /^Invalid value -1 .* metric 'acc' \(value=1e\+21\)\. Timestamp must/],
      [{ key: 'a(b)' }, /^Invalid value "a\(b\)" for parameter 'name' supplied: Names may only contain/],
      [{ key: 'a'.repeat(251) }, "'Metric name' exceeds the maximum length of 250 characters"],
      [{ value: 'much' }, /^Invalid value "much" for parameter 'value' supplied/],
      [{ step: 1.5 }, /^Invalid value 1\.5 for parameter 'step' supplied/],
    ] as const
  ).map(
    ([change, answer]): Row => ({
      title: `log-metric refuses ${JSON.stringify(change).slice(0, 40)}`,
      request: ['POST', 'runs/log-metric', { run_id: run, ...point, ...change }],
      status: 400,
      answer,
    }),
  ),
  {
    title: 'log-metric to an unknown run',
    request: ['POST', 'runs/log-metric', { run_id: noRun, ...point }],
    status: 404,
    answer: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: `Run with id=${noRun} not found` },
  },
  {
    title: 'log-parameter keeps an empty value',
    first: [['POST', 'runs/log-parameter', { run_id: run, key: 'empty' }]],
    request: ['GET', `runs/get?run_id=${run}`],
    status: 200,
    answer: (json: RunAnswer) =>
      assert.deepEqual(json.run.data.params, [
        { key: 'depth', value: '3' },
        { key: 'empty', value: '' },
      ]),
  },
  {
    title: 'log-parameter with the same value changes nothing',
    request: ['POST', 'runs/log-parameter', { run_id: run, key: 'depth', value: '3' }],
    status: 200,
    answer: {},
  },
  {
    title: 'log-parameter never changes a value',
    request: ['POST', 'runs/log-parameter', { run_id: run, key: 'depth', value: '4' }],
    status: 400,
    answer: {
      error_code: 'INVALID_PARAMETER_VALUE',
      message: `Changing param values is not allowed. Param with key='depth' was already logged with value='3' for run ID='${run}'. Attempted logging new value '4'.`,
    },
  },
  {
    title: 'log-parameter cuts a long value, so that a retry is no change',
    first: [['POST', 'runs/log-parameter', { run_id: run, key: 'long', value: 'x'.repeat(6001) }]],
    request: ['POST', 'runs/log-parameter', { run_id: run, key: 'long', value: 'x'.repeat(6002) }],
    status: 200,
    answer: {},
  },
  {
    title: 'set-tag sets',
    request: ['POST', 'runs/set-tag', { run_id: run, key: 'note', value: 'a\0b' }],
    status: 200,
    answer: {},
    events: ['run.tag'],
  },
  {
    title: 'set-tag of the name renames the run',
    first: [['POST', 'runs/set-tag', { run_id: run, key: 'mlflow.runName', value: 'tagged' }]],
    request: ['GET', `runs/get?run_id=${run}`],
    status: 200,
    answer: (json: RunAnswer) => assert.equal(json.run.info.run_name, 'tagged'),
  },
  {
    title: 'set-tag of an empty name changes nothing',
    request: ['POST', 'runs/set-tag', { run_id: run, key: 'mlflow.runName', value: '' }],
    status: 200,
    answer: {},
  },
  {
    title: 'set-tag limits the key',
    request: ['POST', 'runs/set-tag', { run_id: run, key: 't'.repeat(251), value: 'x' }],
    status: 400,
    answer: "'key' exceeds the maximum length of 250 characters",
  },
  {
    title: 'delete-tag takes a tag away, the name stays',
    first: [['POST', 'runs/delete-tag', { run_id: run, key: 'mlflow.runName' }]],
    request: ['GET', `runs/get?run_id=${run}`],
    status: 200,
    answer: (json: RunAnswer) => {
      assert.equal(json.run.info.run_name, 'swift');
      assert.equal(json.run.data.tags, undefined);
    },
  },
  {
    title: 'delete-tag of a missing tag',
    request: ['POST', 'runs/delete-tag', { run_id: run, key: 'none' }],
    status: 404,
    answer: {
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      message: `No tag with name: none in run with id ${run}`,
    },
  },
  {
    title: 'log-batch logs all together, the last of equal tags wins',
    request: [
      'POST',
      'runs/log-batch',
      {
        run_id: run,
        metrics: [point, point, { ...point, step: 2 }],
        params: [{ key: 'lr', value: '0.1' }],
        tags: [
          { key: 't', value: '1' },
          { key: 't', value: '2' },
        ],
      },
    ],
    status: 200,
    answer: {},
    events: ['run.log'],
  },
  {
    title: 'log-batch with nothing in it',
    request: ['POST', 'runs/log-batch', { run_id: run }],
    status: 200,
    answer: {},
  },
  {
    title: 'log-batch is refused whole when one parameter would change',
    request: [
      'POST',
      'runs/log-batch',
      {
        run_id: run,
        metrics: [point],
        params: [
          { key: 'new', value: '1' },
          { key: 'depth', value: '4' },
        ],
      },
    ],
    status: 400,
    answer:
      /^Changing param values is not allowed\. Param with key='depth' was already logged with value='3'/,
  },
  ...(
    [
      [{ run_id: '' }, `Missing value for required parameter 'run_id'.${hint}`],
      [{ run_id: '../x' }, 'Invalid value "../x" for parameter \'run_id\' supplied.'],
      [
        { metrics: [{ ...point, timestamp: undefined }] },
        `Missing value for required parameter 'metrics[0].timestamp'.${hint}`,
      ],
      [{ metrics: [point, 'x'] }, /^Invalid value "x" for parameter 'metrics\[1\]' supplied/],
      [
        { metrics: [{ ...point, key: 'a//b' }] },
        /^Invalid value "a\/\/b" for parameter 'metrics\[0\]\.name' supplied/,
      ],
      [
        { metrics: Array(1001).fill(point) },
        /^A batch logging request can contain at most 1000 metrics\. Got 1001/,
      ],
      [{ params: [{ value: 'x' }] }, `Missing value for required parameter 'params[0].key'.${hint}`],
      [
        { params: Array.from({ length: 101 }, (_, index) => ({ key: `p${index}`, value: '' })) },
        /^A batch logging request can contain at most 100 params\. Got 101 params/,
      ],
      [
        {
          params: [
            { key: 'd', value: '1' },
            { key: 'd', value: '1' },
          ],
        },
        "Duplicate parameter keys have been submitted: ['d']. Please ensure the request contains only one param value per param key.",
      ],
      [
        { tags: [{ key: 't\t', value: 'x' }] },
        /^Invalid value "t\\t" for parameter 'tags\[0\]\.key' supplied/,
      ],
      [
        {
          metrics: Array(950).fill(point),
          params: Array.from({ length: 51 }, (_, index) => ({ key: `p${index}`, value: '' })),
        },
        /^A batch logging request can contain at most 1000 metrics, params, and tags\. Got 1001/,
      ],
    ] as const
  ).map(
    ([change, answer]): Row => ({
      title: `log-batch refuses ${JSON.stringify(change).slice(0, 60)}`,
      request: ['POST', 'runs/log-batch', { run_id: run, ...change }],
      status: 400,
      answer,
    }),
  ),
  ...(['log-metric', 'log-parameter', 'set-tag', 'delete-tag', 'log-batch'] as const).map(
    (path): Row => ({
      title: `${path} to a deleted run`,
      first: [['POST', 'runs/delete', { run_id: run }]],
      request: [
        'POST',
        `runs/${path}`,
        { run_id: run, ...point, ...(path !== 'log-metric' && { value: '1' }) },
      ],
      status: 400,
      answer: {
        error_code: 'INVALID_PARAMETER_VALUE',
        message: `The run ${run} must be in the 'active' state. Current state is deleted.`,
      },
    }),
  ),
]);
