/** Webhooks through the untouched client, told by a server as a user starts it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingPython } from './python-env.ts';
import { runScenario } from './scenario.ts';
import { startCairn } from './servers.ts';

const skip = (await missingPython()) ?? false;

test('MLflow 3 makes webhooks, and its receiver is told', { skip }, async () => {
  const cairn = await startCairn({ CAIRN_ALLOW_WEBHOOK_TARGET: '127.0.0.1' });
  try {
    assert.deepEqual(await runScenario('webhooks', cairn.url, {}, undefined, 'client3'), { seen: 3 });
  } finally {
    await cairn.stop();
  }
});
