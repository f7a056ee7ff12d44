/** How the charts of a page are drawn: the x axis, the y axis, smoothing, the range. All of it stands in the URL. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { countText } from '../format/numbers.ts';
import { durationText, exactTime } from '../format/times.ts';
import { SearchField } from '../ui/search-field.tsx';
import { type ChangeOf, type ChartSearch, changedSearch, chartSearchOf, type XAxis } from '../urls.ts';

export interface ChartSettings {
  readonly x: XAxis;
  /** The metric on the x axis, where it is one. */
  readonly over: string | undefined;
  readonly logX: boolean;
  readonly log: boolean;
  /** 0 = none. */
  readonly smooth: number;
  readonly zoom: string | undefined;
  /** `params.<key>` or `tags.<key>`: runs of one value are one line. */
  readonly group: string | undefined;
  /** The metric whose chart fills the screen. */
  readonly chart: string | undefined;
  /** Part of the names of the metrics that are drawn, whatever the case; empty = all. */
  readonly find: string;
  xText(x: number): string;
  set(change: ChangeOf<ChartSearch>): void;
  setZoom(range: readonly [number, number] | undefined): void;
}

export function useChartSettings(): ChartSettings {
  const search = chartSearchOf(useSearch({ strict: false }) as Record<string, unknown>);
  const navigate = useNavigate();
  const { x = 'step', xscale, y, smooth, zoom, group, chart, find = '' } = search;

  const set = useCallback<ChartSettings['set']>(
    (change) =>
      void navigate({
        to: '.',
        // Back leaves the page, it does not undo every drag.
        replace: true,
        search: (before: object) => changedSearch(before, change) as never,
      }),
    [navigate],
  );

  return useMemo(
    () => ({
      x,
      over: x.startsWith('metrics.') ? x.slice('metrics.'.length) : undefined,
      // A calendar has no logarithm.
      logX: xscale === 'log' && x !== 'wall',
      log: y === 'log',
      smooth: smooth === undefined ? 0 : Number(smooth),
      zoom,
      group,
      chart,
      find,
      xText: (at) =>
        x.startsWith('metrics.')
          ? `${x.slice('metrics.'.length)} ${Number(at.toPrecision(6))}`
          : x === 'step'
            ? `step ${countText(Math.round(at))}`
            : x === 'relative'
              ? durationText(at)
              : exactTime(at),
      set,
      setZoom: (range) => set({ zoom: range === undefined ? undefined : rangeText(range) }),
    }),
    [x, xscale, y, smooth, zoom, group, chart, find, set],
  );
}

/** As exact as a pixel of a wide screen. */
function rangeText([from, to]: readonly [number, number]): string {
  const digits = Math.min(20, Math.max(0, Math.ceil(-Math.log10((to - from) / 10_000))));
  return `${Number(from.toFixed(digits))}~${Number(to.toFixed(digits))}`;
}

const axes: readonly (readonly [XAxis, string])[] = [
  ['step', 'Step'],
  ['relative', 'Time'],
  ['wall', 'Clock'],
];
/** Names in the list of metrics for the x axis; a link may name any. */
const metricsOffered = 200;
const weights = ['0.3', '0.6', '0.9', '0.97', '0.99'];

/**
 * `metrics`: those that may stand on the x axis. `groups`: what runs may be grouped by, where there are several.
 * `lines`: false where all are bars, which have no such axes.
 */
export function ChartBar(props: {
  settings: ChartSettings;
  metrics?: readonly string[];
  groups?: readonly string[];
  lines?: boolean;
  /** Whether there are so many charts that they are searched. */
  search?: boolean;
}) {
  const { settings, metrics = [], groups = [], lines = true, search = false } = props;
  const others =
    settings.over === undefined || metrics.includes(settings.over) ? metrics : [settings.over, ...metrics];
  return (
    <div className="chart-bar">
      {(search || settings.find !== '') && (
        <ChartFinder find={settings.find} onFind={(find) => settings.set({ find: find || undefined })} />
      )}
      {lines && (
        <fieldset className="segments">
          <legend className="visually-hidden">Horizontal axis</legend>
          {axes.map(([axis, text]) => (
            <button
              key={axis}
              type="button"
              aria-pressed={settings.x === axis}
              onClick={() => settings.set({ x: axis === 'step' ? undefined : axis, zoom: undefined })}
            >
              {text}
            </button>
          ))}
        </fieldset>
      )}
      {others.length > 1 && (
        <label className="chart-option">
          <span className="visually-hidden">Metric on the horizontal axis</span>
          <select
            className={settings.over === undefined ? 'idle' : ''}
            value={settings.over ?? ''}
            onChange={(event) =>
              settings.set({
                x: event.target.value === '' ? undefined : `metrics.${event.target.value}`,
                zoom: undefined,
              })
            }
          >
            <option value="">x = metric…</option>
            {others.slice(0, metricsOffered).map((key) => (
              <option key={key} value={key}>
                {key}
              </option>
            ))}
          </select>
        </label>
      )}
      {lines && settings.x !== 'wall' && (
        <label className="chart-option">
          <input
            type="checkbox"
            checked={settings.logX}
            onChange={(event) =>
              settings.set({ xscale: event.target.checked ? 'log' : undefined, zoom: undefined })
            }
          />
          Log x
        </label>
      )}
      {lines && (
        <>
          <label className="chart-option">
            <input
              type="checkbox"
              checked={settings.log}
              onChange={(event) => settings.set({ y: event.target.checked ? 'log' : undefined })}
            />
            Log y
          </label>
          <label className="chart-option">
            Smoothing
            <select
              value={settings.smooth === 0 ? '' : String(settings.smooth)}
              onChange={(event) =>
                settings.set({ smooth: event.target.value === '' ? undefined : event.target.value })
              }
            >
              <option value="">none</option>
              {[...new Set([...weights, ...(settings.smooth > 0 ? [String(settings.smooth)] : [])])].map(
                (weight) => (
                  <option key={weight} value={weight}>
                    {weight}
                  </option>
                ),
              )}
            </select>
          </label>
        </>
      )}
      {(groups.length > 0 || settings.group !== undefined) && (
        <label className="chart-option">
          Group
          <select
            value={settings.group ?? ''}
            onChange={(event) =>
              settings.set({ group: event.target.value === '' ? undefined : event.target.value })
            }
          >
            <option value="">none</option>
            {[...new Set([...groups, ...(settings.group === undefined ? [] : [settings.group])])].map(
              (field) => (
                <option key={field} value={field}>
                  {field.replace(/^(params|tags)\./, '')}
                </option>
              ),
            )}
          </select>
        </label>
      )}
      {settings.zoom !== undefined && (
        <button type="button" className="button small" onClick={() => settings.setZoom(undefined)}>
          Show all
        </button>
      )}
    </div>
  );
}

/** ms without a key after which what is typed is searched. */
const typeTime = 150;

/** What is typed stands here at once, and in the URL when the hand rests. */
function ChartFinder({ find, onFind }: { find: string; onFind: (find: string) => void }) {
  const [typed, setTyped] = useState(find);
  const told = useRef(find);
  const tell = useRef(onFind);
  tell.current = onFind;
  // Another link, or Back.
  useEffect(() => {
    if (find !== told.current) setTyped(find);
    told.current = find;
  }, [find]);
  useEffect(() => {
    const text = typed.trim();
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      tell.current(text);
    }, typeTime);
    return () => clearTimeout(timer);
  }, [typed]);
  return <SearchField label="Search charts by name" value={typed} onChange={setTyped} />;
}
