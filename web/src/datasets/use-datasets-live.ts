/** Keeps pages of datasets alive: what runs read and write, and what people say, makes what is shown stale. */
import { datasetsKey } from '../api/datasets.ts';
import type { Connection } from '../api/event-stream.ts';
import { jobsKey } from '../api/jobs.ts';
import { type ReadAgain, useReadAgain } from '../api/use-read-again.ts';

const live: ReadAgain = {
  pace: { gather: 60, pace: 1_000, rest: 3 },
  keys: (project) => [datasetsKey(project), jobsKey(project)],
  concerns: ({ action }) => /^(dataset|lineage)\.|^run\.(inputs|link|update)/.test(action),
};

export function useDatasetsLive(project: string): Connection {
  return useReadAgain(project, live);
}
