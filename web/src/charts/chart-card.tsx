/** One metric as a chart: read when it comes near the screen, as finely as it has pixels, and read on while the run logs. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { countText } from '../format/numbers.ts';
import { cursorNodes, hoverNodes, placeHover } from './chart-cursor.ts';
import { ChartFoot, type DrawnFacts } from './chart-foot.tsx';
import { ChartHead } from './chart-head.tsx';
import type { ChartSettings } from './chart-settings.tsx';
import type { ChartSource } from './chart-source.ts';
import { drawnLines } from './drawn-lines.ts';
import type { CursorValues } from './plot.tsx';
import { useCurves } from './use-curves.ts';
import { useNear } from './use-near.ts';
import { useZoom } from './use-zoom.ts';

const loadPlot = () => import('./plot.tsx');
const Plot = lazy(loadPlot);
const usualHeight = 168;
/** Lines whose values stand beside the title; of more, a table goes with the pointer. */
const toldLines = 5;
/** Widths of charts are rounded up to so many px, so that a small change of the window reads nothing again. */
const widthStep = 64;

export function ChartCard(props: {
  title: string;
  sources: readonly ChartSource[];
  settings: ChartSettings;
  height?: number;
  /** Fills the screen; absent where it does already. */
  onExpand?: () => void;
}) {
  const { title, sources, settings, height = usualHeight } = props;
  const card = useRef<HTMLElement>(null);
  const near = useNear(card);
  const width = useWidth(card);
  const zoom = useZoom(settings);
  const { x, logX, smooth, group } = settings;
  // Beside the points, not after them.
  useEffect(() => {
    if (near) void loadPlot().catch(() => {});
  }, [near]);
  const pixels = near ? Math.ceil((width * Math.min(3, devicePixelRatio)) / widthStep) * widthStep : 0;
  const { snapshot, retry } = useCurves({ title, sources, x, logX, range: zoom.range, pixels });
  const { curves, phase, error } = snapshot;

  const grouped = group !== undefined;
  // A group is read at places of what is in sight; a line of its own is the same whatever is.
  const range = grouped ? zoom.drawn : undefined;
  const lines = useMemo(
    () => drawnLines({ sources, curves, logX, smooth, grouped, range }),
    [sources, curves, logX, smooth, grouped, range],
  );
  const [facts, setFacts] = useState<DrawnFacts>({ odd: 0, unplaceable: 0, banded: false, empty: false });
  const onDrawn = useCallback(
    (next: DrawnFacts) => setFacts((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next)),
    [],
  );

  // Written beside React: the cursor moves at every frame, in every chart.
  const readout = useRef<HTMLSpanElement>(null);
  const hover = useRef<HTMLDivElement>(null);
  const onCursor = useCallback(
    (at: CursorValues | undefined) => {
      const text = at === undefined ? '' : settings.xText(logX ? 10 ** at.x : at.x);
      const few = lines.length <= toldLines;
      readout.current?.replaceChildren(
        ...(at === undefined ? [] : few ? cursorNodes(text, at, lines) : [text]),
      );
      const pointed = few ? undefined : at?.pointer;
      hover.current?.replaceChildren(
        ...(at === undefined || pointed === undefined ? [] : hoverNodes(text, at, lines)),
      );
      if (hover.current !== null) placeHover(hover.current, pointed);
    },
    [settings, lines, logX],
  );

  const total = sources.reduce((sum, { points }) => sum + points, 0);
  const read = sources.reduce((sum, { id }) => sum + (curves.get(id)?.points ?? 0), 0);
  const there = curves.size > 0 || phase === 'ready';
  // Over another metric a point has a place where that one has a value at its step.
  const unpaired = settings.over === undefined || phase !== 'ready' ? 0 : Math.max(0, total - read);
  const lost = lines.reduce((sum, { line }) => sum + line.lost, 0) + unpaired;
  return (
    <figure
      ref={card}
      className="chart"
      aria-label={`${title}: ${countText(total)} ${total === 1 ? 'point' : 'points'}`}
      aria-busy={near && phase !== 'ready'}
      data-points={read}
    >
      <ChartHead title={title} readout={readout} onExpand={props.onExpand} />
      <div className="chart-body" style={{ minHeight: height }}>
        {near && there && (
          <Suspense fallback={null}>
            <Plot
              title={title}
              lines={lines}
              axis={x}
              logX={logX}
              log={settings.log}
              smooth={smooth > 0}
              zoom={zoom.drawn}
              height={height}
              wheel={props.onExpand === undefined ? 'plain' : 'with-key'}
              onZoom={zoom.set}
              onCursor={onCursor}
              onDrawn={onDrawn}
            />
          </Suspense>
        )}
        {!there && error === undefined && (
          <div className="chart-bones" aria-hidden="true">
            <span className="bone" />
          </div>
        )}
        {near && there && error === undefined && phase === 'ready' && facts.empty && (
          <p className="chart-note">
            No points in this range.{' '}
            <button type="button" className="link-button" onClick={() => zoom.set(undefined)}>
              Show all
            </button>
          </p>
        )}
        {error !== undefined && (
          <p className="chart-note" role="alert">
            The points did not load: {error instanceof Error ? error.message : String(error)}{' '}
            <button type="button" className="link-button" onClick={retry}>
              Try again
            </button>
          </p>
        )}
        <div ref={hover} className="chart-hover" aria-hidden="true" hidden />
      </div>
      <ChartFoot
        settings={settings}
        facts={facts}
        lost={lost}
        range={zoom.range}
        onAll={() => zoom.set(undefined)}
      />
    </figure>
  );
}

function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
