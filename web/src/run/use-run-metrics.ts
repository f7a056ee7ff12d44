/**
 * The metrics of a run whose names hold a text: among those that came with it, or, where these are not all, the server's,
 * read page by page as somebody goes through them.
 */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { runMetrics } from '../api/operations.ts';
import type { MetricSummary, Run } from '../api/types.ts';
import { useProject } from '../layout/use-project.ts';

/** The API's largest page. */
const pageSize = 1000;
/** ms between looks at what the server found while the run trains, as long as it is a page or two. */
const liveInterval = 5000;
const livePages = 2;

export interface RunMetrics {
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** The first answer is not there yet. */
  readonly isPending: boolean;
  /** Reads more; undefined when there is no more. */
  readonly more: (() => void) | undefined;
}

export function useRunMetrics(run: Run, search: string): RunMetrics {
  const { project } = useProject();
  const contains = search.trim().toLowerCase();
  const { moreMetrics, metrics: held } = run;
  const isAsked = moreMetrics !== undefined;
  // Without a search the first page came with the run, and stays live with it.
  const first = contains === '' ? moreMetrics : undefined;
  const asked = useInfiniteQuery({
    queryKey: ['run-metrics', project, run.id, contains],
    queryFn: ({ pageParam, signal }) =>
      runMetrics(
        project,
        run.id,
        {
          limit: pageSize,
          ...(contains === '' ? {} : { contains }),
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
        signal,
      ),
    initialPageParam: first,
    getNextPageParam: (last) => last.cursor,
    // Beyond what came with the run nothing is read before somebody goes there.
    enabled: isAsked && contains !== '',
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      run.state === 'running' && contains !== '' && (state.data?.pages.length ?? 0) <= livePages
        ? liveInterval
        : false,
  });
  const { data, hasNextPage, isFetching, isPending, fetchNextPage, refetch } = asked;

  const metrics = useMemo(() => {
    const found = (data?.pages ?? []).flatMap(({ items }) => items.map((item) => [item.key, item] as const));
    if (isAsked && contains !== '') return Object.fromEntries(found);
    if (contains === '') return found.length === 0 ? held : { ...Object.fromEntries(found), ...held };
    return Object.fromEntries(Object.entries(held).filter(([key]) => key.toLowerCase().includes(contains)));
  }, [data, isAsked, contains, held]);

  const isThere = data !== undefined;
  const more = useCallback(() => {
    if (isFetching) return;
    void (isThere ? fetchNextPage() : refetch());
  }, [isFetching, isThere, fetchNextPage, refetch]);
  const hasMore = isAsked && (isThere ? hasNextPage : contains === '');
  return { metrics, isPending: isAsked && contains !== '' && isPending, more: hasMore ? more : undefined };
}
