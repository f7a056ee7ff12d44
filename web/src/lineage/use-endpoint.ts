/**
 * An endpoint is a place: nothing derives from it, and what stands there comes from what it serves. So it is asked what it comes from, and
 * what serves there is opened, with the versions that it serves.
 */
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
import { type GraphNode, neighboursQuery, type When } from '../api/lineage.ts';
import type { LineageSearch } from '../lineage-urls.ts';
import { openingsText, sideKey } from './openings.ts';
import type { StageHandle } from './stage.tsx';
import type { OpenedGraph } from './use-explorer.ts';
import type { Change } from './use-graph-hands.ts';

/** Deployments that are opened: those that serve now, of a place that serves nothing the last ones. */
const mostOpened = 8;

/** True of an endpoint. */
export function useEndpoint(props: {
  project: string;
  start: GraphNode | undefined;
  search: LineageSearch;
  when: When;
  change: Change;
  explorer: OpenedGraph;
  stage: RefObject<StageHandle | null>;
}): boolean {
  const { project, start, search, when, change, explorer, stage } = props;
  const { of } = search;
  const isEndpoint = start?.type === 'endpoint' && start.uid === of;
  const isBare = isEndpoint && search.open === undefined;
  const near = { of, direction: 'up' } as const;
  const { data } = useQuery({ ...neighboursQuery(project, near, when, { limit: 100 }), enabled: isBare });
  const opened = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (isEndpoint && search.ask === undefined)
      change({ ask: 'ancestry', deployed: undefined, list: undefined });
  });
  useEffect(() => {
    if (!isBare || data === undefined) return;
    const all = data.nodes.filter(({ type }) => type === 'deployment');
    const serving = all.filter(({ state }) => state === 'running');
    const shown = (serving.length > 0 ? serving : all).slice(0, mostOpened);
    const up = shown.map(({ uid }) => ({ of: uid, direction: 'up' }) as const);
    const [first] = up;
    if (first === undefined) return;
    opened.current = sideKey(first.of, 'up');
    change({ open: openingsText([near, { of, direction: 'down' }, ...up]) });
  });
  const { graph, busy } = explorer.state;
  // All of it is in sight then, once.
  useEffect(() => {
    if (busy || opened.current === undefined || !graph.sides.has(opened.current)) return;
    opened.current = undefined;
    stage.current?.fit([...graph.items.values()]);
  });
  return isEndpoint;
}
