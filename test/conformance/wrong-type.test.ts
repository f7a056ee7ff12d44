import assert from 'node:assert/strict';
import { it } from 'node:test';
import { get, post } from './call.ts';
import { exactly } from './exact-json.ts';
import { namesWrongType } from './wrong-type.ts';

const message = (path: string) =>
  `Invalid value … for parameter '${path}' supplied:  Hint: Value was of type 'x'.`;

it('knows a value that its field does not take', () => {
  const rows = [
    [post('runs/log-metric', { value: 'abc' }), 'value'],
    [post('runs/log-metric', { step: 1.5 }), 'step'],
    [post('runs/log-metric', { step: exactly('9223372036854775808') }), 'step'],
    [post('runs/log-batch', { metrics: [{}, { value: true }] }), 'metrics[1].value'],
    [post('runs/log-batch', { metrics: [null] }), 'metrics[0]'],
    [post('runs/log-batch', { params: [{ value: 5 }] }), 'params[0].value'],
    [post('runs/set-tag', { runId: 5 }), 'run_id'],
    [post('runs/update', { status: 'BOGUS' }), 'status'],
    [post('runs/search', { max_results: 2 ** 31 }), 'max_results'],
    [get('metrics/get-history', { max_results: 'x' }), 'max_results'],
  ] as const;
  for (const [call, path] of rows) assert.ok(namesWrongType(message(path), call), `${call.body} ${path}`);
});

it('does not excuse a server that refuses what fits, or names another field', () => {
  const rows = [
    [post('runs/log-metric', { value: '1.5' }), 'value'],
    [post('runs/log-metric', { value: 'NaN' }), 'value'],
    [post('runs/log-metric', { step: '3' }), 'step'],
    [post('runs/log-metric', { step: exactly('9223372036854775807') }), 'step'],
    [post('runs/set-tag', { value: '' }), 'value'],
    [post('runs/update', { status: 'KILLED' }), 'status'],
    [post('experiments/search', { max_results: 2 ** 31 }), 'max_results'],
    [post('runs/log-metric', { value: 'abc' }), 'timestamp'],
  ] as const;
  for (const [call, path] of rows) assert.ok(!namesWrongType(message(path), call), `${call.body} ${path}`);
  assert.ok(!namesWrongType('No such thing', post('runs/log-metric', { value: 'abc' })));
});
