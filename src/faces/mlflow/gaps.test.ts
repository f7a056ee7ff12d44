import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { ProjectId } from '../../kernel/ids.ts';
import type { HttpOperation, HttpRequest } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { fallbackGaps, gapOperations, gaps } from './gaps.ts';
import { gapsPage } from './gaps-page.ts';
import { mlflowFace } from './index.ts';
import type { MlflowServices } from './services.ts';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Routes of the release as `METHOD path`, parameters `{}`, any rest `*`; taken from the running server of that release. */
const released = read('release-routes.txt')
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [methods = '', path = ''] = line.split(' ');
    return methods.split(',').map((method) => `${method} ${path}`);
  });

/** Files of MLflow's own pages. */
const pages = new Set(['GET /', 'GET /build/*', 'GET /static-files/*']);

const routesOf = (operations: readonly Pick<HttpOperation, 'method' | 'path' | 'aliases'>[]) =>
  operations.flatMap(({ method, path, aliases = [] }) =>
    [path, ...aliases].map((route) => `${method} ${route.replaceAll(/\{\w+\}/g, '{}')}`),
  );

/** Whether a route of ours stands for the released one: the same, or its `*` begins it. */
const covers = (own: string, route: string) =>
  own === route || (own.endsWith('/*') && route.startsWith(own.slice(0, -1)));

describe('routes of the release', () => {
  // Only the list of operations is looked at: no service is called.
  const face = mlflowFace({ project: { name: 'default' } } as MlflowServices);
  const own = routesOf(face.operations);

  it('are all built or listed as gaps', () => {
    const forgotten = released.filter(
      (route) => !pages.has(route) && !own.some((known) => covers(known, route)),
    );
    assert.deepEqual(forgotten, []);
  });

  it('are the only gaps', () => {
    const invented = routesOf([...gaps, ...fallbackGaps]).filter(
      (gap) => !released.some((route) => covers(gap, route)),
    );
    assert.deepEqual(invented, []);
  });

  it('have one operation each', () => {
    assert.equal(new Set(own).size, own.length);
    const ids = face.operations.map((operation) => operation.id);
    assert.equal(new Set(ids).size, ids.length);
  });
});

it('prints gaps.md as it is committed', () => {
  assert.equal(read('gaps.md'), gapsPage(), 'run src/faces/mlflow/gaps-page.ts');
});

describe('answers of gaps', () => {
  const operations = gapOperations();
  const answer = async (method: string, path: string) => {
    const operation = operations.find((candidate) => candidate.method === method && candidate.path === path);
    const reply = await operation!.handle({} as RequestContext, {} as HttpRequest, {
      id: 1 as ProjectId,
      name: 'default',
    });
    return [reply.status, JSON.parse(String(reply.body))];
  };

  it('say 501 and why', async () => {
    assert.deepEqual(await answer('POST', '/api/3.0/mlflow/issues'), [
      501,
      {
        error_code: 'NOT_IMPLEMENTED',
        message:
          'POST /api/3.0/mlflow/issues of MLflow is not built. Issues, label schemas and review queues come with the slice documents.',
      },
    ]);
  });

  it('say 404 where clients fall back', async () => {
    const [status, body] = await answer('POST', '/api/3.0/mlflow/traces');
    assert.deepEqual([status, body.error_code], [404, 'ENDPOINT_NOT_FOUND']);
  });
});
