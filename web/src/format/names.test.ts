import assert from 'node:assert/strict';
import { it } from 'node:test';
import { shortName } from './names.ts';

it('leaves of a path what tells it apart', () => {
  const cases = [
    ['/srv/lake/data/churn/train.parquet', '…/churn/train.parquet'],
    ['s3://bucket/a/b/c.csv', '…/b/c.csv'],
    ['s3://bucket/churn', 's3://bucket/churn'],
    ['/tmp/a.csv', '/tmp/a.csv'],
    ['shop.orders', 'shop.orders'],
    ['team/churn/features/v2', 'team/churn/features/v2'],
    ['/srv/lake/data/churn/', '…/data/churn'],
    ['', ''],
  ];
  for (const [name, short] of cases) assert.equal(shortName(name!), short);
});
