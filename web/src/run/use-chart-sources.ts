/** The series of a run's metrics: read once, kept while the page is open. */
import { useCallback, useEffect, useMemo } from 'react';
import { runPoints } from '../api/operations.ts';
import type { Run } from '../api/types.ts';
import type { ChartSource } from '../charts/chart-card.tsx';
import { RunSeries } from '../charts/run-series.ts';
import { swatchOf } from '../runs/swatch.ts';

export function useChartSources(project: string, run: Run): (key: string) => readonly ChartSource[] {
  const { id } = run;
  const cache = useMemo(() => new SourceCache(project, id), [project, id]);
  useEffect(() => () => cache.dispose(), [cache]);
  return useCallback((key: string) => cache.sources(run, key), [cache, run]);
}

class SourceCache {
  readonly #project: string;
  readonly #run: string;
  readonly #sources = new Map<string, readonly ChartSource[]>();

  constructor(project: string, run: string) {
    this.#project = project;
    this.#run = run;
  }

  /** The same array until the number of points changes, so that other charts are not drawn again. */
  sources(run: Run, key: string): readonly ChartSource[] {
    const before = this.#sources.get(key);
    const summary = run.metrics[key];
    if (summary === undefined) return [];
    const { points } = summary;
    const known = before?.[0];
    if (known?.points === points && known.name === run.name) return before!;
    const series =
      known?.series ??
      new RunSeries((request, signal) => runPoints(this.#project, this.#run, { key, ...request }, signal));
    const { id, name, started } = run;
    const sources = [{ id, name, started, colour: swatchOf(id), series, summary, points }];
    this.#sources.set(key, sources);
    return sources;
  }

  dispose(): void {
    for (const sources of this.#sources.values()) for (const { series } of sources) series.dispose();
  }
}
