import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maxChunkPoints } from './chunk.ts';
import { dropDuplicates } from './duplicates.ts';
import { type ChunkExtent, reaches } from './extent.ts';
import { mergeSorted, planOf } from './merge.ts';
import { chunksToMerge, cutIntoChunks } from './merge-plan.ts';
import { concatPoints, isStrictlySorted, type PointColumns, pointsFrom } from './points.ts';
import { type StoreyPart, storeysToBuild, storeyWidth } from './storey-plan.ts';

const row = (from: number, count: number): PointColumns =>
  pointsFrom(Array.from({ length: count }, (_, i) => ({ value: i, step: from + i, time: from + i })));
const extentOf = (points: PointColumns): ChunkExtent => ({ ...planOf(points), points: points.values.length });
const chunks = (...lengths: number[]): ChunkExtent[] => {
  let from = 0;
  return lengths.map((length) => {
    const extent = extentOf(row(from, length));
    from += length;
    return extent;
  });
};

test('points behind all chunks take small neighbours only', () => {
  const full = maxChunkPoints;
  assert.deepEqual(chunksToMerge(row(2 * full, 64), chunks(full, full)), []);
  assert.deepEqual(chunksToMerge(row(full + 128, 64), chunks(full, 128)), [1]);
  assert.deepEqual(chunksToMerge(row(full + 4096, 64), chunks(full, 4096)), []);
  // Like carrying in a binary counter: what was taken makes the next one small enough.
  assert.deepEqual(chunksToMerge(row(full + 448, 64), chunks(full, 256, 128, 64)), [1, 2, 3]);
});

test('points that reach into chunks take those, small ones first, up to a budget', () => {
  const present = chunks(...Array.from({ length: 64 }, () => maxChunkPoints));
  const inTwo = pointsFrom(
    [100.5, 200.5, 9000.5].map((step) => ({ value: 0, step: Math.floor(step), time: 0 })),
  );
  assert.deepEqual(chunksToMerge(inTwo, present), [0, 1]);
  const everywhere = pointsFrom(
    Array.from({ length: 64 }, (_, i) => ({ value: -1, step: i * maxChunkPoints + 7, time: 0 })),
  );
  const taken = chunksToMerge(everywhere, present).length;
  assert.ok(taken >= 16 && taken < 64, `${taken} of 64 are rewritten for 64 points`);
});

test('a merge keeps every point once, and no chunk reaches over one that stays', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 8 });
  const late = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(lengths, late, (stored, steps) => {
      let from = 0;
      const parts = stored.map((length) => {
        const part = row(from, length);
        from += 2 * length;
        return part;
      });
      const extents = parts.map(extentOf);
      const fresh = dropDuplicates(
        pointsFrom(steps.map((step) => ({ value: 0.5, step, time: step + 1e6 }))),
        [],
      );
      const taken = new Set(chunksToMerge(fresh, extents));
      const kept = extents.filter((_, i) => !taken.has(i));
      const all = mergeSorted([fresh, ...parts.filter((_, i) => taken.has(i))]);
      const plans = cutIntoChunks(all, kept);
      assert.deepEqual(concatPoints(plans.map((plan) => plan.points)), all);
      for (const plan of plans) {
        assert.ok(plan.points.values.length > 0 && plan.points.values.length <= maxChunkPoints);
        assert.ok(isStrictlySorted(plan.points));
        const [begin, end] = [plan.stepMin, plan.stepMax];
        assert.ok(
          kept.every((chunk) => reaches(fresh, chunk) || chunk.stepMax <= begin || chunk.stepMin >= end),
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('storeys stand on eight of a height, chunks up to the last full one', () => {
  const part = (place: number, points: number, height = 0): StoreyPart => ({
    ...extentOf(row(place * maxChunkPoints, 1)),
    points,
    height,
    hasOutline: points >= 2048,
  });
  const full = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => part(from + i, maxChunkPoints));
  assert.deepEqual(storeysToBuild(full(7)), []);
  assert.deepEqual(storeysToBuild(full(8).toReversed()), [full(8)]);
  assert.equal(storeysToBuild(full(25)).length, 3);
  // What lies behind the last full chunk is merged again.
  assert.deepEqual(storeysToBuild([...full(7), part(7, 4096)]), []);
  assert.deepEqual(storeysToBuild([...full(3), part(3, 4096), ...full(4, 4)]).length, 1);
  // A chunk without an outline stands in none.
  assert.deepEqual(storeysToBuild([...full(3), part(3, 100), ...full(4, 4)]), []);
  const storeys = Array.from({ length: storeyWidth }, (_, i) => part(i, 8 * maxChunkPoints, 1));
  assert.deepEqual(storeysToBuild([...full(7, 8), ...storeys]), [storeys]);
});
