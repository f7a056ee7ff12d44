import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { rawSql, type SqlValue } from '../../kernel/sql.ts';
import type { SortColumn } from './order.ts';
import { sortKey } from './sort-key.ts';

const double = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1, -1, 2 ** 32, -(2 ** 32), 2 ** 32 - 1, 2 ** 31, -(2 ** 31)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const text = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b', 'ä', '\uffee', '\u{1f600}', '\u0001'),
  fc.string({ unit: 'binary', maxLength: 5 }).map((word) => word.replaceAll('\0', '')),
);

/** A column and two values of it. */
const columnOfTwo = fc
  .record({ type: fc.constantFrom('double', 'integer', 'text', 'narrow'), descending: fc.boolean() })
  .chain(({ type, descending }) => {
    const values: fc.Arbitrary<SqlValue> =
      type === 'double' ? double : type === 'integer' ? integer : type === 'text' ? text : fc.nat(4);
    const column: SortColumn = {
      value: rawSql('x'),
      type: type === 'narrow' ? 'integer' : (type as SortColumn['type']),
      descending,
      nullable: false,
      ...(type === 'narrow' && { narrow: true }),
    };
    return fc.record({ column: fc.constant(column), a: values, b: values });
  });

function compareValues(a: SqlValue, b: SqlValue): number {
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

describe('sort keys', () => {
  it('have the order of the values, column after column, in both directions', () => {
    fc.assert(
      fc.property(fc.array(columnOfTwo, { minLength: 1, maxLength: 4 }), (list) => {
        const columns = list.map(({ column }) => column);
        const order = Buffer.compare(
          sortKey(
            columns,
            list.map(({ a }) => a),
          ),
          sortKey(
            columns,
            list.map(({ b }) => b),
          ),
        );
        const expected = list.reduce((found, { column, a, b }) => {
          const one = compareValues(a, b);
          return found || (column.descending ? -one : one);
        }, 0);
        assert.equal(order, expected || 0);
      }),
      { numRuns: 5_000 },
    );
  });
});
