/**
 * The untouched MLflow client works against Cairn with nothing set but its tracking URI. Each script in `scenarios/` logs as
 * a user would, reads everything back through the client and fails by itself where it is not equal.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runScenario } from './scenario.ts';
import { cairnOfFile, startCairn } from './servers.ts';

const { skip, url } = await cairnOfFile();

test('a grid search with nested runs reads back equal', { skip }, async () => {
  const told = (await runScenario('grid_search', url())) as { runs: number; experiment: string };
  assert.equal(told.runs, 31);
  // The same runs through the native API: parent and children of one experiment.
  const found = await fetch(`${url()}/api/v1/runs/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      experiments: [told.experiment],
      filter: 'metrics.mean_test_score.max > 0',
      limit: 100,
    }),
  });
  assert.equal(((await found.json()) as { items: unknown[] }).items.length, 30);
});

test('an epoch loop of thousands of points reads back equal', { skip }, async () => {
  const told = (await runScenario('epoch_loop', url())) as { points: number };
  assert.equal(told.points, 14_520);
});

test('values at the edges read back equal', { skip }, async () => {
  await runScenario('values', url());
});

test('experiments and runs live, die and return', { skip }, async () => {
  // A slash at the end of the tracking URI is common.
  await runScenario('lifecycle', `${url()}/`);
});

test('workspaces are apart, by call and by environment', { skip }, async () => {
  await runScenario('workspaces', url());
  // The same client with nothing set but its environment.
  await runScenario('workspace_of_environment', url(), { MLFLOW_WORKSPACE: 'blue-team' });
});

test('a token is shown as Bearer or as password', {
  skip: skip || process.env.CAIRN_TEST_URL !== undefined,
}, async () => {
  const token = 'a-token-of-the-operator';
  const guarded = await startCairn({ CAIRN_TOKEN: token });
  try {
    const refused = await fetch(`${guarded.url}/api/2.0/mlflow/experiments/get?experiment_id=0`);
    assert.equal(refused.status, 401);
    await runScenario('values', guarded.url, { MLFLOW_TRACKING_TOKEN: token });
    await runScenario('lifecycle', guarded.url, {
      MLFLOW_TRACKING_USERNAME: 'anyone',
      MLFLOW_TRACKING_PASSWORD: token,
    });
  } finally {
    await guarded.stop();
  }
});
