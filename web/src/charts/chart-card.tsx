/** One metric as a chart: its points are read when it comes near the screen, and read on while the run logs. */
import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { countText, realText } from '../format/numbers.ts';
import { zoomOf } from '../urls.ts';
import type { ChartSettings } from './chart-settings.tsx';
import { lineOf } from './line-data.ts';
import type { CursorValues, PlottedLine } from './plot.tsx';
import { type RunSeries, readAtOnce } from './run-series.ts';

const Plot = lazy(() => import('./plot.tsx'));
const height = 168;

/** One line of a chart. */
export interface ChartSource {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  /** Tells lines of one colour apart. */
  readonly dash?: readonly number[];
  /** Start of the run, where relative time begins. */
  readonly started: number;
  readonly series: RunSeries;
  /** Points the server holds now: when it grows, the new ones are read. */
  readonly points: number;
}

export function ChartCard(props: {
  title: string;
  sources: readonly ChartSource[];
  settings: ChartSettings;
}) {
  const { title, sources, settings } = props;
  const card = useRef<HTMLElement>(null);
  const near = useNear(card);
  const snapshots = useSnapshots(sources);

  const wanted = sources.map(({ id, points }) => `${id} ${points}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the numbers of points are the trigger
  useEffect(() => {
    if (near) for (const { series, points } of sources) void series.refresh(points);
  }, [near, wanted]);

  const lines = useMemo(
    () =>
      sources.map(
        ({ id, colour, dash = [], started }, index): PlottedLine => ({
          id,
          colour,
          dash,
          line: lineOf(snapshots[index]!.points, settings.x, started, settings.smooth),
        }),
      ),
    [sources, snapshots, settings.x, settings.smooth],
  );
  const zoom = useMemo(() => zoomOf(settings.zoom), [settings.zoom]);
  const [facts, setFacts] = useState({ odd: 0, unplaceable: 0, banded: false, empty: false });
  const onDrawn = useCallback(
    (next: typeof facts) => setFacts((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next)),
    [],
  );

  // Written beside React: the cursor moves at every frame, in every chart.
  const readout = useRef<HTMLSpanElement>(null);
  const onCursor = useCallback(
    (at: CursorValues | undefined) => {
      readout.current?.replaceChildren(...(at === undefined ? [] : cursorNodes(at, settings, sources)));
    },
    [settings, sources],
  );

  const failed = snapshots.find(({ phase }) => phase === 'failed');
  const read = snapshots.reduce((sum, { points }) => sum + points.value.length, 0);
  const total = sources.reduce((sum, { points }) => sum + points, 0);
  const more = snapshots.some((snapshot) => snapshot.more);
  const loading = snapshots.some(({ phase }) => phase === 'loading' || phase === 'waiting');
  const drawable = near && (read > 0 || !loading) && failed === undefined;
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
      </figcaption>
      <div className="chart-body" style={{ minHeight: height }}>
        {drawable && (
          <Suspense fallback={null}>
            <Plot
              lines={lines}
              axis={settings.x}
              log={settings.log}
              smooth={settings.smooth > 0}
              zoom={zoom}
              height={height}
              onZoom={settings.setZoom}
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
            <button
              type="button"
              className="link-button"
              onClick={() => {
                for (const { series, points } of sources) void series.refresh(points);
              }}
            >
              Try again
            </button>
          </p>
        )}
      </div>
      <p className="chart-foot">
        {settings.smooth > 0 && <span>smoothed {settings.smooth}, raw faint</span>}
        {facts.banded && <span>band: least to most, line: mean</span>}
        {facts.odd > 0 && <span className="warn">{countText(facts.odd)} not finite (× NaN, ▲ +∞, ▼ −∞)</span>}
        {facts.unplaceable > 0 && (
          <span className="warn">{countText(facts.unplaceable)} not above 0: not on a log axis</span>
        )}
        {loading && read > 0 && (
          <span>
            {countText(read)} of {countText(total)} points read
          </span>
        )}
        {more && !loading && (
          <span>
            first {countText(read)} of {countText(Math.max(total, read))} points{' '}
            <button
              type="button"
              className="link-button"
              onClick={() => {
                for (const { series } of sources) if (series.snapshot().more) series.more();
              }}
            >
              read {countText(readAtOnce)} more
            </button>
          </span>
        )}
      </p>
    </figure>
  );
}

/** Lines whose values stand beside the title; of more, only the place is told. */
const toldLines = 5;

function cursorNodes(
  at: CursorValues,
  settings: ChartSettings,
  sources: readonly ChartSource[],
): (Node | string)[] {
  const x = settings.xText(at.x);
  if (sources.length > toldLines) return [x];
  return [
    x,
    ...at.values.flatMap(({ value, smooth }, index): (Node | string)[] => {
      if (value == null) return [];
      const text = realText(value, false);
      if (sources.length === 1)
        return [` · ${text}${smooth == null ? '' : ` (smoothed ${realText(smooth, false)})`}`];
      const mark = document.createElement('span');
      mark.className = 'swatch';
      mark.style.background = sources[index]!.colour;
      return [' ', mark, smooth == null ? text : realText(smooth, false)];
    }),
  ];
}

/** Every snapshot, in an array that is the same one until one of them changes. */
function useSnapshots(sources: readonly ChartSource[]) {
  const before = useRef<ReturnType<RunSeries['snapshot']>[]>([]);
  const all = sources.map(({ series }) => series);
  const subscribe = useCallback(
    (listener: () => void) => {
      const leave = all.map((series) => series.subscribe(listener));
      return () => {
        for (const each of leave) each();
      };
    },
    // biome-ignore lint/correctness/useExhaustiveDependencies: the series, not the array of this render
    all,
  );
  return useSyncExternalStore(subscribe, () => {
    const next = all.map((series) => series.snapshot());
    const same =
      next.length === before.current.length && next.every((each, index) => each === before.current[index]);
    if (!same) before.current = next;
    return before.current;
  });
}

/** True from the moment it comes near the screen. */
function useNear(element: { readonly current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || element.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setNear(true),
      { rootMargin: '200px' },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [near, element]);
  return near;
}
