import { ajax, get, post, type Query } from '../call.ts';
import { exactly } from '../exact-json.ts';
import type { CaseGroup } from './case-group.ts';

const experiment = '{{experiment.1}}';
const run = '{{run.1}}';
const other = '{{run.2}}';
const nobody = '0'.repeat(32);
const long = (length: number) => 'x'.repeat(length);
const setup = [
  post('experiments/create', { name: '{{unique}}' }),
  post('runs/create', { experiment_id: experiment, run_name: 'first', start_time: 1 }),
];
const readRun = get('runs/get', { run_id: run });
const history = (key: string) => get('metrics/get-history', { run_id: run, metric_key: key });

const points: readonly object[] = [
  { value: 1.5, timestamp: 1 },
  { run_id: undefined, run_uuid: run, value: 2, timestamp: 2, step: 1 },
  { value: '3.5', timestamp: '5', step: '2' },
  { value: 'abc' },
  { value: null },
  { value: undefined },
  { timestamp: undefined },
  { timestamp: null },
  { timestamp: -1 },
  { timestamp: 1.5 },
  { timestamp: 'x' },
  { timestamp: 0 },
  { value: true },
  { value: [1] },
  { value: {} },
  { value: 0 },
  { step: -5 },
  { step: 1.5 },
  { step: exactly('2.0') },
  { step: 'y' },
  { step: null },
  { step: exactly('9007199254740993') },
  { step: exactly('9223372036854775807') },
  { step: exactly('-9223372036854775808') },
  { step: exactly('9223372036854775808') },
  { timestamp: exactly('9223372036854775807'), step: 3 },
  { timestamp: exactly('9223372036854775808') },
  { value: 'NaN', timestamp: 7 },
  { value: 'Infinity', timestamp: 8 },
  { value: '-Infinity', timestamp: 9 },
  { value: exactly('1e308') },
  { value: '1e400' },
  { key: '' },
  { key: undefined },
  { key: 5 },
  { key: 'a//b' },
  { key: '../a' },
  { key: '/a' },
  { key: 'a/' },
  { key: '.' },
  { key: 'a/b c.d-e:f_é日' },
  { key: 'bad#' },
  { key: 'bad\n' },
  { key: long(250) },
  { key: long(251) },
  { run_id: nobody },
  { run_id: 'nope!' },
  { run_id: '' },
  { run_id: undefined },
  { model_id: 'm-123' },
  { model_id: 5 },
  { key: 'ds', dataset_name: 'd', dataset_digest: 'x' },
  ...['-0.0', '5e-324', '0.1', '1e21', '123456789012345680', '1e16', '1e-7', '1.7976931348623157e308'].map(
    (value, i) => ({
      key: `number ${i}`,
      value: exactly(value),
    }),
  ),
];

const bareLiterals = ['NaN', 'Infinity', '-Infinity', '1e400'].map((value, i) =>
  post('runs/log-metric', `{"run_id":"${run}","key":"bare ${i}","value":${value},"timestamp":1}`),
);

const batch = (body: object) => post('runs/log-batch', { run_id: run, ...body });
const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
const point = { key: 'm', value: 1, timestamp: 1 };

/** The points of `l`: equal times, a duplicate, every non-finite value. */
const line = [
  batch({ metrics: many(6, (i) => ({ key: 'l', value: i % 3, timestamp: 100 - i, step: i })) }),
  batch({
    metrics: ['NaN', 'NaN', 'Infinity', '-Infinity', -5, 0].map((value) => ({
      key: 'l',
      value,
      timestamp: 100,
      step: 0,
    })),
  }),
];
const twoRuns = [
  ...setup,
  post('runs/create', { experiment_id: experiment, run_name: 'second', start_time: 2 }),
  ...line,
  post('runs/log-batch', {
    run_id: other,
    metrics: many(6, (i) => ({ key: 'l', value: i, timestamp: 100 + i, step: i * 2 })),
  }),
];
const finite = (id: string) =>
  post('runs/log-metric', { run_id: id, key: 'f', value: 1, timestamp: 1, step: 7 });
const crowd = many(101, (i) => `x${i}`);

