/**
 * The real `mlflow server` and Cairn get the same calls, and answer alike but for the rows of allowed-differences.ts: the
 * recorded calls of the untouched client, hand-picked borderline input, and generated stories.
 *
 * CAIRN_SEED repeats the stories of a run (the first story has that seed, the next the one above), CAIRN_SEQUENCES sets how
 * many there are, CAIRN_TEST_URL compares a server that runs already (`mlflow` compares the real server with itself).
 */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { type Call, closeConnections } from './call.ts';
import { caseGroups, playGroup } from './cases/index.ts';
import type { ChildServer } from './child-server.ts';
import { generatedStory } from './generated/sequence.ts';
import { play, type Servers, storyOf, Tally } from './player.ts';
import { missingPython } from './python-env.ts';
import { startCairn, startMlflow } from './servers.ts';

/** The same stories on every landing, new ones in every long run: what a new one finds becomes a fix or a row. */
const usualSeed = 20_261_121;
const isLong = process.env.CAIRN_LONG === '1';
const seed = Number(process.env.CAIRN_SEED ?? (isLong ? Math.floor(Math.random() * 2 ** 31) : usualSeed));
const sequences = Number(process.env.CAIRN_SEQUENCES ?? (process.env.CAIRN_LONG === '1' ? 5000 : 500));
const comparesMlflowWithItself = process.env.CAIRN_TEST_URL === 'mlflow';

/** Every route of MLflow that Cairn builds; each must be seen to succeed and, where it can, to refuse. */
const builtRoutes: readonly string[] = [
  ...['create', 'update', 'delete', 'restore', 'set-experiment-tag', 'delete-experiment-tag', 'search'].map(
    (name) => `POST experiments/${name}`,
  ),
  ...['get', 'get-by-name', 'search'].map((name) => `GET experiments/${name}`),
  ...[
    'create',
    'update',
    'delete',
    'restore',
    'search',
    'log-metric',
    'log-parameter',
    'log-batch',
    'set-tag',
    'delete-tag',
    'log-inputs',
    'log-model',
    'outputs',
  ].map((name) => `POST runs/${name}`),
  'POST experiments/search-datasets',
  'POST logged-models',
  'POST logged-models/search',
  'POST logged-models/{}/params',
  ...['GET', 'PATCH', 'DELETE'].map((method) => `${method} logged-models/{}`),
  ...['PATCH logged-models/{}/tags', 'DELETE logged-models/{}/tags/{}'],
  'GET runs/get',
  ...['get-history', 'get-history-bulk', 'get-history-bulk-interval'].map((name) => `GET metrics/${name}`),
];

const skip = (await missingPython()) ?? false;
const tally = new Tally();
const running: ChildServer[] = [];
let servers: Servers;

before(async () => {
  if (skip) return;
  const [mlflow, cairn] = await Promise.all([startMlflow(), startCairn()]);
  running.push(mlflow, cairn);
  servers = { real: mlflow.url, cairn: cairn.url };
});

after(async () => {
  closeConnections();
  await Promise.all(running.map((server) => server.stop()));
});

test('recorded calls of the client', { skip }, async (t) => {
  const folder = new URL('recordings/', import.meta.url);
  for (const file of (await readdir(folder)).sort()) {
    const lines = (await readFile(new URL(file, folder), 'utf8')).trim().split('\n');
    await play(
      storyOf(
        `recordings/${file}`,
        lines.map((line) => JSON.parse(line) as Call),
      ),
      servers,
      tally,
    );
  }
  t.diagnostic(told());
  assert.ok(tally.calls > 100, 'the recordings are there');
  assertAlike();
});

test('hand-picked borderline input', { skip }, async (t) => {
  for (const group of caseGroups) await playGroup(group, servers, tally);
  t.diagnostic(told());
  assertAlike();
});

test(`${sequences} generated stories from seed ${seed}`, { skip }, async (t) => {
  for (let i = 0; i < sequences && tally.failures.length < 20; i++) {
    await play(generatedStory(seed + i), servers, tally);
  }
  t.diagnostic(`CAIRN_SEED=${seed} repeats them; ${told()}`);
  assertAlike();
});

test('every built route was called, with success and with refusal', { skip }, () => {
  for (const route of builtRoutes) {
    const statuses = [...(tally.routes.get(route) ?? [])];
    assert.ok(statuses.includes(200), `${route} never succeeded`);
    assert.ok(
      statuses.some((status) => status >= 400),
      `${route} never refused`,
    );
  }
});

test('no row of allowed differences is out of date', { skip: skip || comparesMlflowWithItself }, () => {
  const stale = tally.unused().map(({ route, field, reason }) => `${route} ${field}: ${reason}`);
  assert.deepEqual(stale, [], 'these rows no longer occur; take them out of allowed-differences.ts');
});

function told(): string {
  return `${tally.calls} calls in ${tally.stories} stories`;
}

/** Fails with what differed, and starts anew for the next test. */
function assertAlike(): void {
  const failed = tally.failures.length > 0;
  const text = tally.report(12);
  tally.failures.length = 0;
  assert.ok(!failed, text);
}
