export { type EdgeRow, edgesOf, insertEdge } from './edge-store.ts';
export { Graph } from './graph.ts';
export { checkGraph } from './graph-check.ts';
export type { InternedKeys } from './interned-keys.ts';
export { claimKey, findByKey, nextOfCounter, releaseKey, wholeServer } from './key-store.ts';
export { findNode, insertNode, lockNodes, type NodeRow, nodeColumns, updateNode } from './node-store.ts';
export {
  deleteProperty,
  type PropertyOwner,
  type PropertyRow,
  propertiesOf,
  putProperties,
} from './property-store.ts';
export { typeName } from './types.ts';
export { fromColumns, numberOfText, type PropertyValue, textOf } from './values.ts';
export {
  type ExecutionState,
  edgeKinds,
  executionStates,
  keySpaces,
  knownHows,
  type NodeKind,
  nodeKinds,
  type PropertyScope,
  propertyScopes,
  valueKinds,
} from './vocabulary.ts';
