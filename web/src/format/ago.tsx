import { useSyncExternalStore } from 'react';
import { agoText, exactTime, isTime } from './times.ts';

/** One clock for every relative time on the page; a cell renders again only when its own text changes. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const tick of listeners) tick();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** A text that depends on the present, kept current. */
export function useLiveText(text: (now: number) => string): string {
  return useSyncExternalStore(subscribe, () => text(Date.now()));
}

export function Ago({ time }: { time: number }) {
  // A client may send any int64 as a time; what is no day is shown as it is.
  return isTime(time) ? <AgoText time={time} /> : <span>{String(time)}</span>;
}

function AgoText({ time }: { time: number }) {
  const text = useLiveText((now) => agoText(time, now));
  return (
    <time dateTime={new Date(time).toISOString()} title={exactTime(time)}>
      {text}
    </time>
  );
}
