/** Schemas and statistics as MLflow's clients and OpenLineage's producers really write them, read into one shape. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { facetSchema, facetStatistics, facetWords } from './facet-shape.ts';
import { mlflowProfile, mlflowSchema } from './mlflow-shape.ts';
import { mergedStatistics, placedFields } from './shape.ts';

const tensor = { 'tensor-spec': { dtype: 'float64', shape: [-1, 4] } };
/** What is told, without what is not. */
const told = (value: unknown) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

describe('schemas of MLflow', () => {
  const rows: readonly (readonly [what: string, schema: unknown, fields: unknown])[] = [
    [
      'a data frame',
      {
        mlflow_colspec: [
          { type: 'double', name: 'x', required: true },
          { type: 'string', name: 'y', required: false },
          { name: 7 },
          {},
        ],
      },
      [
        { name: 'x', type: 'double', nullable: false },
        { name: 'y', type: 'string', nullable: true },
        { name: '7', type: 'object' },
        { name: '3', type: 'object' },
      ],
    ],
    [
      'lists, maps and objects',
      {
        mlflow_colspec: [
          { name: 'tags', type: 'array', items: { type: 'string' }, required: true },
          { name: 'sizes', type: 'map', values: { type: 'long' } },
          {
            name: 'messages',
            type: 'array',
            items: { type: 'object', properties: { role: { type: 'string', required: true } } },
          },
          { name: 'nested', type: { type: 'array', items: { type: 'long' } } },
        ],
      },
      [
        { name: 'tags', type: 'array<string>', nullable: false },
        { name: 'sizes', type: 'map<long>' },
        {
          name: 'messages',
          type: 'array<object>',
          fields: [{ name: 'role', type: 'string', nullable: false }],
        },
        { name: 'nested', type: 'array<long>' },
      ],
    ],
    [
      'arrays, their specs written as text',
      { mlflow_tensorspec: { features: JSON.stringify([tensor]), targets: null } },
      [{ name: 'features', type: 'float64[-1, 4]' }],
    ],
    [
      'arrays by name',
      { mlflow_tensorspec: { features: [{ ...tensor, name: 'a' }], targets: '[{}]' } },
      [
        { name: 'a', type: 'float64[-1, 4]' },
        { name: 'targets', type: 'tensor' },
      ],
    ],
    ['arrays of no spec', { mlflow_tensorspec: { features: '{', targets: 5 } }, []],
    ['no list', { mlflow_colspec: 5 }, undefined],
    ['no spec', { mlflow_tensorspec: null }, undefined],
    ['a list', [], undefined],
    ['a text', 'x', undefined],
    ['null', null, undefined],
  ];
  for (const [what, schema, fields] of rows) {
    it(`tells ${what}`, () => assert.deepEqual(told(mlflowSchema(JSON.stringify(schema))), fields));
  }
  it('tells nothing of what is no JSON', () => {
    for (const text of [undefined, '', '{', 'x']) assert.equal(mlflowSchema(text), undefined);
  });
});

describe('profiles of MLflow', () => {
  const rows: readonly (readonly [what: string, profile: unknown, statistics: unknown])[] = [
    [
      'pandas and polars',
      { num_rows: 150, num_elements: 600 },
      { rows: 150, columns: [], others: [{ name: 'num_elements', value: '600' }] },
    ],
    [
      'Hugging Face',
      { num_rows: 10, dataset_size: 2048, size_in_bytes: 4096 },
      { rows: 10, bytes: 2048, columns: [] },
    ],
    [
      'NumPy',
      { features_shape: [60, 28, 28], features_size: 47040, features_nbytes: 376320, targets_nbytes: 480 },
      {
        ...{ rows: 60, bytes: 376_800, columns: [] },
        others: [
          { name: 'features_shape', value: '[60,28,28]' },
          { name: 'features_size', value: '47040' },
        ],
      },
    ],
    [
      'NumPy by name, whose lengths differ',
      { features_shape: { a: [3, 2], b: [4] } },
      { columns: [], others: [{ name: 'features_shape', value: '{"a":[3,2],"b":[4]}' }] },
    ],
    [
      'Spark',
      { approx_count: 1000 },
      { rows: 1000, columns: [], others: [{ name: 'row count', value: 'approximate' }] },
    ],
    [
      'Spark whose count timed out',
      { approx_count: 'unknown' },
      { columns: [], others: [{ name: 'approx_count', value: 'unknown' }] },
    ],
    ['nothing', {}, undefined],
    ['a wrong number', { num_rows: -1 }, undefined],
  ];
  for (const [what, profile, statistics] of rows) {
    it(`tells ${what}`, () => assert.deepEqual(told(mlflowProfile(JSON.stringify(profile))), statistics));
  }
});

