/** How far a move is, on a terminal in one line that changes, elsewhere in a line every few seconds. */

import type { Clock } from '../../kernel/time.ts';
import type { Terminal } from '../command.ts';

const terminalPace = 200;
const logPace = 10_000;

export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #begun: number;
  readonly #total: number | undefined;
  #done = 0;
  #fresh = 0;
  #points = 0;
  #shown: number;
  #isOpen = false;

  /** `total` runs are to come, where that is known; those that a move before stored are `done` at once. */
  constructor(terminal: Terminal, clock: Clock, total: number | undefined) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#total = total;
    this.#begun = clock.now();
    this.#shown = this.#begun;
  }

  /** Runs that were there already: they count, not for the rate. */
  skip(runs: number): void {
    this.#done += runs;
  }

  runs(runs: number, points: number): void {
    this.#done += runs;
    this.#fresh += runs;
    this.#points += points;
    const now = this.#clock.now();
    if (now - this.#shown < (this.#terminal.rewrite ? terminalPace : logPace)) return;
    this.#shown = now;
    this.#show(this.#line(now));
  }

  /** What else is under way. */
  note(text: string): void {
    this.#end();
    this.#terminal.err(text);
  }

  end(): void {
    if (this.#fresh > 0) this.#show(this.#line(this.#clock.now()));
    this.#fresh = 0;
    this.#end();
  }

  #line(now: number): string {
    const seconds = Math.max(0.001, (now - this.#begun) / 1000);
    const rate = this.#fresh / seconds;
    const left = rate === 0 || this.#total === undefined ? undefined : (this.#total - this.#done) / rate;
    const parts = [
      this.#total === undefined ? `${this.#done} runs` : `${this.#done} of ${this.#total} runs`,
      `${this.#points} points`,
      `${Math.round(rate)} runs/s`,
      ...(left === undefined || left < 1 ? [] : [`${durationText(left)} left`]),
    ];
    return parts.join(', ');
  }

  #show(line: string): void {
    if (this.#terminal.rewrite === undefined) {
      this.#terminal.err(line);
      return;
    }
    this.#isOpen = true;
    this.#terminal.rewrite(line);
  }

  #end(): void {
    if (this.#isOpen) this.#terminal.err('');
    this.#isOpen = false;
  }
}

export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
