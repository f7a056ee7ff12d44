/** The registry: registered models, versions, aliases, stages, tags, searches, prompts. */
import { type Call, get, post, v2 } from '../call.ts';
import type { CaseGroup } from './case-group.ts';

const [m, other] = ['{{unique}} m', '{{unique}} other'];
const [run, logged] = ['{{run.1}}', '{{model.1}}'];
const experiment = '{{experiment.1}}';
const long = (length: number) => 'x'.repeat(length);

const send = (method: string, route: string, body: object): Call => ({
  method,
  path: v2(route),
  body: JSON.stringify(body),
});
const model = (body: object): Call => post('registered-models/create', body);
const version = (body: object): Call =>
  post('model-versions/create', { name: m, source: 's3://bucket/model', ...body });
const alias = (body: object): Call => post('registered-models/alias', { name: m, version: '1', ...body });
const stage = (body: object): Call =>
  post('model-versions/transition-stage', { name: m, version: '1', ...body });
const prompt = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];

const setup = [
  post('experiments/create', { name: '{{unique}}' }),
  post('runs/create', { experiment_id: experiment, run_name: 'first', start_time: 1000 }),
  post('logged-models', { experiment_id: experiment, name: 'oak', source_run_id: run }),
  model({ name: m, description: 'größer', tags: [{ key: 't', value: 'X' }] }),
  model({ name: other }),
  version({ run_id: run, tags: [{ key: 't', value: 'x' }], description: 'first', run_link: 'https://h/r' }),
  version({ source: 'gs://bucket/other' }),
  alias({ alias: 'champion' }),
];
const readBack = [
  get('registered-models/get', { name: m }),
  get('model-versions/get', { name: m, version: '1' }),
  get('model-versions/search', { filter: `name = '${m}'`, order_by: 'version_number ASC' }),
  get(`logged-models/${logged}`),
];

const names: readonly unknown[] = [
  undefined,
  '',
  ' ',
  '.',
  '..',
  'a/b',
  'a:b',
  '{{unique}} ü 日本 😀',
  '{{unique}}%2Fb',
  '{{unique}} ; DROP',
  m,
  5,
];
const tags: readonly object[] = [
  { key: 'k', value: 'v' },
  { key: 'k', value: '' },
  { key: 'k' },
  { key: '', value: 'v' },
  { value: 'v' },
  { key: 'a/b c.d-e_f:g', value: 'v' },
  { key: 'a$b', value: 'v' },
  { key: '../k', value: 'v' },
  { key: 'a//b', value: 'v' },
  { key: long(250), value: 'v' },
  { key: long(251), value: 'v' },
];
const numbers = ['1', '2', '3', '01', ' 1', '1.0', 'x', '', '-1'];
const words = [
  'champion',
  'none',
  'latest',
  'LATEST',
  'v1',
  'V12',
  'v1x',
  'a b',
  'a.b',
  'é',
  long(255),
  long(256),
  '',
];

const sources: readonly object[] = [
  { source: undefined },
  { source: '' },
  { source: `runs:/${run}/model`, run_id: run },
  { source: `runs:/${run}/model` },
  { source: `runs:/${run}/../x`, run_id: run },
  { source: `mlflow-artifacts:/${experiment}/{{run.1}}/artifacts/model` },
  { source: 'file:///etc/' },
  { source: '/etc/' },
  { source: 'file:///etc', run_id: run },
  { source: 'http://host/../../' },
  { source: 'https://host/model' },
  { source: 'ftp://host/model' },
  { source: 's3://bucket/a/../../b' },
  { source: 's3://bucket/%2e%2e/b' },
  { source: `models:/${logged}`, model_id: logged },
  { source: `models:/${logged}` },
  { source: `models:/${m}/1` },
  { source: `models:/${m}@champion` },
  { source: `models:/${m}/1`, run_id: 'x' },
  { source: `models:/${m}/99` },
  { source: `models:/${m}@none` },
  { source: 'models:/' },
  { source: 'models:/a/b/c' },
  { source: 'dummy-source', tags: prompt },
  { source: 's3://bucket/model', tags: prompt },
  { name: 'not there' },
  { run_id: 'unknown' },
  { tags: [{ key: 'a$', value: '1' }] },
];

const registeredFilters: readonly string[] = [
  '',
  `name = '${m}'`,
  `name != '${m}'`,
  `name LIKE '{{unique}}%'`,
  `name ILIKE '{{unique}} M'`,
  `name IN ('${m}', 'x')`,
  `tags.t = 'X' and name = '${m}'`,
  `tag.\`t\` LIKE 'x%'`,
  `tags.\`mlflow.prompt.is_prompt\` = 'true' AND name LIKE '{{unique}}%'`,
  `tags.\`mlflow.prompt.is_prompt\` != 'true' AND name LIKE '{{unique}}%'`,
  "name > 'a'",
  'name = 5',
  "bogus = 'x'",
  "tags.t > 'x'",
  "params.t = 'x'",
  'name =',
];
const versionFilters: readonly string[] = [
  `name = '${m}'`,
  `name LIKE '{{unique}}%'`,
  `name = '${m}' AND version_number > 1`,
  `name = '${m}' AND version_number = '2'`,
  `name = '${m}' AND run_id = '${run}'`,
  `run_id IN ('${run}')`,
  `name = '${m}' AND run_id != '${run}'`,
  `name = '${m}' AND source_path LIKE '%other'`,
  `name = '${m}' AND tags.t = 'x'`,
  'version_number = 1.5',
  "version_number = 'x'",
  "version_number LIKE '1'",
  "source_path IN ('x')",
  "current_stage = 'None'",
  'run_id = 5',
];

