/** Lists of experiments, what happens in them, and the columns of their runs, on every store. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { localContext, openSlices } from '../../../../test/fixtures/opened-slices.ts';
import { forEachStore } from '../../../../test/stores/stores.ts';
import type { Filter, Order } from '../../../engines/search/ast.ts';
import { CairnError } from '../../../kernel/errors.ts';
import type { ProjectId } from '../../../kernel/ids.ts';
import type { Experiment, View } from '../../contexts/index.ts';
import { Metrics } from '../../metrics/index.ts';
import { Runs } from '../../runs/index.ts';
import { Search } from '../searches.ts';

let now = 1_000;
const context = localContext({ now: () => now, after: () => () => {} });

const attribute = (name: string) => ({ kind: 'attribute', name }) as const;
const byText = (
  name: string,
  operator: '=' | '!=' | 'like' | 'ilike' | 'contains',
  value: string,
): Filter => ({
  kind: 'compare',
  field: attribute(name),
  operator,
  value,
});
const by = (name: string, descending = false): Order => ({
  field: attribute(name),
  descending,
  natural: false,
});

forEachStore((open) => {
  describe('experiments', () => {
    let project: ProjectId;
    let other: ProjectId;
    let search: Search;
    let metrics: Metrics;
    let all: Experiment[];

    before(async () => {
      const db = await open();
      const { graph, journal, projects, experiments } = await openSlices(db);
      const runs = new Runs(graph, journal);
      metrics = new Metrics(graph, journal);
      search = new Search(graph);
      project = await projects.ensureDefault(context);
      other = (await projects.create(context, { name: 'other' })).id;
      await experiments.create(context, other, { name: 'elsewhere' });
      const names = ['Default', 'ab', 'a', 'Abc', '50% off', 'a_b', 'ÄB', 'x1', 'x2', 'x3', 'x4', 'x5'];
      for (const [index, name] of names.entries()) {
        now = 1_000 + Math.floor(index / 3);
        const tags = index % 2 === 0 ? [{ key: 'team', value: `t${index}` }] : [];
        await experiments.create(context, project, { name, tags });
      }
      await experiments.delete(context, project, '3');
      all = await Promise.all(names.map((_, index) => experiments.get(context, project, String(index))));

      for (let index = 0; index < 9; index++) {
        now = 2_000 + index;
        const { run } = await runs.create(context, project, {
          experiment: index < 7 ? '1' : '2',
          state: index % 3 === 0 ? 'running' : 'finished',
        });
        await metrics.logBatch(context, project, run.id, {
          params: [
            { key: 'rate', value: String(index / 10) },
            { key: 'model', value: 'resnet' },
            { key: 'long', value: 'l'.repeat(100) + (index % 2) },
            ...(index === 0 ? [{ key: 'rare', value: 'once' }] : []),
          ],
          tags: [{ key: 'Host', value: index < 5 ? 'a' : '7' }],
          points: [
            { key: 'loss', value: index, step: 1, time: 1 },
            { key: 'flat', value: 1, step: 1, time: 1 },
          ],
        });
        if (index === 6 || index === 8) await runs.delete(context, project, run.id);
      }
    });
    after(() => metrics.sealer.close());

    async function names(
      filter: Filter | undefined,
      order: Order[] = [],
      view: View = 'active',
    ): Promise<string[]> {
      const { items } = await search.experiments(context, project, { filter, order, view, limit: 100 });
      return items.map((experiment) => experiment.name);
    }

    it('come latest first, those of one instant by their ids', async () => {
      assert.deepEqual(await names(undefined), [
        'x3',
        'x4',
        'x5',
        'ÄB',
        'x1',
        'x2',
        '50% off',
        'a_b',
        'Default',
        'ab',
        'a',
      ]);
      assert.deepEqual(await names(undefined, [], 'deleted'), ['Abc']);
      assert.equal((await names(undefined, [], 'all')).length, 12);
    });

    it('are whole', async () => {
      const { items } = await search.experiments(context, project, {
        order: [by('id')],
        view: 'all',
        limit: 100,
      });
      assert.deepEqual(items, all);
    });

    it('are ordered by bytes, numbers and times, ties by the latest id', async () => {
      assert.deepEqual(await names(undefined, [by('name')]), [
        '50% off',
        'Default',
        'a',
        'a_b',
        'ab',
        'x1',
        'x2',
        'x3',
        'x4',
        'x5',
        'ÄB',
      ]);
      assert.deepEqual((await names(undefined, [by('id', true)])).slice(0, 3), ['x5', 'x4', 'x3']);
      assert.deepEqual((await names(undefined, [by('created')])).slice(0, 4), ['a', 'ab', 'Default', 'a_b']);
    });

    it('are found by name, id, time and tag', async () => {
      assert.deepEqual(await names(byText('name', '=', 'ab')), ['ab']);
      assert.deepEqual(await names(byText('name', 'like', 'a_')), ['ab']);
      assert.deepEqual(await names(byText('name', 'like', 'A%')), []);
      assert.deepEqual(await names(byText('name', 'ilike', 'A%')), ['a_b', 'ab', 'a']);
      assert.deepEqual(await names(byText('name', 'contains', 'B')), ['ÄB', 'a_b', 'ab']);
      assert.deepEqual(await names(byText('name', 'contains', '%')), ['50% off']);
      assert.deepEqual(await names(byText('name', 'contains', '_')), ['a_b']);
      assert.deepEqual(await names(byText('id', '=', '10')), ['x4']);
      assert.deepEqual(
        await names(
          { kind: 'in', field: attribute('id'), negated: false, values: ['0', '3', '77'] },
          [],
          'all',
        ),
        ['Abc', 'Default'],
      );
      const team = { kind: 'tag', key: 'team' } as const;
      assert.deepEqual(await names({ kind: 'compare', field: team, operator: 'like', value: 't1%' }), ['x4']);
      assert.equal((await names({ kind: 'null-test', field: team, negated: false }, [], 'all')).length, 6);
      assert.deepEqual(
        await names({ kind: 'compare', field: attribute('created'), operator: '<', value: 1_001 }),
        ['Default', 'ab', 'a'],
      );
    });

    it('come page by page, each once', async () => {
      for (const order of [[], [by('name')], [by('updated', true)], [by('id')]]) {
        const walked: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await search.experiments(context, project, { order, view: 'all', limit: 5, cursor });
          walked.push(...page.items.map(({ id }) => id));
          cursor = page.cursor;
        } while (cursor !== undefined);
        assert.equal(walked.length, 12);
        assert.equal(new Set(walked).size, 12);
      }
    });

    it('show what happens in them', async () => {
      const activity = await search.activity(context, project, all);
      assert.deepEqual(activity.get(all[1]!.node), { runs: 6, running: 2, failed: 0, lastActivity: 2_005 });
      assert.deepEqual(activity.get(all[2]!.node), { runs: 1, running: 0, failed: 0, lastActivity: 2_007 });
      assert.equal(activity.get(all[0]!.node), undefined);
    });

    it('have columns, those that vary first', async () => {
      const found = await search.columns(context, project, '1', { limit: 100 });
      assert.equal(found.complete, true);
      assert.deepEqual(
        found.items.map(({ scope, key, runs, varies, numeric }) => [
          `${scope}s.${key}`,
          runs,
          varies,
          numeric,
        ]),
        [
          ['metrics.loss', 7, true, true],
          ['params.long', 7, true, false],
          ['params.rate', 7, true, true],
          ['tags.Host', 7, true, false],
          ['tags.mlflow.runName', 7, true, false],
          ['metrics.flat', 7, false, true],
          ['params.model', 7, false, false],
          ['params.rare', 1, false, false],
        ],
      );
      const few = await search.columns(context, project, '1', { search: 'HO', limit: 100 });
      assert.deepEqual(
        few.items.map(({ key }) => key),
        ['Host'],
      );
      const cut = await search.columns(context, project, '1', { limit: 2 });
      assert.deepEqual([cut.items.length, cut.complete], [2, false]);
      assert.deepEqual((await search.columns(context, project, '5', { limit: 5 })).items, []);
      await assert.rejects(
        search.columns(context, project, '77', { limit: 5 }),
        (error) => error instanceof CairnError && error.code === 'not_found',
      );
    });

    it('of another project, or out of scope, are not shown', async () => {
      assert.deepEqual(
        (await search.experiments(context, other, { order: [], view: 'all', limit: 9 })).items.map(
          ({ name }) => name,
        ),
        ['elsewhere'],
      );
      const blind = { ...context, scope: { projects: [other] } };
      assert.deepEqual(await search.experiments(blind, project, { order: [], view: 'all', limit: 9 }), {
        items: [],
      });
      const asked = { experiments: ['1'], order: [], view: 'all', limit: 9 } as const;
      assert.deepEqual(await search.runs(blind, project, asked), { items: [] });
      assert.equal((await search.countRuns(blind, project, asked)).count, 0);
      assert.equal((await search.runs(context, other, asked)).items.length, 0);
      await assert.rejects(search.columns(blind, project, '1', { limit: 5 }), CairnError);
    });
  });
});
