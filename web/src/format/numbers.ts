/** Numbers as a table shows them: few digits, one rule for every cell, so that a column never re-formats as it loads. */
import type { Int64, Real } from '../api/types.ts';

/** JSON's words for NaN and the infinities → the number. */
export function realOf(value: Real): number {
  return typeof value === 'number' ? value : Number(value);
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const fixed = [0, 1, 2, 3, 4, 5].map(
  (digits) =>
    new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** A count or a step: all digits, grouped. */
export function countText(value: Int64): string {
  if (typeof value === 'string') return grouped.format(BigInt(value));
  return grouped.format(value);
}

/** `10,000`, and `10,000+` where counting stopped. */
export function countedText(count: number, complete: boolean): string {
  return `${grouped.format(count)}${complete ? '' : '+'}`;
}

/** `1 run`, `312 runs`, and `1,000+ runs` where counting stopped. */
export function runsText(runs: number, limit = Number.POSITIVE_INFINITY): string {
  return runs === 1 ? '1 run' : `${grouped.format(runs)}${runs >= limit ? '+' : ''} runs`;
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** A count where there is little room: 9,999, then 12.4K. */
export function shortCountText(value: number): string {
  return value < 10_000 ? grouped.format(value) : compact.format(value);
}

/**
 * A finite number in three to five digits: 0.0714, 0.00714, 7.14e-4, 12.345, 340.12, 12,345, 3.2e-5, 1.25e+9. `whole` is true in a column
 * that holds whole numbers only; elsewhere 1 is 1.0000, so that decimal points line up.
 */
export function realText(value: number, whole: boolean): string {
  const size = Math.abs(value);
  if (size === 0) return whole ? '0' : '0.0000';
  if (size >= 1e9 || size < 1e-3) return shortExponent(value);
  if (whole && Number.isInteger(value)) return grouped.format(value);
  return fixed[
    size < 0.01 ? 5 : size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : size < 100_000 ? 1 : 0
  ]!.format(value);
}

function shortExponent(value: number): string {
  const [mantissa, exponent] = value.toExponential(2).split('e') as [string, string];
  return `${mantissa.replace(/\.?0+$/, '')}e${exponent.replace('+', '')}`;
}

/** Every digit, for the hover and the clipboard. */
export function exactText(value: Real): string {
  return String(value);
}
