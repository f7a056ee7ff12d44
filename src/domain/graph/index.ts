export {
  type EdgeRow,
  edgesAt,
  edgesOf,
  insertEdge,
  insertEdges,
  type NewEdge,
  retractEdges,
} from './edge-store.ts';
export { Graph, type GraphNames, graphNames } from './graph.ts';
export { checkGraph } from './graph-check.ts';
export { keysNamed } from './interned-keys.ts';
export {
  claimKey,
  claimKeys,
  findByKey,
  findByKeys,
  keyHolders,
  nextOfCounter,
  projectsSeen,
  releaseKey,
  wholeServer,
} from './key-store.ts';
export { modelIdOf, uidOfModel } from './model-id.ts';
export {
  findNode,
  firstOfClass,
  insertNode,
  insertNodes,
  lockNodes,
  type NewNode,
  type NodeRow,
  updateNode,
} from './node-store.ts';
export {
  deleteProperty,
  type NewProperties,
  type PropertyOwner,
  type PropertyRow,
  propertiesOf,
  putProperties,
  putPropertiesOfMany,
} from './property-store.ts';
export { typeName } from './types.ts';
export { fromColumns, type PropertyValue, textOf } from './values.ts';
export {
  type ArtifactState,
  artifactStates,
  type ExecutionState,
  edgeKinds,
  executionStates,
  type KeySpace,
  type KnownHow,
  keySpaces,
  knownHows,
  type NodeKind,
  nodeKinds,
  type PropertyScope,
  propertyScopes,
  valueKinds,
} from './vocabulary.ts';
