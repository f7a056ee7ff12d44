import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AllowedDifference } from './allowed-differences.ts';
import { type Answer, get, post } from './call.ts';
import { allowedBy, differences } from './compare.ts';
import { exactly, parseJson } from './exact-json.ts';
import { normalise } from './normalise.ts';
import { Symbols } from './symbols.ts';

const json = (body: unknown, status = 200): Answer => ({
  status,
  contentType: 'application/json',
  text: typeof body === 'string' ? body : JSON.stringify(body),
});
const call = post('runs/search', {});

/** Fields in which two answers differ once the ids of both are known. */
function fieldsThatDiffer(real: Answer, cairn: Answer, of = call): string[] {
  const symbols = new Symbols();
  symbols.learn('run', 'a'.repeat(32), 'b'.repeat(32));
  symbols.learn('experiment', '12', '7');
  const [a, b] = [normalise(of, real, 'real', symbols), normalise(of, cairn, 'cairn', symbols)];
  return differences(of, a, b).map(({ field }) => field);
}

describe('what counts as alike', () => {
  it('ids, invented names, times of the server, tokens and the order of tags', () => {
    const answer = (run: string, experiment: string, name: string, time: number, token: string) => ({
      run_id: run,
      experiment_id: experiment,
      run_name: name,
      artifact_uri: `mlflow-artifacts:/${experiment}/${run}/artifacts`,
      experiments: [{ creation_time: time, last_update_time: time + 1 }],
      next_page_token: token,
      message: `No Experiment with id=${experiment} exists`,
    });
    const real = answer('a'.repeat(32), '12', 'shy-fox-3', 5, 'x');
    assert.deepEqual(
      fieldsThatDiffer(json(real), json(answer('b'.repeat(32), '7', 'sad-owl-77', 9, 'y'))),
      [],
    );
    const tags = [
      { key: 'b', value: '1' },
      { key: 'a', value: '2' },
    ];
    assert.deepEqual(fieldsThatDiffer(json({ tags }), json({ tags: tags.toReversed() })), []);
  });

  it('sets that Python prints', () => {
    const message = (set: string) => json({ message: `Valid keys are '{${set}}'` });
    assert.deepEqual(fieldsThatDiffer(message("'a', 'b'"), message("'b', 'a'")), []);
  });
});

describe('what differs', () => {
  it('a status, and then nothing else is told', () =>
    assert.deepEqual(fieldsThatDiffer(json({ a: 1 }), json({ b: 1 }, 400)), ['status']));

  it('a place in the body, a missing field, a type', () => {
    const real = json({ runs: [{ info: { status: 'RUNNING', end_time: 1 } }] });
    const cairn = json({ runs: [{ info: { status: 'FINISHED', end_time: '1', extra: null } }] });
    assert.deepEqual(fieldsThatDiffer(real, cairn), [
      'body.runs[].info.status',
      'body.runs[].info.end_time',
      'body.runs[].info.extra',
    ]);
  });

  it('ids that belong to different things', () =>
    assert.deepEqual(fieldsThatDiffer(json({ run_id: 'a'.repeat(32) }), json({ run_id: 'a'.repeat(32) })), [
      'body.run_id',
    ]));

  it('integers beyond 2^53, the sign of zero, bare NaN', () => {
    assert.deepEqual(fieldsThatDiffer(json('{"step":9007199254740993}'), json('{"step":9007199254740992}')), [
      'body.step',
    ]);
    assert.deepEqual(fieldsThatDiffer(json('{"value":-0.0}'), json('{"value":0.0}')), ['body.value']);
    assert.deepEqual(fieldsThatDiffer(json('{"value":NaN}'), json('{"value":"NaN"}')), ['body.value']);
    assert.deepEqual(parseJson(JSON.stringify({ step: exactly('9007199254740993') })), {
      step: '<integer 9007199254740993>',
    });
  });

  it('the order of points, NaN within a step apart', () => {
    const points = (...values: unknown[]) =>
      json({ metrics: values.map((value) => ({ timestamp: 1, step: 1, value })) });
    const history = get('metrics/get-history', { run_id: 'a'.repeat(32) });
    assert.deepEqual(fieldsThatDiffer(points(1, 2), points(2, 1), history), [
      'body.metrics[].value',
      'body.metrics[].value',
    ]);
    assert.deepEqual(fieldsThatDiffer(points('NaN', 2), points(2, 'NaN'), history), [
      'body.metrics order of NaN',
    ]);
  });
});

it('a row allows only what all of its conditions fit', () => {
  const row: AllowedDifference = {
    route: 'POST runs/search',
    field: 'status',
    real: /^400/,
    cairn: /^200/,
    request: /"filter":"a OR b"/,
    reason: '',
  };
  const difference = {
    route: 'POST runs/search',
    field: 'status',
    real: '400 BAD',
    cairn: '200 {}',
    call: post('runs/search', { filter: 'a OR b' }),
  };
  assert.equal(allowedBy(difference, [row]), row);
  const others = [
    { route: 'POST runs/create' },
    { field: 'body' },
    { real: '500' },
    { cairn: '400' },
    { call: post('runs/search', { filter: 'a AND b' }) },
  ];
  for (const other of others) assert.equal(allowedBy({ ...difference, ...other }, [row]), undefined);
});