describe('facets of OpenLineage', () => {
  const facets = (given: Record<string, unknown>) =>
    new Map(Object.entries(given).map(([key, value]) => [key, JSON.stringify(value)]));

  it('tells fields, those inside them, and their order', () => {
    const schema = {
      fields: [
        { name: 'b', type: 'STRUCT', ordinal_position: 2, fields: [{ name: 'c', type: 'INT' }] },
        { name: 'a', type: 'BIGINT', description: 'key', ordinal_position: 1 },
        { type: 'INT', ordinal_position: 3 },
      ],
    };
    const fields = facetSchema(JSON.stringify(schema));
    assert.deepEqual(told(fields), [
      { name: 'a', type: 'BIGINT', description: 'key' },
      { name: 'b', type: 'STRUCT', fields: [{ name: 'c', type: 'INT' }] },
    ]);
    assert.deepEqual(
      placedFields(fields!).map(({ path }) => path),
      ['a', 'b', 'b.c'],
    );
    for (const other of [{}, { fields: 5 }, [], null]) {
      assert.equal(facetSchema(JSON.stringify(other)), undefined);
    }
  });

  it('tells figures of the whole and of columns', () => {
    const found = facetStatistics(
      facets({
        dataQualityMetrics: {
          rowCount: 1,
          bytes: 30210,
          columnMetrics: {
            months: {
              nullCount: 0,
              distinctCount: 60,
              min: 0,
              max: 71.5,
              sum: 31000.5,
              quantiles: { '0.5': 21 },
            },
            day: { min: '2026-01-01', max: '2026-03-01', count: 'many' },
          },
        },
        outputStatistics: { rowCount: 1180, size: 20440, fileCount: 4 },
      }),
    );
    assert.deepEqual(told(found), {
      ...{ rows: 1180, bytes: 20440, files: 4 },
      columns: [
        { name: 'months', nulls: 0, distinct: 60, sum: 31000.5, min: 0, max: 71.5, quantiles: { '0.5': 21 } },
        { name: 'day', min: '2026-01-01', max: '2026-03-01' },
      ],
    });
    assert.equal(facetStatistics(facets({ dataQualityMetrics: { columnMetrics: [] } })), undefined);
  });

  it('tells what a dataset is called, whose it is and of what kind', () => {
    const words = facetWords(
      facets({
        documentation: { description: 'Orders.' },
        ownership: { owners: [{ name: 'team:sales', type: 'OWNER' }, { name: 'eve' }] },
        tags: {
          tags: [
            { key: 'pii', value: 'true' },
            { key: 'gdpr', value: 'x', field: 'name' },
          ],
        },
        storage: { storageLayer: 'delta', fileFormat: 'parquet' },
        lifecycleStateChange: { lifecycleStateChange: 'OVERWRITE' },
      }),
    );
    assert.deepEqual(told(words), {
      ...{ description: 'Orders.', owner: 'team:sales, eve', tags: [{ key: 'pii', value: 'true' }] },
      facts: [
        { name: 'Storage', value: 'delta · parquet' },
        { name: 'Last change', value: 'OVERWRITE' },
      ],
    });
  });
});

it('puts figures together: what is told first wins, columns where most are told', () => {
  const merged = mergedStatistics([
    { rows: 1, columns: [{ name: 'a' }], others: [{ name: 'n', value: '1' }] },
    {
      rows: 2,
      bytes: 3,
      columns: [{ name: 'a', min: 0 }, { name: 'b' }],
      others: [{ name: 'n', value: '2' }],
    },
  ]);
  assert.deepEqual(told(merged), {
    ...{ rows: 1, bytes: 3, columns: [{ name: 'a', min: 0 }, { name: 'b' }] },
    others: [{ name: 'n', value: '1' }],
  });
});
