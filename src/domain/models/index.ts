export { checkModelName, type LoggedModel } from './logged-model.ts';
export type { ModelOrder } from './logged-model-search.ts';
export { findModels, loadModels, type ModelRow } from './logged-model-store.ts';
export { LoggedModels, ownLifecycle } from './logged-models.ts';
export { modelOperations } from './model-operations.ts';
export { modelLinks } from './run-link-store.ts';
export { type ModelLinks, RunLinks } from './run-links.ts';
