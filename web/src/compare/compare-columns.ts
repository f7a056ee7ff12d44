/** What runs can be placed by: numbers and short lists of words, from parameters and metrics. Pure. */
import type { Run } from '../api/types.ts';
import { byWorth, isSystemMetric } from '../charts/sections.ts';
import { guessGoal } from '../runs/goals.ts';
import { type ComparedAggregate, metricNumber } from './differences.ts';

export interface PlacedColumn {
  /** `params.<key>` or `metrics.<key>`. */
  readonly id: string;
  readonly key: string;
  /** By run; undefined where it has none. Of words: the place in `words`. */
  readonly values: readonly (number | undefined)[];
  /** Absent for numbers. */
  readonly words?: readonly string[];
}

/** A parameter of more different words tells nothing on an axis. */
const mostWords = 16;

/** Parameters that vary, by name, then metrics that do, by worth. */
export function placedColumns(runs: readonly Run[], aggregate: ComparedAggregate): PlacedColumn[] {
  const params = [...new Set(runs.flatMap((run) => Object.keys(run.params)))].sort();
  const metrics = byWorth([...new Set(runs.flatMap((run) => Object.keys(run.metrics)))]);
  const columns = [
    ...params.map((key) =>
      textColumn(
        key,
        runs.map((run) => run.params[key]),
      ),
    ),
    ...metrics
      .filter((key) => !isSystemMetric(key))
      .map((key): PlacedColumn => {
        const values = runs.map((run) => {
          const summary = run.metrics[key];
          const value = summary === undefined ? Number.NaN : metricNumber(key, summary, aggregate);
          return Number.isFinite(value) ? value : undefined;
        });
        return { id: `metrics.${key}`, key, values };
      }),
  ];
  return columns.filter(
    (column): column is PlacedColumn =>
      column !== undefined && new Set(column.values.filter((value) => value !== undefined)).size > 1,
  );
}

function textColumn(key: string, texts: readonly (string | undefined)[]): PlacedColumn | undefined {
  const id = `params.${key}`;
  const there = texts.filter((text) => text !== undefined);
  const isNumber = there.every((text) => text.trim() !== '' && Number.isFinite(Number(text)));
  if (isNumber)
    return { id, key, values: texts.map((text) => (text === undefined ? undefined : Number(text))) };
  const words = [...new Set(there)].sort();
  if (words.length > mostWords) return undefined;
  return {
    id,
    key,
    words,
    values: texts.map((text) => (text === undefined ? undefined : words.indexOf(text))),
  };
}

/** The metric that runs are judged by, where nobody chose one. */
export function defaultTarget(columns: readonly PlacedColumn[]): string | undefined {
  const metrics = columns.filter(({ id }) => id.startsWith('metrics.'));
  return (metrics.find(({ key }) => guessGoal(key) !== 'none') ?? metrics[0])?.key;
}

/** Columns by how strongly their order goes with that of the target, the strongest first. */
export function byStrength(columns: readonly PlacedColumn[], target: PlacedColumn): PlacedColumn[] {
  const strengths = new Map(columns.map((column) => [column.id, strength(column, target)]));
  return [...columns].sort((a, b) => strengths.get(b.id)! - strengths.get(a.id)!);
}

/** Of numbers Spearman's |ρ|; of words the share of the target's rank variance that lies between them (η). 0…1. */
export function strength(column: PlacedColumn, target: PlacedColumn): number {
  const pairs = column.values.flatMap((value, index) => {
    const other = target.values[index];
    return value === undefined || other === undefined ? [] : [[value, other] as const];
  });
  if (pairs.length < 3) return 0;
  const goals = ranksOf(pairs.map(([, goal]) => goal));
  if (column.words === undefined) return Math.abs(correlation(ranksOf(pairs.map(([value]) => value)), goals));
  const groups = new Map<number, number[]>();
  for (const [index, [value]] of pairs.entries())
    groups.set(value, [...(groups.get(value) ?? []), goals[index]!]);
  const all = mean(goals);
  const total = goals.reduce((sum, goal) => sum + (goal - all) ** 2, 0);
  const between = [...groups.values()].reduce(
    (sum, group) => sum + group.length * (mean(group) - all) ** 2,
    0,
  );
  return total === 0 ? 0 : Math.sqrt(between / total);
}

/** Equal values share the mean of their places. */
function ranksOf(values: readonly number[]): number[] {
  const sorted = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let first = 0; first < sorted.length; ) {
    let end = first + 1;
    while (end < sorted.length && values[sorted[end]!] === values[sorted[first]!]) end++;
    for (let place = first; place < end; place++) ranks[sorted[place]!] = (first + end - 1) / 2;
    first = end;
  }
  return ranks;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    both += (value - meanA) * (b[index]! - meanB);
    ofA += (value - meanA) ** 2;
    ofB += (b[index]! - meanB) ** 2;
  }
  return ofA === 0 || ofB === 0 ? 0 : both / Math.sqrt(ofA * ofB);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface AxisScale {
  /** 0 at the low end, 1 at the high end. */
  at(value: number): number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly log: boolean;
}

/** From what decades apart, all above 0, an axis is logarithmic: learning rates are. */
const logFrom = 50;

export function scaleOf(column: PlacedColumn, wantedTicks: number): AxisScale {
  const values = column.values.filter((value) => value !== undefined);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (column.words !== undefined) {
    const { words } = column;
    const at = (value: number) => (words.length === 1 ? 0.5 : value / (words.length - 1));
    return { at, log: false, ticks: words.map((text, index) => ({ at: at(index), text })) };
  }
  const log = least > 0 && most / least >= logFrom;
  const raise = log ? Math.log10 : (value: number) => value;
  const [low, high] = [raise(least), raise(most)];
  const at = (value: number) => (high === low ? 0.5 : (raise(value) - low) / (high - low));
  const ticks = log ? decades(least, most) : steps(least, most, wantedTicks);
  return { at, log, ticks: ticks.map((value) => ({ at: at(value), text: tickText(value) })) };
}

function decades(least: number, most: number): number[] {
  const [from, to] = [Math.ceil(Math.log10(least) - 1e-9), Math.floor(Math.log10(most) + 1e-9)];
  return Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
}

function steps(least: number, most: number, wanted: number): number[] {
  if (least === most) return [least];
  const rough = (most - least) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((each) => each >= rough)!;
  const first = Math.ceil(least / step - 1e-9);
  const count = Math.floor(most / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function tickText(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e5 || size < 1e-3)
    return value
      .toExponential()
      .replace('e+', 'e')
      .replace(/(\.\d\d)\d+/, '$1');
  return String(Number(value.toPrecision(6)));
}
