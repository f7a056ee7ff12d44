import assert from 'node:assert/strict';
import { type Given, type Request, type Row, testRows } from '../../../test/mlflow/mlflow-rows.ts';

interface History {
  readonly metrics?: readonly { value: unknown; step: number; timestamp: number; run_id?: string }[];
  readonly next_page_token?: string;
}
const bulk = '/ajax-api/2.0/mlflow/metrics/get-history-bulk';
const interval = 'metrics/get-history-bulk-interval';
const noRun = 'f'.repeat(32);

/** Points of `m`: steps 0–9, each one ms later, then one NaN. */
const logTen = (run: string): Request => [
  'POST',
  'runs/log-batch',
  {
    run_id: run,
    metrics: [
      ...Array.from({ length: 10 }, (_, step) => ({
        key: 'm',
        value: step / 2,
        timestamp: 100 + step,
        step,
      })),
      { key: 'm', value: 'NaN', timestamp: 200, step: 10 },
    ],
  },
];
const steps = (json: History) => json.metrics?.map((point) => point.step);

testRows('metric history', ({ run }: Given): Row[] => [
  {
    title: 'get-history gives all points in the order of time, step, value',
    first: [
      logTen(run),
      ['POST', 'runs/log-metric', { run_id: run, key: 'm', value: 7, timestamp: 50, step: 99 }],
    ],
    request: ['GET', `metrics/get-history?run_id=${run}&metric_key=m`],
    status: 200,
    answer: (json: History) => {
      assert.deepEqual(steps(json), [99, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      assert.deepEqual(json.metrics?.at(-1), { key: 'm', value: 'NaN', timestamp: 200, step: 10 });
      assert.equal(json.next_page_token, undefined);
    },
  },
  {
    title: 'get-history gives a token while there is more',
    first: [logTen(run)],
    request: ['GET', `metrics/get-history?run_id=${run}&metric_key=m&max_results=4`],
    status: 200,
    answer: (json: History) => {
      assert.deepEqual(steps(json), [0, 1, 2, 3]);
      assert.equal(typeof json.next_page_token, 'string');
    },
  },
  {
    title: 'get-history keeps int64 and doubles exact',
    first: [
      [
        'POST',
        'runs/log-metric',
        `{"run_id":"${run}","key":"big","value":-Infinity,"timestamp":9007199254740993,"step":9223372036854775807}`,
      ],
    ],
    request: ['GET', `metrics/get-history?run_id=${run}&metric_key=big`],
    status: 200,
    answer: (_json: History, text: string) => {
      assert.match(
        text,
        /"value": "-Infinity",\n\s+"timestamp": 9007199254740993,\n\s+"step": 9223372036854775807\n/,
      );
    },
  },
  {
    title: 'get-history of an unknown metric, and of an unknown run',
    request: ['GET', `metrics/get-history?run_id=${noRun}&metric_key=none`],
    status: 200,
    answer: {},
  },
  {
    title: 'get-history refuses a page of nothing',
    request: ['GET', `metrics/get-history?run_id=${run}&metric_key=loss&max_results=0`],
    status: 400,
    answer: "Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer.",
  },
  {
    title: 'get-history refuses a foreign token',
    request: ['GET', `metrics/get-history?run_id=${run}&metric_key=loss&page_token=eyJvZmZzZXQiOiAyfQ==`],
    status: 400,
    answer: /^Invalid page token/,
  },
  {
    title: 'get-history asks for a metric',
    request: ['GET', `metrics/get-history?run_id=${run}`],
    status: 400,
    answer: /^Missing value for required parameter 'metric_key'\./,
  },
  {
    title: 'get-history-bulk writes NaN bare, in one line',
    first: [logTen(run)],
    request: ['GET', `${bulk}?run_id=${run}&run_id=${noRun}&metric_key=m`],
    status: 200,
    answer: (_json: unknown, text: string) => {
      assert.match(
        text,
        new RegExp(`^{"metrics":\\[{"key":"m","run_id":"${run}","step":0,"timestamp":100,"value":0\\.0},`),
      );
      assert.match(text, /"timestamp":200,"value":NaN}\]}\n$/);
    },
  },
  {
    title: 'get-history-bulk caps the total',
    first: [logTen(run)],
    request: ['GET', `${bulk}?run_id=${run}&metric_key=m&max_results=3`],
    status: 200,
    answer: (json: History) => assert.deepEqual(steps(json), [0, 1, 2]),
  },
  {
    title: 'get-history-bulk asks for runs',
    request: ['GET', `${bulk}?metric_key=m`],
    status: 400,
    answer: 'GetMetricHistoryBulk request must specify at least one run_id.',
  },
  {
    title: 'get-history-bulk asks for a metric',
    request: ['GET', `${bulk}?run_id=${run}`],
    status: 400,
    answer: 'GetMetricHistoryBulk request must specify a metric_key.',
  },
  {
    title: 'get-history-bulk limits the runs',
    request: ['GET', `${bulk}?${'run_id=x&'.repeat(101)}metric_key=m`],
    status: 400,
    answer: 'GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received 101 run_ids.',
  },
  {
    title: 'get-history-bulk refuses a size that is none',
    request: ['GET', `${bulk}?run_id=${run}&metric_key=m&max_results=x`],
    status: 400,
    answer: /max_results/,
  },
  {
    title: 'get-history-bulk-interval thins evenly and keeps both ends',
    first: [logTen(run)],
    request: ['GET', `${interval}?run_ids=${run}&metric_key=m&max_results=3`],
    status: 200,
    answer: (json: History) => {
      assert.deepEqual(steps(json), [0, 4, 10]);
      assert.equal(json.metrics?.[0]?.run_id, run);
    },
  },
  {
    title: 'get-history-bulk-interval keeps to the steps',
    first: [logTen(run)],
    request: ['GET', `${interval}?run_ids=${run}&run_ids=${noRun}&metric_key=m&start_step=3&end_step=5`],
    status: 200,
    answer: (json: History) => assert.deepEqual(steps(json), [3, 4, 5]),
  },
  ...(
    [
      ['metric_key=m', /^Missing value for required parameter 'run_ids'\./],
      [`run_ids=${run}`, /^Missing value for required parameter 'metric_key'\./],
      [
        `${'run_ids=x&'.repeat(101)}metric_key=m`,
        /^GetMetricHistoryBulkInterval request must specify at most 100 run_ids\. Received 101 run_ids\./,
      ],
      [`run_ids=${run}&metric_key=m&max_results=2501`, /^max_results must be between 1 and 2500\./],
      [
        `run_ids=${run}&metric_key=m&start_step=1`,
        'If either start step or end step are specified, both must be specified.',
      ],
      [
        `run_ids=${run}&metric_key=m&start_step=3&end_step=1`,
        'end_step must be greater than start_step. Found start_step=3 and end_step=1.',
      ],
    ] as const
  ).map(
    ([query, answer]): Row => ({
      title: `get-history-bulk-interval refuses ${query.slice(-50)}`,
      request: ['GET', `${interval}?${query}`],
      status: 400,
      answer,
    }),
  ),
]);
