/** The storage port of the engine. */
import type { Edge } from './edge.ts';

/** What a walk needs to know of a node. */
export interface NodeFacts {
  readonly id: number;
  readonly kind: NodeKind;
  /** Whatever number the store knows its type by; 0 for none. */
  readonly type: number;
  /** The reader may not see it. */
  readonly masked: boolean;
  /** It was purged: what it was is not known any more. */
  readonly purged: boolean;
  /** Somebody declared that nothing comes before it. */
  readonly origin: boolean;
}

/** `other`: walks end there. */
export const nodeKinds = ['other', 'execution', 'artifact', 'asset'] as const;
export type NodeKind = (typeof nodeKinds)[number];

export interface EdgeRequest {
  /** Which end the nodes are at. */
  readonly end: 'source' | 'target';
  readonly nodes: readonly number[];
  /** Mask of `edgeBits`. */
  readonly kinds: number;
  /** ms: what was believed then. Infinity: what is believed still. */
  readonly knownAt: number;
  /** No more than so many edges of one node, whichever. */
  readonly mostOfNode?: number;
  /** No more than so many edges of all. Fewer are all there are. */
  readonly limit: number;
}

/**
 * Promises of a store: one answer after the other shows the same snapshot; edges and nodes come in any order, each once; what was
 * asked for and does not exist is left out; a node asked for twice is one. A store that answers at once returns nothing to wait for.
 */
export interface GraphStore {
  edges(request: EdgeRequest, take: (edge: Edge) => void): Promise<void> | void;
  nodes(ids: readonly number[], take: (node: NodeFacts) => void): Promise<void> | void;
}
