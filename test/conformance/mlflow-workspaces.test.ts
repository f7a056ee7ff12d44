/**
 * Workspaces as the real server has them, when it is started with them: the same calls to both, and what is answered, without
 * ids and times. What Cairn answers otherwise on purpose stands beside its call.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ChildServer } from './child-server.ts';
import { missingPython } from './python-env.ts';
import { startCairn, startMlflow } from './servers.ts';

const routes = '/api/3.0/mlflow/workspaces';
const v2 = (route: string) => `/api/2.0/mlflow/${route}`;

interface Play {
  readonly call: readonly [method: string, path: string, body?: unknown];
  readonly workspace?: string;
  /** Cairn's status and code, where they are not those of the real server, and why. */
  readonly otherwise?: readonly [status: number, code: string | undefined, why: string];
}

const plays: readonly Play[] = [
  { call: ['GET', routes] },
  { call: ['POST', routes, { name: 'team-a', description: 'ours' }] },
  { call: ['POST', routes, { name: 'team-b' }] },
  { call: ['POST', routes, { name: 'team-a' }] },
  { call: ['POST', routes, {}] },
  ...['default', 'a', 'Team', 'a_b', '-a', 'a-', 'api', 'workspaces', 'x'.repeat(64)].map(
    (name): Play => ({ call: ['POST', routes, { name }] }),
  ),
  { call: ['GET', routes] },
  { call: ['GET', `/ajax-api/3.0/mlflow/workspaces`] },
  { call: ['GET', `${routes}/default`] },
  { call: ['GET', `${routes}/team-a`] },
  { call: ['GET', `${routes}/nowhere`] },
  { call: ['GET', `${routes}/Team`] },
  { call: ['PATCH', `${routes}/team-a`, { description: 'theirs' }] },
  { call: ['PATCH', `${routes}/team-b`, { description: '' }] },
  { call: ['PATCH', `${routes}/team-a`, {}] },
  { call: ['PATCH', `${routes}/nowhere`, { description: 'x' }] },
  { call: ['GET', `${routes}/team-b`] },
  { call: ['DELETE', `${routes}/default`] },
  { call: ['DELETE', `${routes}/nowhere`] },
  { call: ['DELETE', `${routes}/team-a?mode=NOW`] },
  { call: ['POST', v2('experiments/create'), { name: 'same' }], workspace: 'team-a' },
  { call: ['POST', v2('experiments/create'), { name: 'same' }], workspace: 'team-a' },
  { call: ['POST', v2('experiments/create'), { name: 'same' }], workspace: 'team-b' },
  { call: ['POST', v2('experiments/create'), { name: 'lost' }], workspace: 'nowhere' },
  { call: ['POST', v2('experiments/create'), { name: 'lost' }], workspace: 'No' },
  { call: ['GET', v2('experiments/get-by-name?experiment_name=same')], workspace: ' team-b ' },
  { call: ['GET', v2('experiments/get-by-name?experiment_name=same')], workspace: ' ' },
  { call: ['GET', v2('experiments/get-by-name?experiment_name=same')], workspace: 'default' },
  { call: ['GET', v2('experiments/get?experiment_id=0')] },
  {
    call: ['GET', v2('experiments/get?experiment_id=0')],
    workspace: 'team-a',
    otherwise: [
      200,
      undefined,
      'every workspace has its experiment Default, so that runs of no experiment have a place',
    ],
  },
  { call: ['POST', v2('registered-models/create'), { name: 'oak' }], workspace: 'team-a' },
  { call: ['GET', v2('registered-models/get?name=oak')], workspace: 'team-b' },
  { call: ['GET', v2('registered-models/search')], workspace: 'team-b' },
  { call: ['POST', v2('registered-models/create'), { name: 'oak' }], workspace: 'team-b' },
  { call: ['GET', '/api/3.0/mlflow/server-info'], workspace: 'nowhere' },
  { call: ['GET', v2('registered-models/get?name=oak')], workspace: 'nowhere' },
  {
    call: ['DELETE', `${routes}/team-a`],
    otherwise: [
      501,
      'NOT_IMPLEMENTED',
      'projects are not deleted; the real server refuses one that is not empty with 500',
    ],
  },
];

const skip =
  (await missingPython()) ?? (process.env.CAIRN_TEST_URL !== undefined && 'both servers are started here');
let servers: readonly ChildServer[] = [];

before(async () => {
  if (!skip) servers = await Promise.all([startMlflow(['--enable-workspaces']), startCairn()]);
});
after(() => Promise.all(servers.map((server) => server.stop())));

for (const [index, play] of plays.entries()) {
  const [method, path, body] = play.call;
  const title = `${index + 1} ${method} ${path} ${JSON.stringify(body) ?? ''} ${play.workspace ?? ''}`;
  test(title, { skip }, async () => {
    const [real, cairn] = await Promise.all(servers.map(({ url }) => answerOf(url, play)));
    if (play.otherwise === undefined) {
      assert.deepEqual(cairn, real);
      return;
    }
    const [status, code] = play.otherwise;
    assert.deepEqual([cairn!.status, cairn!.body.error_code], [status, code]);
    assert.notDeepEqual([real!.status, real!.body.error_code], [status, code], 'nothing differs any more');
  });
}

async function answerOf(url: string, { call: [method, path, body], workspace }: Play) {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (workspace !== undefined) headers['x-mlflow-workspace'] = workspace;
  const reply = await fetch(url + path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: comparable(await reply.json(), path) };
}

/** Without what two servers never have alike, and what is no part of workspaces. */
function comparable(value: unknown, path: string): Record<string, unknown> {
  const text = JSON.stringify(value, (key, inner) => {
    if (/^(experiment_id|artifact_location|sqlstate|error_class)$|time/.test(key)) return undefined;
    // The real server describes its default one, and tells of its database.
    if (inner === 'Default workspace for legacy resources') return undefined;
    // Cairn names a field beside it.
    if (key === 'message') return String(inner).replace(/ Error: [\s\S]*| \(description\)$/, '');
    return inner;
  });
  const told = JSON.parse(text) as Record<string, unknown>;
  return path.endsWith('server-info') ? { workspaces_enabled: told.workspaces_enabled } : told;
}