export const metricCases: readonly CaseGroup[] = [
  {
    name: 'runs/log-metric',
    setup,
    probes: points.map((body) => post('runs/log-metric', { run_id: run, ...point, ...body })),
    readBack: [readRun, history('m'), history('number 0'), history('number 1')],
  },
  {
    name: 'runs/log-metric words',
    setup,
    probes: [
      ...['nan', 'inf', '-inf', '+Infinity'].map((value, i) =>
        post('runs/log-metric', { run_id: run, ...point, key: `word ${i}`, value }),
      ),
      ...bareLiterals,
    ],
    readBack: many(4, (i) => [history(`word ${i}`), history(`bare ${i}`)]).flat(),
  },
  {
    name: 'runs/log-batch',
    setup,
    probes: [
      batch({}),
      post('runs/log-batch', {}),
      post('runs/log-batch', { run_id: '' }),
      post('runs/log-batch', { run_id: nobody }),
      post('runs/log-batch', { run_id: nobody, tags: [{ key: 'a', value: 'b' }] }),
      post('runs/log-batch', { run_uuid: run, tags: [{ key: 'a', value: 'b' }] }),
      post('runs/log-batch', { run_id: 'bad!' }),
      batch({ metrics: [{ key: 'm', value: 1 }] }),
      batch({ metrics: [{ key: 'm', timestamp: 1 }] }),
      batch({ metrics: [{ value: 1, timestamp: 1 }] }),
      batch({ metrics: [{ ...point, key: '' }] }),
      batch({ metrics: [point, { ...point, key: 'm2', value: 'x' }] }),
      batch({ metrics: 'x' }),
      batch({ metrics: {} }),
      batch({ metrics: ['x'] }),
      batch({ metrics: [null] }),
      batch({ metrics: null }),
      batch({ metrics: [{ ...point, timestamp: -1 }] }),
      batch({ metrics: [{ ...point, key: 'bad#' }] }),
      batch({ metrics: [{ ...point, key: long(251) }] }),
      batch({ metrics: [{ ...point, step: 1.5 }] }),
      batch({ metrics: [{ ...point, timestamp: 0 }] }),
      batch({
        params: [
          { key: 'p', value: '1' },
          { key: 'p', value: '1' },
        ],
      }),
      batch({
        params: ['1', '2'].flatMap((value) => [
          { key: 'p', value },
          { key: 'q', value },
        ]),
      }),
      batch({ params: [{ value: '1' }] }),
      batch({ params: [{ key: '', value: '1' }] }),
      batch({ params: [{ key: 'p' }] }),
      batch({ params: [{ key: 'pp', value: '1' }] }),
      batch({
        params: [
          { key: 'pp', value: '1' },
          { key: 'new', value: '1' },
        ],
      }),
      batch({ params: [{ key: 'pp', value: '2' }] }),
      batch({
        params: [
          { key: 'fresh', value: '2' },
          { key: 'pp', value: '3' },
          { key: 'new', value: '4' },
        ],
        metrics: [point],
        tags: [{ key: 'half', value: '1' }],
      }),
      batch({ params: [{ key: 'l', value: long(6001) }] }),
      batch({ params: [{ key: 'bad#', value: '1' }] }),
      batch({ params: 'x' }),
      batch({ params: [{ key: 'n', value: 5 }] }),
      batch({
        tags: [
          { key: 't', value: '1' },
          { key: 't', value: '2' },
        ],
      }),
      batch({ tags: [{ value: '1' }] }),
      batch({ tags: [{ key: '', value: '1' }] }),
      batch({ tags: [{ key: 'tt' }] }),
      batch({ tags: [{ key: 'long', value: long(8001) }] }),
      batch({
        tags: [{ key: 'bad#', value: 'v' }],
        metrics: [{ ...point, key: 'half2' }],
        params: [{ key: 'half2', value: '1' }],
      }),
      batch({ tags: [{ key: 'mlflow.runName', value: 'by batch' }] }),
      batch({ metrics: many(1001, (i) => ({ ...point, key: `m${i}` })) }),
      batch({ params: many(101, (i) => ({ key: `p${i}`, value: '1' })) }),
      batch({ tags: many(101, (i) => ({ key: `t${i}`, value: '1' })) }),
      batch({
        metrics: many(950, (i) => ({ ...point, timestamp: i })),
        tags: many(51, (i) => ({ key: `t${i}`, value: '1' })),
      }),
      batch({ metrics: many(1000, (i) => ({ key: 'thousand', value: i / 7, timestamp: i, step: i % 10 })) }),
      batch({
        metrics: [
          [1, 5, 3],
          [2, 4, 3],
          [9, 9, 1],
        ].map(([value, timestamp, step]) => ({ key: 's', value, timestamp, step })),
      }),
    ],
    readBack: [readRun, history('m'), history('thousand'), history('s')],
  },
  {
    name: 'metrics/get-history',
    setup: [...setup, ...line],
    probes: [
      history('l'),
      ...(
        [
          { metric_key: 'l', max_results: 4 },
          { metric_key: 'l', max_results: 4, page_token: '{{token.1}}' },
          { metric_key: 'l', page_token: '{{token.1}}' },
          { metric_key: 'l', max_results: 11 },
          { metric_key: 'l', max_results: 10 },
          { metric_key: 'none' },
          { metric_key: '' },
          {},
          { run_id: nobody, metric_key: 'l' },
          { run_id: 'bad!', metric_key: 'l' },
          { run_id: '', metric_key: 'l' },
          { metric_key: 'l', max_results: 0 },
          { metric_key: 'l', max_results: -1 },
          { metric_key: 'l', max_results: 'x' },
          { metric_key: 'l', max_results: 50_001 },
          { metric_key: 'l', max_results: 2 ** 31 },
          { metric_key: 'l', page_token: 'bad', max_results: 1 },
          { metric_key: 'l', page_token: '', max_results: 1 },
          { metric_key: 'bad#key' },
          { metric_key: long(251) },
        ] as Query[]
      ).map((query) => get('metrics/get-history', { run_id: run, ...query })),
      get('metrics/get-history', { run_uuid: run, metric_key: 'l', max_results: 1 }),
      get('metrics/get-history', { metric_key: 'l' }),
    ],
    readBack: [],
  },
  {
    name: 'metrics/get-history-bulk',
    setup: [...twoRuns, finite(run), finite(other)],
    probes: (
      [
        { run_id: [run, other], metric_key: 'f' },
        { run_id: [other], metric_key: 'l' },
        { run_id: [run], metric_key: 'l' },
        { run_id: [other], metric_key: 'l', max_results: 3 },
        { metric_key: 'l' },
        { run_id: [run] },
        { run_id: [run], metric_key: '' },
        { run_id: crowd, metric_key: 'l' },
        { run_id: [nobody], metric_key: 'l' },
        { run_id: [other, other], metric_key: 'l', max_results: 2 },
        { run_id: [other], metric_key: 'l', max_results: 0 },
        { run_id: [other], metric_key: 'l', max_results: -1 },
        { run_id: [other], metric_key: 'l', max_results: 'x' },
        { run_id: [other], metric_key: 'l', max_results: 99_999_999 },
        { run_id: ['bad!'], metric_key: 'l' },
      ] as Query[]
    ).map((query) => get(ajax('metrics/get-history-bulk'), query)),
    readBack: [],
  },
  {
    name: 'metrics/get-history-bulk-interval',
    setup: twoRuns,
    probes: [
      ...(
        [
          { run_ids: [run, other] },
          { run_ids: [other, run], max_results: 2 },
          { start_step: 1, end_step: 4 },
          { start_step: 1 },
          { end_step: 1 },
          { start_step: 4, end_step: 1 },
          { start_step: 2, end_step: 2 },
          { start_step: 'x', end_step: 2 },
          { start_step: -3, end_step: 100 },
          { max_results: 0 },
          { max_results: 2501 },
          { max_results: 'x' },
          { max_results: 1 },
          { max_results: 4 },
          { metric_key: '' },
          { metric_key: 'none' },
          { run_ids: [nobody] },
          { run_ids: ['bad!'] },
          { run_ids: crowd },
          { run_ids: [other, other], max_results: 1 },
          { run_ids: [other, nobody], max_results: 1 },
          { run_ids: [run] },
          { run_ids: [] },
        ] as Query[]
      ).map((query) =>
        get('metrics/get-history-bulk-interval', { run_ids: [other], metric_key: 'l', ...query }),
      ),
      get('metrics/get-history-bulk-interval', { run_ids: [other] }),
      get('metrics/get-history-bulk-interval', { run_id: [other], metric_key: 'l' }),
      get(ajax('metrics/get-history-bulk-interval'), { run_ids: [other], metric_key: 'l' }),
    ],
    readBack: [],
  },
];
