import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSearch, runsSearchOf, stringifySearch } from './urls.ts';

test('the state of a run table survives its URL, readable', () => {
  const search = {
    filter: "metrics.`val/loss`.min < 0.1 and params.a = 'x&y+z%'",
    sort: '-metrics.val/loss.min',
    cols: 'run.state,metrics.val/loss.min:high',
    view: 'deleted' as const,
  };
  const text = stringifySearch(search);
  assert.match(text, /&cols=run\.state,metrics\.val\/loss\.min:high&/);
  assert.deepEqual(runsSearchOf(parseSearch(text)), search);
});

test('defaults and nonsense leave no trace', () => {
  assert.deepEqual(runsSearchOf({ project: 'default', filter: ' ', view: 'all', sort: 3 }), {});
});
