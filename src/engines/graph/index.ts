/** The traversal engine: what follows from nodes, what they come from, how that is known, and whether it is all. See README.md. */
export { type CommonAncestor, type CommonAncestors, commonAncestors } from './ancestors-of-all.ts';
export type { Doubt } from './doubts.ts';
export {
  type Edge,
  edgeBits,
  isEvaluation,
  type Strength,
  strengths,
  type WalkedKind,
} from './edge.ts';
export type { EdgeRequest, GraphStore, NodeFacts, NodeKind } from './graph-store.ts';
export type { IdSet } from './id-index.ts';
export { type KnownEdge, MemoryGraph, type OwnedFacts, type Sight } from './memory-graph.ts';
export { type OpenEnd, type OpenReason, openReasons } from './open-reasons.ts';
export type { Choice, Chosen, FoundNode, Step, Traversal } from './traversal.ts';
export { type TraversalRequest, traverse } from './traverse.ts';
