/** The curves of a chart, read as finely as it has pixels. */
import { useEffect, useMemo, useReducer } from 'react';
import { seriesDraw } from '../api/operations.ts';
import type { CurveRequest } from '../api/types.ts';
import { useProject } from '../layout/use-project.ts';
import type { XAxis } from '../urls.ts';
import type { ChartSource } from './chart-source.ts';
import { CurveFeed, type CurvesSnapshot } from './curve-feed.ts';
import type { Range } from './curve-parts.ts';

/** ms without a move after which what is in sight is read finer. */
const restTime = 120;

export function useCurves(options: {
  title: string;
  sources: readonly ChartSource[];
  x: XAxis;
  logX: boolean;
  /** In the units of the axis, not of its logarithm. */
  range: Range | undefined;
  /** Pixels across; 0 while nobody looks. */
  pixels: number;
}): { snapshot: CurvesSnapshot; retry: () => void } {
  const { title, sources, x, logX, range, pixels } = options;
  const { project } = useProject();
  const feed = useMemo(
    () => new CurveFeed((request, signal) => seriesDraw(project, request, signal), title, axisOf(x)),
    [project, title, x],
  );
  useEffect(() => () => feed.dispose(), [feed]);

  useEffect(() => {
    // Scrolled past: an answer that nobody waits for must not hold up those of charts in sight.
    if (pixels === 0) return feed.dispose();
    const want = () =>
      feed.want({
        lines: sources.map(({ id, started, points }) => ({ run: id, started, points })),
        pixels,
        range,
        logX,
      });
    // The first picture at once; while somebody zooms and pans, what they come to rest on.
    if (range === undefined || feed.snapshot().phase !== 'ready') return want();
    const timer = setTimeout(want, restTime);
    return () => clearTimeout(timer);
  }, [feed, sources, pixels, range, logX]);

  // The news of a frame are one render.
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    let frame: number | undefined;
    const leave = feed.subscribe(() => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        render();
      });
    });
    return () => {
      leave();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [feed]);
  return { snapshot: feed.snapshot(), retry: () => feed.retry() };
}

function axisOf(x: XAxis): CurveRequest['x'] {
  if (x === 'wall') return 'time';
  if (x === 'step' || x === 'relative') return x;
  return { metric: x.slice('metrics.'.length) };
}
