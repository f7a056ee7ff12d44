/** As of when the graph is shown: a slider over the time in which anything of it changed, and as of when it was known. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { exactTime } from '../format/times.ts';
import { dayText } from '../registry/timeline.ts';
import { Icon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import type { LineageGraph } from './graph.ts';

const day = 24 * 60 * 60 * 1000;
/** ms of rest after which a moved slider is asked for. */
const rest = 250;
/** Ticks that are drawn. */
const mostTicks = 300;

/** When something of what is shown began or ended, ascending. */
export function momentsOf(graph: LineageGraph): readonly number[] {
  const moments = new Set<number>();
  for (const { edges } of graph.links.values())
    for (const { validFrom, validTo } of edges) {
      if (validFrom !== null && validFrom > 0) moments.add(validFrom);
      if (validTo !== null) moments.add(validTo);
    }
  return [...moments].sort((one, other) => one - other);
}

export function TimeBar(props: {
  moments: readonly number[];
  asOf: number | undefined;
  knownAt: number | undefined;
  now: number;
  onPreview: (time: number | undefined) => void;
  onAsOf: (time: number | undefined) => void;
  onKnownAt: (day: string | undefined) => void;
}) {
  const { moments, asOf, now, onPreview, onAsOf } = props;
  const [moved, setMoved] = useState<number | undefined>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const first = Math.min(moments[0] ?? now, asOf ?? now, now - day);
  const from = first - Math.max(60_000, (now - first) * 0.03);
  const value = moved ?? asOf ?? now;
  const step = Math.max(1_000, Math.round((now - from) / 1_000));
  const isNow = (time: number) => time > now - step && (moved !== undefined || asOf === undefined);

  function move(time: number): void {
    setMoved(time);
    const isEnd = time > now - step;
    onPreview(isEnd ? undefined : time);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setMoved(undefined);
      onPreview(undefined);
      onAsOf(isEnd ? undefined : time);
    }, rest);
  }

  return (
    <div className="lineage-time">
      <label htmlFor="lineage-as-of" title="As it was at that time ([ and ] go from change to change)">
        As of
      </label>
      <div className="lineage-slider">
        <Ticks moments={moments} from={from} to={now} />
        <input
          id="lineage-as-of"
          type="range"
          min={from}
          max={now}
          step={step}
          value={value}
          aria-valuetext={isNow(value) ? 'now' : exactTime(value)}
          onChange={(event) => move(Number(event.target.value))}
        />
      </div>
      <output className={isNow(value) ? 'lineage-when' : 'lineage-when past'} htmlFor="lineage-as-of">
        {isNow(value) ? 'now' : exactTime(value).replace(/:\d\d (\S+)$/, ' $1')}
      </output>
      <input
        type="date"
        aria-label="As of the end of the day"
        value={asOf === undefined ? '' : dayText(asOf)}
        max={dayText(now)}
        onChange={(event) => onAsOf(event.target.value === '' ? undefined : endOfDay(event.target.value))}
      />
      {asOf !== undefined && (
        <button type="button" className="button small" onClick={() => onAsOf(undefined)}>
          Now
        </button>
      )}
      <KnownAt {...props} />
    </div>
  );
}

function Ticks({ moments, from, to }: { moments: readonly number[]; from: number; to: number }) {
  const places = useMemo(
    () => new Set(moments.map((time) => Math.round(((time - from) / (to - from)) * mostTicks))),
    [moments, from, to],
  );
  return (
    <svg
      className="lineage-ticks"
      aria-hidden="true"
      viewBox={`0 0 ${mostTicks} 10`}
      preserveAspectRatio="none"
    >
      {[...places].map((place) => (
        <path key={place} d={`M${place} 0v10`} vectorEffect="non-scaling-stroke" />
      ))}
    </svg>
  );
}

function KnownAt({ knownAt, now, onKnownAt }: Parameters<typeof TimeBar>[0]) {
  const [anchor, setAnchor] = useState<Element | undefined>();
  return (
    <>
      <button
        type="button"
        className={knownAt === undefined ? 'button small' : 'button small past'}
        aria-haspopup="dialog"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {knownAt === undefined ? 'as known now' : `as known on ${dayText(knownAt)}`}
        <Icon name="chevron" size={12} />
      </button>
      {anchor !== undefined && (
        <Popover
          anchor={anchor}
          align="end"
          label="As it was known"
          className="lineage-known"
          onClose={() => setAnchor(undefined)}
        >
          <label>
            As it was known at the end of
            <input
              type="date"
              value={knownAt === undefined ? '' : dayText(knownAt)}
              max={dayText(now)}
              onChange={(event) => onKnownAt(event.target.value === '' ? undefined : event.target.value)}
            />
          </label>
          <p className="quiet">
            What was told or corrected later is left out, also where it is about earlier times.
          </p>
          {knownAt !== undefined && (
            <button type="button" className="button small" onClick={() => onKnownAt(undefined)}>
              As known now
            </button>
          )}
        </Popover>
      )}
    </>
  );
}

/** Its last millisecond, where the reader is. */
export function endOfDay(text: string): number | undefined {
  const [year = 0, month = 0, date = 0] = text.split('-').map(Number);
  const end = new Date(year, month - 1, date + 1).getTime() - 1;
  return Number.isNaN(end) ? undefined : end;
}

/** Its first millisecond, where the reader is. */
export function startOfDay(text: string): number | undefined {
  const end = endOfDay(text);
  if (end === undefined) return undefined;
  return new Date(end).setHours(0, 0, 0, 0);
}

/** What a link says: of a day its end. */
export function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{4}-\d\d-\d\d$/.test(text) ? endOfDay(text) : Date.parse(text);
}
