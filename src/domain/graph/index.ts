export { type EdgeRow, edgesOf, insertEdge } from './edge-store.ts';
export { Graph } from './graph.ts';
export type { InternedKeys } from './interned-keys.ts';
export { claimKey, findByKey, nextOfCounter, releaseKey, wholeServer } from './key-store.ts';
export { findNode, insertNode, lockNodes, nodeColumns, type NodeRow, updateNode } from './node-store.ts';
export { deleteProperty, propertiesOf, type PropertyOwner, type PropertyRow, putProperties } from './property-store.ts';
export { typeName } from './types.ts';
export { fromColumns, numberOfText, type PropertyValue, textOf } from './values.ts';
export {
  edgeKinds,
  type ExecutionState,
  executionStates,
  knownHows,
  nodeKinds,
  type PropertyScope,
  propertyScopes,
  valueKinds,
} from './vocabulary.ts';
