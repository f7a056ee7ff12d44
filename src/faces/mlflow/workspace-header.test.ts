import { testRows } from '../../../test/mlflow/mlflow-rows.ts';

const json = { 'content-type': 'application/json' };

testRows('a request that names a workspace', () => [
  {
    title: 'is refused and changes nothing',
    request: [
      'POST',
      'experiments/create',
      { name: 'elsewhere' },
      { ...json, 'x-mlflow-workspace': 'team-a' },
    ],
    status: 400,
    answer: 'Workspace APIs are not available: workspaces are not enabled on this server',
    events: [],
  },
  {
    title: 'is answered when the name is blank',
    request: ['POST', 'experiments/create', { name: 'here' }, { ...json, 'x-mlflow-workspace': ' ' }],
    status: 200,
    events: ['experiment.create'],
  },
  {
    title: 'is told what the server can do',
    request: ['GET', '/api/3.0/mlflow/server-info', undefined, { 'x-mlflow-workspace': 'team-a' }],
    status: 200,
  },
]);
