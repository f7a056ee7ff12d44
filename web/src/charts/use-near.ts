/** Whether an element is near the screen: what is far away is not drawn, however long the page. */
import { type RefObject, useEffect, useState } from 'react';

/** px beyond the edge of what scrolls. */
const margin = 300;

export function useNear(element: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.at(-1)!.isIntersecting),
      // A margin counts from the edges of the root alone, so that must be what scrolls.
      { root: scrollerOf(element.current), rootMargin: `${margin}px` },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return near;
}

function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let at = element.parentElement; at !== null; at = at.parentElement) {
    // An open dialog is on the screen whatever it hangs below.
    if (at instanceof HTMLDialogElement) return null;
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}
