/** The rows of the table's query. Old rows stay on the screen until those of a changed query are there. */
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { runSearch } from '../api/operations.ts';
import type { RunSearch } from '../api/types.ts';
import { type Column, columnSource } from './columns.ts';
import { type RowsSnapshot, RunPages } from './run-pages.ts';
import { orderText } from './sort.ts';
import type { TableState } from './use-table-state.ts';

/** MLflow's mark of a nested run. */
export const parentTag = 'mlflow.parentRunId';

export interface ShownRuns {
  /** Of the query in the URL. */
  readonly pages: RunPages;
  readonly snapshot: RowsSnapshot;
  /** What to draw: `pages`, or the ones before it while it loads. */
  readonly shown: RunPages;
  readonly shownSnapshot: RowsSnapshot;
  readonly busy: boolean;
}

/** The rows of the table that was left last: who comes back finds them where they were. */
let left: { key: string; pages: RunPages; values: { current: Values } } | undefined;

export function useRunPages(state: TableState): ShownRuns {
  const { project, experiment, filter, sort, view, columns } = state;
  const order = orderText(sort).join();
  const key = [project, experiment, filter, order, view].join('\n');
  const [back] = useState(() => (left?.key === key ? left : undefined));
  const [values] = useState(() => back?.values ?? { current: valuesOf([]) });
  const wanted = useMemo(() => valuesOf(columns ?? []), [columns]);
  // Before `pages`: what it fetches at once is what is wanted now.
  const changed = useRef(false);
  if (values.current !== wanted) {
    changed.current = !covers(values.current, wanted);
    values.current = wanted;
  }

  const pages = useMemo(() => {
    if (back?.key === key) return back.pages;
    const base = { experiments: [experiment], view };
    return new RunPages(
      (request, signal) =>
        runSearch(
          project,
          {
            ...base,
            ...(filter === '' ? {} : { filter }),
            order: [order],
            limit: request.limit,
            ...(request.cursor === undefined ? {} : { cursor: request.cursor }),
            ...(request.skip === 0 ? {} : { skip: request.skip }),
            ...(request.count ? {} : { count: false }),
            columns: bodyOf(values.current),
          },
          signal,
        ),
      (ids, signal) => {
        const list = ids.map((id) => `'${id}'`).join(', ');
        const search = { ...base, filter: `attributes.run_id IN (${list})`, limit: ids.length };
        return runSearch(project, { ...search, columns: bodyOf(values.current) }, signal);
      },
      () => values.current.sources,
    );
  }, [project, experiment, filter, order, view, values, back, key]);
  useEffect(() => {
    left = { key, pages, values };
  }, [key, pages, values]);

  const ready = columns !== undefined;
  // A column more: ask for its values. A column fewer costs nothing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` is the trigger
  useEffect(() => {
    if (changed.current) void pages.invalidate();
    changed.current = false;
  }, [wanted, pages]);
  useEffect(() => {
    if (!ready) return;
    pages.start();
    return () => pages.dispose();
  }, [pages, ready]);

  const snapshot = useSyncExternalStore(pages.subscribe, pages.snapshot);
  const last = useRef<{ pages: RunPages; experiment: string; view: string }>(undefined);
  if (snapshot.phase === 'ready') last.current = { pages, experiment, view };
  const old = last.current;
  const usable = old !== undefined && old.experiment === experiment && old.view === view;
  const shown = snapshot.phase === 'loading' && usable ? old.pages : pages;
  return { pages, snapshot, shown, shownSnapshot: shown.snapshot(), busy: shown !== pages };
}

/** The values a request carries, and where they belong (columnSource). */
interface Values extends NonNullable<RunSearch['columns']> {
  readonly sources: ReadonlySet<string>;
}

function valuesOf(columns: readonly Column[]): Values {
  const keys = (scope: Column['scope']) => [
    ...new Set(columns.filter((column) => column.scope === scope).map((column) => column.key as string)),
  ];
  return {
    metrics: keys('metric'),
    params: keys('param'),
    tags: [...keys('tag'), parentTag],
    sources: new Set(columns.map(columnSource)),
  };
}

function bodyOf({ metrics, params, tags }: Values): NonNullable<RunSearch['columns']> {
  return { metrics, params, tags };
}

function covers(before: Values, after: Values): boolean {
  return [...after.sources].every((source) => before.sources.has(source));
}
