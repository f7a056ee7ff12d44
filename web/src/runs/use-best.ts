/** The best value of each metric column over every run that matches, not only over the rows in memory. */
import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { FewAtOnce } from '../api/few-at-once.ts';
import { runSearch } from '../api/operations.ts';
import { realOf } from '../format/numbers.ts';
import { columnField, columnToken, type MetricColumn } from './columns.ts';
import type { TableState } from './use-table-state.ts';
import { metricValue } from './values.ts';

/** Questions under way: a browser has six connections to a server, and the rows that somebody waits for need one. */
const atOnce = 2;

/** Column token → best value. */
export type BestValues = ReadonlyMap<string, number>;

export function useBest(state: TableState, matching: number): BestValues {
  const { project, experiment, filter, view } = state;
  const columns = (state.columns ?? []).filter(
    (column): column is MetricColumn => column.scope === 'metric' && column.goal !== 'none',
  );
  const [few] = useState(() => new FewAtOnce(atOnce));
  const results = useQueries({
    // One run alone is not the best of anything.
    queries: (matching > 1 ? columns : []).map((column) => ({
      queryKey: ['best', project, experiment, view, filter, columnToken(column), column.goal],
      queryFn: ({ signal }: { signal: AbortSignal }) => few.run(() => best(state, column, signal), signal),
      staleTime: 3000,
    })),
  });
  return useStable(new Map(results.flatMap(({ data }) => (data == null ? [] : [data]))));
}

async function best(
  { project, experiment, filter, view }: TableState,
  column: MetricColumn,
  signal: AbortSignal,
): Promise<[string, number] | null> {
  const field = columnField(column)!;
  const found = await runSearch(
    project,
    {
      experiments: [experiment],
      view,
      ...(filter === '' ? {} : { filter }),
      order: [`${field} ${column.goal === 'low' ? 'asc' : 'desc'}`],
      limit: 1,
      count: false,
      columns: { metrics: [column.key], params: [], tags: [] },
    },
    signal,
  );
  const run = found.items[0];
  const value = run && metricValue(run, column);
  if (value == null) return null;
  const real = realOf(value);
  return Number.isFinite(real) ? [columnToken(column), real] : null;
}

/** The same map as long as it holds the same values, so that rows do not render for nothing. */
function useStable(values: BestValues): BestValues {
  const key = JSON.stringify([...values]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the values
  return useMemo(() => values, [key]);
}
