/** Bytes in and out: the tree of artifacts by path, the artifacts of a run and of a logged model by query, odd names. */
import { ajax, type Call, get, post, v2 } from '../call.ts';
import type { CaseGroup } from './case-group.ts';

const experiment = '{{experiment.1}}';
const run = '{{run.1}}';
const model = '{{model.1}}';
const unknownRun = '0'.repeat(32);
const tree = '/api/2.0/mlflow-artifacts/artifacts';
const ofRun = `${experiment}/${run}/artifacts`;
const ofModel = `${experiment}/models/${model}/artifacts`;

/** `path` is percent-encoded already. */
const put = (path: string, body = 'bytes', contentType: string | null = null): Call => ({
  method: 'PUT',
  path: `${tree}/${path}`,
  body,
  contentType,
});
const download = (path: string): Call => ({ method: 'GET', path: `${tree}/${path}` });
const remove = (path: string): Call => ({ method: 'DELETE', path: `${tree}/${path}` });
const list = (path?: string): Call =>
  get('artifacts/list', path === undefined ? { run_id: run } : { run_id: run, path });
const listTree = (path?: string): Call => get(tree, path === undefined ? {} : { path });
const fetched = (path: string, run_id = run): Call => get('/get-artifact', { run_id, path });
const ofModelList = (path?: string): Call =>
  get(
    `logged-models/${model}/artifacts/directories`,
    path === undefined ? {} : { artifact_directory_path: path },
  );
const ofModelFile = (path: string, id = model): Call =>
  get(ajax(`logged-models/${id}/artifacts/files`), { artifact_file_path: path });
const small = (query: Readonly<Record<string, string>>, body?: string): Call => ({
  method: 'POST',
  path: `${get(ajax('upload-artifact'), query).path}`,
  ...(body !== undefined && { body, contentType: 'application/octet-stream' }),
});

const setup = [
  post('experiments/create', { name: '{{unique}}' }),
  post('runs/create', { experiment_id: experiment, run_name: 'first', start_time: 1000 }),
  post('logged-models', { experiment_id: experiment, name: 'oak' }),
  put(`${ofRun}/dir/inner/deep.txt`, 'deep'),
  put(`${ofRun}/top.txt`, 'top'),
  put(`${ofModel}/MLmodel`, 'flavors: {}'),
  put(`${ofModel}/data/weights.bin`, 'weights'),
];
const readBack = [list(), list('dir'), listTree(ofRun), ofModelList()];

/** A last segment as it stands in the URL. */
const names: readonly string[] = [
  'plain.txt',
  'two%20words.txt',
  '%C3%BC%E6%97%A5%E6%9C%AC%F0%9F%98%80.txt',
  'a+b&c=d;e@f!g,h(i).txt',
  "it's.txt",
  '.hidden',
  '-dash',
  'CON',
  'a%25b',
  '100%25',
  '%2541',
  'x%23y',
  'x%3Fy',
  'a%5Cb',
  'C%3A%5Cwindows',
  'c:x',
  '%2e%2e',
  '%2E%2E%2Fup',
  '%252e%252e',
  '%252e%252e%252fup',
  '..%2f..%2fup',
  '.',
  './x',
  'a//b',
  'a/',
  'a%2Fb',
  '%2Fabsolute',
  'file:///etc/passwd',
  'a%01b',
  'a%0Ab',
  'a%00b',
  'a%7Fb',
  '%FF',
  '%',
  '%zz',
  'x'.repeat(200),
  'x'.repeat(256),
  'deep/'.repeat(30),
];

const htmlText = '<script>alert(1)</script>';
const kinds = [
  'page.html',
  'data.json',
  'table.csv',
  'plot.png',
  'plot.svg',
  'notes.md',
  'model.pkl',
  'MLmodel',
  'conf.yaml',
  'noext',
];

const places: readonly Call[] = [
  list(''),
  list('dir/inner'),
  list('dir/inner/'),
  list('top.txt'),
  list('nothing'),
  ...['../x', '/dir', 'dir/../x', '.', 'dir/.', 'dir//inner', '%2e%2e', 'a\\b', 'file:///etc', 'x#y'].flatMap(
    (path) => [list(path), fetched(path), listTree(path), ofModelList(path), ofModelFile(path)],
  ),
  get('artifacts/list'),
  get('artifacts/list', { run_id: unknownRun }),
  get('artifacts/list', { run_id: unknownRun, path: '../x' }),
  get('logged-models/m-nope/artifacts/directories', { artifact_directory_path: '../x' }),
  ofModelFile('../x', 'm-nope'),
  fetched('../x', unknownRun),
  get('artifacts/list', { run_uuid: run }),
  get('artifacts/list', { run_id: run, page_token: 'bad' }),
  get(ajax('artifacts/list'), { run_id: run }),
  listTree(),
  listTree(experiment),
  listTree(`${ofRun}/dir`),
  listTree(`${ofRun}/top.txt`),
  listTree('nothing/there'),
  get(`/ajax-api/2.0/mlflow-artifacts/artifacts`, { path: ofRun }),
  download(`${ofRun}/top.txt`),
  download(`${ofRun}/dir`),
  download(`${ofRun}/nothing`),
  { method: 'GET', path: `/ajax-api/2.0/mlflow-artifacts/artifacts/${ofRun}/top.txt` },
  fetched('top.txt'),
  fetched('dir'),
  fetched('nothing'),
  fetched('top.txt', unknownRun),
  get('/get-artifact', { run_uuid: run, path: 'top.txt' }),
  get('/get-artifact', { run_id: run }),
  get('/get-artifact', { path: 'top.txt' }),
  ofModelList('data'),
  ofModelList('nothing'),
  get('logged-models/m-nope/artifacts/directories'),
  ofModelFile('MLmodel'),
  ofModelFile('data'),
  ofModelFile('nothing'),
  ofModelFile('MLmodel', 'm-nope'),
  get(ajax(`logged-models/${model}/artifacts/files`)),
];

