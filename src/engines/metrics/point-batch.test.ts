/** What clients send in bulk: everything that fits comes back exactly, and nothing forged, cut or claimed gets in. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { encodePointBatch, type SeriesColumns } from '../../../sdk/src/point-batch.ts';
import { CairnError } from '../../kernel/errors.ts';
import { batchLimits, decodePointBatch } from './point-batch.ts';

const wholeNumber = fc.oneof(
  fc.integer({ min: -5, max: 50 }),
  fc.maxSafeInteger(),
  fc.constantFrom(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 2 ** 32, -(2 ** 32), 1_760_000_000_000),
);
const column = (count: number): fc.Arbitrary<number[] | BigInt64Array> =>
  fc.oneof(
    fc.array(wholeNumber, { minLength: count, maxLength: count }),
    fc
      .record({ first: fc.integer(), by: fc.integer({ min: -9, max: 9 }) })
      .map(({ first, by }) => Array.from({ length: count }, (_, i) => first + i * by)),
    fc
      .array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: count, maxLength: count })
      .map((values) => BigInt64Array.from(values)),
  );
const value = fc.oneof(fc.double(), fc.float(), fc.constantFrom(-0, Number.NaN, Number.NEGATIVE_INFINITY));
const columnsOf = (count: number) =>
  fc.record({
    steps: column(count),
    times: column(count),
    values: fc.array(value, { minLength: count, maxLength: count }),
  });
const batch: fc.Arbitrary<SeriesColumns[]> = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), { minLength: 1, maxLength: 6 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.integer({ min: 1, max: 20 }).chain((count) => columnsOf(count).map((of) => ({ name, ...of }))),
      ),
    ),
  );

const exact = (numbers: ArrayLike<number | bigint>) => Array.from(numbers, (number) => BigInt(number));

function refusal(bytes: Uint8Array): CairnError {
  try {
    decodePointBatch(bytes);
  } catch (error) {
    assert.ok(error instanceof CairnError, String(error));
    assert.equal(error.code, 'invalid_argument');
    assert.match(error.message, /\(at byte \d+ of the body\)$/);
    return error;
  }
  return assert.fail('it was taken');
}

/** The bytes after a change, with the checksum that fits them. */
function forged(bytes: Uint8Array, change: (view: DataView) => void, cut = 0): Uint8Array {
  const copy = bytes.slice(0, bytes.length - cut);
  const view = new DataView(copy.buffer);
  change(view);
  view.setUint32(copy.length - 4, crc32(copy.subarray(0, -4)), true);
  return copy;
}

const sample = encodePointBatch([
  { name: 'loss', steps: [1, 2, 3], times: [10, 20, 25], values: [0.5, 0.25, 0.1] },
  { name: 'acc', steps: [1, 2, 3], times: [10, 20, 25], values: [1, 2, 3] },
]);

describe('a batch of points', () => {
  it('brings back every column exactly', () => {
    fc.assert(
      fc.property(batch, (series) => {
        const decoded = decodePointBatch(encodePointBatch(series));
        assert.deepEqual(
          decoded.map(([name, { steps, times, values }]) => [
            name,
            exact(steps),
            exact(times),
            Array.from(values),
          ]),
          series.map(({ name, steps, times, values }) => [
            name,
            exact(steps),
            exact(times),
            Array.from(values),
          ]),
        );
        for (const [, { steps, times }] of decoded) {
          for (const found of [steps, times]) {
            const isWide = exact(found).some((number) => !Number.isSafeInteger(Number(number)));
            assert.equal(found instanceof BigInt64Array, isWide);
          }
        }
      }),
    );
  });

  it('is short where metrics are logged together', () => {
    const steps = Array.from({ length: 1000 }, (_, i) => i);
    const times = steps.map((step) => 1_760_000_000_000 + step * 100 + (step % 7));
    const values = steps.map((step) => Math.sin(step));
    const bytes = encodePointBatch(['a', 'b', 'c'].map((name) => ({ name, steps, times, values })));
    assert.ok(bytes.length < 3 * 8000 + 4000 + 150, `${bytes.length}`);
  });

  it('is refused in every part of itself, and with any byte changed', () => {
    for (let length = 0; length < sample.length; length++) refusal(sample.subarray(0, length));
    for (let at = 0; at < sample.length; at++) {
      const changed = sample.slice();
      changed[at]! ^= 0x10;
      refusal(changed);
    }
  });

  it('names the place of what is wrong', () => {
    // The front is 16 bytes; the name begins at 18, its points stand at 22, its steps' coding at 26.
    const rows: [field: string, what: RegExp, change: (view: DataView) => void, cut?: number][] = [
      ['body', /not a batch/, (view) => view.setUint8(0, 0)],
      ['version', /version 2/, (view) => view.setUint8(4, 2)],
      ['flags', /flags/, (view) => view.setUint8(5, 1)],
      ['series', /none/, (view) => view.setUint32(8, 0, true)],
      ['series', /more than the 10000/, (view) => view.setUint32(8, 0xffffffff, true)],
      ['points', /more than the 131072/, (view) => view.setUint32(12, 0xffffffff, true)],
      ['points', /1 of the 7 points/, (view) => view.setUint32(12, 7, true)],
      ['series[1].points', /more points than the 5/, (view) => view.setUint32(12, 5, true)],
      ['body', /bytes follow/, (view) => [view.setUint32(8, 1, true), view.setUint32(12, 3, true)]],
      ['series[0].name', /ends early/, (view) => view.setUint16(16, 0xffff, true)],
      ['series[0].name', /not UTF-8/, (view) => view.setUint8(18, 0xff)],
      ['series[0].points', /without points/, (view) => view.setUint32(22, 0, true)],
      ['series[0].steps', /9 is no coding/, (view) => view.setUint8(26, 9)],
      ['series[0].steps', /nothing of that length/, (view) => view.setUint8(26, 3)],
      ['series[0].steps', /leaves int64/, (view) => view.setBigInt64(27, 2n ** 63n - 2n, true)],
      ['series[1].values', /ends early/, () => {}, 1],
    ];
    for (const [field, what, change, cut] of rows) {
      const error = refusal(forged(sample, change, cut));
      assert.equal(error.field, field, error.message);
      assert.match(error.message, what);
    }
    const twice = encodePointBatch(['a', 'a'].map((name) => ({ name, steps: [1], times: [1], values: [1] })));
    assert.equal(refusal(twice).field, 'series[1].name');
  });

  it('takes memory only for what is there', () => {
    const front = forged(encodePointBatch([{ name: 'x', steps: [1], times: [1], values: [1] }]), (view) => {
      view.setUint32(12, batchLimits.points, true);
      view.setUint32(19, batchLimits.points, true);
    });
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 200; count++) assert.match(refusal(front).message, /ends early/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 8e6);
  });

  it('survives any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 300 }), (noise) => {
        const bytes = forged(noise, (view) => {
          view.setUint32(0, 0x53545043, true);
          view.setUint32(4, 1, true);
          view.setUint16(10, 0, true);
          view.setUint16(14, 0, true);
        });
        try {
          decodePointBatch(bytes);
        } catch (error) {
          assert.ok(error instanceof CairnError && error.code === 'invalid_argument', String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
