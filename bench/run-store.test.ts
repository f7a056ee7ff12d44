/** A store filled in bulk holds the rows that the domain writes: table by table, everything but ids, instants and digests. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Db } from '../src/db/db.ts';
import { placeEvents } from '../src/domain/events/event-store.ts';
import { Metrics } from '../src/domain/metrics/index.ts';
import { Runs } from '../src/domain/runs/index.ts';
import { rawSql, sql } from '../src/kernel/sql.ts';
import { systemClock } from '../src/kernel/time.ts';
import { localContext, openSlices } from '../test/fixtures/opened-slices.ts';
import { forEachStore } from '../test/stores/stores.ts';
import { fillStore, plannedRun } from './run-store.ts';

const runCount = 40;
const experimentCount = 3;

const context = localContext({ ...systemClock, now: () => 1_800_000_000_000 });

/** What differs between two stores of the same content. */
const masked: Readonly<Record<string, string>> = {
  node: 'kind, name, state, created, updated, started, ended, mark, deleted',
  property: 'scope, face, kind, int, real, text, bytes',
  edge: 'kind, subtype, face, principal, known, rule, valid_from, valid_to, known_from, known_to',
  series:
    'by_key, points, non_finite, first_value, first_kind, first_step, first_time, last_value, last_kind, min_value, max_value, sum_value, step_min, step_max, time_max',
  point_head: 'points',
  point_chunk: 'points',
  node_key: 'space, value',
  interned_key: 'name',
  event: 'recorded, actor, face, action',
  event_touch: '1 AS one',
  event_sequence: 'last',
};

async function rowsOf(db: Db): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const [table, columns] of Object.entries(masked)) {
    const rows = await db.read((queries) =>
      queries.many<Record<string, unknown>>(sql`SELECT ${rawSql(columns)} FROM ${rawSql(table)}`),
    );
    tables[table] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return tables;
}

forEachStore((open) => {
  describe('a store filled in bulk', () => {
    it('holds the rows that the domain writes', async () => {
      const filled = await openSlices(await open());
      await fillStore(filled, context, runCount, experimentCount);

      const { db, graph, journal, experiments, projects } = await openSlices(await open());
      const runs = new Runs(graph, journal);
      const metrics = new Metrics(graph, journal);
      const project = await projects.ensureDefault(context);
      const ids: string[] = [];
      for (let n = 0; n < experimentCount; n++) {
        ids.push((await experiments.create(context, project, { name: `filled ${n}` })).id);
      }
      for (let n = 0; n < runCount; n++) {
        const { experiment, batch, ...rest } = plannedRun(n, experimentCount);
        const { run } = await runs.create(context, project, { ...rest, experiment: ids[experiment]! });
        await metrics.logBatch(context, project, run.id, batch);
      }
      await metrics.sealer.close();
      for (const each of [db, filled.db]) {
        if (!each.dialect.positionsInTransaction) await each.write((tx) => placeEvents(tx, 10_000));
      }
      const [bulk, written] = [await rowsOf(filled.db), await rowsOf(db)];
      // With one writer the counter of positions is not used, and the bulk's value of it disturbs nobody.
      if (db.dialect.positionsInTransaction) for (const rows of [bulk, written]) delete rows.event_sequence;
      for (const table of Object.keys(masked)) assert.deepEqual(bulk[table], written[table], table);
    });
  });
});
