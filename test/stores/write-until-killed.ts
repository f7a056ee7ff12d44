/**
 * A server in miniature for kill tests: `node write-until-killed.ts <address> <writer>` opens the store, writes with many
 * writers at once, and says each acknowledged id in a line of its own, written at once. Runs until it is killed.
 */
import { writeSync } from 'node:fs';
import { openDb } from '../../src/db/open-db.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import { sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';

const [address, round] = process.argv.slice(2);
const db = await openDb({ address: address!, clock: systemClock, random: systemRandom });
writeSync(1, 'open\n');

async function writer(): Promise<never> {
  for (;;) {
    const id = await db.nextIds(2);
    await db.write(async (tx) => {
      // Two rows that belong together, and a text long enough that a group spans pages.
      await tx.run(
        sql`INSERT INTO interned_key (id, name) VALUES (${id}, ${`${round}-${id}-${'x'.repeat(1_000)}`})`,
      );
      await tx.run(sql`INSERT INTO event_touch (node, event) VALUES (${id}, ${id + 1})`);
    });
    writeSync(1, `${id}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, writer));
