/** A time line as a picture: a lane for each thing, in it boxes from when to when, and the day that is asked about. */
import type { ReactNode } from 'react';
import { exactTime } from '../format/times.ts';

/** ms; what a picture or a day spans. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export function Lanes(props: { label: string; className?: string; from: number; children: ReactNode }) {
  return (
    <div
      className={props.className === undefined ? 'lanes' : `lanes ${props.className}`}
      role="list"
      aria-label={props.label}
    >
      {props.children}
      <div className="lane lane-scale" aria-hidden="true">
        <span />
        <span>{exactTime(props.from).replace(/:\d\d (\S+)$/, ' $1')}</span>
        <span>now</span>
      </div>
    </div>
  );
}

/** `words`: what it shows, for who does not see it. */
export function Lane(props: {
  name: string;
  words: string;
  timeline: Span;
  day: Span | undefined;
  children: ReactNode;
}) {
  const { name, day, timeline } = props;
  return (
    <div className="lane" role="listitem" aria-label={name}>
      <span className="lane-name" title={name}>
        {name}
      </span>
      <div className="lane-track" role="img" aria-label={props.words}>
        {props.children}
        {day !== undefined && <DayMark timeline={timeline} day={day} />}
      </div>
    </div>
  );
}

function DayMark({ timeline: { from, to }, day }: { timeline: Span; day: Span }) {
  const left = Math.max(0, (day.from - from) / (to - from));
  const right = Math.min(1, (day.to - from) / (to - from));
  if (left >= 1 || right <= 0) return null;
  return <span className="day-mark" style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }} />;
}
