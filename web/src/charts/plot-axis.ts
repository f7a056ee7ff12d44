/** Where the lines of a chart's grid stand, and what is written at them. */
import { countText, realText } from '../format/numbers.ts';
import { durationText, isTime } from '../format/times.ts';
import type { XAxis } from '../urls.ts';

/** Whole steps; times by the second, the minute, the hour, the day. */
export const stepIncrements = Array.from({ length: 15 }, (_, power) =>
  [1, 2, 5].map((digit) => digit * 10 ** power),
).flat();
export const timeIncrements = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3_600_000),
  ...[1, 2, 5, 10, 20, 50, 100, 365, 1000, 3650].map((days) => days * 86_400_000),
];

/** Parts of a decade, then decades. */
export const logIncrements = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndClock = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** As exact as the range asks for. */
export function clockText(time: number, range: number): string {
  if (!isTime(time)) return String(time);
  const format =
    range < 600_000
      ? clockWithSeconds
      : range < 86_400_000
        ? clock
        : range < 5 * 86_400_000
          ? dayAndClock
          : day;
  return format.format(time);
}

export function xText(x: number, axis: XAxis): string {
  if (axis === 'relative')
    return `${x < 0 ? '−' : ''}${durationText(Math.abs(x))
      .replace(/ 0+ [a-z]$/, '')
      .replace('.0 s', ' s')}`;
  return Number.isInteger(x) ? countText(x) : String(x);
}

export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 100_000 || size < 1e-3)
    return realText(value, true).length > 8 ? value.toExponential(1) : shortest(value);
  return shortest(value);
}

/** Without the rounding errors of tick arithmetic. */
function shortest(value: number): string {
  const rounded = Number(value.toPrecision(6));
  return Math.abs(rounded) >= 1e5 || Math.abs(rounded) < 1e-3
    ? rounded.toExponential().replace('e+', 'e')
    : String(rounded);
}
