/** The pages of experiments that were scrolled to, read again while something happens in the project. */
import type { Connection } from '../api/event-stream.ts';
import { experimentList } from '../api/operations.ts';
import type { ExperimentOrder, Lifecycle } from '../api/types.ts';
import { type ReadAgain, useReadAgain } from '../api/use-read-again.ts';
import { useList } from '../list/use-list.ts';

const sparkDays = 30;
const live: ReadAgain = {
  pace: { gather: 150, pace: 2500, rest: 4 },
  keys: (project) => [
    ['experiment-pages', project],
    ['experiments', project],
  ],
  concerns: () => true,
};

export function useExperiments(options: {
  project: string;
  search: string;
  order: ExperimentOrder;
  view: Lifecycle;
}) {
  const { project, search, order, view } = options;
  return useList({
    list: ['experiment-pages', project, view],
    asked: [search, order],
    read: (part, signal) =>
      experimentList(project, { search: search || undefined, view, order, days: sparkDays, ...part }, signal),
  });
}

export function useExperimentsLive(project: string): Connection {
  return useReadAgain(project, live);
}
