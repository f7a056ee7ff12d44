/** When a delivery that failed is tried again. */
const second = 1_000;
const hour = 3_600 * second;

/** Fifteen attempts over about two days and a half: a receiver that is put right within a weekend misses nothing. */
export const retrySchedule = { attempts: 15, first: second, factor: 4, longest: 12 * hour } as const;

/**
 * ms to wait after so many attempts, 1, 4, 16 … seconds; undefined when it is given up. `chance` is from 0 to 1: the wait is
 * between a half and the whole of its step, so that a receiver that comes back is not met by all at once. A receiver may ask
 * for longer (`retryAfter`, ms).
 */
export function waitAfter(attempts: number, chance: number, retryAfter = 0): number | undefined {
  if (attempts >= retrySchedule.attempts) return undefined;
  const { first, factor, longest } = retrySchedule;
  const step = Math.min(first * factor ** (attempts - 1), longest);
  return Math.round(Math.max(step * (0.5 + chance / 2), Math.min(retryAfter, longest)));
}

/** A Retry-After in ms: seconds, or an HTTP date. */
export function retryAfterOf(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * second;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
