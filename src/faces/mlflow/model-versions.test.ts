import assert from 'node:assert/strict';
import { type Request, type Row, testRows } from '../../../test/mlflow/mlflow-rows.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Json = any;

const create = (name: string): Request => ['POST', 'registered-models/create', { name }];
const version = (name: string, more: object = {}): Request => [
  'POST',
  'model-versions/create',
  { name, source: 's3://bucket/model', ...more },
];
const query = (path: string, values: Record<string, string>): Request => [
  'GET',
  `${path}?${new URLSearchParams(values)}`,
];
const get = (name: string, number = '1') => query('model-versions/get', { name, version: number });
const stage = (name: string, number: string, to: string, more: object = {}): Request => [
  'POST',
  'model-versions/transition-stage',
  { name, version: number, stage: to, ...more },
];
const refused = (title: string, request: Request, answer: string | RegExp, first: Request[] = []): Row => ({
  ...{ title, request, answer, first },
  status: 400,
});

testRows(
  'versions',
  ({ run, model, experiment }) => [
    {
      title: 'are counted from one and told as text',
      first: [create('m1'), version('m1')],
      request: version('m1', { tags: [{ key: 'k', value: 'v' }], run_id: run, description: 'd' }),
      status: 200,
      answer: ({ model_version: made }: Json) => {
        const { creation_timestamp: created, last_updated_timestamp: updated, ...rest } = made;
        assert.ok(created > 0 && updated === created);
        assert.deepEqual(rest, {
          name: 'm1',
          version: '2',
          current_stage: 'None',
          description: 'd',
          source: 's3://bucket/model',
          run_id: run,
          status: 'READY',
          tags: [{ key: 'k', value: 'v' }],
          run_link: '',
        });
      },
      events: ['model-version.create'],
    },
    {
      title: 'of a logged model know its run, and where its files are',
      first: [create('m2'), version('m2', { source: `models:/${model}`, model_id: model })],
      request: query('model-versions/get-download-uri', { name: 'm2', version: '1' }),
      status: 200,
      answer: { artifact_uri: `mlflow-artifacts:/${experiment}/models/${model}/artifacts` },
    },
    {
      title: 'leave a mark at their logged model',
      first: [create('m3'), version('m3', { source: `models:/${model}`, model_id: model })],
      request: ['GET', `logged-models/${model}`],
      status: 200,
      answer: ({ model: { info } }: Json) =>
        assert.deepEqual(
          info.tags.find(({ key }: Json) => key === 'mlflow.modelVersions'),
          { key: 'mlflow.modelVersions', value: '[{"name": "m3", "version": 1}]' },
        ),
    },
    {
      title: 'are copied with all that they came from',
      first: [
        create('m4'),
        version('m4', { source: `models:/${model}`, model_id: model }),
        create('m4 copy'),
        version('m4 copy', { source: 'models:/m4/1' }),
      ],
      request: query('model-versions/get-download-uri', { name: 'm4 copy', version: '1' }),
      status: 200,
      answer: { artifact_uri: `mlflow-artifacts:/${experiment}/models/${model}/artifacts` },
    },
    {
      title: 'change their stage and archive others',
      first: [create('m6'), version('m6'), version('m6'), stage('m6', '1', 'production')],
      request: stage('m6', '2', 'PRODUCTION', { archive_existing_versions: true }),
      status: 200,
      answer: ({ model_version: found }: Json) => assert.equal(found.current_stage, 'Production'),
      events: ['model-version.stage'],
    },
    {
      title: 'are the latest of their stages',
      first: [create('m7'), version('m7'), version('m7'), version('m7'), stage('m7', '2', 'Staging')],
      request: ['POST', 'registered-models/get-latest-versions', { name: 'm7', stages: ['staging', 'None'] }],
      status: 200,
      answer: ({ model_versions: found }: Json) =>
        assert.deepEqual(
          found.map((one: Json) => [one.version, one.current_stage]),
          [
            ['3', 'None'],
            ['2', 'Staging'],
          ],
        ),
    },
    refused(
      'know four stages',
      stage('m', '1', 'Live'),
      /^Invalid Model Version stage: Live\. Value must be one of/,
    ),
    refused(
      'archive others only where a version is used',
      stage('m8', '1', 'None', { archive_existing_versions: true }),
      /cannot archive existing/,
      [create('m8'), version('m8')],
    ),
    {
      title: 'lose their description where none is given',
      first: [create('m9'), version('m9', { description: 'd' })],
      request: ['PATCH', 'model-versions/update', { name: 'm9', version: '1' }],
      status: 200,
      answer: ({ model_version: found }: Json) => assert.equal(found.description, undefined),
      events: ['model-version.update'],
    },
    {
      title: 'are gone when deleted, and their number with them',
      first: [
        create('m10'),
        version('m10'),
        ['DELETE', 'model-versions/delete', { name: 'm10', version: '1' }],
      ],
      request: version('m10'),
      status: 200,
      answer: ({ model_version: made }: Json) => assert.equal(made.version, '2'),
      events: ['model-version.create'],
    },
    {
      title: 'are not deleted twice',
      first: [create('m11')],
      request: ['DELETE', 'model-versions/delete', { name: 'm11', version: '1' }],
      status: 404,
      answer: 'Model Version (name=m11, version=1) not found',
    },
    refused('are named by a whole number', get('m', 'x'), "Parameter 'version' must be an integer, got 'x'."),
    {
      title: 'and no number is too great to be told that there is none',
      first: [create('m12')],
      request: get('m12', '9'.repeat(40)),
      status: 404,
      answer: /^Model Version \(name=m12, version=\w+\) not found$/,
    },
    {
      title: 'and none is made of a model that is not there',
      request: version('not there'),
      status: 404,
      answer: 'Registered Model with name=not there not found',
    },
  ],
  { model: true },
);

