import { useCallback } from 'react';
import type { ValuesOf } from '../filter/use-suggestions.ts';
import type { RunPages } from './run-pages.ts';

/** Values of a param, tag or attribute among the rows in memory, most frequent first. */
export function useValuesOf(pages: RunPages): ValuesOf {
  return useCallback(
    (entity, key) => {
      const counts = new Map<string, number>();
      for (const { run } of pages.loaded()) {
        const value =
          entity === 'params'
            ? run.params[key]
            : entity === 'tags'
              ? run.tags[key]
              : ({ run_name: run.name, user_id: run.user } as Record<string, string>)[key];
        if (value !== undefined && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value);
    },
    [pages],
  );
}
