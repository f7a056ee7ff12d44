/** Intervals in which versions were named, as lanes to draw and as what held on a day. Pure. */
import type { NamedInterval } from '../api/registry.ts';

export interface Segment {
  readonly interval: NamedInterval;
  /** Of the width, 0–1. */
  readonly start: number;
  readonly width: number;
}

export interface Lane {
  readonly alias: string;
  readonly segments: readonly Segment[];
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly Lane[];
}

/** A lane for each alias, in the order of names; from the first interval until now. Undefined where nothing was named. */
export function timelineOf(intervals: readonly NamedInterval[], now: number): Timeline | undefined {
  const aliases = intervals.filter(({ kind }) => kind === 'alias');
  if (aliases.length === 0) return undefined;
  const from = Math.min(...aliases.map((interval) => interval.from));
  const to = Math.max(now, ...aliases.map((interval) => interval.to ?? interval.from), from + 1);
  const names = [...new Set(aliases.map(({ name }) => name))].sort();
  const lanes = names.map((alias) => ({
    alias,
    segments: aliases
      .filter(({ name }) => name === alias)
      .sort((a, b) => a.from - b.from)
      .map((interval) => ({
        interval,
        start: (interval.from - from) / (to - from),
        width: ((interval.to ?? to) - interval.from) / (to - from),
      })),
  }));
  return { from, to, lanes };
}

/** First and last millisecond of a day (`2026-11-20`) where the reader is; undefined where there is no such day. */
export function dayOf(text: string): { readonly from: number; readonly to: number } | undefined {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const from = new Date(year, month - 1, day);
  if (Number.isNaN(from.getTime()) || from.getDate() !== day) return undefined;
  return { from: from.getTime(), to: new Date(year, month - 1, day + 1).getTime() - 1 };
}

/** The day as a field of a form takes it. */
export function dayText(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** What each name stood for between two instants, the earliest first. */
export function heldDuring(
  intervals: readonly NamedInterval[],
  { from, to }: { readonly from: number; readonly to: number },
): NamedInterval[] {
  return intervals
    .filter((interval) => interval.from <= to && (interval.to ?? Number.POSITIVE_INFINITY) > from)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.from - b.from));
}
