import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalDataset } from './canonical-dataset.ts';
import { canonicalUri } from './canonical-uri.ts';

/** Texts that name one place, and its spelling; undefined: no place. */
const spellings: readonly (readonly [canonical: string | undefined, ...written: string[]])[] = [
  [
    'file:///data/a.csv',
    '/data/a.csv',
    '/data//b/../a.csv',
    'file:///data/a.csv',
    'file:/data/a.csv',
    'FILE://localhost/data/a.csv',
    'file:////data/a.csv',
  ],
  ['file:///a.csv', '/../a.csv'],
  ['file:///data/a b.csv', 'file://localhost/data/a%20b.csv', '/data/a b.csv'],
  ['file:///data/a%2520b.csv', '/data/a%20b.csv', 'file:///data/a%2520b.csv'],
  ['file:///data/a%25zz.csv', 'FILE:///data/a%zz.csv', '/data/a%zz.csv'],
  ['file://host/data', 'file://host/data/', 'FILE://HOST/data'],
  ['file:///C:/data/a.csv', 'C:\\data\\a.csv', 'C:/data/a.csv', 'file:///C:/data/a.csv'],
  ['s3://Bucket/Key', 's3://Bucket/Key/'],
  ['s3://bucket//key', 'S3A://bucket//key', 's3n://bucket//key/'],
  ['s3://bucket/key', 's3n://id:secret@bucket/key', 's3://id:sec/ret@bucket/key'],
  ['s3://arn:aws:s3:eu-west-1:1:accesspoint/p/a@b', 's3://arn:aws:s3:eu-west-1:1:accesspoint/p/a@b'],
  ['s3://bucket/a%20b', 's3://bucket/a%20b'],
  ['gs://bucket/key', 'gcs://bucket/key', 'GS://bucket/key'],
  [
    'abfss://box@account.dfs.core.windows.net/A',
    'abfss://box@account.dfs.core.windows.net/A',
    'abfs://Box@Account.dfs.core.windows.net/A/',
  ],
  ['wasbs://box@account.blob.core.windows.net/a', 'wasb://box@account.blob.core.windows.net/a'],
  ['hdfs://nn:8020/warehouse/t', 'HDFS://NN:8020/warehouse/t/'],
  ['dbfs:/mnt/a', 'dbfs:/mnt/a/'],
  ['https://example.org/a?b=1', 'HTTPS://User:Secret@Example.org:443/a?b=1#c'],
  [
    'postgres://db.example/shop.public.orders',
    'postgresql://me:secret@DB.example:5432/shop.public.orders',
    'postgres://db.example/shop.public.orders',
  ],
  ['postgres://db.example:5433/shop.public.Orders', 'postgres://db.example:5433/shop.public.Orders'],
  ['kafka://a:9092,b:9092/t', 'kafka://A:9092,B:9092/t'],
  ['postgres://[::1]/t', 'postgres://[::1]:05432/t'],
  ['mssql://h/db.dbo.T', 'sqlserver://H:1433/db.dbo.T'],
  ['snowflake://org-acct/DB.S.T', 'snowflake://ORG-ACCT/DB.S.T'],
  ['inmemory://Store/T', 'inmemory://Store/T'],
  [
    undefined,
    'http://',
    'data/a.csv',
    './a.csv',
    '',
    'data\\a.csv',
    '/a\0b',
    'file:///a%00b',
    '/\ud800',
    `/${'a'.repeat(5_000)}`,
  ],
];

/** OpenLineage's names, and how other faces name the same. */
const datasets: readonly (readonly [namespace: string, name: string, canonical: string | undefined])[] = [
  ['s3://bucket', 'warehouse/churn', 's3://bucket/warehouse/churn'],
  ['s3://bucket', '/warehouse/churn', 's3://bucket/warehouse/churn'],
  ['s3a://bucket/', 'warehouse/churn', 's3://bucket/warehouse/churn'],
  ['s3://bucket', '/', 's3://bucket'],
  ['gs://bucket', 'a/b', 'gs://bucket/a/b'],
  ['abfss://c@a.dfs.core.windows.net', 'x/y', 'abfss://c@a.dfs.core.windows.net/x/y'],
  ['wasbs://c@a.blob.core.windows.net', 'x', 'wasbs://c@a.blob.core.windows.net/x'],
  ['hdfs://nn:8020', '/warehouse/t', 'hdfs://nn:8020/warehouse/t'],
  ['file', '/data/a.csv', 'file:///data/a.csv'],
  ['file://', '/data/100%.csv', canonicalUri('/data/100%.csv')],
  ['file:/', '/data/a.csv', 'file:///data/a.csv'],
  ['file://nas', '/data/a.csv', 'file://nas/data/a.csv'],
  ['file', 'data/a.csv', undefined],
  ['dbfs', '/mnt/a', 'dbfs:/mnt/a'],
  ['dbfs://workspace', '/mnt/a', 'dbfs://workspace/mnt/a'],
  ['postgres://db:5432', 'shop.public.orders', 'postgres://db/shop.public.orders'],
  ['mysql://h:3306', 'shop.orders', 'mysql://h/shop.orders'],
  ['mssql://h:1433', 'd.dbo.t', 'mssql://h/d.dbo.t'],
  ['oracle://h:1521', 'xe.hr.t', 'oracle://h/xe.hr.t'],
  ['redshift://c.eu-west-1:5439', 'd.s.t', 'redshift://c.eu-west-1/d.s.t'],
  ['snowflake://org-acct', 'DB.S.T', 'snowflake://org-acct/DB.S.T'],
  ['bigquery', 'p.d.t', 'bigquery:p.d.t'],
  ['trino://h:8080', 'c.s.t', 'trino://h:8080/c.s.t'],
  ['hive://h:10000', 'd.t', 'hive://h/d.t'],
  ['cassandra://h:9042', 'k.t', 'cassandra://h/k.t'],
  ['kafka://broker:9092', 'topic', 'kafka://broker/topic'],
  ['pubsub', 'topic:p:t', 'pubsub:topic:p:t'],
  ['arn:aws:glue:eu-west-1:123', 'table/d/t', 'arn:aws:glue:eu-west-1:123:table/d/t'],
  ['unitycatalog://h', 'c.s.t', 'unitycatalog://h/c.s.t'],
  ['awsathena://athena.eu-west-1.amazonaws.com', 'c.d.t', 'awsathena://athena.eu-west-1.amazonaws.com/c.d.t'],
  ['azurecosmos://h/dbs/d', 'colls/t', 'azurecosmos://h/dbs/d/colls/t'],
  ['mongodb://h:27017', 'd.c', 'mongodb://h/d.c'],
  ['milvus://h:19530', 'c', 'milvus://h:19530/c'],
  ['food_delivery', 'public.orders', 'namespace://food_delivery/public.orders'],
  ['my space', 'a/b?', 'namespace://my%20space/a%2Fb%3F'],
  ['', 'a', undefined],
  ['a', '', undefined],
  ['\ud800', 'a', undefined],
];