/** Sources that must be refused, with what else the request says. From the advisories that the reference lists. */
testRows(
  'a source',
  ({ run, model, experiment }) => {
    const sources: readonly (readonly [string, object?])[] = [
      ['file:///etc/'],
      ['/etc/'],
      ['file://./etc'],
      ['file://host/share'],
      ['//proc/self/root'],
      ['etc'],
      ['../etc'],
      ['C:\\secret'],
      ['\\..\\..\\x'],
      ['file:///etc', { run_id: run }],
      ['/etc', { run_id: run }],
      ['http://host/../../'],
      ['http://169.254.169.254/latest'],
      ['https://host/api/2.0/mlflow-artifacts/artifacts/../../x'],
      ['ftp://host/model'],
      ['hdfs://host/model'],
      ['s3://bucket/a/../../b'],
      ['s3://bucket/%2e%2e/b'],
      ['s3://bucket/%252e%252e%252fb'],
      ['s3://bucket/a#b'],
      ['s3://bucket/a?b'],
      ['s3://bucket/a;b'],
      ['s3://bucket/%00'],
      [`mlflow-artifacts:/${experiment}/${run}/artifacts/model`],
      [`mlflow-artifacts:/${experiment}/${run}/artifacts/../../x`, { run_id: run }],
      [`mlflow-artifacts:/${experiment}/${run}/artifactsX`, { run_id: run }],
      [`mlflow-artifacts:/${experiment}`, { run_id: run }],
      [`mlflow-artifacts://host/${experiment}/${run}/artifacts/model`, { run_id: run }],
      [`mlflow-artifacts:/${experiment}/${run}/artifacts/model`, { run_id: '0'.repeat(32) }],
      [`mlflow-artifacts:/${experiment}/${run}/artifacts/model`, { model_id: model }],
      [`runs:/${run}/model`],
      [`runs:/${run}/../x`, { run_id: run }],
      [`runs://host/${run}/model`, { run_id: run }],
      [`runs:/${run}/model`, { run_id: run, model_id: model }],
      ['runs:/', { run_id: run }],
      [`models:/${model}`],
      [`models:/${model}`, { model_id: `m-${'0'.repeat(32)}` }],
      [`models:/m-${'0'.repeat(32)}`, { model_id: `m-${'0'.repeat(32)}` }],
      [`models://host/${model}`, { model_id: model }],
      ['models:/'],
      ['models:/a/b/c'],
      ['models:/source/1', { run_id: 'another' }],
      ['models:/prompt/1'],
      ['x'.repeat(2_049)],
      ['file:///etc', { tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] }],
      [`runs:/${run}/x`, { run_id: run, tags: [{ key: 'mlflow.prompt.is_prompt', value: 'TRUE' }] }],
    ];
    return sources.map(([source, more], index) => {
      const name = `source ${index}`;
      const promptTags = { tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] };
      const named = source.includes('models:/source/')
        ? [create('source'), version('source')]
        : source.includes('models:/prompt/')
          ? [create('prompt'), version('prompt', { source: 'dummy-source', ...promptTags })]
          : [];
      return refused(
        `is not ${source.slice(0, 60)} ${Object.keys(more ?? {})}`,
        version(name, { source, ...more }),
        /./,
        [create(name), ...named],
      );
    });
  },
  { model: true },
);

