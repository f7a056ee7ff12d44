export { lookOf } from './look-alikes.ts';
export { loadVersions, versionKey } from './model-version-store.ts';
export { aliasNaming, stageNaming } from './naming-store.ts';
export {
  checkAlias,
  checkRegisteredName,
  isPrompt,
  type ModelVersion,
  promptTag,
  type RegisteredModel,
  registryLimits,
  stageOf,
} from './registered-model.ts';
export { loadRegistered, promptNodes } from './registered-model-store.ts';
export { Registry } from './registry.ts';
export { registryOperations } from './registry-operations.ts';
export type { RegistryKind } from './registry-search.ts';
export { findNamed } from './version-lineage.ts';
export { type NamedVersion, parseModelUri } from './version-source.ts';
