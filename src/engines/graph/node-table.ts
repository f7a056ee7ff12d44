/** Nodes that a walk has met, as columns: their ids, found again by hashing, and what is known of them. Some 55 bytes a node. */
import { type NodeFacts, type NodeKind, nodeKinds } from './graph-store.ts';
import { IdIndex, larger } from './id-index.ts';

/** What the walk knows of a node, as bits. */
export const marks = {
  start: 1,
  masked: 1 << 1,
  purged: 1 << 2,
  origin: 1 << 3,
  /** Reached other than by a read that a binding explains, or as the same as another. */
  bare: 1 << 4,
  /** Something made it. */
  made: 1 << 5,
  /** An execution that recorded nothing it learned from. */
  noInput: 1 << 6,
  untimed: 1 << 7,
  contradictory: 1 << 8,
  /** All that follows from it was looked at; of one that stands aside, the next bit. */
  expanded: 1 << 9,
  expandedAside: 1 << 10,
  productKnown: 1 << 11,
  productAssumed: 1 << 12,
  derivedKnown: 1 << 13,
  hasDerived: 1 << 14,
  /** The walk had to stop here. */
  depth: 1 << 15,
  limit: 1 << 16,
  hasFacts: 1 << 17,
  severalOutputs: 1 << 18,
} as const;

export class NodeTable {
  flags = new Int32Array(1024);
  kinds = new Uint8Array(1024);
  types = new Float64Array(1024);
  /** The label that counts, of the node and of the node aside (label-table.ts); -1 for none. */
  best = new Int32Array(2048).fill(-1);
  /** Next node on the way to the one that stands for the class. */
  #class = new Int32Array(1024);
  /** The output that was met first, plus one. */
  #output = new Int32Array(1024);
  /** When it was last put on a list. */
  #listed = new Int32Array(1024);
  readonly #index = new IdIndex();
  /** Nodes that stand for a class. */
  #met = 0;

  get size(): number {
    return this.#index.size;
  }

  get ids(): Float64Array {
    return this.#index.ids;
  }

  /** Index of a node, which is added where it is new. */
  add(id: number): number {
    const index = this.#index.add(id);
    if (index === this.flags.length) this.#grow();
    if (index === this.#met) this.#class[this.#met++] = index;
    return index;
  }

  /** Index of a node; -1 for one that was not met. */
  find(id: number): number {
    return this.#index.find(id);
  }

  has(index: number, mark: number): boolean {
    return (this.flags[index]! & mark) !== 0;
  }

  mark(index: number, mark: number): void {
    this.flags[index]! |= mark;
  }

  /** What kept the walk from a node is in doubt where the edges were that decided it: where the walk stands is in doubt, too. */
  inherit(index: number, from: number): void {
    this.flags[index]! |= this.flags[from]! & (marks.untimed | marks.contradictory);
  }

  kind(index: number): NodeKind {
    return nodeKinds[this.kinds[index]!]!;
  }

  setFacts({ id, kind, type, masked, purged, origin }: NodeFacts): void {
    const index = this.add(id);
    this.kinds[index] = nodeKinds.indexOf(kind);
    this.types[index] = type;
    this.flags[index]! |=
      marks.hasFacts |
      (masked ? marks.masked : 0) |
      (purged ? marks.purged : 0) |
      (origin ? marks.origin : 0);
  }

  /** Whether it is the first time in this list. `list`: a number that no list before had. */
  firstIn(list: number, index: number): boolean {
    if (this.#listed[index] === list) return false;
    this.#listed[index] = list;
    return true;
  }

  /** That an execution made something: whether it made several things is marked. */
  countOutput(index: number, output: number): void {
    const first = this.#output[index]!;
    if (first === 0) this.#output[index] = output + 1;
    else if (first !== output + 1) this.mark(index, marks.severalOutputs);
  }

  join(one: number, other: number): void {
    this.#class[this.classOf(one)] = this.classOf(other);
  }

  /** The node that stands for all that are the same, as far as was met. */
  classOf(index: number): number {
    let at = index;
    while (this.#class[at] !== at) {
      this.#class[at] = this.#class[this.#class[at]!]!;
      at = this.#class[at]!;
    }
    return at;
  }

  #grow(): void {
    const capacity = this.flags.length * 2;
    this.flags = larger(this.flags, new Int32Array(capacity));
    this.kinds = larger(this.kinds, new Uint8Array(capacity));
    this.types = larger(this.types, new Float64Array(capacity));
    this.best = larger(this.best, new Int32Array(2 * capacity).fill(-1));
    this.#class = larger(this.#class, new Int32Array(capacity));
    this.#output = larger(this.#output, new Int32Array(capacity));
    this.#listed = larger(this.#listed, new Int32Array(capacity));
  }
}
