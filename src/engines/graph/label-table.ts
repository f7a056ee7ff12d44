/**
 * Ways that a walk found, as columns. A label says of a node: it is reached as strongly as this, in so many hops, from that label by
 * that edge. A node gets another label only when a longer way is stronger, so four at most; the ways of others go on through the
 * labels that they came by. Some 30 bytes a label.
 */
import type { Weakness } from './edge.ts';
import { larger } from './id-index.ts';

export class LabelTable {
  size = 0;
  /** Twice the index of the node, and one more if it stands aside (README.md). */
  states = new Int32Array(1024);
  weakness = new Uint8Array(1024);
  hops = new Int32Array(1024);
  /** Steps since the last hop: to what is the same costs none. */
  links = new Int32Array(1024);
  /** The label it came from; -1 at a start. */
  parents = new Int32Array(1024);
  edges = new Float64Array(1024);
  /** Kind and own weakness of the step: bit of the kind, times 8, plus weakness. */
  steps = new Int32Array(1024);
  /** The label that this one is better than, of the same state; -1 for none. */
  previous = new Int32Array(1024);

  add(
    state: number,
    weakness: Weakness,
    hops: number,
    links: number,
    parent: number,
    edge: number,
    step: number,
    previous: number,
  ): number {
    if (this.size === this.states.length) this.#grow();
    const label = this.size++;
    this.states[label] = state;
    this.weakness[label] = weakness;
    this.hops[label] = hops;
    this.links[label] = links;
    this.parents[label] = parent;
    this.edges[label] = edge;
    this.steps[label] = step;
    this.previous[label] = previous;
    return label;
  }

  /** Of this label and those it is better than, the one that is just so many hops long; -1 where there is none. */
  ofHops(label: number, hops: number): number {
    let at = label;
    while (at >= 0 && this.hops[at]! > hops) at = this.previous[at]!;
    return at >= 0 && this.hops[at] === hops ? at : -1;
  }

  nodeOf(label: number): number {
    return this.states[label]! >> 1;
  }

  #grow(): void {
    const capacity = this.states.length * 2;
    this.states = larger(this.states, new Int32Array(capacity));
    this.weakness = larger(this.weakness, new Uint8Array(capacity));
    this.hops = larger(this.hops, new Int32Array(capacity));
    this.links = larger(this.links, new Int32Array(capacity));
    this.parents = larger(this.parents, new Int32Array(capacity));
    this.edges = larger(this.edges, new Float64Array(capacity));
    this.steps = larger(this.steps, new Int32Array(capacity));
    this.previous = larger(this.previous, new Int32Array(capacity));
  }
}
