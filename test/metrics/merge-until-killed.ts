/**
 * `node merge-until-killed.ts <address> <run> <batch>`: logs batches of points to a run, from that batch on, says each that is
 * acknowledged in a line of its own, and merges all the while. Runs until it is killed.
 */
import { writeSync } from 'node:fs';
import { openDomain } from '../../src/app.ts';
import { openDb } from '../../src/db/open-db.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { batchOf } from './merged-batches.ts';

const [address, runId, start] = process.argv.slice(2);
const db = await openDb({ address: address!, clock: systemClock, random: systemRandom });
const { blobs } = temporaryBlobs();
const domain = await openDomain(db, { defaultArtifactRoot: 'mlflow-artifacts:/', blobs });
const project = domain.defaultProject;
const { run } = await domain.runs.get(testContext, project, runId!);
writeSync(1, 'open\n');

async function log(): Promise<never> {
  for (let batch = Number(start); ; batch++) {
    await domain.metrics.logBatch(testContext, project, runId!, { points: batchOf(batch) });
    writeSync(1, `${batch}\n`);
  }
}

async function merge(): Promise<never> {
  for (;;) {
    await domain.metrics.sealer.seal(run.node, project);
    // Reads of SQLite never leave the turn: others must have theirs.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

await Promise.all([log(), merge()]);
