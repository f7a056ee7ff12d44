/** Searches of logged models against a naive model: filters, orders, datasets, pages. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { type LinkedDomain, openLinkedDomain, testContext } from '../../../test/fixtures/linked-domain.ts';
import { forEachStore } from '../../../test/stores/stores.ts';
import type { Field, Filter } from '../../engines/search/ast.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { LoggedModel } from './logged-model.ts';
import type { OnDataset } from './logged-model-layout.ts';
import type { ModelOrder, ModelSearch } from './logged-model-search.ts';

const keys = ['x', 'y'];
const key = fc.constantFrom(...keys);
const text = fc.constantFrom('', 'a', 'A', 'b', '1', 'ü');
const numbers = [0, 1, 2.5, -1, Number.NaN, Infinity];
const datasets: readonly OnDataset[] = [
  { name: 'd', digest: '1' },
  { name: 'd', digest: '2' },
  { name: 'e', digest: '1' },
];

interface Point {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  /** Unique: the latest is one. */
  readonly time: number;
  readonly run: number;
  readonly dataset: OnDataset | undefined;
}
interface Known {
  readonly model: LoggedModel;
  readonly points: readonly Point[];
}

const randomModel = fc.record({
  experiment: fc.nat(1),
  name: fc.constantFrom('oak', 'Ash', 'elm 1'),
  type: fc.constantFrom('', 'tree', 'Tree'),
  sourceRun: fc.constantFrom('', 'r1'),
  status: fc.constantFrom('pending', 'ready', 'failed'),
  params: fc.uniqueArray(fc.tuple(key, text), { selector: ([name]) => name }),
  tags: fc.uniqueArray(fc.tuple(key, text), { selector: ([name]) => name }),
  points: fc.array(
    fc.record({
      key,
      value: fc.constantFrom(...numbers),
      step: fc.nat(3),
      run: fc.nat(1),
      dataset: fc.option(fc.constantFrom(...datasets), { nil: undefined }),
    }),
    { maxLength: 6 },
  ),
  deleted: fc.constantFrom(false, false, false, false, true),
});

const attribute = (name: string) => ({ kind: 'attribute', name }) as const;
const texts = fc.oneof(
  fc.constantFrom('id', 'name', 'type', 'sourceRun', 'state', 'experiment').map(attribute),
  fc.record({ kind: fc.constantFrom('param' as const, 'tag' as const), key }),
);
const metric = fc.record({
  kind: fc.constant('metric' as const),
  key: fc.oneof(key, fc.constant('z')),
  aggregate: fc.constant('last' as const),
});
const anyText = fc.oneof(text, fc.constantFrom('oak', 'Ash', 'tree', 'ready', 'pending', 'r1', '0', 'm-%'));
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    field: texts,
    operator: fc.constantFrom('=', '!=', 'like', 'ilike'),
    value: anyText,
  }),
  fc.record({
    kind: fc.constant('in' as const),
    field: texts,
    negated: fc.boolean(),
    values: fc.array(anyText, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    field: metric,
    operator: fc.constantFrom('=', '!=', '>', '>=', '<', '<='),
    value: fc.constantFrom(0, 1, 2, 2.5, -1),
  }),
  fc.record({ kind: fc.constant('null-test' as const), field: metric, negated: fc.boolean() }),
);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      terms: fc.array(tie('filter'), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), term: tie('filter') }),
  ),
}));
const onDataset = fc.constantFrom<OnDataset & { name: string }>(
  { name: 'd', digest: '1' },
  { name: 'd' },
  { name: 'e' },
  { name: 'none' },
);
const order: fc.Arbitrary<ModelOrder> = fc.record({
  field: fc.oneof(
    metric,
    fc.constantFrom('name', 'type', 'state', 'created', 'id', 'experimentNumber').map(attribute),
  ),
  descending: fc.boolean(),
  natural: fc.constant(false),
  dataset: fc.option(onDataset, { nil: undefined }),
});
const search: fc.Arbitrary<ModelSearch> = fc.record({
  experiments: fc.subarray(['0', '1', '99'], { minLength: 1 }),
  filter: fc.option(filter, { nil: undefined }),
  order: fc.array(order, { maxLength: 2 }),
  datasets: fc.array(onDataset, { maxLength: 2 }),
  limit: fc.constantFrom(3, 10, 100),
});

