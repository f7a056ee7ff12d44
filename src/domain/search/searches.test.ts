/** Search against the naive model: random runs, filters, orders, views and page sizes, on every store. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { localContext } from '../../../test/fixtures/opened-slices.ts';
import { forEachStore } from '../../../test/stores/stores.ts';
import type { Field } from '../../engines/search/ast.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { systemClock } from '../../kernel/time.ts';
import { Experiments, Projects } from '../contexts/index.ts';
import { Events, Journal } from '../events/index.ts';
import { Graph } from '../graph/index.ts';
import { Metrics } from '../metrics/index.ts';
import { Runs } from '../runs/index.ts';
import type { RunGroup } from './groups/groups.ts';
import type { FoundRun } from './search.ts';
import {
  type Asked,
  longText,
  numbers,
  pair,
  type RandomRun,
  randomRun,
  search,
} from './search-arbitraries.ts';
import { compareRuns, fieldValue, passes } from './search-model.ts';
import { Search } from './searches.ts';

const isLong = process.env.CAIRN_LONG === '1';
const runCount = 70;

const context = localContext();

forEachStore((open) => {
  describe('search', () => {
    let project: ProjectId;
    let graph: Graph;
    let runs: Runs;
    let metrics: Metrics;
    let experiments: Experiments;
    let events: Events;
    let all: FoundRun[];

    before(async () => {
      const db = await open();
      graph = await Graph.open(db);
      // Where positions are given later, some changes have none yet.
      events = new Events(db, systemClock);
      events.start();
      const journal = new Journal(db, events.committed);
      experiments = new Experiments(graph, journal, {
        defaultArtifactRoot: 'file:///mlruns/',
        serverFolder: '/',
      });
      runs = new Runs(graph, journal);
      metrics = new Metrics(graph, journal);
      const projects = new Projects(graph, journal);
      project = await projects.ensureDefault(context);
      for (const name of ['zero', 'one', 'two']) await experiments.create(context, project, { name });
      const [random = []] = fc.sample(fc.array(randomRun, { minLength: runCount, maxLength: runCount }), {
        numRuns: 1,
        seed: 20_260_101,
      });
      const ids: string[] = [];
      for (const run of random) ids.push(await store(run));
      // Decided again after the experiment was: some runs by it, some by themselves.
      await experiments.delete(context, project, '1');
      await experiments.restore(context, project, '1');
      await experiments.delete(context, project, '2');
      for (const id of ids.slice(0, 12)) await runs.restore(context, project, id);
      for (const id of ids.slice(12, 18)) await runs.delete(context, project, id);
      all = await Promise.all(ids.map(load));
    });
    after(async () => {
      await metrics.sealer.close();
      await events.close();
    });

    async function store(random: RandomRun): Promise<string> {
      const { name, user, started, state, ended } = random;
      const { run } = await runs.create(context, project, {
        experiment: String(random.experiment),
        name,
        user,
        started,
        state,
      });
      if (ended !== undefined) await runs.update(context, project, run.id, { ended });
      const pairs = (list: readonly (readonly [string, string])[]) =>
        list.map(([k, value]) => ({ key: k, value }));
      await metrics.logBatch(context, project, run.id, {
        params: pairs(random.params),
        tags: pairs(random.tags),
        points: random.points.map(([k, value, step]) => ({ key: k, value, step, time: 1 })),
      });
      if (random.deleted) await runs.delete(context, project, run.id);
      return run.id;
    }

    async function load(id: string): Promise<FoundRun> {
      const { run, data } = await runs.get(context, project, id);
      const summaries = await metrics.summaries(context, project, [run.node]);
      return {
        run,
        data,
        metrics: [...summaries].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))),
      };
    }

    async function checkAnchors(
      searches: Search,
      asked: Asked,
      expected: readonly FoundRun[],
    ): Promise<void> {
      const every = (asked.limit % 5) + 1;
      const { items, total } = await searches.anchors(context, project, { ...asked, every });
      assert.equal(total, expected.length);
      // A changed run is no anchor itself.
      assert.ok(items.length >= Math.floor(total / every) - runCount / 7);
      for (const { offset, cursor } of items) {
        const page = await searches.runs(context, project, { ...asked, cursor });
        assert.equal(page.items[0]?.run.id, expected[offset]?.run.id);
      }
    }

    for (const most of [2_000, 3]) {
      it(`answers as the model does, page by page (seeks up to ${most})`, async () => {
        const searches = new Search(graph, { walked: most, all: most, texts: most });
        await fc.assert(
          fc.asyncProperty(search, async (asked) => {
            const expected = all
              .filter(({ run }) => asked.experiments.includes(run.experiment))
              .filter(({ run }) => asked.view === 'all' || run.lifecycle === asked.view)
              .filter((run) => asked.filter === undefined || passes(run, asked.filter))
              .sort((a, b) => compareRuns(a, b, asked.order));
            const walked: FoundRun[] = [];
            let cursor: string | undefined;
            do {
              const page = await searches.runs(context, project, { ...asked, cursor });
              assert.ok(page.items.length <= asked.limit);
              if (page.cursor !== undefined) assert.equal(page.items.length, asked.limit);
              walked.push(...page.items);
              cursor = page.cursor;
            } while (cursor !== undefined);
            assert.deepEqual(
              walked.map(({ run }) => run.id),
              expected.map(({ run }) => run.id),
            );
            assert.deepEqual(walked, expected);
            await checkAnchors(searches, asked, expected);
            // Entered anywhere, the list is the same: from there on, and again by the cursor it begins with.
            const skip = Math.floor(expected.length / 2);
            const jumped = await searches.runs(context, project, { ...asked, skip });
            assert.deepEqual(jumped.items, expected.slice(skip, skip + asked.limit));
            if (skip > 0) {
              const again = await searches.runs(context, project, { ...asked, cursor: jumped.start });
              assert.deepEqual(again.items, jumped.items);
              assert.equal(again.cursor, jumped.cursor);
            }
            const { experiments: ids, filter: by, view } = asked;
            assert.deepEqual(
              await searches.countRuns(context, project, { experiments: ids, filter: by, view }),
              {
                count: expected.length,
                complete: true,
              },
            );
          }),
          { numRuns: isLong ? 5_000 : 80 },
        );
      });
    }

    it('answers as the model does from rankings, while runs change', async () => {
      const searches = new Search(graph, {
        walked: 3,
        all: 30,
        ranked: 0,
        filtered: 0,
        few: 0,
        passed: 0,
        listed: 0,
        merge: 5,
      });
      const change = fc.record({
        which: fc.nat(runCount - 1),
        pair,
        value: fc.constantFrom(...numbers),
        kind: fc.nat(4),
      });
      let step = 100;
      let used = 0;
      await fc.assert(
        fc.asyncProperty(search, fc.array(change, { maxLength: 4 }), async (asked, changes) => {
          const page = () => searches.runs(context, project, { ...asked, cursor: undefined });
          await page();
          await searches.rankings.settle();
          for (const {
            which,
            pair: [name, text],
            value,
            kind,
          } of changes) {
            const { run } = all[which]!;
            if (run.lifecycle === 'deleted') await runs.restore(context, project, run.id);
            if (kind === 0) await runs.setTag(context, project, run.id, { key: name, value: text });
            else if (kind === 1) await runs.delete(context, project, run.id);
            else if (kind === 2)
              await runs.update(context, project, run.id, { name: text.includes('\0') ? 'n' : `n${text}` });
            else {
              const points = [{ key: name, value, step: step++, time: 1 }];
              await metrics.logBatch(context, project, run.id, { points });
            }
            all[which] = await load(run.id);
          }
          const expected = all
            .filter(({ run }) => asked.experiments.includes(run.experiment))
            .filter(({ run }) => asked.view === 'all' || run.lifecycle === asked.view)
            .filter((run) => asked.filter === undefined || passes(run, asked.filter))
            .sort((a, b) => compareRuns(a, b, asked.order));
          const walked: FoundRun[] = [];
          let cursor: string | undefined;
          do {
            const next = await searches.runs(context, project, { ...asked, cursor });
            walked.push(...next.items);
            cursor = next.cursor;
          } while (cursor !== undefined);
          assert.deepEqual(walked, expected);
          await checkAnchors(searches, asked, expected);
          const skip = Math.floor(expected.length / 3);
          const jumped = await searches.runs(context, project, { ...asked, skip });
          assert.deepEqual(jumped.items, expected.slice(skip, skip + asked.limit));
          used = Math.max(used, (await graph.db.read((q) => q.many(sql`SELECT id FROM ranking`))).length);
        }),
        { numRuns: isLong ? 2_000 : 25 },
      );
      assert.ok(used > 8, `${used} rankings`);
      await searches.close();
    });

    it('groups as the model does, page by page', async () => {
      const searches = new Search(graph);
      const by = fc.constantFrom<Field>(
        { kind: 'param', key: 'x' },
        { kind: 'tag', key: 'y' },
        { kind: 'attribute', name: 'user' },
        { kind: 'attribute', name: 'ended' },
        { kind: 'param', key: 'unknown' },
      );
      const loss = { kind: 'metric', key: 'x', aggregate: 'min' } as const;
      await fc.assert(
        fc.asyncProperty(
          search,
          fc.uniqueArray(by, { minLength: 1, maxLength: 2, selector: (f) => JSON.stringify(f) }),
          async (asked, fields) => {
            const expected = new Map<string, { runs: number; latest: number; values: number[] }>();
            for (const found of all) {
              if (!asked.experiments.includes(found.run.experiment)) continue;
              if (asked.view !== 'all' && found.run.lifecycle !== asked.view) continue;
              if (asked.filter !== undefined && !passes(found, asked.filter)) continue;
              const value = (field: Field) => {
                const one = fieldValue(found, field);
                return typeof one === 'string' && one.includes('\0') ? null : (one ?? null);
              };
              const key = JSON.stringify(fields.map(value));
              const group = expected.get(key) ?? { runs: 0, latest: -Infinity, values: [] };
              expected.set(key, group);
              group.runs += 1;
              group.latest = Math.max(group.latest, found.run.started);
              const least = fieldValue(found, loss);
              if (typeof least === 'number' && !Number.isNaN(least)) group.values.push(least);
            }
            const groups: RunGroup[] = [];
            let cursor: string | undefined;
            do {
              const page = await searches.groups(context, project, {
                ...asked,
                by: fields,
                figures: [loss],
                order: 'runs',
                limit: 3,
                cursor,
              });
              assert.equal(page.total, expected.size);
              groups.push(...page.items);
              cursor = page.cursor;
            } while (cursor !== undefined);
            assert.equal(groups.length, expected.size);
            for (const [index, group] of groups.entries()) {
              const wanted = expected.get(JSON.stringify(group.values));
              assert.ok(wanted, JSON.stringify(group.values));
              assert.equal(group.runs, wanted.runs);
              assert.equal(group.latest, wanted.latest);
              const [figure] = group.figures;
              assert.equal(figure?.runs, wanted.values.length);
              assert.equal(figure.min, wanted.values.length === 0 ? null : Math.min(...wanted.values) + 0);
              assert.equal(figure.max, wanted.values.length === 0 ? null : Math.max(...wanted.values) + 0);
              assert.ok(index === 0 || groups[index - 1]!.runs >= group.runs);
            }
          },
        ),
        { numRuns: 30 },
      );
    });

    it('knows values by their beginning', async () => {
      const searches = new Search(graph);
      const asked = { scope: 'param', key: 'x', prefix: '', limit: 1_000 } as const;
      for (const prefix of ['', 'a', 'aa', 'z', 'nothing', longText]) {
        const values = await searches.values(context, project, '0', { ...asked, prefix });
        const runs = new Map<string, number>();
        for (const { run, data } of all) {
          const value = data.params.find(({ key }) => key === 'x')?.value;
          if (
            run.experiment !== '0' ||
            value === undefined ||
            value.includes('\0') ||
            !value.startsWith(prefix)
          )
            continue;
          const head = [...value].slice(0, 64).join('');
          runs.set(head, (runs.get(head) ?? 0) + 1);
        }
        const expected = [...runs].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        assert.deepEqual(
          values.map((value) => [value.value, value.runs]),
          expected,
        );
      }
      assert.equal((await searches.values(context, project, '0', { ...asked, limit: 1 })).length, 1);
    });

    it('reads only the columns asked for', async () => {
      const page = await new Search(graph).runs(context, project, {
        experiments: ['0', '1', '2'],
        order: [],
        view: 'all',
        limit: 1_000,
        columns: { params: ['x', 'unknown'], metrics: [], tags: ['\0', 'y'] },
      });
      assert.equal(page.items.length, all.length);
      for (const found of page.items) {
        const whole = all.find(({ run }) => run.id === found.run.id)!;
        assert.deepEqual(found.run, whole.run);
        assert.deepEqual(found.metrics, []);
        assert.deepEqual(
          found.data.params,
          whole.data.params.filter(({ key: name }) => name === 'x'),
        );
        assert.deepEqual(
          found.data.tags,
          whole.data.tags.filter(({ key: name }) => name === 'y'),
        );
      }
    });

    it('refuses a cursor of another query, and forged ones', async () => {
      const searches = new Search(graph);
      const asked = { experiments: ['0'], order: [], view: 'all', limit: 2 } as const;
      const { cursor } = await searches.runs(context, project, asked);
      assert.ok(cursor);
      const isRefused = (error: unknown) =>
        error instanceof CairnError && error.code === 'invalid_argument' && error.field === 'cursor';
      await assert.rejects(searches.runs(context, project, { ...asked, view: 'active', cursor }), isRefused);
      await assert.rejects(
        searches.runs(context, project, { ...asked, experiments: ['1'], cursor }),
        isRefused,
      );
      const [fingerprint] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string];
      for (const values of [
        [1, 'a'],
        ['x', '=a'],
        [null, '=a'],
        [1, '=\0'],
        [1, '#x'],
        [1e300, '=a'],
        [1, 2],
        [1],
      ]) {
        const forged = Buffer.from(JSON.stringify([fingerprint, ...values])).toString('base64url');
        await assert.rejects(searches.runs(context, project, { ...asked, cursor: forged }), isRefused);
      }
      for (const forged of ['', 'x', '!!', 'e30', Buffer.from('"a"').toString('base64url')]) {
        await assert.rejects(searches.runs(context, project, { ...asked, cursor: forged }), isRefused);
      }
    });
  });
});
