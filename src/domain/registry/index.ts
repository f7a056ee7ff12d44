export {
  checkAlias,
  checkRegisteredName,
  type ModelVersion,
  promptTag,
  type RegisteredModel,
  registryLimits,
  stageOf,
} from './registered-model.ts';
export { Registry } from './registry.ts';
export { registryOperations } from './registry-operations.ts';
export type { RegistryKind } from './registry-search.ts';
