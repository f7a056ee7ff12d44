/** Points for property tests: every kind of value and int64 that the codecs treat differently. */
import fc from 'fast-check';
import type { Int64 } from './int64.ts';
import { type Point, type PointColumns, pointsFrom } from './points.ts';

const specials = [
  0,
  -0,
  1,
  -1,
  0.1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  2 ** 53,
  1e15,
  1e15 + 1,
  1e-22,
  Math.fround(0.1),
  Math.fround(1e-45),
];

export const anyValue: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...specials),
  fc.double(),
  fc.float(),
  fc.integer(),
  fc.integer({ min: -20_000, max: 20_000 }).map((integer) => integer / 1e4),
);

const columnOfValues: fc.Arbitrary<number[]> = fc.oneof(
  fc.array(anyValue, { minLength: 1, maxLength: 60 }),
  fc.array(fc.constantFrom(...specials), { minLength: 1, maxLength: 12 }),
  fc.array(fc.float(), { minLength: 1, maxLength: 60 }),
  fc
    .tuple(
      fc.integer({ min: 0, max: 22 }),
      fc.array(fc.integer({ min: -(10 ** 6), max: 10 ** 6 }), { minLength: 1, maxLength: 300 }),
    )
    .map(([exponent, integers]) => integers.map((integer) => integer / 10 ** exponent)),
  fc.tuple(anyValue, fc.integer({ min: 1, max: 300 })).map(([value, count]) => Array(count).fill(value)),
);

export const anyInt64: fc.Arbitrary<Int64> = fc
  .oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 50 }).map(BigInt) },
    { weight: 3, arbitrary: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }).map(BigInt) },
    { weight: 1, arbitrary: fc.maxSafeInteger().map(BigInt) },
    { weight: 1, arbitrary: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        2n ** 63n - 1n,
        -(2n ** 63n),
        2n ** 53n,
        2n ** 53n - 1n,
        -(2n ** 53n) + 1n,
        2n ** 51n,
        -(2n ** 51n),
        2n ** 50n + 1n,
        2n ** 52n,
      ),
    },
  )
  .map((wide) => (wide >= Number.MIN_SAFE_INTEGER && wide <= Number.MAX_SAFE_INTEGER ? Number(wide) : wide));

/** Few different values, so that ties and duplicates are common. */
export const collidingPoint: fc.Arbitrary<Point> = fc
  .record({
    value: fc.constantFrom(0, -0, 1, -2.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    step: fc.constantFrom<Int64>(0, 1, 2, -3, 2n ** 63n - 1n),
    time: fc.constantFrom<Int64>(5, 6, 1_700_000_000_000, 2n ** 60n),
  })
  .map((point) => ({ ...point })); // a plain object, as ours are

export const anyPoints: fc.Arbitrary<PointColumns> = columnOfValues.chain((values) => {
  const column = fc.oneof(
    fc.array(anyInt64, { minLength: values.length, maxLength: values.length }),
    fc.array(fc.integer({ min: -9, max: 99 }), { minLength: values.length, maxLength: values.length }),
    fc
      .tuple(fc.integer(), fc.integer({ min: -5, max: 5 }))
      .map(([start, by]) => values.map((_, i) => start + by * i)),
  );
  return fc
    .tuple(column, column)
    .map(([steps, times]) =>
      pointsFrom(values.map((value, i) => ({ value, step: steps[i]!, time: times[i]! }))),
    );
});
