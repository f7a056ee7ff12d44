import assert from 'node:assert/strict';
import { it } from 'node:test';
import { locationOf } from './source-location.ts';

it("reads the sources that MLflow's clients write", () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const rows: readonly (readonly [type: string, source: unknown, canonical?: string, version?: string])[] = [
    ['local', { uri: '/tmp/x.csv' }, 'file:///tmp/x.csv'],
    ['s3', { uri: 's3://b/k' }, 's3://b/k'],
    ['http', { url: 'https://u:p@x.org/a?b#c' }, 'https://x.org/a?b'],
    ['code', { tags: { 'mlflow.user': 'ada' } }],
    ['hugging_face', { path: 'squad', revision: 'main' }, 'hf://datasets/squad'],
    [
      'hugging_face',
      { path: 'glue', config_name: 'sst2', revision: commit },
      'hf://datasets/glue/sst2',
      commit,
    ],
    ['hugging_face', { path: 'csv', data_files: '/data/a.csv' }, 'file:///data/a.csv'],
    ['hugging_face', { path: 'csv', data_files: ['/a.csv', '/b.csv'] }],
    ['hugging_face', { path: './mine' }],
    ['delta_table', { path: 's3://b/t', delta_table_version: 7 }, 's3://b/t', '7'],
    ['delta_table', { delta_table_name: 'c.s.t', delta_table_version: 0 }, 'table:c.s.t', '0'],
    ['spark', { table_name: 'db.t' }, 'table:db.t'],
    ['spark', { sql: 'SELECT 1' }],
    ['uc_volume', { path: '/Volumes/c/s/v/a.csv' }, 'file:///Volumes/c/s/v/a.csv'],
    ['mine', { uri: 5 }],
    ['mine', { uri: '/a\0b' }],
    ['mine', { uri: 'file:///a%00b' }],
    ['mine', ['/a']],
    ['mine', 'text'],
    ['mine', null],
  ];
  for (const [type, source, canonical, version] of rows) {
    const found = locationOf(type, JSON.stringify(source));
    assert.deepEqual([found?.canonical, found?.version], [canonical, version], JSON.stringify(source));
  }
  for (const text of ['', '{', '['.repeat(60_000), '{"uri":"\\ud800"}']) {
    assert.equal(locationOf('local', text), undefined);
  }
});
