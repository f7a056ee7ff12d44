/** Every row of the table, in its order. */
import type { Sizes } from '../load/session.ts';
import type { Workload } from '../load/workload.ts';
import { artifactWorkloads } from './artifacts.ts';
import { historyWorkloads } from './histories.ts';
import { ingestWorkloads } from './ingest.ts';
import { lineageWorkloads } from './lineage.ts';
import { loggingWorkloads } from './logging.ts';
import { runWorkloads } from './runs.ts';
import { searchWorkloads } from './searching.ts';
import { trainingWorkloads } from './trainings.ts';

export function allWorkloads(sizes: Sizes): readonly Workload[] {
  return [
    ...runWorkloads,
    ...loggingWorkloads,
    ...ingestWorkloads,
    ...lineageWorkloads,
    ...searchWorkloads(sizes),
    ...artifactWorkloads(sizes.largeFile),
    ...historyWorkloads,
    ...trainingWorkloads,
  ];
}
