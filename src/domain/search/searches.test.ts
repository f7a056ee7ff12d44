/** Search against the naive model: random runs, filters, orders, views and page sizes, on every store. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { forEachStore } from '../../../test/stores/stores.ts';
import type { CompareOperator, Field, Filter, Order } from '../../engines/search/ast.ts';
import { aggregates } from '../../engines/search/ast.ts';
import { CairnError } from '../../kernel/errors.ts';
import { type ProjectId, systemRandom } from '../../kernel/ids.ts';
import { newRequestContext } from '../../kernel/request-context.ts';
import { systemClock } from '../../kernel/time.ts';
import { Experiments, Projects, type View } from '../contexts/index.ts';
import { Journal } from '../events/index.ts';
import { Graph } from '../graph/index.ts';
import { Metrics } from '../metrics/index.ts';
import { Runs } from '../runs/index.ts';
import type { FoundRun } from './search.ts';
import { compareRuns, passes } from './search-model.ts';
import { Search } from './searches.ts';

const isLong = process.env.CAIRN_LONG === '1';
const runCount = 70;

const context = newRequestContext({
  actor: { kind: 'local', name: 'local' },
  scope: { projects: 'all' },
  face: 'native',
  requestId: 'test',
  signal: new AbortController().signal,
  clock: systemClock,
  random: systemRandom,
});

const longText = 'a'.repeat(64);
/** Texts that stores disagree about unless they are told: case, code points, wildcards, heads, numbers, U+0000. */
const texts = [
  '',
  'a',
  'A',
  'aB',
  'ab',
  'a%b',
  'a_b',
  'a\\b',
  'a*b?[c]',
  'ä',
  'Ä',
  '\u{1f600}x',
  '\uffeex',
  '\ud7ff',
  '\ue000',
  '1',
  '1.0',
  '10',
  '9',
  '-3e2',
  '0x10',
  'NaN',
  longText,
  `${longText}b`,
  `${longText}c`,
  `${longText.slice(1)}Z`,
  'z'.repeat(300),
  `${'z'.repeat(300)}\u{1f600}`,
  'a\0b',
  'a\0c',
  "it's",
];
const numbers = [0, -0, 1, 1.5, -2, 1e300, 5e-324, Infinity, -Infinity, Number.NaN, 3, 1 / 3];
const keys = ['x', 'y', 'x.min', 'mlflow.source', 'schlüssel ☃'];
const states = ['scheduled', 'running', 'finished', 'failed', 'killed'] as const;

const text = fc.constantFrom(...texts);
const key = fc.constantFrom(...keys);
const pair = fc.tuple(key, text);

const randomRun = fc.record({
  experiment: fc.nat(2),
  name: fc.constantFrom('one', 'Two', 'three 3', 'drei', '名前'),
  user: fc.constantFrom('', 'ann', 'Bob'),
  started: fc.constantFrom(0, 1_000, 1_001, 1_700_000_000_000),
  state: fc.constantFrom(...states),
  ended: fc.option(fc.constantFrom(5, 2_000_000_000_000), { nil: undefined }),
  params: fc.uniqueArray(pair, { maxLength: 4, selector: ([name]) => name }),
  tags: fc.uniqueArray(pair, { maxLength: 3, selector: ([name]) => name }),
  points: fc.array(fc.tuple(key, fc.constantFrom(...numbers), fc.nat(5)), { maxLength: 8 }),
  deleted: fc.constantFrom(false, false, false, true),
});
type RandomRun = typeof randomRun extends fc.Arbitrary<infer T> ? T : never;

const field: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    kind: fc.constant('attribute' as const),
    name: fc.constantFrom('id', 'name', 'user', 'state', 'status', 'started', 'ended', 'artifactUri'),
  }),
  fc.record({ kind: fc.constant('metric' as const), key, aggregate: fc.constantFrom(...aggregates) }),
  fc.record({ kind: fc.constant('param' as const), key: fc.oneof(key, fc.constant('unknown')) }),
  fc.record({ kind: fc.constant('tag' as const), key }),
  fc.record({ kind: fc.constant('dataset' as const), name: fc.constant('name' as const) }),
);