const isOn = (point: Point, on: readonly OnDataset[]) =>
  on.length === 0 ||
  on.some(
    ({ name, digest }) =>
      point.dataset?.name === name && (digest === undefined || point.dataset?.digest === digest),
  );

function textOf({ model }: Known, field: Field): string | undefined {
  if (field.kind === 'param') return model.params.find((pair) => pair.key === field.key)?.value;
  if (field.kind === 'tag') return model.tags.find((pair) => pair.key === field.key)?.value;
  if (field.kind !== 'attribute') return undefined;
  const name = field.name === 'state' ? 'status' : field.name;
  return model[name as 'id' | 'name' | 'type' | 'sourceRun' | 'status' | 'experiment'];
}

function passes(known: Known, by: Filter, on: readonly OnDataset[]): boolean {
  switch (by.kind) {
    case 'and':
      return by.terms.every((term) => passes(known, term, on));
    case 'or':
      return by.terms.some((term) => passes(known, term, on));
    case 'not':
      return !passes(known, by.term, on);
    case 'null-test':
      return pointsOf(known, by.field, on).length > 0 === by.negated;
    case 'in': {
      const value = textOf(known, by.field);
      return value !== undefined && by.values.includes(value) !== by.negated;
    }
    case 'compare': {
      if (by.field.kind === 'metric') {
        const points = pointsOf(known, by.field, on);
        const wanted = Number(by.value);
        if (by.operator === '=') return namedValues(points).some((value) => value === wanted);
        return points.some(({ value }) => compares(value, by.operator, wanted));
      }
      const value = textOf(known, by.field);
      if (value === undefined) return false;
      if (by.operator === '=' || by.operator === '!=') return (value === by.value) === (by.operator === '=');
      const flags = by.operator === 'ilike' ? 'i' : '';
      return new RegExp(`^${String(by.value).replaceAll('%', '.*')}$`, flags).test(value);
    }
  }
}

function compares(value: number, operator: string, wanted: number): boolean {
  if (operator === '!=') return value !== wanted;
  if (operator === '>') return value > wanted;
  if (operator === '>=') return value >= wanted;
  return operator === '<' ? value < wanted : value <= wanted;
}

function pointsOf({ points }: Known, field: Field, on: readonly OnDataset[]): Point[] {
  return points.filter((point) => field.kind === 'metric' && point.key === field.key && isOn(point, on));
}

/** The first, last, least and greatest of each series: what an equality looks at. */
function namedValues(points: readonly Point[]): number[] {
  const series = Map.groupBy(points, ({ run, dataset }) => JSON.stringify([run, dataset]));
  return [...series.values()].flatMap((list) => {
    const reals = list.map(({ value }) => value).filter((value) => !Number.isNaN(value));
    const first = list.toSorted((a, b) => a.step - b.step || a.time - b.time)[0]!;
    return [Math.min(...reals), Math.max(...reals), first.value, latest(list)!.value];
  });
}

function latest(points: readonly Point[]): Point | undefined {
  return points.toSorted((a, b) => b.time - a.time)[0];
}

function compareModels(a: Known, b: Known, orders: readonly ModelOrder[]): number {
  for (const { field, descending, dataset } of orders) {
    const on = dataset === undefined ? [] : [dataset];
    const value = (known: Known) =>
      field.kind === 'metric'
        ? latest(pointsOf(known, field, on))?.value
        : field.kind === 'attribute' && field.name === 'created'
          ? known.model.created
          : field.kind === 'attribute' && field.name === 'experimentNumber'
            ? Number(known.model.experiment)
            : textOf(known, field);
    const [left, right] = [value(a), value(b)];
    const rank = (one: unknown) => (one === undefined ? 2 : Number.isNaN(one) ? 1 : 0);
    if (rank(left) !== rank(right)) return rank(left) - rank(right);
    if (rank(left) > 0 || left === right) continue;
    const less =
      typeof left === 'string'
        ? Buffer.compare(Buffer.from(left), Buffer.from(String(right))) < 0
        : Number(left) < Number(right);
    return less === descending ? 1 : -1;
  }
  return b.model.created - a.model.created || (a.model.uid < b.model.uid ? 1 : -1);
}

