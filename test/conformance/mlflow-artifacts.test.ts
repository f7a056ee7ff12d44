/** Artifacts of the untouched MLflow client: logged in every way it has, read back byte for byte, seen by the native API. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runScenario } from './scenario.ts';
import { cairnOfFile } from './servers.ts';

const { skip, url: served } = await cairnOfFile();

test('artifacts read back byte for byte', { skip }, async () => {
  const url = served();
  const told = (await runScenario('artifacts', url)) as { files: number; run: string; sha256: string };
  assert.equal(told.files, 57);
  const listed = await fetch(`${url}/api/v1/runs/${told.run}/artifacts`);
  const { items } = (await listed.json()) as { items: { path: string; sha256: string | null }[] };
  assert.equal(items.find(({ path }) => path === 'big.bin')?.sha256, told.sha256);
  const content = await fetch(`${url}/api/v1/runs/${told.run}/artifacts/content?path=config/params.json`);
  assert.deepEqual(await content.json(), { a: [1, { b: 'ß' }] });
});
