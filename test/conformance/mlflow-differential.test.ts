/**
 * The real `mlflow server` and Cairn get the same calls, and answer alike but for the rows of allowed-differences.ts: the
 * recorded calls of the untouched client, hand-picked borderline input, and generated stories.
 *
 * CAIRN_SEED repeats the stories of a run (the first story has that seed, the next the one above), CAIRN_SEQUENCES sets how
 * many there are, CAIRN_TEST_URL compares a server that runs already (`mlflow` compares the real server with itself).
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gapOperations } from '../../src/faces/mlflow/gaps.ts';
import { type MlflowServices, mlflowFace, mlflowRelease } from '../../src/faces/mlflow/index.ts';
import { type Call, closeConnections, routeOf } from './call.ts';
import { caseGroups, playGroup } from './cases/index.ts';
import { registryStory } from './generated/registry-story.ts';
import { generatedStory } from './generated/sequence.ts';
import { play, type Servers, storyOf, Tally } from './player.ts';
import { missingPython } from './python-env.ts';
import { startCairn, startMlflow } from './servers.ts';
import { startReceiver } from './webhook-receiver.ts';

/** The same stories on every landing, new ones in every long run: what a new one finds becomes a fix or a row. */
const usualSeed = 20_261_121;
const isLong = process.env.CAIRN_LONG === '1';
const seed = Number(process.env.CAIRN_SEED ?? (isLong ? Math.floor(Math.random() * 2 ** 31) : usualSeed));
const sequences = Number(process.env.CAIRN_SEQUENCES ?? (isLong ? 5000 : 60));
const results = fileURLToPath(new URL('../../bench/results/differential.txt', import.meta.url));
const comparesMlflowWithItself = process.env.CAIRN_TEST_URL === 'mlflow';

/** What the real server never does: uploads in parts and addresses need a cloud there, and server-info is read only. */
const neverSucceeds = /^mlflow\.(artifacts\.(multipart|presigned|download-version)|server-info\.post)/;
/** Probes. */
const neverRefuses = /^mlflow\.(health|version|server-info)$/;

/** The real server has these routes only when it is started otherwise: mlflow-workspaces.test.ts. */
const comparedElsewhere = /^mlflow\.workspaces\./;

/** What the face serves and does not only list as missing, and the routes of each as `routeOf` names them. */
function builtOperations(): { readonly id: string; readonly routes: readonly string[] }[] {
  // Only the list of operations is looked at: no service is called.
  const face = mlflowFace({ project: { name: 'default' } } as MlflowServices);
  const gaps = new Set(gapOperations().map(({ id }) => id));
  return face.operations
    .filter(({ id }) => !gaps.has(id) && !comparedElsewhere.test(id))
    .map(({ id, method, path, aliases = [] }) => ({
      id,
      routes: [path, ...aliases].map((one) => routeOf({ method, path: one })),
    }));
}

const skip = (await missingPython()) ?? false;
const tally = new Tally();
const running: { stop(): Promise<void> }[] = [];
let servers: Servers;

before(async () => {
  if (skip) return;
  const receiver = await startReceiver();
  running.push(receiver);
  const targets = { CAIRN_ALLOW_WEBHOOK_TARGET: '127.0.0.1' };
  const [mlflow, cairn] = await Promise.all([startMlflow(), startCairn(targets)]);
  running.push(mlflow, cairn);
  servers = { real: mlflow.url, cairn: cairn.url, receiver: receiver.url };
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
  const began = performance.now();
  const callsBefore = tally.calls;
  for (let i = 0; i < sequences && tally.failures.length < 20; i++) {
    await play(generatedStory(seed + i), servers, tally);
  }
  t.diagnostic(`CAIRN_SEED=${seed} repeats them; ${told()}`);
  const { failures } = tally;
  if (isLong) keepResult(tally.calls - callsBefore, failures.length, performance.now() - began);
  assertAlike();
});

const registryStories = Math.max(10, Math.ceil(sequences / 10));
test(`${registryStories} generated stories of the registry from seed ${seed}`, { skip }, async (t) => {
  for (let i = 0; i < registryStories && tally.failures.length < 20; i++) {
    await play(registryStory(seed + i), servers, tally);
  }
  t.diagnostic(told());
  assertAlike();
});

test('every built route was called, with success and with refusal', { skip }, () => {
  const called = new Map(tally.routes);
  for (const { id, routes } of builtOperations()) {
    const statuses = routes.flatMap((route) => [...(called.get(route) ?? [])]);
    assert.ok(statuses.length > 0, `${id} (${routes.join(', ')}) was never called`);
    if (!neverSucceeds.test(id)) assert.ok(statuses.includes(200), `${id} never succeeded`);
    if (neverRefuses.test(id)) continue;
    assert.ok(
      statuses.some((status) => status >= 400),
      `${id} never refused`,
    );
  }
});

test('no row of allowed differences is out of date', { skip: skip || comparesMlflowWithItself }, () => {
  const stale = tally.unused().map(({ route, field, reason }) => `${route} ${field}: ${reason}`);
  assert.deepEqual(stale, [], 'these rows no longer occur; take them out of allowed-differences.ts');
});

/** The last long runs stand in bench/results, the latest first. */
function keepResult(calls: number, differing: number, milliseconds: number): void {
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const line = `${date} seed ${seed}: ${sequences} stories, ${calls} calls, ${differing} stories differ, ${(milliseconds / 1000).toFixed(0)} s`;
  const before = existsSync(results) ? readFileSync(results, 'utf8').trimEnd().split('\n') : [];
  const kept = before.filter((other) => /^\d{4}-/.test(other)).slice(0, 9);
  writeFileSync(
    results,
    `${[`Generated stories on Cairn and on mlflow server ${mlflowRelease}, new seeds (CAIRN_LONG=1), the latest first:`, line, ...kept].join('\n')}\n`,
  );
}

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
