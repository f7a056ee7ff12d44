/**
 * Webhooks through the untouched client, told by a server as a user starts it; and what receivers are told, held against what
 * the real server tells them of the same calls.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { type Call, closeConnections, post, send, v2 } from './call.ts';
import { missingPython } from './python-env.ts';
import { runScenario } from './scenario.ts';
import { startCairn, startMlflow } from './servers.ts';
import { startReceiver, type Told } from './webhook-receiver.ts';

const skip = (await missingPython()) ?? false;

test('MLflow 3 makes webhooks, and its receiver is told', { skip }, async () => {
  const cairn = await startCairn({ CAIRN_ALLOW_WEBHOOK_TARGET: '127.0.0.1' });
  try {
    assert.deepEqual(await runScenario('webhooks', cairn.url, {}, undefined, 'client3'), { seen: 3 });
  } finally {
    await cairn.stop();
  }
});

const secret = 'a secret of both';
const remove = (route: string, body: object): Call => ({
  method: 'DELETE',
  path: v2(route),
  body: JSON.stringify(body),
});
const isPrompt = { key: 'mlflow.prompt.is_prompt', value: 'true' };
const tag = { key: 'größe', value: 'a "b"' };
const told = [
  'REGISTERED_MODEL',
  'MODEL_VERSION',
  'MODEL_VERSION_ALIAS',
  'PROMPT',
  'PROMPT_VERSION',
  'PROMPT_ALIAS',
]
  .map((entity) => ({ entity, action: 'CREATED' }))
  .concat(['MODEL_VERSION_ALIAS', 'PROMPT_ALIAS'].map((entity) => ({ entity, action: 'DELETED' })))
  .concat(
    ['MODEL_VERSION_TAG', 'PROMPT_TAG', 'PROMPT_VERSION_TAG'].flatMap((entity) =>
      ['SET', 'DELETED'].map((action) => ({ entity, action })),
    ),
  );

/** With how many deliveries each must bring. */
const calls: readonly (readonly [count: number, call: Call])[] = [
  [1, post('registered-models/create', { name: 'm', tags: [tag], description: 'größer' })],
  [1, post('registered-models/create', { name: 'bare' })],
  [0, post('registered-models/set-tag', { name: 'm', ...tag })],
  [1, post('model-versions/create', { name: 'm', source: 's3://b/m', tags: [tag], description: 'first' })],
  [1, post('model-versions/create', { name: 'm', source: 's3://b/m' })],
  [1, post('model-versions/set-tag', { name: 'm', version: '1', ...tag })],
  [1, remove('model-versions/delete-tag', { name: 'm', version: '1', key: tag.key })],
  [1, post('registered-models/alias', { name: 'm', alias: 'champion', version: '1' })],
  [1, post('registered-models/alias', { name: 'm', alias: 'champion', version: '2' })],
  [1, remove('registered-models/alias', { name: 'm', alias: 'champion' })],
  [1, post('registered-models/create', { name: 'p', tags: [isPrompt, tag], description: 'a prompt' })],
  [1, post('registered-models/set-tag', { name: 'p', ...tag, key: 'other' })],
  [1, remove('registered-models/delete-tag', { name: 'p', key: 'other' })],
  [
    1,
    post('model-versions/create', {
      ...{ name: 'p', source: 'dummy-source', description: 'first' },
      tags: [isPrompt, tag, { key: 'mlflow.prompt.text', value: 'Hello {{x}}' }],
    }),
  ],
  [1, post('model-versions/set-tag', { name: 'p', version: '1', ...tag })],
  [1, remove('model-versions/delete-tag', { name: 'p', version: '1', key: tag.key })],
  [1, post('registered-models/alias', { name: 'p', alias: 'production', version: '1' })],
  [1, remove('registered-models/alias', { name: 'p', alias: 'production' })],
];

test('receivers are told what the real server tells them', {
  skip: skip || (process.env.CAIRN_TEST_URL !== undefined && 'both servers are started here'),
  timeout: 300_000,
}, async () => {
  const receiver = await startReceiver();
  const servers = await Promise.all([startMlflow(), startCairn({ CAIRN_ALLOW_WEBHOOK_TARGET: '127.0.0.1' })]);
  try {
    const hook = post('webhooks', { name: 'told', url: `${receiver.url}/ok`, secret, events: told });
    let expected = 0;
    for (const [count, call] of [[0, hook] as const, ...calls]) {
      for (const { url } of servers) {
        const answer = await send(url, call);
        assert.equal(answer.status, 200, `${call.method} ${call.path}: ${answer.text}`);
      }
      // One after the other: neither promises an order.
      expected += count;
      await Promise.all([receiver.until('real', expected), receiver.until('cairn', expected)]);
    }
    const [real, cairn] = (['real', 'cairn'] as const).map((side) =>
      receiver.told.filter((one) => one.side === side).map(comparable),
    );
    assert.equal(cairn!.length, expected);
    assert.deepEqual(cairn, real);
  } finally {
    closeConnections();
    await Promise.all([...servers, receiver].map((running) => running.stop()));
  }
});

/** Without the instant, but with its form; checks the signature. */
function comparable({ headers, body }: Told) {
  const signed = `${headers['x-mlflow-delivery-id']}.${headers['x-mlflow-timestamp']}.${body}`;
  const mac = createHmac('sha256', secret).update(signed).digest('base64');
  assert.equal(headers['x-mlflow-signature'], `v1,${mac}`);
  const { timestamp, ...rest } = JSON.parse(body);
  return {
    ...rest,
    timestamp: timestamp.replaceAll(/\d/g, '0'),
    contentType: headers['content-type'],
  };
}
