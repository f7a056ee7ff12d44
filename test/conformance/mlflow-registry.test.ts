/**
 * The registry through untouched clients of both generations of MLflow: what is trained, logged and registered is loaded
 * again by alias, number and stage, and predicts the same; without the runs it came from, too.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runScenario } from './scenario.ts';
import { cairnOfFile } from './servers.ts';

const { skip, url } = await cairnOfFile();

interface Told {
  readonly generation: number;
  readonly run: string;
  readonly runs: Readonly<Record<string, string>>;
  /** Name of the registered model that holds a copy. */
  readonly copy: string;
}

for (const [generation, client] of [
  [2, 'client2'],
  [3, 'client3'],
] as const) {
  test(`MLflow ${generation} trains, registers, names and loads`, { skip }, async () => {
    const told = (await runScenario('registry', url(), {}, undefined, client)) as Told;
    assert.equal(told.generation, generation);
    if (process.env.CAIRN_TEST_URL === 'mlflow') return;
    // The same through the native API: which versions a run has, though it is deleted, and where a copy came from.
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    const get = async (path: string): Promise<any> => (await fetch(`${url()}/api/v1/${path}`)).json();
    for (const [flavor, run] of Object.entries(told.runs)) {
      const { items } = await get(`runs/${run}/versions`);
      assert.deepEqual(
        items.map(({ model, version, aliases }: { model: string; version: number; aliases: string[] }) => [
          model,
          version,
          aliases,
        ]),
        [[`wine ${flavor} ${generation}`, 1, ['champion']]],
      );
    }
    const { items } = await get(`models/registered/${encodeURIComponent(told.copy)}/versions`);
    assert.deepEqual([items.length, items[0].run], [1, told.run]);
  });
}
