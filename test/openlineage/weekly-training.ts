/** A training of MLflow, with all that an export tells of it. */
import assert from 'node:assert/strict';
import type { Served } from '../fixtures/served-domain.ts';

const began = Date.parse('2026-11-02T12:00:00Z');

/** A nested run that reads three tables and makes a model, which is registered and deployed. */
export async function train({ call }: Served): Promise<{ parent: string; child: string; model: string }> {
  const mlflow = async (path: string, body: object, method = 'POST') => {
    const answer = await call(method, `/api/2.0/mlflow/${path}`, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  const { experiment_id } = await mlflow('experiments/create', { name: 'weekly' });
  const run = async (start_time: number, tags: Record<string, string>): Promise<string> => {
    const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
    return (await mlflow('runs/create', { experiment_id, start_time, tags: list })).run.info.run_id;
  };
  const end = (run_id: string, end_time: number) =>
    mlflow('runs/update', { run_id, status: 'FINISHED', end_time });
  const parent = await run(began - 1000, {});
  const child = await run(began, {
    'mlflow.parentRunId': parent,
    'mlflow.source.name': 'jobs/train.py',
    'mlflow.source.git.commit': 'abc123',
    'mlflow.source.git.repoURL': 'https://ann:token@git.example.org/churn.git',
    team: 'retention',
  });
  const input = (name: string, digest: string, context: string | undefined, source?: string) => ({
    tags: context === undefined ? [] : [{ key: 'mlflow.data.context', value: context }],
    dataset: {
      ...{ name, digest, source_type: source === undefined ? 'code' : 's3' },
      source: source === undefined ? '{"tags": {}}' : JSON.stringify({ uri: source }),
      schema: '{"mlflow_colspec": [{"type": "long", "name": "id"}]}',
      profile: '{"num_rows": 10, "num_elements": 10}',
    },
  });
  await mlflow('runs/log-inputs', {
    run_id: child,
    datasets: [
      input('train', 'd1', 'training', 's3://key:secret@bucket/churn/train'),
      input('test', 'd2', 'test', 's3://bucket/churn/test'),
      input('in memory', 'd3', 'validation'),
      input('weights', 'd4', undefined, 's3://bucket/churn/weights'),
    ],
  });
  const { model } = await mlflow('logged-models', { experiment_id, name: 'xgb', source_run_id: child });
  const { model_id } = model.info;
  await mlflow('runs/outputs', { run_id: child, models: [{ model_id, step: 2 }] });
  const metric = (key: string, value: number | string, step: number, more: object = {}) => ({
    ...{ key, value, step, timestamp: began + step },
    ...more,
  });
  await mlflow('runs/log-batch', {
    run_id: child,
    params: [
      { key: 'eta', value: '0.1' },
      { key: 'depth', value: '6' },
    ],
    metrics: [metric('loss', 0.5, 1), metric('loss', 0.25, 2), metric('ratio', 'NaN', 0)],
  });
  await mlflow(`logged-models/${model_id}`, { model_id, status: 'LOGGED_MODEL_READY' }, 'PATCH');
  await mlflow('runs/log-metric', {
    run_id: child,
    ...metric('auc', 0.9, 2, { model_id, dataset_name: 'test', dataset_digest: 'd2' }),
  });
  await mlflow('runs/log-metric', {
    run_id: child,
    ...metric('fit', 0.99, 2, { model_id, dataset_name: 'weights', dataset_digest: 'd4' }),
  });
  await end(child, began + 60_000);
  await end(parent, began + 61_000);
  await call('POST', '/api/v1/models/registered', { name: 'churn' });
  const version = await call('POST', '/api/v1/models/registered/churn/versions', {
    ...{ source: `models:/${model_id}`, loggedModel: model_id },
  });
  assert.equal(version.status, 201, JSON.stringify(version.body));
  const endpoint = 'prod/churn';
  const deployed = await call('POST', '/api/v1/deployments', { endpoint, model: 'models:/churn/1' });
  assert.equal(deployed.status, 200, JSON.stringify(deployed.body));
  const ended = await call('POST', '/api/v1/deployments/end', { endpoint });
  assert.equal(ended.status, 200, JSON.stringify(ended.body));
  return { parent, child, model: model_id };
}
