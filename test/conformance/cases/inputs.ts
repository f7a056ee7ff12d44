/** Datasets and models that runs read, models that they made, filters of runs by datasets. */
import { ajax, type Call, get, post } from '../call.ts';
import type { CaseGroup } from './case-group.ts';

const experiment = '{{experiment.1}}';
const run = '{{run.1}}';
const other = '{{run.2}}';
const model = '{{model.1}}';
const setup = [
  post('experiments/create', { name: '{{unique}}' }),
  post('runs/create', { experiment_id: experiment, run_name: 'first', start_time: 1000 }),
  post('runs/create', { experiment_id: experiment, run_name: 'second', start_time: 2000 }),
  post('logged-models', { experiment_id: experiment, name: 'oak' }),
];
const readBack = [get('runs/get', { run_id: run }), get('runs/get', { run_id: other })];
const long = (length: number) => 'x'.repeat(length);

const dataset = (name: unknown, digest: unknown, more: object = {}) => ({
  ...{ name, digest, source_type: 'local', source: '{"uri": "/a/b.csv"}' },
  ...{ schema: '{"s": 1}', profile: '{"p": 2}' },
  ...more,
});
const training = { key: 'mlflow.data.context', value: 'training' };
const log = (datasets: unknown, run_id: unknown = run): Call => post('runs/log-inputs', { run_id, datasets });
const searchDatasets = (experiment_ids: unknown): Call => ({
  method: 'POST',
  path: ajax('experiments/search-datasets'),
  body: JSON.stringify({ experiment_ids }),
});

const datasetLists: readonly unknown[] = [
  undefined,
  [],
  5,
  'x',
  [5],
  [{ dataset: dataset('a', 'd1'), tags: [training, { key: 'k' }] }],
  [{ dataset: dataset('a', 'd1', { source: 'other', profile: 'new' }), tags: [{ key: 'z', value: '1' }] }],
  [
    { dataset: dataset('b', 'd2') },
    { dataset: dataset('a', 'd2', { schema: undefined, profile: undefined }), tags: [training] },
    { dataset: dataset('b', 'd2', { schema: 'different' }) },
  ],
  [{ dataset: dataset('ü 日本 😀', 'd'), tags: [{ key: 'ü', value: '😀' }] }],
  [{ dataset: dataset('empty', 'd', { schema: '', profile: '' }) }],
  [{ dataset: dataset(long(500), long(36)) }],
  [{ dataset: dataset(long(501), 'd') }],
  [{ dataset: dataset('n', long(37)) }],
  [{ dataset: dataset('n', 'd', { source: long(65_536) }) }],
  [{ dataset: dataset('n', 'd', { schema: long(1_048_576) }) }],
  [{ dataset: dataset('n', 'd'), tags: [{ key: long(256), value: 'v' }] }],
  [{ dataset: dataset('n', 'd'), tags: [{ key: 'k', value: long(501) }] }],
  [{ dataset: dataset('n', 'd', { source_type: long(40) }) }],
  [{ dataset: dataset('odd', 'd'), tags: [{ key: 'a b?/..', value: 'v' }] }],
  [{ dataset: dataset('source', 'd', { source: undefined }) }],
  [{ dataset: dataset('type', 'd', { source_type: undefined }) }],
  [{ dataset: dataset(5, 'd') }],
  [{}],
  [{ dataset: {} }],
  [{ dataset: { name: 'a' } }],
  [{ dataset: dataset('', 'd') }],
  [{ dataset: dataset('n', 'd'), tags: [{ value: 'v' }] }],
  [{ dataset: dataset('n', 'd'), tags: [training, { ...training, value: 'test' }] }],
];

