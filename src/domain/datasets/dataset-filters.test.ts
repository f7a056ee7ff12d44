/** Filters of runs by their datasets, against a naive model: a run passes where one of its inputs does. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { type LinkedDomain, openLinkedDomain, testContext } from '../../../test/fixtures/linked-domain.ts';
import { forEachStore } from '../../../test/stores/stores.ts';
import type { Filter } from '../../engines/search/ast.ts';
import { Search } from '../search/index.ts';

const words = [
  'a',
  'A',
  'ab',
  'b%',
  'ü',
  'x'.repeat(64),
  `${'x'.repeat(64)}y`,
  `${'x'.repeat(64)}z`,
] as const;
const word = fc.constantFrom(...words);
const input = fc.record({
  name: word,
  digest: word.map((text) => text.slice(0, 36)),
  context: fc.option(fc.constantFrom('training', 'test', 'x'.repeat(100)), { nil: undefined }),
});
type Input = typeof input extends fc.Arbitrary<infer T> ? T : never;

const field = fc
  .constantFrom('name', 'digest', 'context')
  .map((name) => ({ kind: 'dataset', name }) as const);
const value = fc.oneof(word, fc.constantFrom('training', 'test', 'other', 'a\0'));
const like = fc.oneof(value, fc.constantFrom('%', 'a%', '%a%', '_', '%y', `${'x'.repeat(64)}%`, 't%'));

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    field,
    operator: fc.constantFrom('=', '!=', '<', '>='),
    value,
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    field,
    operator: fc.constantFrom('like', 'ilike'),
    value: like,
  }),
  fc.record({
    kind: fc.constant('in' as const),
    field,
    negated: fc.boolean(),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('null-test' as const), field, negated: fc.boolean() }),
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

function passes(inputs: readonly Input[], by: Filter): boolean {
  switch (by.kind) {
    case 'and':
      return by.terms.every((term) => passes(inputs, term));
    case 'or':
      return by.terms.some((term) => passes(inputs, term));
    case 'not':
      return !passes(inputs, by.term);
    default: {
      const values = inputs.flatMap((one) => one[by.field.kind === 'dataset' ? by.field.name : 'name'] ?? []);
      if (by.kind === 'null-test') return values.length > 0 === by.negated;
      if (by.kind === 'in') return values.some((one) => by.values.includes(one) !== by.negated);
      return values.some((one) => compares(one, by.operator, String(by.value)));
    }
  }
}

function compares(text: string, operator: string, wanted: string): boolean {
  const order = Buffer.compare(Buffer.from(text), Buffer.from(wanted));
  if (operator === '=') return order === 0;
  if (operator === '!=') return order !== 0;
  if (operator === '<') return order < 0;
  if (operator === '>=') return order >= 0;
  const fold = (one: string) =>
    operator === 'ilike' ? one.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : one;
  const source = [...fold(wanted)].map((letter) => {
    if (letter === '%') return '[^]*';
    if (letter === '_') return '[^]';
    return letter === '\0' ? '[]' : letter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'u').test(fold(text));
}

/** The record that counts for a name and a digest is the first, but each run says for itself what for. */
function asLogged(inputs: readonly Input[]): Input[] {
  const first = new Map<string, Input>();
  for (const one of inputs) {
    const key = JSON.stringify([one.name, one.digest]);
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}

forEachStore((open) => {
  describe('dataset filters', () => {
    let linked: LinkedDomain;
    const logged = new Map<string, { readonly experiment: string; readonly inputs: readonly Input[] }>();

    before(async () => {
      linked = await openLinkedDomain(await open());
      const { domain, project } = linked;
      await domain.experiments.create(testContext, project, { name: 'other' });
      const population = fc.sample(fc.tuple(fc.nat(1), fc.array(input, { maxLength: 4 })), {
        numRuns: 60,
        seed: 20_260_202,
      });
      for (const [number, inputs] of population) {
        const experiment = String(number);
        const { run } = await domain.runs.create(testContext, project, { experiment });
        await domain.runLinks.logInputs(testContext, project, run.id, {
          datasets: inputs.map(({ name, digest, context }) => ({
            record: { name, digest, sourceType: 'code', source: '{}' },
            context,
            tags: [],
          })),
          models: [],
        });
        logged.set(run.id, { experiment, inputs: asLogged(inputs) });
      }
    });

    after(() => linked.close());

    for (const most of [2_000, 3]) {
      it(`answers as the model does (seeks up to ${most})`, async () => {
        const search = new Search(linked.domain.graph, { walked: most, all: most });
        const experiments = fc.subarray(['0', '1'], { minLength: 1 });
        await fc.assert(
          fc.asyncProperty(experiments, filter, async (ids, by) => {
            const expected = [...logged]
              .filter(([, run]) => ids.includes(run.experiment) && passes(run.inputs, by))
              .map(([id]) => id);
            const found = await search.runs(testContext, linked.project, {
              experiments: ids,
              filter: by,
              order: [],
              view: 'all',
              limit: 1000,
            });
            assert.deepEqual(found.items.map(({ run }) => run.id).sort(), expected.sort());
          }),
          { numRuns: 120 },
        );
      });
    }
  });
});
