/** What a soak had acknowledged and how long it took, minute by minute. */

/** Times of one kind of request in one minute. */
export interface Times {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** Batches of one training that the server acknowledged. */
export interface Acknowledged {
  small: number;
  large: number;
}

export class Ledger {
  readonly runs = new Map<string, Acknowledged>();
  /** Points of all of them. */
  points = 0;
  /** Requests that were told to come back (429). */
  refused = 0;
  #times = new Map<string, number[]>();

  took(kind: string, milliseconds: number): void {
    const times = this.#times.get(kind) ?? [];
    times.push(milliseconds);
    this.#times.set(kind, times);
  }

  /** The times since the last call, by kind of request. */
  take(): Map<string, Times> {
    const taken = this.#times;
    this.#times = new Map();
    return new Map([...taken].map(([kind, times]) => [kind, summary(times)]));
  }
}

function summary(times: number[]): Times {
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { count: times.length, p50: at(0.5), p99: at(0.99), most: at(1) };
}
