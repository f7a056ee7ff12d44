export { declarationOperations } from './declaration-operations.ts';
export { differenceOperations } from './difference-operations.ts';
export { eventOperations } from './event-operations.ts';
export { Lineage, type LineageOptions, walkLimits } from './lineage.ts';
export { lineageOperations } from './lineage-operations.ts';
export { nodeOperations } from './node-operations.ts';
export { taintOperations } from './taint-operations.ts';
export { TaintWatch } from './taint-watch.ts';
