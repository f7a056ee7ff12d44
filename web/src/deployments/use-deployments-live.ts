/** Keeps pages of deployments alive: what is deployed, and what becomes of the models, makes what is shown stale. */
import { deploymentsKey } from '../api/deployments.ts';
import type { Connection } from '../api/event-stream.ts';
import { type ReadAgain, useReadAgain } from '../api/use-read-again.ts';

const live: ReadAgain = {
  pace: { gather: 60, pace: 500, rest: 2 },
  keys: (project) => [deploymentsKey(project)],
  concerns: ({ action }) =>
    /^(deployment|endpoint)\.|^(registered-model|model-version)\.(delete|rename)/.test(action),
};

export function useDeploymentsLive(project: string): Connection {
  return useReadAgain(project, live);
}
