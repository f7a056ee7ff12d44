/** The ways to write one column: each gives back exactly what it was given, and refuses what it cannot. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyInt64, anyValue } from './arbitrary-points.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { CorruptPointsError } from './corrupt-points-error.ts';
import { fromDecimals, toDecimals } from './decimal.ts';
import { dictionaryOf, readDictionary } from './dictionary.ts';
import { type Int64, int64Column } from './int64.ts';
import { planesOf, readPlanes } from './plane-column.ts';
import { readResiduals, skipResiduals, writeResiduals } from './residuals.ts';
import { differencesOf, fromDifferences, largestSmoothOrder } from './smooth.ts';

const near = fc
  .tuple(
    anyInt64,
    fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 80 }),
  )
  .map(([start, offsets]) => offsets.map((offset) => BigInt.asIntN(64, BigInt(start) + BigInt(offset))));
const column = fc
  .oneof(
    near,
    fc.array(anyInt64, { minLength: 1, maxLength: 60 }),
    near.map((values) => values.toSorted()),
  )
  .map((values: readonly Int64[]) => int64Column(values));
const values = fc.array(anyValue, { minLength: 1, maxLength: 100 }).map((all) => Float64Array.from(all));
const extremes: Int64[] = [
  2n ** 63n - 1n,
  -(2n ** 63n),
  0,
  -1,
  2n ** 63n - 1n,
  2 ** 53 - 1,
  -(2 ** 53) + 1,
  2n ** 53n,
];

test('residuals', () => {
  fc.assert(
    fc.property(column, anyInt64, fc.constantFrom(1 as const, 2 as const), (written, base, order) => {
      const writer = new ByteWriter(1);
      writeResiduals(writer, written, order, base);
      const reader = new ByteReader(writer.written());
      assert.deepEqual(readResiduals(reader, written.length, order, base), written);
      assert.equal(reader.left, 0);
      const again = new ByteReader(writer.written());
      const first = skipResiduals(again, written.length, base);
      assert.equal(BigInt(first), BigInt(written[0]!));
      assert.equal(again.left, 0);
    }),
    { examples: [[int64Column(extremes), 2n ** 63n - 1n, 2]] },
  );
});

test('a regular column is five bytes of residuals, whatever its length', () => {
  const writer = new ByteWriter(1);
  writeResiduals(
    writer,
    Float64Array.from({ length: 10_000 }, (_, i) => i),
    2,
    0,
  );
  assert.equal(writer.length, 5);
});

test('planes, where the span allows', () => {
  fc.assert(
    fc.property(column, (written) => {
      const bytes = planesOf(written);
      const all = Array.from<Int64>(written);
      const first = BigInt(all[0]!);
      const span = all.some((value) => {
        const offset = BigInt(value) - first;
        return offset > 2n ** 50n || offset < -(2n ** 50n);
      });
      assert.equal(bytes === undefined, span);
      if (bytes === undefined) return;
      assert.deepEqual(readPlanes(new ByteReader(bytes), written.length), written);
    }),
  );
  const widest = Float64Array.of(0, 2 ** 50, -(2 ** 50), 2 ** 50, 0);
  assert.deepEqual(readPlanes(new ByteReader(planesOf(widest)!), 5), widest);
  const top = int64Column([2n ** 63n - 1n, 2n ** 63n - 3n, 2n ** 63n - 2n]);
  assert.deepEqual(readPlanes(new ByteReader(planesOf(top)!), 3), top);
});

test('planes that leave int64 or their span are refused', () => {
  const writer = new ByteWriter(64);
  writer.zigzagWide(2n ** 63n - 1n);
  writer.byte(1);
  writer.zigzag(1);
  writer.byte(0);
  assert.throws(() => readPlanes(new ByteReader(writer.written()), 2), CorruptPointsError);
  assert.throws(() => readPlanes(new ByteReader(Uint8Array.of(0, 3, 0, 0)), 2), CorruptPointsError);
});

test('decimals: exactly the values again, but for the exceptions', () => {
  fc.assert(
    fc.property(values, fc.nat({ max: 5 }), (written, allowed) => {
      const decimals = toDecimals(written, allowed);
      if (decimals === undefined) return;
      assert.ok(decimals.exceptions.length <= allowed);
      const read = fromDecimals(decimals.integers, decimals.exponent);
      for (const index of decimals.exceptions) read[index] = written[index]!;
      assert.deepEqual(read, written);
    }),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 22 }),
      fc.array(fc.maxSafeInteger(), { minLength: 1 }),
      (exponent, all) => {
        const literals = all.map((integer) => Number(`${integer % 5e14}e-${exponent}`) + 0);
        assert.notEqual(
          toDecimals(Float64Array.from(literals), 0),
          undefined,
          'a literal of 14 digits is a decimal',
        );
      },
    ),
  );
  assert.equal(toDecimals(Float64Array.of(1 / 3), 0), undefined);
  assert.equal(toDecimals(Float64Array.of(-0), 0), undefined);
});

test('differences of bits, at every order', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: largestSmoothOrder }), (written, order) => {
      assert.deepEqual(fromDifferences(differencesOf(written, order), order), written);
    }),
  );
});

test('a dictionary keeps −0, NaN and the rest apart', () => {
  fc.assert(
    fc.property(values, (written) => {
      const bytes = dictionaryOf(written, written.length)!;
      assert.deepEqual(readDictionary(new ByteReader(bytes), written.length, written.length), written);
    }),
  );
  assert.equal(dictionaryOf(Float64Array.of(1, 2, 3, Number.NaN), 3), undefined);
});

test('varints: every int64, and nothing longer', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => {
      const writer = new ByteWriter(10);
      writer.zigzagWide(value);
      assert.equal(new ByteReader(writer.written()).zigzagWide(), value);
      if (value >= -(2n ** 52n) && value <= 2n ** 52n) {
        const narrow = new ByteWriter(10);
        narrow.zigzag(Number(value));
        assert.deepEqual(narrow.written(), writer.written());
      }
    }),
  );
  const endless = new Uint8Array(11).fill(0xff);
  assert.throws(() => new ByteReader(endless).zigzagWide(), CorruptPointsError);
  assert.throws(() => new ByteReader(endless).skipVarint(), CorruptPointsError);
  assert.throws(() => new ByteReader(endless).varint(5, 'it'), CorruptPointsError);
});
