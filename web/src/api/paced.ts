/** When what was read is read again, in ms. */
export interface Pace {
  /** After the first event of a burst, so that all of it is one reading. */
  readonly gather: number;
  /** From the beginning of a reading to the next at least. */
  readonly pace: number;
  /** From the end of a reading, as so many times what it took: a server that needs long is asked less often. */
  readonly rest: number;
}

/** One reading at a time after events that come in bursts; what is asked for during a reading follows it. */
export function paced({ gather, pace, rest }: Pace, read: () => Promise<void>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [next, again, closed] = [0, false, false];

  async function flush(): Promise<void> {
    again = false;
    const began = Date.now();
    await read();
    next = Math.max(began + pace, Date.now() + rest * (Date.now() - began));
    timer = undefined;
    if (again) schedule();
  }
  function schedule(): void {
    again = true;
    if (!closed) timer ??= setTimeout(() => void flush(), Math.max(gather, next - Date.now()));
  }
  function close(): void {
    closed = true;
    clearTimeout(timer);
  }
  return { schedule, close };
}
