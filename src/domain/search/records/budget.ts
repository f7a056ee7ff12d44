/**
 * The time one search may take. Long ones run in bounded steps and ask between them, so that a search over its budget ends
 * itself: its thread is free at once, where one that hangs in a single statement would have to be abandoned (db/sqlite).
 */
import { CairnError } from '../../../kernel/errors.ts';
import type { Clock } from '../../../kernel/time.ts';

/** Milliseconds. Below the budget of a scan, so that this one is met first. */
export const searchBudget = 8_000;

export class Budget {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #begun: number;

  constructor(clock: Clock, milliseconds: number) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#begun = clock.now();
  }

  now(): number {
    return this.#clock.now();
  }

  /** Whether as long as this has gone by. */
  isPast(milliseconds: number): boolean {
    return this.#clock.now() - this.#begun > milliseconds;
  }

  /** `query_too_expensive` when the time is up. */
  check(): void {
    if (!this.isPast(this.#milliseconds)) return;
    throw new CairnError(
      'query_too_expensive',
      `The search took longer than ${this.#milliseconds / 1000} s; narrow it.`,
    );
  }
}

/** How many rows a step takes, so that each is some 40 ms: halved when slow, doubled when fast. */
export class StepSize {
  readonly #budget: Budget;
  #rows: number;
  #last: number;

  constructor(budget: Budget, rows: number) {
    this.#budget = budget;
    this.#rows = rows;
    this.#last = budget.now();
  }

  get rows(): number {
    return this.#rows;
  }

  /** Between two steps; `query_too_expensive` when the time is up. */
  next(): void {
    this.#budget.check();
    const now = this.#budget.now();
    const took = now - this.#last;
    this.#last = now;
    if (took > 80) this.#rows = Math.max(250, this.#rows >> 1);
    else if (took < 30) this.#rows = Math.min(65_536, this.#rows * 2);
  }
}
