/** What tests draw. */
import { type Curve, curveOfWire } from './curve.ts';

/** A curve of these points, in the order of x. */
export function pointsCurve(values: readonly number[], xs = values.map((_, index) => index)): Curve {
  const words = values.map((value) => (Number.isFinite(value) ? value : (String(value) as 'NaN')));
  return curveOfWire({ run: 'r', key: 'k', points: { steps: xs, times: xs, values: words } }, 'step');
}
