/** How the charts of a page are drawn: the x axis, the y axis, smoothing, the range. All of it stands in the URL. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { countText } from '../format/numbers.ts';
import { durationText, exactTime } from '../format/times.ts';
import { type ChartSearch, chartSearchOf, type XAxis } from '../urls.ts';

export interface ChartSettings {
  readonly x: XAxis;
  readonly log: boolean;
  /** 0 = none. */
  readonly smooth: number;
  readonly zoom: string | undefined;
  xText(x: number): string;
  set(change: { [Key in keyof ChartSearch]?: ChartSearch[Key] | undefined }): void;
  setZoom(range: readonly [number, number] | undefined): void;
}

export function useChartSettings(): ChartSettings {
  const search = chartSearchOf(useSearch({ strict: false }) as Record<string, unknown>);
  const navigate = useNavigate();
  const { x = 'step', y, smooth, zoom } = search;

  const set = useCallback<ChartSettings['set']>(
    (change) =>
      void navigate({
        to: '.',
        // Back leaves the page, it does not undo every drag.
        replace: true,
        search: (before: Record<string, unknown>) => {
          const next = { ...before, ...change } as Record<string, unknown>;
          for (const key of Object.keys(next)) if (next[key] === undefined) delete next[key];
          return next as never;
        },
      }),
    [navigate],
  );

  return useMemo(
    () => ({
      x,
      log: y === 'log',
      smooth: smooth === undefined ? 0 : Number(smooth),
      zoom,
      xText: (at) =>
        x === 'step'
          ? `step ${countText(Math.round(at))}`
          : x === 'relative'
            ? durationText(at)
            : exactTime(at),
      set,
      setZoom: (range) => set({ zoom: range === undefined ? undefined : rangeText(range) }),
    }),
    [x, y, smooth, zoom, set],
  );
}

function rangeText([from, to]: readonly [number, number]): string {
  const digits = to - from > 100 ? 0 : 4;
  return `${Number(from.toFixed(digits))}~${Number(to.toFixed(digits))}`;
}

const axes: readonly (readonly [XAxis, string])[] = [
  ['step', 'Step'],
  ['relative', 'Time'],
  ['wall', 'Clock'],
];
const weights = ['0.3', '0.6', '0.9', '0.97', '0.99'];

export function ChartBar({ settings }: { settings: ChartSettings }) {
  return (
    <div className="chart-bar">
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
      {settings.zoom !== undefined && (
        <button type="button" className="button small" onClick={() => settings.setZoom(undefined)}>
          Show all
        </button>
      )}
    </div>
  );
}
