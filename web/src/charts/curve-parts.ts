/**
 * What is read finer of the curves of a chart: parts, each within the whole or within a part read before. A part begins and
 * ends where an entry of what it lies in does, so that laying it in loses no point and counts none twice.
 */
import { type Curve, emptyCurve, spliced, wholeEntries } from './curve.ts';

export type Range = readonly [number, number];

export interface Part {
  readonly from: number;
  readonly to: number;
  readonly curves: ReadonlyMap<string, Curve>;
  /** Undefined: it lies in the whole. */
  readonly within: Part | undefined;
  /** As much of x as a bucket of it was asked to be. */
  readonly unit: number;
  /** What it lies in could not be cut smaller: nothing finer comes of asking again. */
  readonly isFinal: boolean;
}

/** The part, after what it lies in. */
export function chainOf(part: Part | undefined): Part[] {
  return part === undefined ? [] : [...chainOf(part.within), part];
}

/** A curve with parts laid into it, in this order. */
export function laidInto(curve: Curve, run: string, parts: readonly Part[]): Curve {
  let result = curve;
  for (const { curves, from, to } of parts) {
    const finer = curves.get(run);
    if (finer !== undefined) result = spliced(result, from, to, finer);
  }
  return result;
}

/** The finest part that holds all of a range, of all these runs. */
export function finestAround(
  parts: readonly Part[],
  [from, to]: Range,
  runs: readonly string[],
): Part | undefined {
  let finest: Part | undefined;
  for (const part of parts)
    if (part.from <= from && part.to >= to && runs.every((run) => part.curves.has(run)))
      if (finest === undefined || part.unit <= finest.unit) finest = part;
  return finest;
}

/** What is to be read so that a range is drawn with buckets of `unit`: somewhat more, and in whole entries. */
export interface PartPlan {
  readonly bounds: readonly [number | undefined, number | undefined];
  readonly within: Part | undefined;
  readonly extent: number;
  readonly pixels: number;
}

/** Beyond so many times the pixels of the range, the unit gives way. */
const mostPixels = 6;

export function planPart(options: {
  whole: ReadonlyMap<string, Curve>;
  parts: readonly Part[];
  range: Range;
  margin: number;
  pixels: number;
}): PartPlan {
  const { whole, parts, range, margin, pixels } = options;
  const runs = [...whole.keys()];
  const filled = [...whole.values()].filter(({ x }) => x.length > 0);
  const all: Range = [
    Math.min(...filled.map(({ first }) => first[0]!)),
    Math.max(...filled.map(({ last }) => last.at(-1)!)),
  ];
  const span = range[1] - range[0];
  const asked: Range = [
    Math.max(all[0], range[0] - span * margin),
    Math.min(all[1], range[1] + span * margin),
  ];
  const within = finestAround(parts, asked, runs);
  const chain = chainOf(within);
  const bounds = wholeEntries(
    runs.map((run) => laidInto(whole.get(run) ?? emptyCurve, run, chain)),
    asked,
  );
  const extent = Math.max(0, (bounds[1] ?? all[1]) - (bounds[0] ?? all[0]));
  const share = span > 0 ? extent / span : 1;
  return { bounds, within, extent, pixels: Math.ceil(pixels * Math.min(mostPixels, Math.max(1, share))) };
}

export function partOf(plan: PartPlan, curves: ReadonlyMap<string, Curve>): Part {
  const { bounds, within, extent, pixels } = plan;
  const before = within === undefined ? Number.POSITIVE_INFINITY : within.unit;
  const unit = extent / pixels;
  return {
    from: bounds[0] ?? Number.NEGATIVE_INFINITY,
    to: bounds[1] ?? Number.POSITIVE_INFINITY,
    curves,
    within,
    unit,
    isFinal: unit > before * 0.9,
  };
}

/** Those that lie in nothing that is gone, the last ones first to stay. */
export function keptParts(parts: readonly Part[], needed: ReadonlySet<Part>, others: number): Part[] {
  const kept = new Set([...needed].flatMap(chainOf));
  for (const part of parts.slice(-others)) for (const each of chainOf(part)) kept.add(each);
  return parts.filter((part) => kept.has(part));
}
