import assert from 'node:assert/strict';
import { it } from 'node:test';
import { schemaSummary } from './schema-summary.ts';

it('tells the columns of frames and arrays, and none of anything else', () => {
  const tensor = { 'tensor-spec': { dtype: 'float64', shape: [-1, 4] } };
  const rows: readonly (readonly [
    schema: unknown,
    columns: readonly (readonly [string, string])[] | null,
  ])[] = [
    [
      {
        mlflow_colspec: [
          { type: 'double', name: 'x', required: true },
          { type: { type: 'array' }, name: 7 },
          {},
        ],
      },
      [
        ['x', 'double'],
        ['7', 'object'],
        ['2', 'object'],
      ],
    ],
    [
      { mlflow_tensorspec: { features: JSON.stringify([tensor]), targets: null } },
      [['features', 'float64[-1, 4]']],
    ],
    [
      { mlflow_tensorspec: { features: [{ ...tensor, name: 'a' }], targets: '[{}]' } },
      [
        ['a', 'float64[-1, 4]'],
        ['targets', 'tensor'],
      ],
    ],
    [{ mlflow_tensorspec: { features: '{', targets: 5 } }, []],
    [{ mlflow_colspec: 5 }, null],
    [{ mlflow_tensorspec: null }, null],
    [[], null],
    ['x', null],
    [null, null],
  ];
  for (const [schema, columns] of rows) {
    const found = schemaSummary(JSON.stringify(schema));
    const pairs = found?.columns.map(({ name, type }) => [name, type]) ?? null;
    assert.deepEqual(pairs, columns, JSON.stringify(schema));
  }
  for (const text of [undefined, '', '{', 'x']) assert.equal(schemaSummary(text), null);
});

it('counts all columns and shows the first hundred', () => {
  const columns = Array.from({ length: 300 }, (_, index) => ({ name: `c${index}`, type: 'long' }));
  const found = schemaSummary(JSON.stringify({ mlflow_colspec: columns }));
  assert.deepEqual([found?.columns.length, found?.columns.at(-1)?.name, found?.total], [100, 'c99', 300]);
});
