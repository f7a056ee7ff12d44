/** From sources and what is read of them to the lines of a chart: each run for itself, or the runs of a group as one. */
import { swatchOf } from '../runs/swatch.ts';
import type { XAxis } from '../urls.ts';
import type { ChartSource } from './chart-card.tsx';
import { groupLines } from './group-lines.ts';
import { lineOf } from './line-data.ts';
import type { PlottedLine } from './plot.tsx';
import type { SeriesSnapshot } from './run-series.ts';

export interface DrawnLine extends PlottedLine {
  readonly name: string;
}

export function drawnLines(options: {
  sources: readonly ChartSource[];
  snapshots: readonly SeriesSnapshot[];
  over: readonly ChartSource[];
  overSnapshots: readonly SeriesSnapshot[];
  x: XAxis;
  logX: boolean;
  smooth: number;
  grouped: boolean;
}): DrawnLine[] {
  const { sources, snapshots, over, overSnapshots, x, logX, smooth, grouped } = options;
  const overOf = new Map(over.map(({ id }, index) => [id, overSnapshots[index]!.points]));
  const lineAt = (index: number, weight: number) => {
    const { id, started } = sources[index]!;
    return lineOf(snapshots[index]!.points, x, started, weight, { over: overOf.get(id), logX });
  };
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
    const line = groupLines(
      members.map((index) => lineAt(index, 0)),
      smooth,
    );
    const name = members.length === 1 ? value : `${value} (${members.length} runs)`;
    return [{ id: `group ${value}`, name, colour: groupColour(value), dash: [], line }];
  });
}

/** The colour of a value, the same on every page. */
export function groupColour(value: string): string {
  return swatchOf(`group ${value}`);
}
