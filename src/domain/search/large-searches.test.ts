/** What only shows where there are many runs: expressions over many values, counts and searches that run out of time. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { fillStore, plannedRun } from '../../../bench/run-store.ts';
import { localContext, openSlices } from '../../../test/fixtures/opened-slices.ts';
import { forEachStore } from '../../../test/stores/stores.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { type Clock, systemClock } from '../../kernel/time.ts';
import type { Graph } from '../graph/index.ts';
import { parseNativeField, parseNativeFilter, parseNativeOrder } from './fields/native-grammar.ts';
import { Search } from './searches.ts';

/** More than one step of a search looks at. */
const runCount = 4_200;

/** Each look at it is later than the one before. */
function hurryingClock(milliseconds: number): Clock {
  let now = 0;
  return {
    ...systemClock,
    now: () => {
      now += milliseconds;
      return now;
    },
  };
}

forEachStore((open) => {
  describe('searches of many runs', () => {
    const context = localContext();
    let graph: Graph;
    let project: ProjectId;
    const planned = Array.from({ length: runCount }, (_, index) => plannedRun(index, 1));

    before(async () => {
      const db = await open();
      const slices = await openSlices(db);
      graph = slices.graph;
      project = await slices.projects.ensureDefault(context);
      await fillStore(slices, context, runCount);
      // As it would be a minute later by itself.
      if (db.dialect.name === 'postgres') await db.write((tx) => tx.run(sql`ANALYZE`));
    });

    const selected = (text: string) => ({
      experiments: ['0'],
      filter: parseNativeFilter(text, 0),
      view: 'active' as const,
    });

    it('finds expressions among more values than are skipped through, one by one or by their records', async () => {
      const notes = planned.map(({ batch }) => batch.params.find(({ key }) => key === 'note')!.value);
      for (const texts of [0, 1_000]) {
        const search = new Search(graph, { texts });
        for (const pattern of ['^vision [0-9]', 'a.*b', '^$', 'zzzzzz$']) {
          const expected = notes.filter((note) => new RegExp(pattern).test(note)).length;
          const { count } = await search.countRuns(context, project, selected(`params.note =~ '${pattern}'`));
          assert.equal(count, expected, `${pattern} with ${texts}`);
        }
      }
    });

    it('leaves a count at what it has come to when its time is over', async () => {
      const search = new Search(graph, { all: 0, counting: 5 });
      const late = localContext(hurryingClock(3));
      const selection = selected("tags.host LIKE '%node%'");
      const { count, complete } = await search.countRuns(late, project, selection);
      assert.equal(complete, false);
      assert.ok(count > 0 && count < runCount, `${count}`);
      const patient = new Search(graph, { all: 0 });
      assert.deepEqual(await patient.countRuns(context, project, selection), {
        count: runCount,
        complete: true,
      });
    });

    it('ends what takes too long with an error that says so', async () => {
      const search = new Search(graph, { walked: 0, all: 0, budget: 5 });
      const late = localContext(hurryingClock(3));
      const isTooLong = (error: unknown) =>
        error instanceof CairnError &&
        error.code === 'query_too_expensive' &&
        /narrow it/.test(error.message);
      const selection = selected("params.note LIKE '%nothing%'");
      const order = [parseNativeOrder('metrics.loss')];
      await assert.rejects(search.runs(late, project, { ...selection, order, limit: 5 }), isTooLong);
      const by = [parseNativeField('params.note', 'by')];
      const groups = { ...selection, by, figures: [], order: 'runs', limit: 5, cursor: undefined } as const;
      await assert.rejects(search.groups(late, project, groups), isTooLong);
      const expression = selected("params.note =~ 'x'");
      await assert.rejects(search.runs(late, project, { ...expression, order: [], limit: 5 }), isTooLong);
      await search.close();
    });
  });
});
