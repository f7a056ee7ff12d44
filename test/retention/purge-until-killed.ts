/** `node purge-until-killed.ts <address> <folder> <commits>` purges what is deleted, says a line after each commit, and after so many waits to be killed. */
import { writeSync } from 'node:fs';
import { openDomain } from '../../src/app.ts';
import type { Tx } from '../../src/db/db.ts';
import { openDb } from '../../src/db/open-db.ts';
import { LocalBlobs } from '../../src/engines/blobs/index.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { testContext } from '../fixtures/linked-domain.ts';

const [address, folder, commits] = process.argv.slice(2);
const db = await openDb({ address: address!, clock: systemClock, random: systemRandom });
const write = db.write.bind(db);
let left = Number.POSITIVE_INFINITY;
db.write = async <T>(body: (tx: Tx) => Promise<T>) => {
  const result = await write(body);
  if (left === Number.POSITIVE_INFINITY) return result;
  writeSync(1, 'commit\n');
  // What waits to be killed does nothing more.
  return --left > 0 ? result : new Promise<T>(() => {});
};
const domain = await openDomain(db, {
  defaultArtifactRoot: 'mlflow-artifacts:/',
  blobs: new LocalBlobs({ folder: folder!, clock: systemClock, random: systemRandom }),
});
left = Number(commits);
writeSync(1, 'open\n');
const request = { olderThan: 0, dryRun: false };
setInterval(() => {}, 60_000);
let cursor: string | undefined;
do {
  ({ cursor } = await domain.retention.purge(testContext, domain.defaultProject, { ...request, cursor }));
} while (cursor !== undefined);
