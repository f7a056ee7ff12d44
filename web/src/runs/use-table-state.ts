/** The state of the table as it stands in the URL, and the ways to change it. Every change is a step that Back undoes. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useRef } from 'react';
import { columnsQuery } from '../api/queries.ts';
import type { Lifecycle } from '../api/types.ts';
import { narrowScreen, wideScreen } from '../layout/navigation.ts';
import { changedSearch, defaultProject, type RunsSearch } from '../urls.ts';
import {
  type Column,
  columnId,
  columnsOfToken,
  columnsToken,
  defaultColumns,
  withoutRepeats,
} from './columns.ts';
import { type GroupField, groupFieldsOf } from './grouping.ts';
import { type Sort, sortOfToken, sortToken } from './sort.ts';

const route = getRouteApi('/experiments/$experiment');

export interface TableState {
  readonly project: string;
  readonly experiment: string;
  readonly filter: string;
  readonly sort: Sort | undefined;
  readonly view: Lifecycle;
  /** Whether charts stand beside the table. */
  readonly charts: boolean;
  /** Undefined until it is known which vary. */
  readonly columns: readonly Column[] | undefined;
  /** What runs are grouped by; empty = not. */
  readonly by: readonly GroupField[];
  /** The order of groups, as it stands in the URL. */
  readonly bySort: string;
  /** Whether somebody chose the columns. */
  readonly chosen: boolean;
  setFilter(filter: string): void;
  setSort(sort: Sort | undefined): void;
  setView(view: Lifecycle): void;
  setBy(by: string | undefined): void;
  setBySort(bySort: string): void;
  /** The runs of one group, a row for each. */
  openGroup(filter: string): void;
  setCharts(on: boolean): void;
  /** Undefined goes back to those that vary. */
  setColumns(columns: readonly Column[] | undefined): void;
  /** The same column with another aggregate or goal; the order follows when it was by this column. */
  replaceColumn(before: Column, after: Column): void;
}

export function useTableState(): TableState {
  const search = route.useSearch();
  const { experiment } = route.useParams();
  const navigate = route.useNavigate();
  const project = search.project ?? defaultProject;
  const known = useQuery(columnsQuery(project, experiment));

  const chosen = useMemo(
    () => (search.cols === undefined ? undefined : columnsOfToken(search.cols)),
    [search.cols],
  );
  const previous = useRef<{ experiment: string; columns: readonly Column[] }>(undefined);
  const columns = useMemo(() => {
    if (chosen !== undefined) return chosen;
    if (known.data === undefined) return known.isError ? [] : undefined;
    const before = previous.current?.experiment === experiment ? previous.current.columns : [];
    const next = defaultColumns(known.data.items, before, narrowScreen());
    const same = columnsToken(next) === columnsToken(before);
    if (!same) previous.current = { experiment, columns: next };
    return same ? before : next;
  }, [chosen, known.data, known.isError, experiment]);
  const sort = useMemo(
    () => (search.sort === undefined ? undefined : sortOfToken(search.sort)),
    [search.sort],
  );

  const by = useMemo(() => groupFieldsOf(search.by), [search.by]);

  const change = useCallback(
    (part: Partial<Record<keyof RunsSearch, string | undefined>>) => {
      void navigate({
        search: (before: RunsSearch) => changedSearch<object>(before, part),
      });
    },
    [navigate],
  );

  return useMemo(
    () => ({
      project,
      experiment,
      filter: search.filter ?? '',
      sort,
      view: search.view ?? 'active',
      charts: search.charts === undefined ? wideScreen() : search.charts === 'on',
      columns,
      by,
      bySort: search.bysort ?? '-runs',
      setBy: (next) => change({ by: next }),
      setBySort: (next) => change({ bysort: next === '-runs' ? undefined : next }),
      openGroup: (next) => change({ by: undefined, bysort: undefined, filter: next }),
      chosen: chosen !== undefined,
      setFilter: (filter) => change({ filter: filter.trim() }),
      setSort: (next) => change({ sort: next === undefined ? undefined : sortToken(next) }),
      setView: (view) => change({ view: view === 'active' ? undefined : view }),
      setCharts: (on) => change({ charts: on === wideScreen() ? undefined : on ? 'on' : 'off' }),
      setColumns: (next) => change({ cols: next === undefined ? undefined : columnsToken(next) }),
      replaceColumn: (before, after) => {
        const next = (columns ?? []).map((column) =>
          columnId(column) === columnId(before) ? after : column,
        );
        const sorted = sort !== undefined && sort.by !== 'name' && columnId(sort.by) === columnId(before);
        change({
          cols: columnsToken(withoutRepeats(next)),
          ...(sorted ? { sort: sortToken({ ...sort, by: after }) } : {}),
        });
      },
    }),
    [
      project,
      experiment,
      search.filter,
      search.view,
      search.charts,
      search.bysort,
      sort,
      columns,
      by,
      chosen,
      change,
    ],
  );
}
