/** The line of a link, and of a long one what is in sight: drawing a curve costs by its length, not by what of it is seen. Pure. */

/** A cubic curve that leaves and arrives level: both inner points are as high as the ends beside them. */
export interface Curve {
  readonly x: number;
  readonly y: number;
  readonly bendX: number;
  readonly toBendX: number;
  readonly toX: number;
  readonly toY: number;
}

/** Points of a cubic curve: begin, two inner ones, end. */
export type Points = readonly [
  readonly [number, number],
  readonly [number, number],
  readonly [number, number],
  readonly [number, number],
];

/** The part of a curve between two heights; undefined where it passes beside them. */
export function between(curve: Curve, top: number, bottom: number): Points | undefined {
  const { x, y, bendX, toBendX, toX, toY } = curve;
  const whole: Points = [
    [x, y],
    [bendX, y],
    [toBendX, toY],
    [toX, toY],
  ];
  const [least, most] = [Math.min(y, toY), Math.max(y, toY)];
  if (most < top || least > bottom) return undefined;
  if (least >= top && most <= bottom) return whole;
  const [one, other] = [shareAt(curve, top), shareAt(curve, bottom)];
  return part(whole, Math.min(one, other), Math.max(one, other));
}

/** How far along it the curve is at a height: its height is (toY - y) (3 t² - 2 t³) above its begin, which only grows. */
function shareAt({ y, toY }: Curve, height: number): number {
  const wanted = Math.min(1, Math.max(0, (height - y) / (toY - y)));
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 40; turn++) {
    const middle = (low + high) / 2;
    if (middle * middle * (3 - 2 * middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** De Casteljau's, with two shares. */
function part([a, b, c, d]: Points, from: number, to: number): Points {
  const at = (s: number, t: number, u: number): [number, number] => {
    const mix = (p: readonly [number, number], q: readonly [number, number], share: number) =>
      [p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share] as [number, number];
    const [ab, bc, cd] = [mix(a, b, s), mix(b, c, s), mix(c, d, s)];
    return mix(mix(ab, bc, t), mix(bc, cd, t), u);
  };
  return [at(from, from, from), at(from, from, to), at(from, to, to), at(to, to, to)];
}
