/** The lines of many runs, by metric. */
import { useCallback, useMemo } from 'react';
import type { Run } from '../api/types.ts';
import { swatchOf } from '../runs/swatch.ts';
import type { ChartSource } from './chart-source.ts';

const patterns = [[], [7, 4], [2, 3], [9, 3, 2, 3]] as const;

export type SourceRun = Pick<Run, 'id' | 'name' | 'started' | 'metrics' | 'params' | 'tags'>;

export function useRunSources(
  runs: readonly SourceRun[],
  group: string | undefined,
): { sourcesOf: (key: string) => readonly ChartSource[]; dashes: ReadonlyMap<string, readonly number[]> } {
  const cache = useMemo(() => new SourceCache(), []);
  const ids = runs.map(({ id }) => id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ids` stands for the runs
  const dashes = useMemo(() => dashesOf(runs.map(({ id }) => id)), [ids]);
  const sourcesOf = useCallback(
    (key: string) => cache.sources(key, runs, dashes, group),
    [cache, runs, dashes, group],
  );
  return { sourcesOf, dashes };
}

/** The value that a run is grouped by. */
export function groupValue(run: SourceRun, group: string | undefined): string | undefined {
  if (group === undefined) return undefined;
  const dot = group.indexOf('.');
  return (group.slice(0, dot) === 'params' ? run.params : run.tags)[group.slice(dot + 1)];
}

class SourceCache {
  readonly #sources = new Map<string, { state: string; sources: readonly ChartSource[] }>();

  /** The same array until something of it changes, so that other charts are not drawn again. */
  sources(
    key: string,
    runs: readonly SourceRun[],
    dashes: ReadonlyMap<string, readonly number[]>,
    group: string | undefined,
  ): readonly ChartSource[] {
    const there = runs.filter(({ metrics }) => metrics[key] !== undefined);
    const sources = there.map((run): ChartSource => {
      const { id, name, started } = run;
      return {
        id,
        name,
        started,
        colour: swatchOf(id),
        dash: dashes.get(id) ?? [],
        group: groupValue(run, group),
        summary: run.metrics[key]!,
        points: run.metrics[key]!.points,
      };
    });
    const state = JSON.stringify(
      sources.map(({ id, name, dash, group: of, points, summary }) => [
        id,
        name,
        dash,
        of,
        points,
        summary.last,
      ]),
    );
    const before = this.#sources.get(key);
    if (before?.state === state) return before.sources;
    this.#sources.set(key, { state, sources });
    return sources;
  }
}

/** The colour of a run is its own on every page; runs that share one are told apart by their dashes. */
function dashesOf(ids: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const taken = new Map<string, number>();
  return new Map(
    ids.map((id) => {
      const before = taken.get(swatchOf(id)) ?? 0;
      taken.set(swatchOf(id), before + 1);
      return [id, patterns[before % patterns.length]!];
    }),
  );
}
