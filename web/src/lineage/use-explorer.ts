/** The opened part of the graph, as the link says, kept while the link changes. */
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { GraphNode, When } from '../api/lineage.ts';
import type { LineageSearch } from '../lineage-urls.ts';
import { showToast } from '../ui/toasts.tsx';
import { Explorer, type ExplorerState, type Way } from './explorer.ts';
import { type Opening, openingsOf } from './openings.ts';

export interface OpenedGraph {
  readonly state: ExplorerState;
  /** What the link opens, or what is opened where it does not say. */
  readonly openings: readonly Opening[];
  /** The same again, with what was recorded since; nothing that stands moves. */
  readAgain(): void;
  /** Of nodes that are there what is known by now. */
  update(nodes: readonly GraphNode[]): void;
}

export function useExplorer(
  queries: QueryClient,
  project: string,
  search: LineageSearch,
  when: When,
  way: Way | undefined,
): OpenedGraph {
  const explorer = useMemo(
    () =>
      new Explorer(queries, project, (error) =>
        showToast({ text: error instanceof Error ? error.message : String(error), kind: 'failed' }),
      ),
    [queries, project],
  );
  const { of, open, at } = search;
  const openings = useMemo(
    (): readonly Opening[] =>
      open === undefined
        ? [
            { of, direction: 'up' },
            { of, direction: 'down' },
          ]
        : openingsOf(open),
    [of, open],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen counts when something else is shown
  useEffect(() => {
    const loose = at !== undefined && /^[\w-]+$/.test(at) ? [at] : [];
    void explorer.show({ of, openings, when, way, loose });
  }, [
    explorer,
    of,
    openings,
    when,
    way,
    at !== undefined && explorer.state().graph.item(at) === undefined ? at : '',
  ]);
  const state = useSyncExternalStore(explorer.subscribe, explorer.state);
  return {
    ...{ state, openings },
    readAgain: () => explorer.readAgain(),
    update: (nodes) => explorer.update(nodes),
  };
}
