/** Events through the untouched client of OpenLineage, told to a server as a user starts it, and read back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingPython } from './python-env.ts';
import { runScenario } from './scenario.ts';
import { startCairn } from './servers.ts';

const skip = (await missingPython()) ?? false;

test('OpenLineage sends its events over HTTP, asynchronously, compressed, with its key', {
  skip,
}, async () => {
  const token = 'open-sesame';
  const cairn = await startCairn({ CAIRN_TOKEN: token });
  try {
    const env = { CAIRN_URL: cairn.url, CAIRN_TOKEN: token };
    const seen = (await runScenario('lineage_events', cairn.url, env, undefined, 'openlineage')) as object;
    const expected = {
      states: ['finished', 'finished', 'failed'],
      told: ['START', 'RUNNING', 'COMPLETE'],
      parents: [true, true],
      named: ['7', 'explicit version'],
      bound: true,
      columns: ['id', 'id'],
      facets: ['columnLineage', 'documentation', 'schema'],
      events: 3,
    };
    assert.deepEqual(Object.keys(seen), ['http', 'gzip', 'async', 'async-gzip']);
    for (const way of Object.values(seen)) assert.deepEqual(way, expected);
  } finally {
    await cairn.stop();
  }
});
