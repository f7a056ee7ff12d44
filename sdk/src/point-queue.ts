/** Points that wait to be sent: a ring of columns, which grows to its capacity and no further. */
import { batchLimits, type SeriesColumns } from './point-batch.ts';

const firstRoom = 1024;
/** Names of metrics that are kept while nothing waits; beyond, they are forgotten and met anew. */
const namesKept = 4096;
/** Bytes of names in one batch: a quarter of what a body may have. */
const nameBytes = batchLimits.bytes / 4;
/** Three doubles and a word. */
const bytesPerPoint = 28;

export class PointQueue {
  readonly capacity: number;
  /** Points that were pushed out by later ones. */
  dropped = 0;
  readonly #ids = new Map<string, number>();
  #names: string[] = [];
  #columns: Columns;
  #head = 0;
  #length = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#columns = new Columns(Math.min(firstRoom, capacity));
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length >= this.capacity;
  }

  /** Whether points of this name came lately. */
  knows(name: string): boolean {
    return this.#ids.has(name);
  }

  /** Memory that is held. */
  get bytes(): number {
    return (
      this.#columns.room * bytesPerPoint + this.#names.reduce((sum, name) => sum + 2 * name.length + 32, 0)
    );
  }

  /** Where the queue is full the oldest point makes room. */
  push(name: string, value: number, step: number, time: number): void {
    if (this.isFull) {
      this.#head = (this.#head + 1) % this.#columns.room;
      this.#length--;
      this.dropped++;
    }
    if (this.#length === this.#columns.room) this.#resize(Math.min(this.capacity, 2 * this.#length));
    const at = (this.#head + this.#length++) % this.#columns.room;
    this.#columns.names[at] = this.#idOf(name);
    this.#columns.values[at] = value;
    this.#columns.steps[at] = step;
    this.#columns.times[at] = time;
  }

  /** Takes the oldest points out, as many as one batch may hold: by metric, each in the order in which it was logged. */
  take(limit: number): SeriesColumns[] {
    const { names } = this.#columns;
    const counts = new Map<number, number>();
    let count = 0;
    let text = 0;
    while (count < Math.min(limit, batchLimits.points, this.#length)) {
      const id = names[(this.#head + count) % this.#columns.room]!;
      const known = counts.get(id) ?? 0;
      if (known === 0) {
        text += 4 * this.#names[id]!.length;
        if (counts.size === batchLimits.series || (text > nameBytes && count > 0)) break;
      }
      counts.set(id, known + 1);
      count++;
    }
    const series = new Map(
      Array.from(counts, ([id, size]) => [id, new Filling(this.#names[id]!, size)] as const),
    );
    for (let i = 0; i < count; i++) {
      const at = (this.#head + i) % this.#columns.room;
      series.get(names[at]!)!.add(this.#columns, at);
    }
    this.#head = (this.#head + count) % this.#columns.room;
    this.#length -= count;
    if (this.#length === 0) this.#forget();
    return [...series.values()];
  }

  /** Throws all away; resolves to how many there were. */
  clear(): number {
    const count = this.#length;
    this.#length = 0;
    this.#forget();
    return count;
  }

  #idOf(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#names.push(name) - 1;
      this.#ids.set(name, id);
    }
    return id;
  }

  #forget(): void {
    this.#head = 0;
    if (this.#columns.room > firstRoom * 64) this.#columns = new Columns(firstRoom);
    if (this.#names.length <= namesKept) return;
    this.#names = [];
    this.#ids.clear();
  }

  #resize(room: number): void {
    const larger = new Columns(room);
    for (let i = 0; i < this.#length; i++)
      larger.copy(i, this.#columns, (this.#head + i) % this.#columns.room);
    this.#columns = larger;
    this.#head = 0;
  }
}

class Columns {
  readonly room: number;
  readonly names: Uint32Array;
  readonly values: Float64Array;
  readonly steps: Float64Array;
  readonly times: Float64Array;

  constructor(room: number) {
    this.room = room;
    this.names = new Uint32Array(room);
    this.values = new Float64Array(room);
    this.steps = new Float64Array(room);
    this.times = new Float64Array(room);
  }

  copy(to: number, from: Columns, at: number): void {
    this.names[to] = from.names[at]!;
    this.values[to] = from.values[at]!;
    this.steps[to] = from.steps[at]!;
    this.times[to] = from.times[at]!;
  }
}

/** The columns of one metric of a batch. */
class Filling implements SeriesColumns {
  readonly name: string;
  readonly values: Float64Array;
  readonly steps: Float64Array;
  readonly times: Float64Array;
  #length = 0;

  constructor(name: string, size: number) {
    this.name = name;
    this.values = new Float64Array(size);
    this.steps = new Float64Array(size);
    this.times = new Float64Array(size);
  }

  add(from: Columns, at: number): void {
    this.values[this.#length] = from.values[at]!;
    this.steps[this.#length] = from.steps[at]!;
    this.times[this.#length++] = from.times[at]!;
  }
}
