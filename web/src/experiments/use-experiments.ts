/** The pages of experiments that were scrolled to, read again while something happens in the project. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Connection, openEventStream } from '../api/event-stream.ts';
import { experimentList } from '../api/operations.ts';
import { paced } from '../api/paced.ts';
import type { ExperimentOrder, Lifecycle } from '../api/types.ts';

export const sparkDays = 30;
const pageSize = 100;
const pace = { gather: 150, pace: 2500, rest: 4 };

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
  const [connection, setConnection] = useState<Connection>('connecting');
  const queries = useQueryClient();
  useEffect(() => {
    const { schedule, close } = paced(pace, async () => {
      for (const name of ['experiment-pages', 'experiments'])
        await queries.invalidateQueries({ queryKey: [name, project] }, { cancelRefetch: false });
    });
    const stream = openEventStream(
      project,
      {},
      {
        event: schedule,
        connection(state) {
          setConnection(state);
          if (state === 'live') schedule();
        },
      },
    );
    return () => {
      stream.close();
      close();
    };
  }, [project, queries]);
  return connection;
}
