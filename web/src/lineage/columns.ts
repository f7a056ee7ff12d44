/**
 * Where nodes stand: in columns from causes to effects, in each one below the other, a slot for each. What stands keeps its
 * place when more is opened: that takes the free slots nearest to where it belongs. Pure.
 */
export class Columns<Item> {
  readonly #columns = new Map<number, Column<Item>>();

  /** Number of items. */
  size = 0;

  at(layer: number, slot: number): Item | undefined {
    return this.#columns.get(layer)?.items.get(slot);
  }

  put(item: Item, layer: number, slot: number): void {
    let column = this.#columns.get(layer);
    if (column === undefined) {
      column = { items: new Map(), first: slot, last: slot };
      this.#columns.set(layer, column);
    }
    column.items.set(slot, item);
    column.first = Math.min(column.first, slot);
    column.last = Math.max(column.last, slot);
    this.size++;
  }

  /** The slot is free again. */
  remove(layer: number, slot: number): void {
    if (this.#columns.get(layer)?.items.delete(slot) === true) this.size--;
  }

  /** The free slots nearest to one, from the top down. */
  free(layer: number, around: number, count: number): number[] {
    const taken = this.#columns.get(layer)?.items;
    const slots: number[] = [];
    const middle = Math.round(around);
    if (taken?.has(middle) !== true) slots.push(middle);
    for (let distance = 1; slots.length < count; distance++) {
      for (const slot of [middle + distance, middle - distance])
        if (slots.length < count && taken?.has(slot) !== true) slots.push(slot);
    }
    return slots.sort((one, other) => one - other);
  }

  /** The items between two layers and two slots, these included. */
  *between(layers: readonly [number, number], slots: readonly [number, number]): Generator<Item> {
    const [from, to] = slots;
    for (const [layer, { items, first, last }] of this.#columns) {
      if (layer < layers[0] || layer > layers[1] || first > to || last < from) continue;
      const [begin, end] = [Math.max(from, first), Math.min(to, last)];
      if (end - begin > items.size) {
        for (const [slot, item] of items) if (slot >= begin && slot <= end) yield item;
        continue;
      }
      for (let slot = begin; slot <= end; slot++) {
        const item = items.get(slot);
        if (item !== undefined) yield item;
      }
    }
  }

  /** The next item above (-1) or below (1) in the column. */
  next(layer: number, slot: number, step: 1 | -1): Item | undefined {
    const column = this.#columns.get(layer);
    if (column === undefined) return undefined;
    for (let at = slot + step; at >= column.first && at <= column.last; at += step) {
      const item = column.items.get(at);
      if (item !== undefined) return item;
    }
    return undefined;
  }

  /** The least rectangle of layers and slots that holds all. */
  get extent(): { readonly layers: readonly [number, number]; readonly slots: readonly [number, number] } {
    let [left, right, top, bottom] = [0, 0, 0, 0];
    let isFirst = true;
    for (const [layer, { first, last }] of this.#columns) {
      left = isFirst ? layer : Math.min(left, layer);
      right = isFirst ? layer : Math.max(right, layer);
      top = isFirst ? first : Math.min(top, first);
      bottom = isFirst ? last : Math.max(bottom, last);
      isFirst = false;
    }
    return { layers: [left, right], slots: [top, bottom] };
  }
}

interface Column<Item> {
  readonly items: Map<number, Item>;
  first: number;
  last: number;
}
