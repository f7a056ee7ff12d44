/**
 * Keeps what is being read where it is. When rows come or go above, the same runs stand at other places: the table
 * scrolls along, so that on the screen nothing moves. At the very top it does not: there, new rows are wanted.
 */
import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { RunPages } from './run-pages.ts';

export function useScrollAnchor(options: {
  scroller: RefObject<HTMLElement | null>;
  pages: RunPages;
  /** Rows on the screen. */
  first: number;
  last: number;
  rowHeight: number;
}): void {
  const { scroller, pages, first, last, rowHeight } = options;
  const before = useRef<{ pages: RunPages; places: ReadonlyMap<string, number> }>(undefined);

  // After every render: rows change without any of the options changing.
  useLayoutEffect(() => {
    const old = before.current;
    const element = scroller.current;
    const moved = old?.pages === pages ? shift(old.places, pages) : 0;
    // Reading scrollTop makes the browser lay out at once: not on every frame of a scroll.
    if (moved !== 0 && element !== null && element.scrollTop > rowHeight)
      element.scrollTop += moved * rowHeight;
    const places = new Map<string, number>();
    for (let index = first; index <= last; index++) {
      const run = pages.row(index);
      if (run !== undefined) places.set(run.id, index);
    }
    before.current = { pages, places };
  });
}

/** By how many places most of these runs have moved: the middle one, for under an order by value single runs overtake. */
function shift(places: ReadonlyMap<string, number>, pages: RunPages): number {
  if ([...places].every(([id, index]) => pages.row(index)?.id === id)) return 0;
  const moves: number[] = [];
  for (const { index, run } of pages.loaded()) {
    const before = places.get(run.id);
    if (before !== undefined) moves.push(index - before);
  }
  moves.sort((a, b) => a - b);
  return moves[moves.length >> 1] ?? 0;
}
