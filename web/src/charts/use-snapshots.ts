/** What is read of the series of a chart, and whether the chart is near the screen. */
import { useEffect, useReducer, useRef, useState } from 'react';
import type { ChartSource } from './chart-card.tsx';
import type { SeriesSnapshot } from './run-series.ts';

/**
 * Every snapshot, in an array that is the same one until one of them changes. The news of a frame are one render: a
 * hundred series that begin to load at once would otherwise be a hundred, within one commit.
 */
export function useSnapshots(sources: readonly ChartSource[]): readonly SeriesSnapshot[] {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const held = useRef<readonly SeriesSnapshot[]>([]);
  const all = sources.map(({ series }) => series);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the series, not the array of this render
  useEffect(() => {
    let frame: number | undefined;
    const listener = () => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        render();
      });
    };
    const leave = all.map((series) => series.subscribe(listener));
    // What came in between the render and this moment.
    if (all.some((series, index) => series.snapshot() !== held.current[index])) listener();
    return () => {
      for (const each of leave) each();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [sources]);
  const next = all.map((series) => series.snapshot());
  const same =
    next.length === held.current.length && next.every((each, index) => each === held.current[index]);
  if (!same) held.current = next;
  return held.current;
}

/** True from the moment it comes near the screen. */
export function useNear(element: { readonly current: HTMLElement | null }): boolean {
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