const signs = ['=', '!=', '>', '>=', '<', '<='] as const;
const anyNumber = fc.oneof(
  fc.constantFrom(...numbers.filter((number) => !Number.isNaN(number)), 1_000, 2_000_000_000_000, 0.5),
  fc.constantFrom(10n ** 30n, -(10n ** 30n), 2n ** 63n),
);
const anyText = fc.oneof(text, fc.constantFrom('one', 'ann', 'running', 'RUNNING', 'finished'));
const pattern = fc.oneof(
  anyText,
  fc
    .array(fc.constantFrom('%', '_', 'a', 'A', 'b', '*', '\\', 'ä', '\u{1f600}', 'R', 'n', '1', '\0'), {
      maxLength: 5,
    })
    .map((p) => p.join('')),
  anyText.map((start) => `${start}%`),
  anyText.map((part) => `%${part.slice(0, 70)}%`),
);

function isNumeric(of: Field): boolean {
  return of.kind === 'metric' || (of.kind === 'attribute' && (of.name === 'started' || of.name === 'ended'));
}

const leaf: fc.Arbitrary<Filter> = field.chain((of): fc.Arbitrary<Filter> => {
  const nullTest = fc.record({
    kind: fc.constant('null-test' as const),
    field: fc.constant(of),
    negated: fc.boolean(),
  });
  const compare = (operator: fc.Arbitrary<CompareOperator>, value: fc.Arbitrary<string | number | bigint>) =>
    fc.record({ kind: fc.constant('compare' as const), field: fc.constant(of), operator, value });
  const byNumber = compare(fc.constantFrom(...signs), anyNumber);
  if (isNumeric(of)) return fc.oneof(byNumber, byNumber, nullTest);
  const values = fc.array(anyText, { minLength: 1, maxLength: 4 });
  const list = fc.record({
    kind: fc.constant('in' as const),
    field: fc.constant(of),
    negated: fc.boolean(),
    values,
  });
  const byText = compare(fc.constantFrom(...signs), anyText);
  const byPattern = compare(fc.constantFrom('like', 'ilike'), pattern);
  const contains = compare(fc.constant('contains'), anyText);
  const ofAll = [byText, byPattern, contains, list, nullTest];
  return of.kind === 'param' || of.kind === 'tag' ? fc.oneof(...ofAll, byNumber) : fc.oneof(...ofAll);
});

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      terms: fc.array(tie('filter'), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), term: tie('filter') }),
  ),
}));

/** More conditions than are left to the store to join. */
const longFilter: fc.Arbitrary<Filter> = fc
  .array(
    leaf.map((term): Filter => ({ kind: 'not', term })),
    { minLength: 7, maxLength: 10 },
  )
  .map((terms) => ({ kind: 'and', terms }));

const orders: fc.Arbitrary<Order[]> = fc.array(
  fc.record({ field, descending: fc.boolean(), natural: fc.boolean() }),
  { maxLength: 3 },
);

const search = fc.record({
  experiments: fc.subarray(['0', '1', '2', '77'], { minLength: 1 }),
  filter: fc.option(fc.oneof({ weight: 9, arbitrary: filter }, { weight: 1, arbitrary: longFilter }), {
    nil: undefined,
  }),
  order: orders,
  view: fc.constantFrom<View>('active', 'deleted', 'all'),
  limit: fc.constantFrom(2, 7, 30, 200),
});

forEachStore((open) => {
  describe('search', () => {
    let project: ProjectId;
    let graph: Graph;
    let runs: Runs;
    let metrics: Metrics;
    let experiments: Experiments;
    let all: FoundRun[];

    before(async () => {
      const db = await open();
      graph = await Graph.open(db);
      const journal = new Journal(db, () => {});
      experiments = new Experiments(graph, journal, { defaultArtifactRoot: 'file:///mlruns/' });
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
    after(() => metrics.sealer.close());

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

    for (const most of [2_000, 3]) {
      it(`answers as the model does, page by page (seeks up to ${most})`, async () => {
        const searches = new Search(graph, { walked: most, all: most });
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
            assert.equal(
              await searches.countRuns(context, project, { experiments: ids, filter: by, view }),
              expected.length,
            );
          }),
          { numRuns: isLong ? 5_000 : 120 },
        );
      });
    }

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