const filters = [
  "dataset.name = 'a'",
  "dataset.name != 'a'",
  "datasets.digest = 'd2'",
  "dataset.digest LIKE 'd%'",
  "dataset.context = 'training'",
  "dataset.context != 'training'",
  "dataset.context LIKE 'TE%'",
  "dataset.context ILIKE 'TE%'",
  "dataset.name IN ('a', 'c')",
  "dataset.name NOT IN ('a')",
  "dataset.name = 'b' AND dataset.context = 'training'",
  "dataset.name = 'b' AND dataset.digest = 'd1'",
  "dataset.name = 'nobody'",
  "dataset.name > 'a'",
  'dataset.name = 5',
];

const history = (model_json: unknown, run_id: unknown = run) =>
  post('runs/log-model', { run_id, model_json });
const info = (more: object) =>
  JSON.stringify({
    artifact_path: 'm',
    flavors: { sk: { a: 1.5 } },
    run_id: run,
    utc_time_created: 'ü',
    ...more,
  });

export const inputCases: readonly CaseGroup[] = [
  {
    name: 'runs/log-inputs',
    setup,
    probes: [
      post('runs/log-inputs', {}),
      log([], 'nope'),
      log([], 'bad!'),
      log([{ dataset: dataset('a', 'd1') }], '0'.repeat(32)),
      ...datasetLists.map((list) => log(list)),
      log([{ dataset: dataset('a', 'd1', { source: 'other' }) }], other),
      post('runs/delete', { run_id: other }),
      log([{ dataset: dataset('q', 'd') }], other),
      log([], other),
    ],
    readBack: [...readBack, searchDatasets([experiment])],
  },
  {
    name: 'runs/search by datasets',
    setup: [
      ...setup,
      log([{ dataset: dataset('a', 'd1'), tags: [training] }, { dataset: dataset('b', 'd2') }]),
      log([{ dataset: dataset('b', 'd2'), tags: [{ ...training, value: 'test' }] }], other),
    ],
    probes: filters.map((filter) => post('runs/search', { experiment_ids: [experiment], filter })),
    readBack,
  },
  {
    name: 'experiments/search-datasets',
    setup: [...setup, log([{ dataset: dataset('a', 'd1'), tags: [training] }])],
    probes: [
      searchDatasets([experiment]),
      searchDatasets([experiment, '99999']),
      searchDatasets(undefined),
      searchDatasets([]),
      searchDatasets(['abc']),
      searchDatasets(Array.from({ length: 21 }, (_, index) => String(index))),
    ],
    readBack: [],
  },
  {
    name: 'models of runs',
    setup,
    probes: [
      post('runs/outputs', {}),
      post('runs/outputs', { run_id: run }),
      post('runs/outputs', { run_id: run, models: [] }),
      post('runs/outputs', { run_id: 'nope', models: [{ model_id: model }] }),
      post('runs/outputs', { run_id: run, models: [{ model_id: model, step: 3 }] }),
      post('runs/outputs', { run_id: other, models: [{ model_id: model }] }),
      post('runs/log-inputs', { run_id: run, models: [{ model_id: model }, { model_id: model }] }),
      post('runs/log-inputs', { run_id: run, models: [{ model_id: model }] }),
      post('runs/outputs', { run_id: run, models: [{ model_id: model, step: 5 }] }),
      post('runs/outputs', { run_id: run, models: [{ model_id: 'nope', step: 1 }] }),
      post('runs/outputs', { run_id: run, models: [{}] }),
      post('runs/log-inputs', { run_id: run, models: [{ model_id: 'nope' }] }),
      post('runs/log-inputs', { run_id: run, models: [{}] }),
      post('runs/log-inputs', { run_id: other, models: [{ model_id: model }] }),
      post('runs/search', { experiment_ids: [experiment], order_by: ['start_time'] }),
    ],
    readBack,
  },
  {
    name: 'runs/log-model',
    setup,
    probes: [
      post('runs/log-model', { run_id: run }),
      history('x{'),
      history('{}'),
      history(info({ flavors: undefined })),
      history(info({})),
      history(info({ artifact_path: 'n', model_uuid: 'u', metadata: { ü: 1 }, more: [] })),
      history(info({}), 'nope'),
      history('[1]'),
    ],
    readBack,
  },
];
