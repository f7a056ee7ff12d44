/** One thing that is to happen later. It keeps a program of Node from ending only where it is told to. */
export class Timer {
  #handle: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #task: (() => void) | undefined;

  /** In `delay` ms, or when an earlier start said, whichever comes first. */
  start(delay: number, holds: boolean, task: () => void): void {
    const due = performance.now() + delay;
    if (this.#task !== undefined && this.#due <= due) {
      if (holds) hold(this.#handle!, true);
      return;
    }
    clearTimeout(this.#handle);
    this.#due = due;
    this.#task = task;
    this.#handle = setTimeout(() => this.fire(), delay);
    hold(this.#handle, holds);
  }

  /** Now, if anything is to come. */
  fire(): void {
    const task = this.#task;
    this.stop();
    task?.();
  }

  stop(): void {
    clearTimeout(this.#handle);
    this.#task = undefined;
    this.#due = Number.POSITIVE_INFINITY;
  }
}

/** Browsers have numbers for timers, and no end to keep from. */
function hold(handle: unknown, holds: boolean): void {
  const timer = handle as { ref?(): void; unref?(): void };
  if (holds) timer.ref?.();
  else timer.unref?.();
}

const firstDelay = 250;
const longestDelay = 30_000;

/** ms before the next try: doubled each time, and scattered, so that many clients do not come back at once. */
export function backoff(attempt: number): number {
  return Math.min(longestDelay, firstDelay * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2);
}
