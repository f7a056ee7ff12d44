/** Many lines as one: their mean, with the least and the greatest of them as a band. Pure. */
import { firstAbove, firstNotBelow } from './curve.ts';
import { type Line, smoothed } from './line-data.ts';

/** Places at which the lines are read, of fewer different x each; and as many outside of what is in sight. */
const mostPlaces = 1000;
const mostOutside = 100;

/**
 * Each line counts from its first to its last point, in between along straight lines. What lies between two places is in
 * the band of the later one. `range`: what is in sight.
 */
export function groupLines(
  lines: readonly Line[],
  smoothing: number,
  range?: readonly [number, number],
): Line {
  const members = lines.map(finite).filter(({ x }) => x.length > 0);
  const x = placesOf(members, range);
  const empty = () => new Float64Array(x.length);
  const [y, low, high, weight] = [empty(), empty(), empty(), empty()];
  const at = members.map(() => -1);
  for (let index = 0; index < x.length; index++) {
    let [sum, count] = [0, 0];
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const [member, line] of members.entries()) {
      while (at[member]! < line.x.length - 1 && line.x[at[member]! + 1]! <= x[index]!) {
        const passed = ++at[member]!;
        least = Math.min(least, line.low[passed]!);
        most = Math.max(most, line.high[passed]!);
      }
      const value = valueAt(line, at[member]!, x[index]!);
      if (value === undefined) continue;
      sum += value;
      count++;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    y[index] = count === 0 ? Number.NaN : sum / count;
    low[index] = least;
    high[index] = most;
    weight[index] = count === 0 ? 0 : 1;
  }
  return {
    x,
    y,
    low,
    high,
    weight,
    odd: lines.flatMap(({ odd }) => odd).sort((a, b) => a.x - b.x),
    smooth: smoothing > 0 ? smoothed(y, weight, smoothing) : undefined,
    lost: lines.reduce((total, { lost }) => total + lost, 0),
  };
}

type Member = Pick<Record<keyof Line, readonly number[]>, 'x' | 'y' | 'low' | 'high'>;

/** The line without what is no number; of equal x the last. */
function finite(line: Line): Member {
  const result = { x: [] as number[], y: [] as number[], low: [] as number[], high: [] as number[] };
  for (let index = 0; index < line.x.length; index++) {
    if (line.weight[index] === 0) continue;
    const place = result.x.at(-1) === line.x[index] ? result.x.length - 1 : result.x.length;
    result.x[place] = line.x[index]!;
    result.y[place] = line.y[index]!;
    result.low[place] = line.low[index]!;
    result.high[place] = line.high[index]!;
  }
  return result;
}

function placesOf(members: readonly Member[], range: readonly [number, number] | undefined): Float64Array {
  const all = new Set<number>();
  for (const { x } of members) for (const each of x) all.add(each);
  const sorted = Float64Array.from(all).sort();
  if (range === undefined) return thinned(sorted, mostPlaces);
  const [start, end] = [firstNotBelow(sorted, range[0]), firstAbove(sorted, range[1])];
  return Float64Array.from([
    ...thinned(sorted.subarray(0, start), mostOutside),
    ...thinned(sorted.subarray(start, end), mostPlaces),
    ...thinned(sorted.subarray(end), mostOutside),
  ]);
}

function thinned(sorted: Float64Array, most: number): Float64Array {
  if (sorted.length <= most) return sorted;
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  return Float64Array.from({ length: most }, (_, index) => first + ((last - first) * index) / (most - 1));
}

/** `index`: of the last point at or before x. Undefined before the first point and after the last. */
function valueAt({ x, y }: Member, index: number, at: number): number | undefined {
  if (index < 0) return undefined;
  if (at === x[index]) return y[index];
  const [x0, x1] = [x[index]!, x[index + 1]];
  if (x1 === undefined) return undefined;
  return y[index]! + ((y[index + 1]! - y[index]!) * (at - x0)) / (x1 - x0);
}
