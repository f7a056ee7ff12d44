import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { HttpOperation } from '../../kernel/operation.ts';
import { probeOperations, serverInfo } from './probes.ts';
import { mlflowRelease } from './release.ts';

type Handle = HttpOperation['handle'];

it('answers anyone who reaches the server, in the words clients read', async () => {
  const answers: Record<string, unknown> = {};
  for (const { method, path, permission, handle } of probeOperations()) {
    assert.equal(permission, 'public');
    const reply = await handle({} as Parameters<Handle>[0], {} as Parameters<Handle>[1]);
    answers[`${method} ${path}`] = reply.body;
  }
  assert.deepEqual(answers, {
    'GET /health': 'OK',
    'GET /version': mlflowRelease,
    'GET /api/3.0/mlflow/server-info': JSON.stringify(serverInfo),
    'POST /api/3.0/mlflow/server-info': JSON.stringify(serverInfo),
  });
});
