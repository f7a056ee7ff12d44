/**
 * The closed lists of the graph and the small numbers they are stored as. A number is never reused or changed:
 * it stands in every store that exists. Add at the end.
 */

/** What a node is (DESIGN: vocabulary). */
export const nodeKinds = {
  execution: 1,
  artifact: 2,
  asset: 3,
  context: 4,
  principal: 5,
  edge: 6,
  /** What was something else and was purged: its type, uid and edges are left. */
  tombstone: 7,
} as const;
export type NodeKind = keyof typeof nodeKinds;

/** Built-in edge kinds, from cause to effect. User-defined kinds are types of kind `edge` and get numbers from 1000. */
export const edgeKinds = {
  used: 1,
  generated: 2,
  derived: 3,
  'version-of': 4,
  'member-of': 5,
  named: 6,
  serves: 7,
  same: 8,
  binds: 9,
  'parent-of': 10,
  /** From an asset or a version to its project: somebody declared that nothing comes before it. */
  origin: 11,
  /** Likewise: somebody declared that it is wrong. */
  taint: 12,
} as const;
export type EdgeKind = keyof typeof edgeKinds;

/** How an assertion is known. */
export const knownHows = { observed: 1, declared: 2, inferred: 3, 'assumed-cartesian': 4 } as const;
export type KnownHow = keyof typeof knownHows;

/** Scopes keep values of one name apart. */
export const propertyScopes = {
  param: 1,
  tag: 2,
  declared: 3,
  custom: 4,
  system: 5,
  // Apart from those of runs: the value index leads by context and scope, so a table of runs never walks its models.
  'model-param': 6,
  'model-tag': 7,
  'registered-model-tag': 8,
  'model-version-tag': 9,
  'dataset-tag': 10,
} as const;
export type PropertyScope = keyof typeof propertyScopes;

/** Kinds of a stored value. `text-with-nul` is a text with U+0000, kept as bytes because PostgreSQL's text cannot. */
export const valueKinds = {
  int64: 1,
  double: 2,
  text: 3,
  bool: 4,
  bytes: 5,
  struct: 6,
  any: 7,
  nan: 8,
  'negative-zero': 9,
  'text-with-nul': 10,
} as const;
export type ValueKind = keyof typeof valueKinds;

/** States of an execution, in rank order (a greater rank wins when claims meet). */
export const executionStates = { scheduled: 1, running: 2, finished: 3, failed: 4, killed: 5 } as const;
export type ExecutionState = keyof typeof executionStates;

/** States of an artifact that comes into being over several requests. */
export const artifactStates = { pending: 1, ready: 2, failed: 3 } as const;
export type ArtifactState = keyof typeof artifactStates;

/** Spaces of natural keys (node_key.space). */
export const keySpaces = {
  'project-name': 1,
  'experiment-id': 2,
  'experiment-name': 3,
  'principal-name': 4,
  'dataset-asset': 5,
  'dataset-record': 6,
  'dataset-content': 7,
  'registered-model-name': 8,
  /** What a name looks like to a reader: two models never look the same. */
  'registered-model-look': 9,
  /** `<node of the registered model>/<number>`. */
  'model-version': 10,
  /** A canonical URI; held by the asset that was first there. */
  'dataset-place': 11,
  /** `[face, namespace, name]` as JSON. */
  job: 12,
  /** `[face, run id]`, or `[face, namespace, job, run id]` where the id is no UUID. */
  'job-run': 13,
  'endpoint-name': 20,
  /** What its name looks like to a reader, as with models. */
  'endpoint-look': 21,
  /** `churn/3`, `m-…`: a model that events name and that no registry of the project has. */
  'foreign-model': 22,
} as const;
export type KeySpace = keyof typeof keySpaces;
