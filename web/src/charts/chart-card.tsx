/** One metric as a chart: its points are read when it comes near the screen, and read on while the run logs. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { MetricSummary } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { Icon } from '../ui/icons.tsx';
import { zoomOf } from '../urls.ts';
import { cursorNodes, hoverNodes, placeHover } from './chart-cursor.ts';
import { ChartFoot, type DrawnFacts } from './chart-foot.tsx';
import type { ChartSettings } from './chart-settings.tsx';
import { drawnLines } from './drawn-lines.ts';
import type { CursorValues } from './plot.tsx';
import type { RunSeries } from './run-series.ts';
import { useNear, useSnapshots } from './use-snapshots.ts';

const Plot = lazy(() => import('./plot.tsx'));
const usualHeight = 168;
/** Lines whose values stand beside the title; of more, a table goes with the pointer. */
export const toldLines = 5;

/** One line of a chart. */
export interface ChartSource {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  /** Tells lines of one colour apart. */
  readonly dash?: readonly number[];
  /** The value that the run is grouped by; runs without one are lines of their own. */
  readonly group?: string | undefined;
  /** Start of the run, where relative time begins. */
  readonly started: number;
  readonly series: RunSeries;
  readonly summary: MetricSummary;
  /** Points the server holds now: when it grows, the new ones are read. */
  readonly points: number;
}

const nothing: readonly ChartSource[] = [];

export function ChartCard(props: {
  title: string;
  sources: readonly ChartSource[];
  /** Of the metric on the x axis, where it is one. */
  over?: readonly ChartSource[] | undefined;
  settings: ChartSettings;
  height?: number;
  /** Fills the screen; absent where it does already. */
  onExpand?: () => void;
}) {
  const { title, sources, settings, over = nothing, height = usualHeight } = props;
  const card = useRef<HTMLElement>(null);
  const near = useNear(card);
  const snapshots = useSnapshots(sources);
  const overSnapshots = useSnapshots(over);

  const wanted = [...sources, ...over].map(({ id, points }) => `${id} ${points}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the numbers of points are the trigger
  useEffect(() => {
    if (near) for (const { series, points } of [...sources, ...over]) void series.refresh(points);
  }, [near, wanted]);

  const { x, logX, smooth, group } = settings;
  const lines = useMemo(
    () =>
      drawnLines({ sources, snapshots, over, overSnapshots, x, logX, smooth, grouped: group !== undefined }),
    [sources, snapshots, over, overSnapshots, x, logX, smooth, group],
  );
  const zoom = useMemo(() => {
    const range = zoomOf(settings.zoom);
    return range === undefined || !logX ? range : ([Math.log10(range[0]), Math.log10(range[1])] as const);
  }, [settings.zoom, logX]);
  const onZoom = useCallback(
    (range: readonly [number, number] | undefined) =>
      settings.setZoom(range === undefined || !logX ? range : [10 ** range[0], 10 ** range[1]]),
    [settings, logX],
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

  const failed = [...snapshots, ...overSnapshots].find(({ phase }) => phase === 'failed');
  const read = snapshots.reduce((sum, { points }) => sum + points.value.length, 0);
  const total = sources.reduce((sum, { points }) => sum + points, 0);
  const loading = snapshots.some(({ phase }) => phase === 'loading' || phase === 'waiting');
  const drawable = near && (read > 0 || !loading) && failed === undefined;
  const retry = () => {
    for (const { series, points } of [...sources, ...over]) void series.refresh(points);
  };
  return (
    <figure
      ref={card}
      className="chart"
      aria-label={`${title}: ${countText(total)} ${total === 1 ? 'point' : 'points'}`}
      data-points={read}
    >
      <figcaption className="chart-head">
        <span className="chart-title" title={title}>
          {title}
        </span>
        <span ref={readout} className="chart-readout" />
        {props.onExpand !== undefined && (
          <button
            type="button"
            className="icon-button small chart-expand"
            aria-label={`Enlarge ${title}`}
            title="Fill the screen"
            onClick={props.onExpand}
          >
            <Icon name="expand" size={12} />
          </button>
        )}
      </figcaption>
      <div className="chart-body" style={{ minHeight: height }}>
        {drawable && (
          <Suspense fallback={null}>
            <Plot
              lines={lines}
              axis={x}
              logX={logX}
              log={settings.log}
              smooth={smooth > 0}
              zoom={zoom}
              height={height}
              onZoom={onZoom}
              onCursor={onCursor}
              onDrawn={onDrawn}
            />
          </Suspense>
        )}
        {drawable && facts.empty && (
          <p className="chart-note">
            No points in this range.{' '}
            <button type="button" className="link-button" onClick={() => settings.setZoom(undefined)}>
              Show all
            </button>
          </p>
        )}
        {failed !== undefined && (
          <p className="chart-note" role="alert">
            The points did not load:{' '}
            {failed.error instanceof Error ? failed.error.message : String(failed.error)}{' '}
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
        lost={lines.reduce((sum, { line }) => sum + (line.lost ?? 0), 0)}
        lines={lines.length}
        read={read}
        total={total}
        loading={loading}
        onMore={
          snapshots.some(({ more }) => more) && !loading
            ? () => {
                for (const { series } of sources) if (series.snapshot().more) series.more();
              }
            : undefined
        }
      />
    </figure>
  );
}
