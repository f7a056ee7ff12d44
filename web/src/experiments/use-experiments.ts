/** The pages of experiments that were scrolled to, read again while something happens in the project. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Connection } from '../api/event-stream.ts';
import { experimentList } from '../api/operations.ts';
import type { ExperimentOrder, Lifecycle } from '../api/types.ts';
import { type ReadAgain, useReadAgain } from '../api/use-read-again.ts';

const sparkDays = 30;
const pageSize = 100;
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
  return useInfiniteQuery({
    queryKey: ['experiment-pages', project, search, order, view],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      experimentList(
        project,
        {
          search: search === '' ? undefined : search,
          limit: pageSize,
          cursor: pageParam,
          view,
          order,
          days: sparkDays,
        },
        signal,
      ),
    getNextPageParam: (last) => last.cursor,
    // While a search is typed the list before it stays.
    placeholderData: (before, query) =>
      query?.queryKey[1] === project && query.queryKey[4] === view ? before : undefined,
  });
}

export function useExperimentsLive(project: string): Connection {
  return useReadAgain(project, live);
}
