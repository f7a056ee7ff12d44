/**
 * Whether the first picture of a page stands and the browser has time again. What stands beside it is asked for then: a
 * browser has six connections to a server, and the charts in sight go first.
 */
import { useEffect, useState } from 'react';

/** ms after which it counts as settled, however busy the browser is. */
const patience = 300;

/** `there`: whether what the picture is made of has come. Stays true. */
export function useSettled(there = true): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    if (!there) return;
    // Safari has no such callback.
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(() => setSettled(true), patience / 3);
      return () => clearTimeout(timer);
    }
    const waiting = requestIdleCallback(() => setSettled(true), { timeout: patience });
    return () => cancelIdleCallback(waiting);
  }, [there]);
  return settled;
}
