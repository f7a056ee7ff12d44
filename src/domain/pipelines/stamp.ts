/**
 * What decides between claims: when their event happened, then the hash of the event. 25 bytes that sort as the claims do:
 * seconds since the year 0 (5), nanoseconds (4), the head of the hash (16).
 */
import { invalid } from '../../kernel/errors.ts';

export type Stamp = Uint8Array;

export interface StampTime {
  /** ms since 1970 */
  readonly ms: number;
  /** Beyond the ms, 0–999,999. */
  readonly nanos: number;
}

/** Seconds from the start of the year 0 to 1970. */
const yearZero = 62_167_219_200;
const hashHead = 16;

export function stampOf({ ms, nanos }: StampTime, hash: Uint8Array): Stamp {
  const stamp = Buffer.alloc(9 + hashHead);
  const seconds = Math.floor(ms / 1000);
  stamp.writeUIntBE(seconds + yearZero, 0, 5);
  stamp.writeUInt32BE((ms - seconds * 1000) * 1_000_000 + nanos, 5);
  stamp.set(hash.subarray(0, hashHead), 9);
  return stamp;
}

/** ms */
export function timeOfStamp(stamp: Stamp): number {
  const bytes = Buffer.from(stamp.buffer, stamp.byteOffset, stamp.byteLength);
  return (bytes.readUIntBE(0, 5) - yearZero) * 1000 + Math.floor(bytes.readUInt32BE(5) / 1_000_000);
}

export const isLater = (a: Stamp, b: Stamp): boolean => Buffer.compare(a, b) > 0;

const written =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?\s*([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/** ISO 8601 with a date and a time; without an offset it is UTC, as some producers mean it. */
export function readTime(text: string, field: string): StampTime {
  const match = text.length <= 64 ? written.exec(text.trim()) : null;
  if (match === null) throw invalid(field, `${field} is not an ISO 8601 date and time`);
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset = 'Z'] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isDate = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  // A leap second is the first of the next minute; 24:00 is the next day's beginning.
  const isTime = Number(hour) <= 24 && Number(minute) <= 59 && Number(second) <= 60;
  if (!isDate || !isTime) throw invalid(field, `${field} is no date and time that exists`);
  const minutes = Number(hour) * 60 + Number(minute) - offsetMinutes(offset, field);
  const nanos = Number(fraction.slice(0, 9).padEnd(9, '0'));
  const seconds = date.getTime() / 1000 + minutes * 60 + Number(second);
  if (seconds + yearZero < 0) throw invalid(field, `${field} lies before the year 0`);
  return { ms: seconds * 1000 + Math.floor(nanos / 1_000_000), nanos: nanos % 1_000_000 };
}

function offsetMinutes(offset: string, field: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(3).replace(':', '') || '0')];
  if (hours > 23 || minutes > 59) throw invalid(field, `${field} has an offset that does not exist`);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
