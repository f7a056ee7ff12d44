export { checkModelName, type LoggedModel } from './logged-model.ts';
export type { ModelOrder } from './logged-model-search.ts';
export { LoggedModels } from './logged-models.ts';
export { modelOperations } from './model-operations.ts';
export { type ModelLinks, RunLinks } from './run-links.ts';
