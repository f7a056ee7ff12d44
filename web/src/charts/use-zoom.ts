/**
 * What a chart shows of its x axis. It stands in the URL, for all charts of the page; while a hand moves it, in the one chart
 * that it moves, since a browser takes few changes of its address a second.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { zoomOf } from '../urls.ts';
import type { ChartSettings } from './chart-settings.tsx';
import type { Range } from './curve-parts.ts';

/** ms without a move after which the others follow. */
const restTime = 200;

export interface Zoom {
  /** In the units of the axis; undefined = all. */
  readonly range: Range | undefined;
  /** The same as it is drawn: its logarithm on a logarithmic axis. */
  readonly drawn: Range | undefined;
  /** A range as it is drawn. `moving`: more of it is to come. */
  set(drawn: Range | undefined, moving?: boolean): void;
}

export function useZoom(settings: ChartSettings): Zoom {
  const { zoom, logX, setZoom } = settings;
  const [held, setHeld] = useState<{ range: Range | undefined }>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const commit = useRef(setZoom);
  commit.current = setZoom;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the zoom of the page is the trigger
  useEffect(() => setHeld(undefined), [zoom, logX]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const range = useMemo(() => (held === undefined ? zoomOf(zoom) : held.range), [held, zoom]);
  const drawn = useMemo(
    (): Range | undefined =>
      range === undefined || !logX ? range : [Math.log10(range[0]), Math.log10(range[1])],
    [range, logX],
  );
  const set = useCallback(
    (next: Range | undefined, moving = false) => {
      const plain: Range | undefined = next === undefined || !logX ? next : [10 ** next[0], 10 ** next[1]];
      clearTimeout(timer.current);
      if (!moving) return commit.current(plain);
      setHeld({ range: plain });
      timer.current = setTimeout(() => commit.current(plain), restTime);
    },
    [logX],
  );
  return useMemo(() => ({ range, drawn, set }), [range, drawn, set]);
}
