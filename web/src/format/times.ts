/** Times as people read them. Pure: the present is passed in. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `4 s ago`, `12 min ago`, `3 h ago`, `2 d ago`, then the date. */
export function agoText(time: number, now: number): string {
  const age = now - time;
  if (age < -minute) return dateText(time, now);
  if (age < 2 * second) return 'now';
  if (age < minute) return `${Math.floor(age / second)} s ago`;
  if (age < hour) return `${Math.floor(age / minute)} min ago`;
  if (age < day) return `${Math.floor(age / hour)} h ago`;
  if (age < 7 * day) return `${Math.floor(age / day)} d ago`;
  return dateText(time, now);
}

// Made once: making a formatter takes longer than drawing a row.
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});

const minuteOfDay = new Intl.DateTimeFormat(undefined, {
  ...{ year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
});
const clock = new Intl.DateTimeFormat(undefined, {
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
});

/** `21 Nov 2026, 03:28`. */
export function minuteText(time: number): string {
  return isTime(time) ? minuteOfDay.format(time) : String(time);
}

/** `03:28:07`. */
export function clockText(time: number): string {
  return isTime(time) ? clock.format(time) : String(time);
}

function dateText(time: number, now: number): string {
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? dayAndMonth : dayOfYear).format(time);
}

/** `340 ms`, `8.2 s`, `4 m 10 s`, `3 h 05 m`, `2 d 4 h`. */
export function durationText(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < 10 * second) return `${(ms / second).toFixed(1)} s`;
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} m ${two((ms % minute) / second)} s`;
  if (ms < day) return `${Math.floor(ms / hour)} h ${two((ms % hour) / minute)} m`;
  return `${Math.floor(ms / day)} d ${Math.floor((ms % day) / hour)} h`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

/** Beyond it, a client's clock or unit is wrong, and Date knows no such day. */
const latest = 8.64e15;

export function isTime(time: number): boolean {
  return Math.abs(Number(time)) <= latest;
}

/** Exact to the second, with the zone, for the hover. */
export function exactTime(time: number): string {
  if (!isTime(time)) return String(time);
  return exact.format(time);
}
