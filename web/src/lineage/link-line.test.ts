import assert from 'node:assert/strict';
import { it } from 'node:test';
import { between, type Points } from './link-line.ts';

const curve = (y: number, toY: number) => ({ x: 0, y, bendX: 60, toBendX: 40, toX: 100, toY });

const pointOf = ([a, b, c, d]: Points, t: number): [number, number] => {
  const u = 1 - t;
  const mix = (axis: 0 | 1) =>
    u ** 3 * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t ** 3 * d[axis];
  return [mix(0), mix(1)];
};

it('keeps a short link whole', () => {
  assert.deepEqual(between(curve(10, 90), 0, 100), [
    [0, 10],
    [60, 10],
    [40, 90],
    [100, 90],
  ]);
});

it('keeps of a long link what lies between two heights, on the same line', () => {
  for (const [y, toY] of [
    [0, 5_400_000],
    [5_400_000, 0],
    [400, 2_700_000],
  ] as const) {
    const whole = between(curve(y, toY), -1, 1e7)!;
    const seen = between(curve(y, toY), 100, 1_100)!;
    const heights = seen.map(([, height]) => height);
    assert.ok(Math.min(...heights) >= Math.max(100, Math.min(y, toY)) - 1e-3, String(heights));
    assert.ok(Math.max(...heights) <= 1_100 + 1e-3, String(heights));
    // Every point of the part is one of the whole.
    const [x, height] = pointOf(seen, 0.3);
    let [low, high] = [0, 1];
    for (let turn = 0; turn < 60; turn++) {
      const middle = (low + high) / 2;
      if (pointOf(whole, middle)[1] < height === toY > y) low = middle;
      else high = middle;
    }
    assert.ok(Math.abs(pointOf(whole, low)[0] - x) < 0.05, `${x}`);
  }
});

it('leaves out what passes beside', () => {
  assert.equal(between(curve(0, 50), 100, 200), undefined);
  assert.equal(between(curve(300, 250), 100, 200), undefined);
});
