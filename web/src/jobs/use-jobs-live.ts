/** Keeps pages of jobs alive: each event of a pipeline makes what is shown stale, and so does what becomes of nested runs. */
import type { Connection } from '../api/event-stream.ts';
import { jobsKey } from '../api/jobs.ts';
import { type ReadAgain, useReadAgain } from '../api/use-read-again.ts';

const live: ReadAgain = {
  pace: { gather: 60, pace: 1_000, rest: 3 },
  keys: (project) => [jobsKey(project)],
  concerns: ({ action }) => /^lineage\.|^run\.(create|update)/.test(action),
};

export function useJobsLive(project: string): Connection {
  return useReadAgain(project, live);
}
