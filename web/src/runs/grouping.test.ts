import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupFieldsOf, groupFilter, groupText, offeredFields } from './grouping.ts';

test('what a link groups by; what is no field is left out, and a third', () => {
  const fields = groupFieldsOf('params.lr,nothing,run.state,tags.team');
  assert.deepEqual(
    fields.map(({ token, field }) => [token, field]),
    [
      ['params.lr', 'params.lr'],
      ['run.state', 'attributes.status'],
    ],
  );
  assert.deepEqual(groupFieldsOf(groupText(['params.a,b']))[0]!.title, 'a,b');
  assert.equal(groupText([]), undefined);
});

test('the runs of a group are those of a filter', () => {
  const fields = groupFieldsOf('params.val/lr,tags.team');
  assert.equal(
    groupFilter('metrics.loss < 1', fields, ['0.1', null]),
    "metrics.loss < 1 and params.`val/lr` = '0.1' and tags.team IS NULL",
  );
  assert.equal(groupFilter('', fields, [`'"`, 'x']), undefined);
});

test('the columns of the table offer themselves', () => {
  const offered = offeredFields([{ scope: 'param', key: 'lr' }], groupFieldsOf('tags.team'));
  assert.deepEqual(
    offered.map(({ token }) => token),
    ['tags.team', 'params.lr', 'run.state', 'run.user'],
  );
});
