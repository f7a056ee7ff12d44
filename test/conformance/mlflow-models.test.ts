/**
 * Datasets and logged models through the untouched client: what it logs it reads back, and the native API tells the same
 * as origin of the run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runScenario } from './scenario.ts';
import { cairnOfFile } from './servers.ts';

const { skip, url } = await cairnOfFile();

interface Told {
  readonly experiment: string;
  readonly run: string;
  readonly model: string;
  readonly saved: string;
  readonly digests: readonly string[];
}

test('datasets, logged models and their metrics read back equal', { skip }, async () => {
  const told = (await runScenario('logged_models', url())) as Told;
  assert.match(told.saved, /^m-[0-9a-f]{32}$/);
  if (process.env.CAIRN_TEST_URL === 'mlflow') return;

  // The same through the native API: one dataset with two versions, and where the run's model came from.
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  const get = async (path: string): Promise<any> => (await fetch(`${url()}/api/v1/${path}`)).json();
  const origin = await get(`runs/${told.run}/lineage`);
  assert.deepEqual(
    origin.inputs
      .slice(0, 2)
      .map((input: { name: string; digest: string; context: string }) => [
        input.name,
        input.digest,
        input.context,
      ]),
    [
      ['wine', told.digests[0], 'training'],
      ['wine', told.digests[1], 'testing'],
    ],
  );
  assert.equal(origin.inputs[0].schema.total, 14);
  assert.deepEqual(
    origin.models.out.map((model: { id: string; step: number }) => [model.id, model.step]),
    [[told.model, 4]],
  );
  const { items } = await get('datasets?search=wine');
  assert.deepEqual([items.length, items[0].versions], [1, 2]);
  const model = await get(`models/logged/${told.model}`);
  assert.deepEqual([model.name, model.status, model.metrics.length], ['oak', 'ready', 2]);
});
