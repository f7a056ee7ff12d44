/** Small numbers that stand in the tables of this slice. Never reused; add at the end. */
import type { RunEventType } from './lineage-event.ts';

/** facet.scope: whose a facet is. `input`, `output`: of a run, or a declared job, about one dataset. */
export const facetScopes = { run: 1, job: 2, dataset: 3, version: 4, input: 5, output: 6 } as const;
export type FacetScope = keyof typeof facetScopes;

/** run_io.direction */
export const ioDirections = { read: 1, write: 2 } as const;
export type IoDirection = keyof typeof ioDirections;

/** derivation.origin: who says it. The first two unite; the third counts where neither speaks. */
export const origins = { jobLineage: 1, datasetLineage: 2, columnLineage: 3 } as const;
export type Origin = keyof typeof origins;

/** run_state.type */
export const runEventCodes: Readonly<Record<RunEventType, number>> = {
  START: 1,
  RUNNING: 2,
  COMPLETE: 3,
  ABORT: 4,
  FAIL: 5,
  OTHER: 6,
};

/** The subtype of an edge `parent-of` from the run at the top. */
export const rootRun = 'root';
