/** The runs of a comparison, kept alive by the stream of events: those that changed are read together, in one request. */
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type Connection, openEventStream } from '../api/event-stream.ts';
import { runLineage, runSearch } from '../api/operations.ts';
import { paced } from '../api/paced.ts';
import { runQuery } from '../api/queries.ts';
import type { Run, RunLineage } from '../api/types.ts';

const pace = { gather: 80, pace: 500, rest: 2 };

export interface ComparedRuns {
  readonly runs: readonly Run[];
  /** What each read, by its id; absent until it is known. */
  readonly lineages: ReadonlyMap<string, RunLineage>;
  readonly loading: boolean;
  /** Runs that are not here, or did not load. */
  readonly missing: number;
  readonly connection: Connection;
}

export function useComparedRuns(project: string, ids: readonly string[]): ComparedRuns {
  const answers = useQueries({
    queries: ids.map((id) => ({
      ...runQuery(project, id),
      refetchInterval: false as const,
      staleTime: 60_000,
    })),
  });
  const lineageAnswers = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['lineage', project, id],
      queryFn: ({ signal }: { signal: AbortSignal }) => runLineage(project, id, signal),
      staleTime: 60_000,
    })),
  });
  const found = answers.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const runs = useStable(found);
  const lineages = useStable(lineageAnswers.map(({ data }) => data));
  const byId = useMemo(
    () => new Map(ids.flatMap((id, index) => (lineages[index] === undefined ? [] : [[id, lineages[index]]]))),
    [ids, lineages],
  );
  const connection = useEvents(project, ids, runs);
  return {
    runs,
    lineages: byId,
    loading: answers.some(({ isPending }) => isPending),
    missing: answers.filter(({ isError, data }) => isError && data === undefined).length,
    connection,
  };
}

function useEvents(project: string, ids: readonly string[], runs: readonly Run[]): Connection {
  const [connection, setConnection] = useState<Connection>('connecting');
  const queries = useQueryClient();
  const experiments = [...new Set(runs.map(({ experiment }) => experiment))];
  const now = useRef({ experiments });
  now.current = { experiments };
  // One experiment's events, or those of the whole project; known once the runs are.
  const scope = experiments.length === 0 ? undefined : experiments.length === 1 ? experiments[0]! : '';

  useEffect(() => {
    if (scope === undefined) return;
    const wanted = new Set(ids);
    let touched = new Set<string>();
    let first = true;

    const { schedule, close } = paced(pace, async () => {
      const read = [...touched];
      touched = new Set();
      try {
        const list = read.map((id) => `'${id}'`).join(', ');
        const { items } = await runSearch(project, {
          experiments: now.current.experiments,
          filter: `attributes.run_id IN (${list})`,
          view: 'all',
          limit: read.length,
        });
        for (const run of items) queries.setQueryData(['run', project, run.id], run);
      } catch {
        // The next event or the healed connection asks again.
      }
    });

    const stream = openEventStream(project, scope === '' ? {} : { experiment: scope }, {
      event({ run }) {
        if (run === undefined || !wanted.has(run)) return;
        touched.add(run);
        schedule();
      },
      connection(state) {
        setConnection(state);
        if (state !== 'live') return;
        // Between the last reading and this moment anything may have happened.
        if (!first || now.current.experiments.length > 0) for (const id of ids) touched.add(id);
        first = false;
        if (touched.size > 0) schedule();
      },
    });
    return () => {
      stream.close();
      close();
    };
  }, [project, scope, ids, queries]);
  return connection;
}

/** The same array as long as its members are the same. */
function useStable<T>(list: readonly T[]): readonly T[] {
  const held = useRef(list);
  const same =
    held.current.length === list.length && list.every((each, index) => each === held.current[index]);
  if (!same) held.current = list;
  return held.current;
}
