/** What was acknowledged is there after SIGKILL, and nothing is there by half. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { killAfter } from '../../test/stores/kill-after.ts';
import { forEachStore } from '../../test/stores/stores.ts';
import { sql } from '../kernel/sql.ts';

const script = fileURLToPath(new URL('../../test/stores/write-until-killed.ts', import.meta.url));
const rounds = 4;

forEachStore((open) => {
  describe('SIGKILL', () => {
    it('loses no acknowledged write and leaves none by half', async () => {
      const address = await open.place();
      const acknowledged: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const told = await killAfter(script, [address, String(round)], 40 + 37 * round);
        acknowledged.push(...told.map(Number));
      }
      const db = await open({ address });
      const [keys, touches] = await db.read(async (queries) => [
        await queries.many<{ id: number }>(sql`SELECT id FROM interned_key ORDER BY id`),
        await queries.many<{ id: number }>(sql`SELECT node AS id FROM event_touch ORDER BY node`),
      ]);
      assert.deepEqual(keys, touches);
      const stored = new Set(keys.map(({ id }) => id));
      assert.equal(new Set(acknowledged).size, acknowledged.length, 'an id was given twice');
      assert.deepEqual(
        acknowledged.filter((id) => !stored.has(id)),
        [],
      );
      assert.deepEqual(
        (await db.inspect(true)).filter(({ level }) => level === 'error'),
        [],
      );
    });
  });
});
