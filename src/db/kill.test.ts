/** What was acknowledged is there after SIGKILL, and nothing is there by half. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { forEachStore } from '../../test/stores/stores.ts';
import { sql } from '../kernel/sql.ts';

const script = fileURLToPath(new URL('../../test/stores/write-until-killed.ts', import.meta.url));
const rounds = 4;

/** Writes until `count` acknowledgements are read, then kills; resolves to all that were given. */
async function writeAndKill(address: string, round: number, count: number): Promise<number[]> {
  const child = spawn(process.execPath, [script, address, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let text = '';
  let killed = false;
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (killed || text.split('\n').length - 2 < count) continue;
    killed = child.kill('SIGKILL');
  }
  const [, signal] = (await exit) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', text);
  // The last line may have been cut off by the kill.
  return text.split('\n').slice(1, -1).map(Number);
}

forEachStore((open) => {
  describe('SIGKILL', () => {
    it('loses no acknowledged write and leaves none by half', async () => {
      const address = await open.place();
      const acknowledged: number[] = [];
      for (let round = 0; round < rounds; round++) {
        acknowledged.push(...(await writeAndKill(address, round, 40 + 37 * round)));
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
