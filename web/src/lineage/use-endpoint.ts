/**
 * An endpoint is a place: nothing derives from it, and what stands there comes from what it serves. So it is asked what it comes from, and
 * what serves there is opened, with the versions that it serves.
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type GraphNode, neighboursQuery, type When } from '../api/lineage.ts';
import type { LineageSearch } from '../lineage-urls.ts';
import { openingsText } from './openings.ts';
import type { Change } from './use-graph-hands.ts';

/** Deployments that are opened: those that serve now, of a place that serves nothing the last ones. */
const mostOpened = 8;

export function useEndpoint(props: {
  project: string;
  start: GraphNode | undefined;
  search: LineageSearch;
  when: When;
  change: Change;
}): { readonly isPlace: boolean; readonly isOpening: boolean } {
  const { project, start, search, when, change } = props;
  const { of } = search;
  const isEndpoint = start?.type === 'endpoint' && start.uid === of;
  const isBare = isEndpoint && search.open === undefined;
  const near = { of, direction: 'up' } as const;
  const { data } = useQuery({ ...neighboursQuery(project, near, when, { limit: 100 }), enabled: isBare });
  useEffect(() => {
    if (isEndpoint && search.ask === undefined)
      change({ ask: 'ancestry', deployed: undefined, list: undefined });
  }, [isEndpoint, search.ask, change]);
  const all = data?.nodes.filter(({ type }) => type === 'deployment') ?? [];
  const serving = all.filter(({ state }) => state === 'running');
  const opened = (serving.length > 0 ? serving : all).slice(0, mostOpened);
  useEffect(() => {
    if (!isBare) return;
    const up = opened.map(({ uid }) => ({ of: uid, direction: 'up' }) as const);
    if (up.length > 0) change({ open: openingsText([near, { of, direction: 'down' }, ...up]) });
  });
  return { isPlace: isEndpoint, isOpening: isBare && (data === undefined || opened.length > 0) };
}
