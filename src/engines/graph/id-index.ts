/** Ids, each once, without their numbers. */
export interface IdSet extends Iterable<number> {
  readonly size: number;
}

/** Gives ids small numbers in the order in which they come, and finds these again: open addressing, some 16 bytes an id. */
export class IdIndex {
  size = 0;
  ids = new Float64Array(1024);
  #slots = new Int32Array(4096).fill(-1);

  get bytes(): number {
    return this.ids.byteLength + this.#slots.byteLength;
  }

  /** Index of an id, which is added where it is new. */
  add(id: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(id) & mask;
    for (let index = this.#slots[slot]!; index >= 0; index = this.#slots[slot]!) {
      if (this.ids[index] === id) return index;
      slot = (slot + 1) & mask;
    }
    if (this.size === this.ids.length) {
      this.#grow();
      return this.add(id);
    }
    const index = this.size++;
    this.ids[index] = id;
    this.#slots[slot] = index;
    return index;
  }

  /** -1 for one that was not added. */
  find(id: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(id) & mask; ; slot = (slot + 1) & mask) {
      const index = this.#slots[slot]!;
      if (index < 0 || this.ids[index] === id) return index;
    }
  }

  *[Symbol.iterator](): Generator<number> {
    for (let index = 0; index < this.size; index++) yield this.ids[index]!;
  }

  #grow(): void {
    const capacity = this.ids.length * 2;
    this.ids = larger(this.ids, new Float64Array(capacity));
    this.#slots = new Int32Array(2 * capacity).fill(-1);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = hashOf(this.ids[index]!) & mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index;
    }
  }
}

/** The old column in a larger one. */
export function larger<Column extends Float64Array | Int32Array | Uint8Array>(
  column: Column,
  room: Column,
): Column {
  room.set(column);
  return room;
}

/**
 * Ids are whole and below 2^53. Sixteen that follow each other share a cache line of slots, for what is walked together was often
 * recorded together; such lines are scattered, or ranges of ids that meet would make long runs.
 */
function hashOf(id: number): number {
  const block = (id >>> 4) ^ Math.floor(id / 0x1_0000_0000);
  const mixed = Math.imul(block, 0x9e3779b1);
  return ((mixed ^ (mixed >>> 15)) << 4) | (id & 15);
}
