/** Curves: many series of many runs at once, as a chart draws them, over steps, times, or another metric. */
import type { Queries } from '../../db/db.ts';
import {
  type Axis,
  compareInt64,
  type Int64,
  levelFor,
  type PairBands,
  type Pairs,
  toInt64,
} from '../../engines/metrics/index.ts';
import { invalid } from '../../kernel/errors.ts';
import type { ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Graph } from '../graph/index.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { drawOverMetric } from './metric-axis.ts';
import { rewindKey } from './rewind-store.ts';
import { type Drawn, drawSeries, spanOf, type Window } from './series-drawing.ts';
import { findLines, type Line } from './series-lines.ts';

const largestInt64 = 2n ** 63n - 1n;

export const curveLimits = {
  /** Runs times metrics of one request. */
  lines: 1_000,
  /** Pixels of all lines together: 1,000 lines of 500, or 250 of 2,000. */
  pixels: 500_000,
} as const;

export interface CurveRequest {
  /** Ids; one that is not there has no curves. */
  readonly runs: readonly string[];
  readonly keys: readonly string[];
  /** Of every line the same; a metric is that of the same run. `relative`: ms since the start of the run. */
  readonly x: Axis | 'relative' | { readonly metric: string };
  /** Both ends are in it. Steps or ms, for a metric its values; where one is not given, where the first or last line ends. */
  readonly from?: Int64 | undefined;
  readonly to?: Int64 | undefined;
  /** Buckets of a line at most. */
  readonly pixels: number;
  /** Instead of what the runs say now: what this rewind superseded. */
  readonly rewind?: number | undefined;
}

export type Curve = { readonly run: Uid; readonly key: string } & (
  | Drawn
  | { readonly pairs: Pairs }
  | { readonly pairBands: PairBands }
);

export interface Curves {
  /** Every bucket is 2^level wide; undefined when no curve is, and where each line has its own. */
  readonly level: number | undefined;
  readonly from: Int64 | undefined;
  readonly to: Int64 | undefined;
  readonly curves: readonly Curve[];
}

export async function drawCurves(
  context: RequestContext,
  graph: Graph,
  reader: ChunkReader,
  project: ProjectId,
  request: CurveRequest,
): Promise<Curves> {
  const { runs, keys, x, pixels } = request;
  const lines = new Set(runs).size * new Set(keys).size;
  if (lines > curveLimits.lines) {
    throw invalid('keys', `${lines} lines are too many for one request; ${curveLimits.lines} are allowed`);
  }
  if (lines * pixels > curveLimits.pixels) {
    throw invalid(
      'pixels',
      `${lines} lines of ${pixels} pixels are too many; ${curveLimits.pixels} pixels are allowed for all lines`,
    );
  }
  if (request.from !== undefined && request.to !== undefined && request.from > request.to) {
    throw invalid('to', 'to is less than from');
  }
  const by = request.rewind === undefined ? '' : rewindKey(request.rewind);
  return graph.db.scan(async (queries) => {
    const found = await findLines(queries, graph, project, runs, keys, by);
    if (typeof x === 'object') {
      const axes = await findLines(queries, graph, project, runs, [x.metric], by);
      const curves = [];
      for (const { run, key, parts } of found) {
        const axis = axes.find((line) => line.run === run);
        if (axis === undefined) continue;
        curves.push({ run, key, ...(await drawOverMetric(queries, reader, axis.parts, parts, request)) });
      }
      return { level: undefined, from: request.from, to: request.to, curves };
    }
    if (x === 'relative') return drawFromStarts(queries, reader, found, request);
    const window = windowOf(x, request, found);
    if (window === undefined) return { level: undefined, from: request.from, to: request.to, curves: [] };
    const curves = [];
    for (const { run, key, parts } of found) {
      curves.push({ run, key, ...(await drawSeries(queries, reader, parts, window)) });
    }
    const { from, to } = window;
    return { level: levelFor(from, to, pixels), from, to, curves };
  }, context.signal);
}

/** Every line over its own time, in a window that begins as long after the start of its run as every other. */
async function drawFromStarts(
  queries: Queries,
  reader: ChunkReader,
  lines: readonly Line[],
  { from, to, pixels }: CurveRequest,
): Promise<Curves> {
  const spans = lines.flatMap(({ parts, started }) => {
    const span = spanOf('time', [parts]);
    return span === undefined ? [] : [{ from: shifted(span.from, -started), to: shifted(span.to, -started) }];
  });
  const first = from ?? spans.map((span) => span.from).sort(compareInt64)[0];
  const last =
    to ??
    spans
      .map((span) => span.to)
      .sort(compareInt64)
      .at(-1);
  if (first === undefined || last === undefined || first > last)
    return { level: undefined, from, to, curves: [] };
  const curves = [];
  for (const { run, key, started, parts } of lines) {
    const window: Window = {
      axis: 'time',
      from: shifted(first, started),
      to: shifted(last, started),
      pixels,
    };
    curves.push({ run, key, ...(await drawSeries(queries, reader, parts, window)) });
  }
  return { level: undefined, from: first, to: last, curves };
}

/** Within the int64s, which a window far outside the line may leave. */
function shifted(time: Int64, by: number): Int64 {
  const sum = BigInt(time) + BigInt(by);
  return toInt64(sum > largestInt64 ? largestInt64 : sum < -largestInt64 ? -largestInt64 : sum);
}

/** Undefined when there is nothing to draw. */
function windowOf(axis: Axis, request: CurveRequest, lines: readonly Line[]): Window | undefined {
  const span = spanOf(
    axis,
    lines.map((line) => line.parts),
  );
  if (span === undefined) return undefined;
  const { from = span.from, to = span.to, pixels } = request;
  return from > to ? undefined : { axis, from, to, pixels };
}
