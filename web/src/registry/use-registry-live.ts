/** Keeps pages of the registry alive: what happens to models and versions makes what is shown of them stale. */
import { deploymentsKey } from '../api/deployments.ts';
import type { Connection } from '../api/event-stream.ts';
import { registryKey } from '../api/registry.ts';
import { type ReadAgain, useReadAgain } from '../api/use-read-again.ts';

const live: ReadAgain = {
  pace: { gather: 60, pace: 500, rest: 2 },
  keys: (project) => [registryKey(project), deploymentsKey(project)],
  concerns: ({ action }) => /^(registered-model|model-version|deployment|endpoint)\./.test(action),
};

export function useRegistryLive(project: string): Connection {
  return useReadAgain(project, live);
}
