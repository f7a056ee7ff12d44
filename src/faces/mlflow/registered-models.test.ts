import assert from 'node:assert/strict';
import { type Request, type Row, testRows } from '../../../test/mlflow/mlflow-rows.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Json = any;

/** Rows of one block share a store: each has a model of its own name. */
const create = (name: string, more: object = {}): Request => [
  'POST',
  'registered-models/create',
  { name, ...more },
];
const version = (name: string): Request => [
  'POST',
  'model-versions/create',
  { name, source: 's3://bucket/model' },
];
const query = (path: string, values: Record<string, string>): Request => [
  'GET',
  `${path}?${new URLSearchParams(values)}`,
];
const get = (name: string) => query('registered-models/get', { name });
const names = (json: Json): string[] => (json.registered_models ?? []).map((model: Json) => model.name);
const refused = (title: string, request: Request, answer: string | RegExp, first: Request[] = []): Row => ({
  ...{ title, request, answer, first },
  status: 400,
});

testRows('registered models', () => [
  {
    title: 'are made of a name, a description and tags',
    request: create('made', {
      description: 'größer',
      tags: [
        { key: 'b', value: '2' },
        { key: 'a', value: '1' },
        { key: 'b', value: '3' },
      ],
    }),
    status: 200,
    answer: ({ registered_model: model }: Json) => {
      assert.ok(model.creation_timestamp > 0 && model.last_updated_timestamp === model.creation_timestamp);
      assert.deepEqual([model.name, model.description], ['made', 'größer']);
      assert.deepEqual(model.tags, [
        { key: 'a', value: '1' },
        { key: 'b', value: '3' },
      ]);
      assert.deepEqual([model.latest_versions, model.aliases], [undefined, undefined]);
    },
    events: ['registered-model.create'],
  },
  {
    title: 'have one name each',
    first: [create('twice')],
    request: create('twice'),
    status: 400,
    answer: 'Registered Model (name=twice) already exists.',
  },
  {
    title: 'and a prompt cannot take the name of a model',
    first: [create('model or prompt')],
    request: create('model or prompt', { tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] }),
    status: 400,
    answer: /^Tried to create a prompt with name 'model or prompt'/,
  },
  ...['a/b', 'a:b', '.', '..'].map((name) =>
    refused(`are not called ${name}`, create(name), /Names cannot contain|must not resolve/),
  ),
  ...['', ' ', '\t'].map((name) =>
    refused(
      `are not called ${JSON.stringify(name)}`,
      create(name),
      /^Missing value for required parameter 'name'\./,
    ),
  ),
  {
    title: 'are found by exactly their name',
    first: [create('exact')],
    request: get('exact '),
    status: 404,
    answer: 'Registered Model with name=exact  not found',
  },
  {
    title: 'whose escapes are letters like any other',
    first: [create('a%2Fc')],
    request: get('a%2Fc'),
    status: 200,
    answer: ({ registered_model: model }: Json) => assert.equal(model.name, 'a%2Fc'),
  },
  {
    title: 'are described, and described no more',
    first: [create('described', { description: 'before' })],
    request: ['PATCH', 'registered-models/update', { name: 'described' }],
    status: 200,
    answer: ({ registered_model: model }: Json) => assert.equal(model.description, undefined),
    events: ['registered-model.update'],
  },
  {
    title: 'are renamed with their versions',
    first: [create('before'), version('before')],
    request: ['POST', 'registered-models/rename', { name: 'before', new_name: 'after' }],
    status: 200,
    answer: ({ registered_model: model }: Json) =>
      assert.deepEqual([model.name, model.latest_versions[0].name], ['after', 'after']),
    events: ['registered-model.rename'],
  },
  refused(
    'are not renamed to a name that is taken',
    ['POST', 'registered-models/rename', { name: 'one', new_name: 'other' }],
    'Registered Model (name=other) already exists.',
    [create('one'), create('other')],
  ),
  {
    title: 'are deleted with their versions',
    first: [create('gone'), version('gone'), ['DELETE', 'registered-models/delete', { name: 'gone' }]],
    request: query('model-versions/get', { name: 'gone', version: '1' }),
    status: 404,
    answer: 'Registered Model with name=gone not found',
  },
  {
    title: 'begin anew under a name that was deleted',
    first: [
      create('anew'),
      version('anew'),
      ['DELETE', 'registered-models/delete', { name: 'anew' }],
      create('anew'),
    ],
    request: version('anew'),
    status: 200,
    answer: ({ model_version: made }: Json) => assert.equal(made.version, '1'),
    events: ['model-version.create'],
  },
  {
    title: 'lose a tag that they do not have without a word',
    first: [create('untagged')],
    request: ['DELETE', 'registered-models/delete-tag', { name: 'untagged', key: 'none' }],
    status: 200,
    answer: {},
  },
  {
    title: 'take a tag',
    first: [create('tagged')],
    request: ['POST', 'registered-models/set-tag', { name: 'tagged', key: 'k', value: '' }],
    status: 200,
    answer: {},
    events: ['registered-model.tag'],
  },
  refused(
    'take no tag whose key could be a path',
    ['POST', 'registered-models/set-tag', { name: 'x', key: '../k', value: 'v' }],
    /Names may be treated as files/,
  ),
]);

const alias = (name: string, word: string, number = '1'): Request => [
  'POST',
  'registered-models/alias',
  { name, alias: word, version: number },
];
const byAlias = (name: string, word: string) => query('registered-models/alias', { name, alias: word });

