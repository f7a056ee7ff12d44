/** A store of a walk, and what the walk has cost so far: who wants to know is told, again and again, once it is more than little. */
import type { Edge, EdgeRequest, GraphStore, NodeFacts } from '../../../engines/graph/index.ts';

export interface Effort {
  readonly nodes: number;
  readonly edges: number;
  /** Of edges or nodes, each a round trip to the store at least. */
  readonly requests: number;
}

export class WatchedStore implements GraphStore {
  readonly #store: GraphStore;
  readonly #little: Effort;
  readonly #isLarge: () => void;
  #nodes = 0;
  #edges = 0;
  #requests = 0;

  /** `isLarge` may end the walk by throwing. */
  constructor(store: GraphStore, little: Effort, isLarge: () => void) {
    this.#store = store;
    this.#little = little;
    this.#isLarge = isLarge;
  }

  edges(request: EdgeRequest, take: (edge: Edge) => void): Promise<void> | void {
    this.#requests++;
    this.#look();
    return this.#store.edges(request, (edge) => {
      // One node may have a million.
      if (++this.#edges % this.#little.edges === 0) this.#look();
      take(edge);
    });
  }

  nodes(ids: readonly number[], take: (node: NodeFacts) => void): Promise<void> | void {
    this.#requests++;
    this.#nodes += ids.length;
    this.#look();
    return this.#store.nodes(ids, take);
  }

  #look(): void {
    const { nodes, edges, requests } = this.#little;
    if (this.#nodes > nodes || this.#edges >= edges || this.#requests > requests) this.#isLarge();
  }
}
