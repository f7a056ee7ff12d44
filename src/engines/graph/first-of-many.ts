/** Keeps the first of many numbers by an order, and not the others: room for twice as many as are wanted. */
export class FirstOfMany {
  readonly #limit: number;
  readonly #compare: (one: number, other: number) => number;
  #kept: number[] = [];
  /** The last that can still be among the first; undefined while there is room. */
  #worst: number | undefined;

  constructor(limit: number, compare: (one: number, other: number) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  offer(item: number): void {
    if (this.#limit === 0) return;
    if (this.#worst !== undefined && this.#compare(item, this.#worst) >= 0) return;
    this.#kept.push(item);
    if (this.#kept.length >= 2 * this.#limit) this.#cut();
  }

  /** In their order. */
  take(): readonly number[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept.sort(this.#compare);
    if (this.#kept.length < this.#limit) return;
    this.#kept.length = this.#limit;
    this.#worst = this.#kept[this.#limit - 1];
  }
}
