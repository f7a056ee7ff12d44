/**
 * What the server takes on at once. Beyond a bound a request is refused with `too_many_requests` and a time to come back,
 * before memory grows: bodies count from their head on, with the length it tells, until their request is answered, so the
 * rows of writes and scans that wait below are bounded in bytes too.
 */
import { CairnError } from '../../kernel/errors.ts';

export interface AdmissionLimits {
  /** Bytes of bodies that are received or worked on. One request is always taken on: its body has a limit of its own. */
  readonly bodyBytes: number;
  /** Bytes of large answers that their clients have not taken yet. */
  readonly answerBytes: number;
  /** Requests that are not answered yet. */
  readonly requests: number;
  /** Event streams. */
  readonly streams: number;
}

/** A request that waits holds some 20 kB beside its body, a stream some 100 of what it has to send. */
export const admissionDefaults = {
  bodyBytes: 64 * 2 ** 20,
  answerBytes: 64 * 2 ** 20,
  requests: 4_000,
  streams: 1_000,
} as const satisfies AdmissionLimits;
/** Answers up to this many bytes count for nothing: the system's buffers take them at once. */
export const smallAnswer = 64 * 1024;

const retryAfter = 1;

export class Admission {
  readonly #limits: AdmissionLimits;
  #bodyBytes = 0;
  #answerBytes = 0;
  #requests = 0;
  #streams = 0;
  #refused = 0;

  constructor(limits: Partial<AdmissionLimits> = {}) {
    this.#limits = { ...admissionDefaults, ...limits };
  }

  /** For the metrics page. */
  gauges(): Readonly<Record<string, number>> {
    return {
      requests: this.#requests,
      body_bytes: this.#bodyBytes,
      unsent_answer_bytes: this.#answerBytes,
      streams: this.#streams,
      refused_total: this.#refused,
    };
  }

  /** Takes a request on until its answer is there. */
  request(): RequestShare {
    if (this.#requests >= this.#limits.requests) throw this.#refusal('Too many requests are under way');
    this.#requests += 1;
    let bytes = 0;
    let over = false;
    return {
      takeBytes: (more) => {
        if (this.#bodyBytes > 0 && this.#bodyBytes + more > this.#limits.bodyBytes) {
          throw this.#refusal('The bodies of requests under way are too large together');
        }
        bytes += more;
        this.#bodyBytes += more;
      },
      end: () => {
        if (over) return;
        over = true;
        this.#requests -= 1;
        this.#bodyBytes -= bytes;
      },
    };
  }

  /** Whether so large an answer may be sent now. Not to be asked of a change: it has happened. */
  checkAnswer(bytes: number): void {
    if (bytes <= smallAnswer || this.#answerBytes === 0) return;
    if (this.#answerBytes + bytes > this.#limits.answerBytes) {
      throw this.#refusal('Too much of earlier answers has not been read by its clients');
    }
  }

  /** Counts an answer until the function returned is called. */
  answer(bytes: number): () => void {
    this.#answerBytes += bytes;
    return once(() => {
      this.#answerBytes -= bytes;
    });
  }

  /** Takes a stream of events on until the function returned is called. */
  stream(): () => void {
    if (this.#streams >= this.#limits.streams) throw this.#refusal('Too many event streams are open');
    this.#streams += 1;
    return once(() => {
      this.#streams -= 1;
    });
  }

  #refusal(why: string): CairnError {
    this.#refused += 1;
    return new CairnError('too_many_requests', `${why}; nothing was changed. Try again in a moment.`, {
      retryAfter,
    });
  }
}

export interface RequestShare {
  /** Before the bytes of its body are kept. */
  takeBytes(bytes: number): void;
  end(): void;
}

function once(task: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    task();
  };
}