testRows('aliases', () => [
  {
    title: 'name one version',
    first: [
      create('a1'),
      version('a1'),
      version('a1'),
      alias('a1', 'champion'),
      alias('a1', 'champion', '2'),
    ],
    request: byAlias('a1', 'champion'),
    status: 200,
    answer: ({ model_version: found }: Json) =>
      assert.deepEqual([found.version, found.aliases], ['2', ['champion']]),
  },
  {
    title: 'are told with their model',
    first: [create('a2'), version('a2'), alias('a2', 'b'), alias('a2', 'a')],
    request: get('a2'),
    status: 200,
    answer: ({ registered_model: model }: Json) =>
      assert.deepEqual(model.aliases, [
        { alias: 'a', version: '1' },
        { alias: 'b', version: '1' },
      ]),
  },
  {
    title: 'that name nothing are an error of the request',
    first: [create('a3')],
    request: byAlias('a3', 'none'),
    status: 400,
    answer: 'Registered model alias none not found.',
  },
  {
    title: 'know the latest without being set',
    first: [create('a4'), version('a4'), version('a4')],
    request: byAlias('a4', 'Latest'),
    status: 200,
    answer: ({ model_version: found }: Json) => assert.equal(found.version, '2'),
  },
  {
    title: 'are removed, once and again',
    first: [
      create('a5'),
      version('a5'),
      alias('a5', 'x'),
      ['DELETE', 'registered-models/alias', { name: 'a5', alias: 'x' }],
    ],
    request: ['DELETE', 'registered-models/alias', { name: 'a5', alias: 'x' }],
    status: 200,
    answer: {},
  },
  {
    title: 'go with the version they name',
    first: [
      create('a6'),
      version('a6'),
      alias('a6', 'x'),
      ['DELETE', 'model-versions/delete', { name: 'a6', version: '1' }],
    ],
    request: get('a6'),
    status: 200,
    answer: ({ registered_model: model }: Json) => assert.equal(model.aliases, undefined),
  },
  ...['latest', 'LATEST', 'v1', 'V22'].map((word) =>
    refused(`are not called ${word}`, alias('any', word), /reserved/),
  ),
  ...['a b', 'a/b', 'a.b', 'a\n', 'x'.repeat(256)].map((word) =>
    refused(
      `are not called ${JSON.stringify(word).slice(0, 20)}`,
      alias('any', word),
      /Names may only|maximum length/,
    ),
  ),
  {
    title: 'are set on versions that exist',
    first: [create('a7')],
    request: alias('a7', 'x'),
    status: 404,
    answer: 'Model Version (name=a7, version=1) not found',
  },
]);

const search = (values: Record<string, string>) => query('registered-models/search', values);
const prompt = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];

testRows('a search of registered models', ({ name }) => {
  const own = (word: string) => `${name} ${word}`;
  const first = [
    create(own('ab'), { tags: [{ key: 't', value: 'X' }] }),
    create(own('Ac'), { tags: [{ key: 't', value: 'y' }] }),
    create(own('prompt'), { tags: prompt }),
  ];
  const row = (title: string, values: Record<string, string>, found: readonly string[]): Row => ({
    ...{ title, first, request: search(values), status: 200 },
    answer: (json: Json) => assert.deepEqual(names(json), found.map(own)),
  });
  const like = `name LIKE '${name} %'`;
  return [
    row('finds models, not prompts, by name', { filter: like }, ['Ac', 'ab']),
    row('in either direction', { filter: like, order_by: 'name DESC' }, ['ab', 'Ac']),
    row('the last changed first', { filter: like, order_by: 'timestamp DESC' }, ['Ac', 'ab']),
    row('by case or without', { filter: `name ILIKE '${name} A%'` }, ['Ac', 'ab']),
    row('by a tag', { filter: `${like} AND tags.t = 'X'` }, ['ab']),
    row('by a tag that is another', { filter: `${like} AND tag.\`t\` != 'X'` }, ['Ac']),
    row('by one of several names', { filter: `name IN ('${own('ab')}', '${own('no')}')` }, ['ab']),
    row(
      'prompts where they are asked for',
      { filter: `${like} AND tags.\`mlflow.prompt.is_prompt\` = 'true'` },
      ['prompt'],
    ),
    row(
      'no prompts where they are not',
      { filter: `${like} AND tags.\`mlflow.prompt.is_prompt\` != 'true'` },
      ['Ac', 'ab'],
    ),
    {
      title: 'page by page',
      first,
      request: search({ filter: like, max_results: '1' }),
      status: 200,
      answer: (json: Json) => assert.equal(typeof json.next_page_token, 'string'),
    },
    ...[
      ['bogus = 1', /Invalid attribute key 'bogus'/],
      ["tags.t > 'x'", /Invalid comparator/],
      ["tags.t IN ('x')", /./],
      ["params.t = 'x'", /Invalid entity type/],
      ['name = 5', /Expected a quoted string value/],
    ].map(([filter, message]) =>
      refused(`refuses ${filter}`, search({ filter: filter as string }), message as RegExp),
    ),
    refused('refuses an order by what it does not know', search({ order_by: 'tags.t' }), /order_by|Invalid/),
    refused('refuses one field twice', search({ order_by: 'name ASC', filter: 'name =' }), /Invalid/),
    ...['0', '-1', '1001'].map((size) =>
      refused(`refuses pages of ${size}`, search({ max_results: size }), /max_results/),
    ),
    refused('refuses a token of another search', search({ page_token: 'eyJvZmZzZXQiOjF9' }), /page token/),
  ];
});
