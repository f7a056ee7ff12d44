/** The lines of a run's charts: the same ones until their points are others, so that other charts are not drawn again. */
import { useCallback, useMemo } from 'react';
import type { MetricSummary, Run } from '../api/types.ts';
import type { ChartSource } from '../charts/chart-source.ts';
import { swatchOf } from '../runs/swatch.ts';

export function useChartSources(
  run: Run,
  metrics: Readonly<Record<string, MetricSummary>>,
): (key: string) => readonly ChartSource[] {
  const { id, name, started } = run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines of another run are others
  const held = useMemo(() => new Map<string, readonly [ChartSource]>(), [id]);
  return useCallback(
    (key: string) => {
      const summary = metrics[key];
      if (summary === undefined) return [];
      const { points } = summary;
      const before = held.get(key);
      if (before?.[0].points === points && before[0].name === name) return before;
      const sources = [{ id, name, started, colour: swatchOf(id), summary, points }] as const;
      held.set(key, sources);
      return sources;
    },
    [held, id, name, started, metrics],
  );
}
