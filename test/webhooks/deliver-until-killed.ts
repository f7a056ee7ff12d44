/**
 * A server in miniature: `node deliver-until-killed.ts <address> <round>` makes registered models with several writers while
 * webhooks are delivered beside them, and says the name of each that was acknowledged in a line. Runs until it is killed.
 */
import { writeSync } from 'node:fs';
import { openDomain } from '../../src/app.ts';
import { openDb } from '../../src/db/open-db.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { loopbackOutbound, testSeal } from './hooked-domain.ts';

const [address, round] = process.argv.slice(2);
const { blobs, remove } = temporaryBlobs();
const db = await openDb({ address: address!, clock: systemClock, random: systemRandom });
const domain = await openDomain(db, {
  defaultArtifactRoot: 'mlflow-artifacts:/',
  blobs,
  webhooks: { outbound: loopbackOutbound(), seal: testSeal, lease: 500 },
});
remove();
domain.webhooks.start();
writeSync(1, 'open\n');

async function writer(which: number): Promise<never> {
  for (let count = 0; ; count++) {
    const name = `${round} ${which} ${count}`;
    await domain.registry.models.create(testContext, domain.defaultProject, { name });
    writeSync(1, `${name}\n`);
  }
}

await Promise.all([0, 1, 2].map(writer));
