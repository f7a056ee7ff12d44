/** Time and chance come from outside, so that a test decides both. Instants are milliseconds since 1970 (UTC). */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC, a whole number. */
  now(): number;
  /** Calls `task` once after `milliseconds`; the function returned cancels it. Never keeps the process alive. */
  after(milliseconds: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
