/**
 * Whether a metric is a curve or one value for each run. What was logged once, or again and again at one step, has no
 * course over steps: its chart would be a dot. Pure, from the summaries alone, so that nothing is read for it.
 */

import type { MetricSummary } from '../api/types.ts';
import { realOf } from '../format/numbers.ts';
import type { XAxis } from '../urls.ts';

type Summaries = { readonly metrics: Readonly<Record<string, MetricSummary>> };

/** Whether the points lie at more than one place of the axis. */
function hasCourse(summary: MetricSummary, x: XAxis): boolean {
  return !isOneValue(summary) && (x !== 'step' || !isAtOneStep(summary));
}

/** Logged once, or the same value again at the same step: clients that evaluate twice do so. */
export function isOneValue(summary: MetricSummary): boolean {
  return summary.points === 1 || (isAtOneStep(summary) && summary.min === summary.max);
}

/**
 * Every step that a summary tells of is the same. Of equal values it tells the first as least and greatest, so a flat
 * line is not taken for a heap. Where all is NaN it tells none: a line, which marks each.
 */
function isAtOneStep({ lastStep, minStep, maxStep }: MetricSummary): boolean {
  return [minStep, maxStep].every((step) => step !== null && String(step) === String(lastStep));
}

/** Metrics that are drawn as lines; the others are bars. Against another metric one value is a place, too. */
export function curvesOf(runs: readonly Summaries[], x: XAxis): ReadonlySet<string> {
  const curves = new Set<string>();
  const isPlace = x.startsWith('metrics.') && runs.length > 1;
  for (const { metrics } of runs)
    for (const [key, summary] of Object.entries(metrics))
      if (isPlace || hasCourse(summary, x)) curves.add(key);
  return curves;
}

/** Where bars begin and end. */
export interface BarAxis {
  readonly from: number;
  readonly to: number;
  /** From where bars grow: 0, or the edge nearest to it. */
  readonly base: number;
  /** 0 lies outside, since all values lie close together. */
  readonly isCut: boolean;
}

/** Values are close together when what parts them is less than a tenth of their size. */
const close = 0.1;

export function barAxis(all: readonly number[]): BarAxis {
  const values = all.filter(Number.isFinite);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = most - least;
  const isCut = range > 0 && least * most > 0 && range < close * Math.max(-least, most);
  if (isCut) {
    const step = 10 ** Math.floor(Math.log10(range));
    const round = (value: number) => Number((value * step).toPrecision(12));
    // Never past 0; the least bar keeps some length.
    const from = least > 0 ? Math.max(0, round(Math.floor((least - range / 5) / step))) : least;
    const to = least > 0 ? most : Math.min(0, round(Math.ceil((most + range / 5) / step)));
    return { from, to, base: least > 0 ? from : to, isCut };
  }
  const [from, to] = [Math.min(0, least), Math.max(0, most)];
  return { from, to: from < to ? to : from + 1, base: 0, isCut };
}

/** One bar: a run, or the runs of one group by their mean. */
export interface Bar {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  readonly value: number;
  /** Runs it stands for. */
  readonly runs: number;
  readonly least: number;
  readonly most: number;
}

/** Bars in the order of the runs; of a group where its first run stands. Values that are no number count in no mean. */
export function barsOf(
  sources: readonly {
    readonly id: string;
    readonly name: string;
    readonly colour: string;
    readonly group?: string | undefined;
    readonly summary: MetricSummary;
  }[],
  colourOf: (group: string) => string,
): Bar[] {
  const groups = new Map<string, { bar: Omit<Bar, 'value' | 'runs' | 'least' | 'most'>; values: number[] }>();
  for (const { id, name, colour, group, summary } of sources) {
    const key = group === undefined ? `run ${id}` : `group ${group}`;
    const known = groups.get(key);
    const value = realOf(summary.last);
    if (known !== undefined) known.values.push(value);
    else
      groups.set(key, {
        bar: group === undefined ? { id, name, colour } : { id: key, name: group, colour: colourOf(group) },
        values: [value],
      });
  }
  return [...groups.values()].map(({ bar, values }) => {
    const finite = values.filter(Number.isFinite);
    const value =
      values.length === 1 || finite.length === 0
        ? values[0]!
        : finite.reduce((sum, each) => sum + each, 0) / finite.length;
    return { ...bar, value, runs: values.length, least: Math.min(...finite), most: Math.max(...finite) };
  });
}
