/** Keeps the first of many by an order, and not the others: room for twice as many as are wanted. */
export class FirstOfMany<Item> {
  readonly #limit: number;
  readonly #compare: (one: Item, other: Item) => number;
  #kept: Item[] = [];
  /** The last that can still be among the first; undefined while there is room. */
  #worst: Item | undefined;

  constructor(limit: number, compare: (one: Item, other: Item) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  offer(item: Item): void {
    if (this.#limit === 0) return;
    if (this.#worst !== undefined && this.#compare(item, this.#worst) >= 0) return;
    this.#kept.push(item);
    if (this.#kept.length >= 2 * this.#limit) this.#cut();
  }

  /** In their order. */
  take(): readonly Item[] {
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
