/** Server killed, receiver stopped and started again: every event arrives, and none under two ids. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from '../../src/kernel/sql.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { killAfter } from '../stores/kill-after.ts';
import { forEachStore } from '../stores/stores.ts';
import { openHookedDomain } from './hooked-domain.ts';
import { Receiver } from './receiver.ts';

const script = fileURLToPath(new URL('deliver-until-killed.ts', import.meta.url));
const rounds = 4;
const hour = 3_600_000;

forEachStore((open) => {
  it('loses no event and doubles none over SIGKILL', { timeout: 180_000 }, async (t) => {
    const address = await open.place();
    const receiver = new Receiver();
    await receiver.start();
    t.after(() => receiver.stop());
    // Some are sent but the sender never hears of it, some are refused: at the kill there are deliveries of every kind.
    let count = 0;
    receiver.answer = () => [{ status: 200 }, { status: 200 }, { status: 500 }, undefined][count++ % 4];

    const first = await openHookedDomain(await open({ address }));
    await first.domain.webhooks.create(testContext, first.project, {
      ...{ name: 'all', url: receiver.url, events: ['registered_model.created'] },
    });
    await first.close();

    const acknowledged: string[] = [];
    for (let round = 0; round < rounds; round++) {
      if (round === 2) await receiver.stop();
      acknowledged.push(...(await killAfter(script, [address, String(round)], 25 + 10 * round)));
      if (round === 2) await receiver.start();
    }

    receiver.answer = () => ({ status: 200 });
    const db = await open({ address });
    const last = await openHookedDomain(db);
    t.after(() => last.close());
    await last.domain.events.placed();
    const waiting = sql`SELECT count(*) AS found FROM webhook_delivery WHERE next_at IS NOT NULL`;
    for (let left = 1, pass = 0; left > 0; pass++) {
      assert.ok(pass < 500, `${left} deliveries still wait`);
      // Past every wait, and past the leases of those that were killed.
      last.ahead += hour;
      await last.domain.webhooks.pass();
      left = (await db.read((queries) => queries.one<{ found: number }>(waiting)))!.found;
    }

    const stored = await db.read((queries) =>
      queries.many<{ name: string }>(
        sql`SELECT n.name FROM node n JOIN event e ON e.node = n.id WHERE e.action = 'registered-model.create'`,
      ),
    );
    const ids = Map.groupBy(receiver.received, ({ json }) => json.data.name as string);
    assert.deepEqual([...ids.keys()].sort(), stored.map(({ name }) => name).sort());
    assert.ok(acknowledged.every((name) => ids.has(name)) && acknowledged.length > 100);
    for (const [name, all] of ids) assert.equal(new Set(all.map(({ id }) => id)).size, 1, name);
    assert.ok(receiver.received.length > ids.size, 'some were sent twice, which the receiver can tell');
  });
});
