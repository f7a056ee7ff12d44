/**
 * `cairn gc` under an untouched client of MLflow: deleted runs and experiments are unknown to it, the others answer byte for
 * byte what they did, and every model that is registered or belongs to a run that is there loads and predicts the same.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runCairn } from '../start/cairn-command.ts';
import type { ChildServer } from './child-server.ts';
import { missingPython } from './python-env.ts';
import { runScenario } from './scenario.ts';
import { startCairn } from './servers.ts';

const skip =
  (process.env.CAIRN_LONG === '1' ? undefined : 'only in the long run (CAIRN_LONG=1)') ??
  (await missingPython()) ??
  (process.env.CAIRN_TEST_URL === undefined ? false : 'it purges: never on a server that others use');
let cairn: ChildServer;

before(async () => {
  if (!skip) cairn = await startCairn();
});
after(() => cairn?.stop());

interface Told {
  readonly live: readonly string[];
  readonly gone: readonly string[];
}

/** What a client reads of a run, as bytes. */
async function answersOf(run: string): Promise<string[]> {
  const paths = [
    `runs/get?run_id=${run}`,
    `metrics/get-history?run_id=${run}&metric_key=loss`,
    `artifacts/list?run_id=${run}`,
  ];
  return Promise.all(
    paths.map(async (path) => {
      const answer = await fetch(`${cairn.url}/api/2.0/mlflow/${path}`);
      assert.equal(answer.status, 200, path);
      return answer.text();
    }),
  );
}

test('MLflow 3 before and after a purge', { skip }, async () => {
  const scenario = (env: Record<string, string>) => runScenario('gc', cairn.url, env, undefined, 'client3');
  const told = (await scenario({ PHASE: 'fill' })) as Told;
  const before = await Promise.all(told.live.map(answersOf));

  const gc = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCairn(['gc', '--json', ...args], {
      env: { CAIRN_URL: cairn.url },
    });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout).kinds as { kind: string; records: number; held: number }[];
  };
  const young = await gc();
  assert.deepEqual(
    young.map(({ records }) => records),
    [0, 0, 0, 0, 0],
    'a month is the usual age',
  );
  const dry = await gc('--older-than', '0d', '--dry-run');
  const one = await gc('--run-ids', told.gone[0]!);
  assert.deepEqual([one[0]!.kind, one[0]!.records], ['run', 1]);
  const rest = await gc('--older-than', '0s');
  assert.deepEqual(
    rest.map(({ records }, index) => records + one[index]!.records),
    dry.map(({ records }) => records),
  );
  assert.equal(dry[0]!.records, told.gone.length);

  assert.deepEqual(await Promise.all(told.live.map(answersOf)), before);
  await scenario({ PHASE: 'check', TOLD: JSON.stringify(told) });
});
