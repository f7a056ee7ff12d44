/** Many lines as one: their mean, with the least and the greatest of them as a band. Pure. */
import type { Line, Odd } from './line-data.ts';
import { smoothed } from './line-data.ts';

/** Places at which the lines are read; of fewer different x, each. */
const mostPlaces = 1000;

/** Each line counts from its first to its last point, in between along straight lines. */
export function groupLines(lines: readonly Line[], weight: number): Line {
  const odd: { x: number; kind: Odd }[] = [];
  const members = lines.map((line) => finite(line, odd)).filter(({ x }) => x.length > 0);
  const x = placesOf(members);
  const [y, low, high] = [new Float64Array(x.length), new Float64Array(x.length), new Float64Array(x.length)];
  const at = members.map(() => 0);
  for (let index = 0; index < x.length; index++) {
    let [sum, count] = [0, 0];
    [low[index], high[index]] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const [member, line] of members.entries()) {
      while (at[member]! < line.x.length - 1 && line.x[at[member]! + 1]! <= x[index]!) at[member]!++;
      const value = valueAt(line, at[member]!, x[index]!);
      if (value === undefined) continue;
      sum += value;
      count++;
      low[index] = Math.min(low[index]!, value);
      high[index] = Math.max(high[index]!, value);
    }
    y[index] = count === 0 ? Number.NaN : sum / count;
  }
  return {
    x,
    y,
    low,
    high,
    odd,
    smooth: weight > 0 ? smoothed(y, weight) : undefined,
    lost: lines.reduce((total, { lost = 0 }) => total + lost, 0),
  };
}

interface Finite {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The line without what is no number, which is told apart; of equal x the last. */
function finite(line: Line, odd: { x: number; kind: Odd }[]): Finite {
  const [x, y]: [number[], number[]] = [[], []];
  for (let index = 0; index < line.x.length; index++) {
    const [at, value] = [line.x[index]!, line.y[index]!];
    if (!Number.isFinite(value))
      odd.push({ x: at, kind: Number.isNaN(value) ? 'NaN' : value > 0 ? '+∞' : '−∞' });
    else if (x.at(-1) === at) y[y.length - 1] = value;
    else {
      x.push(at);
      y.push(value);
    }
  }
  return { x, y };
}

function placesOf(members: readonly Finite[]): Float64Array {
  const all = new Set<number>();
  for (const { x } of members) for (const each of x) all.add(each);
  const sorted = Float64Array.from(all).sort();
  if (sorted.length <= mostPlaces) return sorted;
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  return Float64Array.from(
    { length: mostPlaces },
    (_, index) => first + ((last - first) * index) / (mostPlaces - 1),
  );
}

/** `index`: of the last point at or before x. Undefined before the first point and after the last. */
function valueAt({ x, y }: Finite, index: number, at: number): number | undefined {
  if (at < x[index]!) return undefined;
  if (at === x[index]) return y[index];
  const [x0, x1] = [x[index]!, x[index + 1]];
  if (x1 === undefined) return undefined;
  return y[index]! + ((y[index + 1]! - y[index]!) * (at - x0)) / (x1 - x0);
}
