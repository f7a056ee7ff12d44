/** Keeps pages of webhooks alive: what webhooks are told of brings deliveries, a moment after it happened. */
import type { Connection } from '../api/event-stream.ts';
import { type ReadAgain, useReadAgain } from '../api/use-read-again.ts';
import { webhooksKey } from '../api/webhooks.ts';

const live: ReadAgain = {
  // The server looks for what is to be told every half second.
  pace: { gather: 700, pace: 1000, rest: 2 },
  keys: (project) => [webhooksKey(project)],
  concerns: ({ action }) => /^(registered-model|model-version|webhook)\./.test(action),
};

export function useWebhooksLive(project: string): Connection {
  return useReadAgain(project, live);
}