const changes: readonly Call[] = [
  put(`${ofRun}/top.txt`, 'over'),
  fetched('top.txt'),
  put(`${ofRun}/empty.txt`, ''),
  fetched('empty.txt'),
  put(`${ofRun}/json`, '{"a":1}', 'application/json'),
  put('elsewhere/{{unique}}.txt', 'beside all experiments'),
  download('elsewhere/{{unique}}.txt'),
  remove('elsewhere/{{unique}}.txt'),
  put(`${experiment}/note.txt`, 'of the experiment'),
  put(`${ofRun}/dir`, 'a file where a folder is'),
  put(`${ofRun}/top.txt/below`, 'below a file'),
  small({ run_uuid: run, path: 'small/one.txt' }, 'one'),
  fetched('small/one.txt'),
  small({ run_uuid: run, path: 'small/none.txt' }),
  small({ run_uuid: run }, 'x'),
  small({ path: 'x' }, 'x'),
  small({ run_uuid: unknownRun, path: 'x' }, 'x'),
  small({ run_uuid: run, path: '../x' }, 'x'),
  remove(`${ofRun}/top.txt`),
  remove(`${ofRun}/top.txt`),
  remove(`${ofRun}/dir`),
  remove(`${ofRun}/nothing`),
  remove(`${ofModel}/data/weights.bin`),
  put(ofRun, 'where the artifacts begin'),
  remove(ofRun),
  { method: 'PUT', path: tree, body: 'x', contentType: null },
  { method: 'DELETE', path: tree },
];

const ways: readonly Call[] = [
  ...['create', 'complete', 'abort'].map(
    (step): Call => ({
      method: 'POST',
      path: `/api/2.0/mlflow-artifacts/mpu/${step}/${ofRun}/big.bin`,
      body: JSON.stringify({ path: 'big.bin', num_parts: 2, upload_id: 'u', parts: [] }),
    }),
  ),
  { method: 'GET', path: `/api/2.0/mlflow-artifacts/presigned/${ofRun}/top.txt` },
  { method: 'PUT', path: '/api/2.0/mlflow-artifacts/mpu/parts/none/1', body: 'x', contentType: null },
  { method: 'GET', path: `/api/2.0/mlflow-artifacts/versions/${'0'.repeat(64)}/${ofRun}/top.txt` },
  post('artifacts/presigned-upload-url', { run_id: run, path: 'x' }),
  post('artifacts/presigned-upload-url', { path: 'x' }),
  post('artifacts/presigned-upload-url', { run_id: run }),
  post('artifacts/presigned-upload-url', { run_id: unknownRun, path: 'x' }),
  post('artifacts/presigned-download-url', { run_id: run, path: 'top.txt' }),
  post('artifacts/presigned-download-url', { path: 'x' }),
];

export const artifactCases: readonly CaseGroup[] = [
  { name: 'artifacts: places', setup, probes: places, readBack: [] },
  {
    name: 'artifacts: names',
    setup,
    probes: names.flatMap((name) => [
      put(`${ofRun}/odd/${name}`, name),
      download(`${ofRun}/odd/${name}`),
      list('odd'),
      remove(`${ofRun}/odd/${name}`),
    ]),
    readBack,
  },
  {
    name: 'artifacts: kinds of files',
    setup,
    probes: kinds.flatMap((name) => [
      put(`${ofRun}/${name}`, htmlText),
      download(`${ofRun}/${name}`),
      fetched(name),
    ]),
    readBack,
  },
  { name: 'artifacts: changes', setup, probes: changes, readBack },
  {
    name: 'artifacts: of deleted runs, models, experiments',
    setup,
    probes: [
      post('runs/delete', { run_id: run }),
      list(),
      fetched('top.txt'),
      put(`${ofRun}/late.txt`),
      remove(`${ofRun}/top.txt`),
      { method: 'DELETE', path: v2(`logged-models/${model}`), body: JSON.stringify({ model_id: model }) },
      ofModelList(),
      download(`${ofModel}/MLmodel`),
      put(`${ofModel}/late.txt`),
      post('experiments/delete', { experiment_id: experiment }),
      put(`${experiment}/late.txt`),
    ],
    readBack: [],
  },
  {
    name: 'artifacts: of a location of clients',
    setup: [
      post('experiments/create', { name: '{{unique}}', artifact_location: 'below/{{unique}}' }),
      post('runs/create', { experiment_id: experiment, run_name: 'first', start_time: 1000 }),
    ],
    probes: [
      list(),
      list('dir'),
      fetched('a.txt'),
      small({ run_uuid: run, path: 'a.txt' }, 'x'),
      put(`${ofRun}/a.txt`),
      download(`${ofRun}/a.txt`),
    ],
    readBack: [],
  },
  { name: 'artifacts: other ways', setup, probes: ways, readBack: [] },
];
