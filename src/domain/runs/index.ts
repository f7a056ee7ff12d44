export type { Param, Run, RunData, RunVersion } from './run.ts';
export { inventRunName } from './run-names.ts';
export {
  findRun,
  lastEnded,
  loadRunData,
  type RunRow,
  runColumns,
  runDataFromProperties,
  runFromRow,
  runVersions,
} from './run-store.ts';
export { parentRunTag, Runs, requireActiveRun, requireRun, runNameTag, writeRunTags } from './runs.ts';
