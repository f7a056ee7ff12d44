/**
 * Questions of what derives from what. `walks/` goes over the graph, over the store or in memory; `answers/` says what was found;
 * `nodes/` shows what is next to a node; `declarations/` holds sources and taints; `difference/` tells two models apart.
 */
export { declarationOperations } from './declarations/declaration-operations.ts';
export { taintOperations } from './declarations/taint-operations.ts';
export { TaintWatch } from './declarations/taint-watch.ts';
export { differenceOperations } from './difference/difference-operations.ts';
export { Lineage, type LineageOptions, walkLimits } from './lineage.ts';
export { lineageOperations } from './lineage-operations.ts';
export { eventOperations } from './nodes/event-operations.ts';
export { nodeOperations } from './nodes/node-operations.ts';