forEachStore((open) => {
  describe('search of logged models', () => {
    let linked: LinkedDomain;
    const all: Known[] = [];

    before(async () => {
      linked = await openLinkedDomain(await open());
      const { domain, project } = linked;
      const { models, runs, metrics } = domain;
      await domain.experiments.create(testContext, project, { name: 'other' });
      const ids: string[] = [];
      for (const experiment of ['0', '1'])
        ids.push((await runs.create(testContext, project, { experiment })).run.id);
      let time = 0;
      for (const random of fc.sample(randomModel, { numRuns: 50, seed: 20_260_303 })) {
        const pairs = (list: readonly (readonly [string, string])[]) =>
          list.map(([name, value]) => ({ key: name, value }));
        const { id } = await models.create(testContext, project, {
          ...random,
          experiment: String(random.experiment),
          params: pairs(random.params),
          tags: pairs(random.tags),
        });
        const points = random.points.map((point) => ({ ...point, time: ++time }));
        for (const [index, run] of ids.entries()) {
          const own = points.filter((point) => point.run === index);
          await metrics.logBatch(testContext, project, run, {
            points: own.map(({ run: _, dataset, ...point }) => ({
              ...point,
              model: id,
              dataset: dataset && { name: dataset.name!, digest: dataset.digest! },
            })),
          });
        }
        const model = await models.finish(testContext, project, id, random.status as LoggedModel['status']);
        if (random.deleted) await models.delete(testContext, project, id);
        else all.push({ model, points });
      }
    });
    after(() => linked.close());

    it('answers as the model does, page by page', async () => {
      const { models } = linked.domain;
      await fc.assert(
        fc.asyncProperty(search, async (asked) => {
          const on = asked.datasets ?? [];
          const asksForMetric = JSON.stringify(asked.filter ?? '').includes('"metric"');
          const expected = all
            .filter(({ model }) => asked.experiments.includes(model.experiment))
            .filter((known) => asked.filter === undefined || passes(known, asked.filter, on))
            .filter(
              ({ points }) => on.length === 0 || asksForMetric || points.some((point) => isOn(point, on)),
            )
            .sort((a, b) => compareModels(a, b, asked.order ?? []));
          const walked: LoggedModel[] = [];
          let cursor: string | undefined;
          do {
            const page = await models.search(testContext, linked.project, { ...asked, cursor });
            assert.ok(page.items.length <= asked.limit);
            walked.push(...page.items);
            cursor = page.cursor;
          } while (cursor !== undefined);
          assert.deepEqual(
            walked,
            expected.map(({ model }) => model),
          );
        }),
        { numRuns: 150 },
      );
    });

    it('gives all points, and the summaries of their series', async () => {
      const { models } = linked.domain;
      const known = all.map(({ model }) => model);
      const [points, series] = [
        await models.points(testContext, known),
        await models.series(testContext, known),
      ];
      for (const { model, points: logged } of all) {
        const found = points.get(model.node) ?? [];
        assert.equal(found.length, logged.length);
        assert.deepEqual(
          found.map(({ time }) => time).sort((a, b) => Number(a) - Number(b)),
          logged.map(({ time }) => time),
        );
        const summaries = series.get(model.node) ?? [];
        assert.equal(
          summaries.reduce((sum, { summary }) => sum + summary.points, 0),
          logged.length,
        );
        const newest = latest(logged);
        const last = summaries
          .map(({ summary }) => summary.last)
          .sort((a, b) => Number(b.time) - Number(a.time));
        assert.deepEqual(last[0], newest && { value: newest.value, step: newest.step, time: newest.time });
      }
    });

    it('refuses the cursor of another search', async () => {
      const { models } = linked.domain;
      const asked = { experiments: ['0'], limit: 1 };
      const { cursor } = await models.search(testContext, linked.project, asked);
      assert.ok(cursor);
      for (const other of [
        { experiments: ['0', '1'] },
        { datasets: [{ name: 'd' }] },
        { filter: { kind: 'and', terms: [] } as const },
      ]) {
        await assert.rejects(
          models.search(testContext, linked.project, { ...asked, ...other, cursor }),
          (error) => error instanceof CairnError && error.field === 'cursor',
        );
      }
    });
  });
});
