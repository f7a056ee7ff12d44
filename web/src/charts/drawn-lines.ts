/** From sources and what is read of them to the lines of a chart: each run for itself, or the runs of a group as one. */
import { swatchOf } from '../runs/swatch.ts';
import type { ChartSource } from './chart-source.ts';
import { type Curve, emptyCurve } from './curve.ts';
import { groupLines } from './group-lines.ts';
import { lineOf } from './line-data.ts';
import type { PlottedLine } from './plot.tsx';

export interface DrawnLine extends PlottedLine {
  readonly name: string;
}

/** `range`: what is in sight, on the axis as it is drawn. */
export function drawnLines(options: {
  sources: readonly ChartSource[];
  curves: ReadonlyMap<string, Curve>;
  logX: boolean;
  smooth: number;
  grouped: boolean;
  range: readonly [number, number] | undefined;
}): DrawnLine[] {
  const { sources, curves, logX, smooth, grouped, range } = options;
  const lineAt = (index: number, smoothing: number) =>
    lineOf(curves.get(sources[index]!.id) ?? emptyCurve, smoothing, logX);
  const single = (index: number): DrawnLine => {
    const { id, name, colour, dash = [] } = sources[index]!;
    return { id, name, colour, dash, line: lineAt(index, smooth) };
  };
  if (!grouped) return sources.map((_, index) => single(index));
  const groups = new Map<string | undefined, number[]>();
  for (const [index, { group }] of sources.entries()) {
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [index]);
    else members.push(index);
  }
  return [...groups].flatMap(([value, members]): DrawnLine[] => {
    if (value === undefined) return members.map(single);
    const lines = members.map((index) => lineAt(index, 0));
    const name = members.length === 1 ? value : `${value} (${members.length} runs)`;
    const line = groupLines(lines, smooth, range);
    return [{ id: `group ${value}`, name, colour: groupColour(value), dash: [], line }];
  });
}

/** The colour of a value, the same on every page. */
export function groupColour(value: string): string {
  return swatchOf(`group ${value}`);
}