const searches: readonly Call[] = [
  ...registeredFilters
    .filter((filter) => filter !== '' && !filter.includes('!=') && !filter.includes("LIKE 'x%'"))
    .map((filter) => get('registered-models/search', { filter })),
  ...['name', 'name DESC', 'timestamp', 'last_updated_timestamp DESC', 'bogus', 'name bogus', 'tags.t'].map(
    (order) => get('registered-models/search', { filter: `name LIKE '{{unique}}%'`, order_by: order }),
  ),
  get('registered-models/search', { filter: `name LIKE '{{unique}}%'`, max_results: 1 }),
  get('registered-models/search', { filter: `name LIKE '{{unique}}%'`, max_results: 1001 }),
  ...versionFilters.map((filter) =>
    get('model-versions/search', { filter, order_by: ['name', 'version_number'] }),
  ),
  ...['version_number', 'version_number DESC', 'name', 'bogus', 'creation_timestamp'].map((order) =>
    get('model-versions/search', { filter: `name = '${m}'`, order_by: order }),
  ),
  ...[0, -1, 1, 200_001].map((size) =>
    get('model-versions/search', { filter: `name = '${m}'`, max_results: size }),
  ),
];

export const registryCases: readonly CaseGroup[] = [
  {
    name: 'registered models',
    setup,
    probes: [
      ...names.map((name) => model({ name })),
      ...names.map((name) => post('registered-models/rename', { name: other, new_name: name })),
      ...names
        .slice(0, 8)
        .map((name) => get('registered-models/get', name === undefined ? {} : { name: String(name) })),
      post('registered-models/rename', { name: other, new_name: '{{unique}} renamed' }),
      post('registered-models/rename', { name: '{{unique}} renamed', new_name: other }),
      post('registered-models/rename', { name: 'not there', new_name: '{{unique}} x' }),
      send('PATCH', 'registered-models/update', { name: m, description: '' }),
      send('PATCH', 'registered-models/update', { name: m }),
      send('PATCH', 'registered-models/update', { name: 'not there', description: 'x' }),
      ...tags.map((tag) => post('registered-models/set-tag', { name: m, ...tag })),
      ...tags.map(({ key }: { key?: string }) =>
        send('DELETE', 'registered-models/delete-tag', { name: m, key }),
      ),
      send('DELETE', 'registered-models/delete', { name: 'not there' }),
      send('DELETE', 'registered-models/delete', { name: m }),
      model({ name: m }),
      version({}),
    ],
    readBack,
  },
  {
    name: 'versions',
    setup,
    probes: [
      ...sources.map(version),
      ...numbers.map((number) => get('model-versions/get', { name: m, version: number })),
      ...numbers.map((number) => get('model-versions/get-download-uri', { name: m, version: number })),
      ...tags.map((tag) => post('model-versions/set-tag', { name: m, version: '1', ...tag })),
      ...tags.map(({ key }: { key?: string }) =>
        send('DELETE', 'model-versions/delete-tag', { name: m, version: '1', key }),
      ),
      send('PATCH', 'model-versions/update', { name: m, version: '1', description: 'other' }),
      send('PATCH', 'model-versions/update', { name: m, version: '1' }),
      send('PATCH', 'model-versions/update', { name: m, version: '9', description: 'x' }),
      get('/model-versions/get-artifact', { name: m, version: '9', path: 'x' }),
      send('DELETE', 'model-versions/delete', { name: m, version: '2' }),
      send('DELETE', 'model-versions/delete', { name: m, version: '2' }),
      version({}),
    ],
    readBack,
  },
  {
    name: 'files of versions',
    setup: [
      ...setup,
      {
        method: 'PUT',
        path: `/api/2.0/mlflow-artifacts/artifacts/${experiment}/${run}/artifacts/model/a.txt`,
        body: 'text',
        contentType: 'text/plain',
      },
      version({ source: `mlflow-artifacts:/${experiment}/${run}/artifacts/model`, run_id: run }),
    ],
    probes: [get('/model-versions/get-artifact', { name: m, version: '3', path: 'a.txt' })],
    readBack: [],
  },
  {
    name: 'aliases and stages',
    setup,
    probes: [
      ...words.map((word) => alias({ alias: word })),
      ...words.map((word) => get('registered-models/alias', { name: m, alias: word })),
      ...words.map((word) => send('DELETE', 'registered-models/alias', { name: m, alias: word })),
      alias({ alias: 'x', version: '9' }),
      alias({ alias: 'x', version: 'one' }),
      ...['staging', 'Production', 'ARCHIVED', 'none', 'Live', ''].map((word) => stage({ stage: word })),
      stage({ stage: 'Production' }),
      stage({ version: '2', stage: 'Production', archive_existing_versions: true }),
      stage({ stage: 'None', archive_existing_versions: true }),
      stage({ version: '9', stage: 'Staging' }),
      ...[undefined, [], ['Production'], ['archived', 'None'], ['Live']].map((stages) =>
        post('registered-models/get-latest-versions', { name: m, stages }),
      ),
      get('registered-models/get-latest-versions', { name: m, stages: ['Production', 'None'] }),
      get('registered-models/get-latest-versions', { name: 'not there' }),
      send('DELETE', 'model-versions/delete', { name: m, version: '2' }),
    ],
    readBack,
  },
  {
    name: 'searches of the registry',
    setup: [
      ...setup,
      model({ name: '{{unique}} prompt', tags: prompt }),
      version({ name: '{{unique}} prompt', source: 'dummy-source', tags: prompt }),
    ],
    probes: searches,
    readBack: [],
  },
];
