/** What lies behind versions: the run of each, and the data that run read. */
import { useQueries } from '@tanstack/react-query';
import { lineageQuery, runQuery } from '../api/queries.ts';
import type { ModelVersion } from '../api/registry.ts';
import type { Run, RunLineage } from '../api/types.ts';

export interface VersionSources {
  /** By the id of the run; absent until it is known, or where it is not here. */
  readonly runs: ReadonlyMap<string, Run>;
  readonly lineages: ReadonlyMap<string, RunLineage>;
  readonly loading: boolean;
}

export function useVersionSources(project: string, versions: readonly ModelVersion[]): VersionSources {
  const ids = [...new Set(versions.flatMap(({ run }) => run ?? []))];
  const asked = { refetchInterval: false, retry: false, staleTime: 60_000 } as const;
  const runs = useQueries({ queries: ids.map((id) => ({ ...runQuery(project, id), ...asked })) });
  const lineages = useQueries({ queries: ids.map((id) => ({ ...lineageQuery(project, id), ...asked })) });
  return {
    runs: byId(
      ids,
      runs.map(({ data }) => data),
    ),
    lineages: byId(
      ids,
      lineages.map(({ data }) => data),
    ),
    loading: runs.some(({ isPending }) => isPending),
  };
}

function byId<T>(ids: readonly string[], found: readonly (T | undefined)[]): ReadonlyMap<string, T> {
  return new Map(
    ids.flatMap((id, index) => (found[index] === undefined ? [] : [[id, found[index]] as const])),
  );
}
