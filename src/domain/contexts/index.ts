export type { Experiment, Lifecycle, Tag, View } from './experiment.ts';
export {
  ExperimentParams,
  ExperimentWire,
  experimentOperations,
  experimentWire,
} from './experiment-operations.ts';
export {
  type ExperimentRow,
  experimentFromRow,
  experimentRow,
  experimentRows,
  experimentsById,
  requireActiveExperiment,
  requireExperiment,
  tagsOf,
} from './experiment-store.ts';
export { Experiments } from './experiments.ts';
export { lifecycleOf, type MemberMarks } from './lifecycle.ts';
export { checkArtifactLocation, checkName, checkTagKeys, nameLimits } from './names.ts';
export type { Project } from './project.ts';
export { ProjectQuery, pageQuery, projectOperations } from './project-operations.ts';
export { defaultProjectName, Projects } from './projects.ts';
export { TagWire, tagOperations } from './tag-operations.ts';
