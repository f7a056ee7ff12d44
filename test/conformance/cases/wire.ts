import type { Call } from '../call.ts';
import { ajax, post, v2 } from '../call.ts';
import type { CaseGroup } from './case-group.ts';

const create = (body: string, contentType?: string | null): Call => ({
  method: 'POST',
  path: v2('experiments/create'),
  body,
  ...(contentType === undefined ? {} : { contentType }),
});
const of = (method: string, path: string, body?: string): Call => ({
  method,
  path,
  ...(body === undefined ? {} : { body }),
});

/** What any HTTP client could send: bodies that are no JSON object, content types, unknown routes and methods, probes. */
export const wireCases: readonly CaseGroup[] = [
  {
    name: 'bodies',
    setup: [],
    probes: [
      create('{"name":"{{unique}}-text"}', 'text/plain'),
      create('{"name":"{{unique}}-none"}', null),
      create('{"name":"{{unique}}-charset"}', 'application/json; charset=utf-8'),
      create('{"name":"{{unique}}-case"}', 'Application/JSON'),
      create('{"name":'),
      create(''),
      create('null'),
      create('[1,2]'),
      create('5'),
      create('"not json"'),
      create('"{\\"name\\":\\"{{unique}}-double\\"}"'),
      create('{"name":"{{unique}} lone \\ud800"}'),
      create('{"name":"{{unique}}-1","name":"{{unique}}-2"}'),
      create('{"name":"{{unique}}-comma",}'),
      create('  {"name":"{{unique}}-blank"}  '),
      create('{"name":"{{unique}}-x","experiment_id":"7"}'),
    ],
    readBack: [
      post('experiments/search', { max_results: 50, filter: "name LIKE '{{unique}}%'", order_by: ['name'] }),
    ],
  },
  {
    name: 'routes and methods',
    setup: [],
    probes: [
      of('GET', '/health'),
      of('GET', '/version'),
      of('GET', '/api/3.0/mlflow/server-info'),
      of('GET', '/ajax-api/3.0/mlflow/server-info'),
      of('POST', '/api/3.0/mlflow/server-info', '{}'),
      of('GET', v2('nothing')),
      of('GET', ajax('nothing')),
      of('POST', v2('nothing'), '{}'),
      of('GET', v2('experiments/create')),
      of('GET', v2('runs/get/')),
      of('DELETE', v2('experiments/get'), '{}'),
      of('POST', v2('experiments/get-by-name'), '{}'),
      of('POST', v2('runs/get'), '{}'),
      of('GET', v2('runs/search')),
      of('GET', v2('metrics/get-history-bulk')),
      of('GET', '/api/2.0/mlflow/server-features'),
      of('GET', '/api/2.0/preview/mlflow/experiments/get?experiment_id=0'),
      of('GET', '/API/2.0/mlflow/experiments/get?experiment_id=0'),
      of('GET', '//api/2.0/mlflow/experiments/get-by-name?experiment_name=none'),
    ],
    readBack: [],
  },
];
