import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { schemaDifference, statisticsDifference } from './difference.ts';
import type { Field } from './shape.ts';

const field = (name: string, type?: string, more: Partial<Field> = {}): Field => ({ name, type, ...more });
const difference = (left: readonly Field[], right: readonly Field[]) => {
  const { added, removed, changed, moved } = schemaDifference(left, right);
  return {
    added: added.map(({ path }) => path),
    removed: removed.map(({ path }) => path),
    changed: changed.map(({ path }) => path),
    moved: moved.map(({ path }) => path),
  };
};
const none = { added: [], removed: [], changed: [], moved: [] };

it('tells fields that came, went, and are of another type, also inside others', () => {
  const left = [field('a', 'int'), field('b', 'STRUCT', { fields: [field('x', 'int'), field('y', 'int')] })];
  const right = [
    field('a', 'BIGINT'),
    field('b', 'struct', { fields: [field('x', 'int'), field('z', 'int')] }),
    field('c'),
  ];
  assert.deepEqual(difference(left, right), {
    ...{ added: ['b.z', 'c'], removed: ['b.y'], changed: ['a'], moved: [] },
  });
});

it('takes no case, no space and nothing that one side leaves out for a difference', () => {
  const left = [field('a', 'Array<INT>'), field('b', 'int', { nullable: true }), field('c')];
  const right = [field('a', 'array< int >'), field('b', 'int'), field('c', 'text')];
  assert.deepEqual(difference(left, right), none);
  assert.deepEqual(
    difference([field('a', 'int', { nullable: true })], [field('a', 'int', { nullable: false })]).changed,
    ['a'],
  );
});

it('tells as few fields as moved as account for the new order', () => {
  const of = (names: string) => [...names].map((name) => field(name, 'int'));
  assert.deepEqual(difference(of('abcdef'), of('fabcde')).moved, ['f']);
  assert.deepEqual(difference(of('abcdef'), of('xabdcef')), { ...none, added: ['x'], moved: ['d'] });
  assert.equal(difference(of('abcdef'), of('fedcba')).moved.length, 5);
});

it('knows a field that is named twice as two', () => {
  assert.deepEqual(difference([field('a'), field('a')], [field('a')]), { ...none, removed: ['a (2)'] });
});

it('finds nothing between equal schemas, and the mirror image the other way round', () => {
  const schema = fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...'abcdefgh'), type: fc.constantFrom('i', 't') }),
    {
      selector: ({ name }) => name,
    },
  );
  fc.assert(
    fc.property(schema, schema, (left, right) => {
      assert.deepEqual(difference(left, left), none);
      const [there, back] = [difference(left, right), difference(right, left)];
      assert.deepEqual([...there.added].sort(), [...back.removed].sort());
      assert.deepEqual([...there.changed].sort(), [...back.changed].sort());
      assert.equal(there.moved.length, back.moved.length);
      // What did not move stands in one order on both sides.
      const stays = (of: readonly Field[]) => {
        const out = new Set([...there.added, ...there.removed, ...there.moved]);
        return of.map(({ name }) => name).filter((name) => !out.has(name));
      };
      assert.deepEqual(stays(left), stays(right));
    }),
  );
});

it('tells figures of the whole, of columns, and those that one side alone has', () => {
  const found = statisticsDifference(
    {
      rows: 10,
      bytes: 5,
      columns: [
        { name: 'a', min: 0, max: 9, quantiles: { '0.5': 4 } },
        { name: 'gone', nulls: 1 },
      ],
    },
    { rows: 12, bytes: 5, columns: [{ name: 'a', min: 0, max: 11, quantiles: { '0.5': 5 } }] },
  );
  assert.deepEqual(JSON.parse(JSON.stringify(found)), [
    { figure: 'rows', left: 10, right: 12 },
    { column: 'a', figure: 'max', left: 9, right: 11 },
    { column: 'a', figure: 'quantile 0.5', left: 4, right: 5 },
    { column: 'gone', figure: 'nulls', left: 1 },
  ]);
});