describe('the spelling of places', () => {
  it('is one for equal places, in the ways people write them', () => {
    for (const [canonical, ...texts] of spellings) {
      for (const text of texts) assert.equal(canonicalUri(text), canonical, text);
    }
    const distinct = spellings.map(([canonical]) => canonical);
    assert.equal(new Set(distinct).size, distinct.length);
  });

  it("is the same for OpenLineage's namespace and name", () => {
    for (const [namespace, name, canonical] of datasets) {
      assert.equal(canonicalDataset(namespace, name), canonical, `${namespace} ${name}`);
    }
  });

  const part = fc.oneof(
    fc.constantFrom(
      'a',
      'A',
      'b',
      '%',
      '%20',
      '%2520',
      '..',
      '.',
      ' ',
      '@',
      ':',
      '//',
      'ü',
      '\ud800',
      'arn:',
      '?',
      '#',
      '\\',
      ':5432',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const path = fc.array(fc.oneof(part, fc.constant('/')), { maxLength: 8 }).map((parts) => parts.join(''));
  const scheme = fc.constantFrom(
    '',
    '/',
    'file:',
    'file://',
    's3://',
    'S3A://',
    'gs://',
    'abfss://',
    'hdfs://',
    'postgres://',
    'POSTGRESQL://',
    'https://',
    'HTTP:',
    'dbfs:',
    'x-y:',
    'x-y://',
    'table:',
    'C:\\',
    'kafka://',
    'constructor://',
    '__proto__://',
  );
  const text = fc.tuple(scheme, path).map(([head, tail]) => head + tail);

  it('is spelt as it is spelt, and never fails', () => {
    fc.assert(
      fc.property(text, (written) => {
        const once = canonicalUri(written);
        if (once === undefined) return;
        assert.equal(canonicalUri(once), once);
        assert.ok(once.length <= 4_096);
      }),
      { numRuns: 20_000 },
    );
    const namespace = fc.oneof(
      text,
      part,
      fc.constantFrom('file', 'bigquery', 'dbfs', 'arn:aws:glue:r:1', 's3://b'),
    );
    fc.assert(
      fc.property(namespace, path, (space, name) => {
        const once = canonicalDataset(space, name);
        if (once !== undefined) assert.equal(canonicalUri(once), once);
      }),
      { numRuns: 20_000 },
    );
  });

  it('drops credentials', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9+]{1,12}$/);
    const heads = fc.constantFrom('s3://', 'postgres://', 'https://', 'mongodb://', 'x-y://');
    fc.assert(
      fc.property(heads, word, (head, secret) => {
        assert.equal(canonicalUri(`${head}me:SECRET${secret}@host/path`), canonicalUri(`${head}host/path`));
      }),
    );
  });

  it('keeps different places apart', () => {
    // Paths of plain letters: no two of them are one place.
    const plain = fc
      .array(
        fc.stringMatching(/^[A-Za-z0-9_.-]{1,4}$/).filter((name) => !/^\.+$/.test(name)),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join('/'));
    const root = fc.constantFrom(
      's3://b',
      's3://B',
      'gs://b',
      'file',
      'hdfs://h:1',
      'postgres://h:1',
      'postgres://h',
      'bigquery',
      'kafka://h',
      'warehouse',
      'Warehouse',
      'x://b',
    );
    fc.assert(
      fc.property(fc.tuple(root, plain), fc.tuple(root, plain), (one, two) => {
        const of = ([space, name]: readonly [string, string]) =>
          canonicalDataset(space, space === 'file' ? `/${name}` : name);
        assert.equal(of(one) === of(two), one[0] === two[0] && one[1] === two[1]);
      }),
      { numRuns: 5_000 },
    );
  });
});
