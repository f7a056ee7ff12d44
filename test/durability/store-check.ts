/** Looks at the store itself, with no server on it: what no answer shows, and what the doctor says. */
import assert from 'node:assert/strict';
import { main } from '../../src/cli/main.ts';
import { openDb } from '../../src/db/open-db.ts';
import { edgeKinds, keySpaces, nodeKinds } from '../../src/domain/graph/index.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import { sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import type { Model } from './model.ts';

export interface StorePlace {
  readonly dataDir: string;
  /** postgres://… instead of the file in that folder. */
  readonly databaseUrl?: string | undefined;
}

/** `cairn doctor` finds nothing wrong; `deep` reads back every byte and looks for what nothing names. */
export async function checkDoctor({ dataDir, databaseUrl }: StorePlace, deep: boolean): Promise<void> {
  const lines: string[] = [];
  const code = await main(['doctor', '--data', dataDir, ...(deep ? ['--deep'] : [])], {
    cwd: dataDir,
    version: 'test',
    env: { CAIRN_DB: databaseUrl ?? '' },
    isInteractive: false,
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    readFile: () => undefined,
  });
  const complaints = lines.filter((line) => /^(error|warning|cairn:)/.test(line) && !/_free /.test(line));
  assert.deepEqual({ code, complaints }, { code: 0, complaints: [] }, lines.join('\n'));
}

/** Every row that belongs to another is there with it, and sums that are kept are the sums of what they are kept of. */
export async function checkStore(place: StorePlace, model: Model, keyed: number): Promise<void> {
  const address = place.databaseUrl ?? `${place.dataDir}/cairn.db`;
  const db = await openDb({ address, clock: systemClock, random: systemRandom });
  try {
    await db.read(async (queries) => {
      const count = async (query: ReturnType<typeof sql>) => {
        const row = await queries.one<{ count: number | null }>(query);
        return Number(row?.count ?? 0);
      };
      const events = await count(sql`SELECT count(*) AS count FROM event`);
      // A purge takes the bodies of what it purges, save its own.
      const erased = await count(sql`SELECT count(*) AS count FROM event e JOIN node n ON n.id = e.node
        WHERE n.kind = ${nodeKinds.tombstone} AND e.action <> 'run.purge'`);
      const found = {
        unplaced: await count(sql`SELECT count(*) AS count FROM event WHERE position IS NULL`),
        lastPosition: await count(sql`SELECT max(position) AS count FROM event`),
        bodies: await count(sql`SELECT count(*) AS count FROM event_body b JOIN event e ON e.id = b.event`),
        purged: await count(sql`SELECT count(*) AS count FROM node WHERE kind = ${nodeKinds.tombstone}`),
        pendingPurges: await count(sql`SELECT count(*) AS count FROM purge`),
        nodesWithoutEvent: await count(
          // An asset comes with its first version, which the event names.
          sql`SELECT count(*) AS count FROM node n WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.node = n.id)
            AND NOT EXISTS (SELECT 1 FROM event_touch t WHERE t.node = n.id)
            AND NOT EXISTS (SELECT 1 FROM edge x JOIN event_touch t ON t.node = x.source
              WHERE x.target = n.id AND x.kind = ${edgeKinds['version-of']})`,
        ),
        eventsWithoutNode: await count(
          sql`SELECT count(*) AS count FROM event e WHERE NOT EXISTS (SELECT 1 FROM node n WHERE n.id = e.node)`,
        ),
        propertiesWithoutOwner: await count(
          sql`SELECT count(*) AS count FROM property p WHERE NOT EXISTS (SELECT 1 FROM node n WHERE n.id = p.owner)
            AND NOT EXISTS (SELECT 1 FROM edge x WHERE x.id = p.owner)`,
        ),
        edgesWithoutEnds: await count(sql`SELECT count(*) AS count FROM edge x WHERE
          NOT EXISTS (SELECT 1 FROM node n WHERE n.id = x.source) OR NOT EXISTS (SELECT 1 FROM node n WHERE n.id = x.target)`),
        experiments: await count(
          sql`SELECT count(*) AS count FROM node_key WHERE space = ${keySpaces['experiment-id']}`,
        ),
        datasets: await count(
          sql`SELECT count(*) AS count FROM node_key WHERE space = ${keySpaces['dataset-record']}`,
        ),
        models: await count(
          sql`SELECT count(*) AS count FROM node n JOIN type t ON t.id = n.type WHERE t.name = 'logged-model'`,
        ),
        files: await count(sql`SELECT count(*) AS count FROM artifact_file`),
        bytes: await count(sql`SELECT CAST(sum(size) AS BIGINT) AS count FROM artifact_file`),
        points: await count(sql`SELECT sum(points) AS count FROM series`),
        storedPoints:
          (await count(sql`SELECT sum(points) AS count FROM point_head`)) +
          (await count(sql`SELECT sum(points) AS count FROM point_chunk`)),
        keyed: await count(sql`SELECT count(*) AS count FROM idempotency`),
      };
      const runs = [...model.runs.values()].filter(({ purged }) => !purged);
      const ofRuns = runs.flatMap((run) => [...run.series.values()]);
      const ofModels = [...model.models.values()].flatMap((one) => [...one.points.values()]);
      const points = sumOf([...ofRuns.map(({ size }) => size), ...ofModels.map(({ length }) => length)]);
      const files = [...runs, ...model.models.values()].flatMap((one) => [...one.files.values()]);
      assert.deepEqual(found, {
        unplaced: 0,
        lastPosition: events,
        bodies: events - erased,
        purged: model.runs.size - runs.length,
        pendingPurges: 0,
        nodesWithoutEvent: 0,
        eventsWithoutNode: 0,
        propertiesWithoutOwner: 0,
        edgesWithoutEnds: 0,
        // Beside those of the test, `Default`.
        experiments: model.experiments.size + 1,
        datasets: new Set(
          [...model.runs.values()].flatMap((run) =>
            [...run.datasets.keys()].map((key) => `${run.experiment} ${key}`),
          ),
        ).size,
        models: model.models.size,
        files: files.length,
        bytes: sumOf(files.map(({ size }) => size)),
        points,
        storedPoints: points,
        keyed,
      });
    });
  } finally {
    await db.close();
  }
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