testRows(
  'a good source',
  ({ run, model, experiment }) => {
    const sources: readonly (readonly [string, object?])[] = [
      ['s3://bucket/a b/ü'],
      ['gs://bucket/model', { run_id: 'unknown' }],
      [`mlflow-artifacts:/${experiment}/${run}/artifacts/model`, { run_id: run }],
      [`mlflow-artifacts:/${experiment}/models/${model}/artifacts`, { model_id: model }],
      [`runs:/${run}/model`, { run_id: run }],
      [`models:/${model}`, { model_id: model, run_id: run }],
      ['dummy-source', { tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] }],
    ];
    return sources.map(([source, more], index) => ({
      title: `is ${source.slice(0, 60)}`,
      first: [create(`good ${index}`)],
      request: version(`good ${index}`, { source, ...more }),
      status: 200,
      answer: ({ model_version: made }: Json) => assert.equal(made.source, source),
      events: ['model-version.create'],
    }));
  },
  { model: true },
);

testRows('a prompt', () => {
  const isPrompt = { tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] };
  const first = (name: string): Request[] => [
    ['POST', 'registered-models/create', { name, ...isPrompt }],
    version(name, { source: 'dummy-source', ...isPrompt }),
  ];
  const file = (name: string) => query('/model-versions/get-artifact', { name, version: '1', path: 'x' });
  const untag: Request = [
    'DELETE',
    'model-versions/delete-tag',
    { name: 'p2', version: '1', key: 'mlflow.prompt.is_prompt' },
  ];
  return [
    refused('has no files', file('p1'), 'A prompt has no files.', first('p1')),
    refused('has none when it is called a model, either', file('p2'), 'A prompt has no files.', [
      ...first('p2'),
      untag,
    ]),
  ];
});

testRows('a search of versions', ({ name, run }) => {
  const own = (word: string) => `${name} ${word}`;
  const first = [
    create(own('a')),
    create(own('b')),
    version(own('a'), { run_id: run, tags: [{ key: 't', value: 'x' }] }),
    version(own('a'), { source: 's3://bucket/other' }),
    version(own('b')),
    stage(own('a'), '1', 'Staging'),
  ];
  const search = (values: Record<string, string>) => query('model-versions/search', values);
  const row = (title: string, filter: string, found: readonly string[], order?: string): Row => ({
    ...{ title, first, status: 200 },
    request: search({ filter, ...(order !== undefined && { order_by: order }) }),
    answer: ({ model_versions: versions = [] }: Json) =>
      assert.deepEqual(
        versions.map((one: Json) => `${one.name.slice(name.length + 1)}${one.version}`),
        found,
      ),
  });
  const all = `name LIKE '${name} %'`;
  return [
    row('by name, the greatest number first', all, ['a2', 'a1', 'b1'], 'name ASC'),
    row('by number', all, ['a1', 'b1', 'a2'], 'version_number ASC'),
    row('the last changed first', `name = '${own('a')}'`, ['a1', 'a2'], 'last_updated_timestamp DESC'),
    row('by run', `run_id = '${run}'`, ['a1']),
    row('by several runs', `${all} AND run_id IN ('${run}', 'x')`, ['a1']),
    row('by another run than', `name = '${own('a')}' AND run_id != '${run}'`, ['a2']),
    row('by source', `${all} AND source_path LIKE '%other'`, ['a2']),
    row('by its number', `${all} AND version_number >= 2`, ['a2']),
    row('by its number as text', `${all} AND version_number = '2'`, ['a2']),
    row('by tag', `${all} AND tags.t = 'x'`, ['a1']),
    ...[
      ['version_number = 1.5', /Invalid value for numeric attribute 'version_number'/],
      ["version_number = 'x'", /Invalid value for numeric attribute 'version_number'/],
      ["version_number LIKE '1'", /Invalid/],
      ["source_path IN ('x')", /./],
      ["current_stage = 'Production'", /Invalid attribute key/],
    ].map(([filter, message]) =>
      refused(`refuses ${filter}`, search({ filter: filter as string }), message as RegExp),
    ),
    refused('refuses pages of none', search({ max_results: '0' }), /positive integer/),
    refused('refuses pages without end', search({ max_results: '200001' }), /at most 200000/),
  ];
});
