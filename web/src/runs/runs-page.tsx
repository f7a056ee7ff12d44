/** The runs of one experiment. Empty and broken states, then the bar above the table, then the page that joins them. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { runSearch } from '../api/operations.ts';
import { columnsQuery, experimentQuery } from '../api/queries.ts';
import { FilterBar, type FilterBarHandle } from '../filter/filter-bar.tsx';
import { countText } from '../format/numbers.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { runLatestAction, showToast } from '../ui/toasts.tsx';
import { homeUrl } from '../urls.ts';
import { CellMenu } from './cell-menu.tsx';
import { changeRuns } from './change-runs.ts';
import { ColumnMenu } from './column-menu.tsx';
import type { Column } from './columns.ts';
import { FilterHelp } from './filter-help.tsx';
import { FirstRun } from './first-run.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { PageHead } from './page-head.tsx';
import { RunTable, type RunTableHandle } from './run-table.tsx';
import { RunsSkeleton } from './runs-skeleton.tsx';
import { useSelection } from './selection.ts';
import { nextSort, orderText } from './sort.ts';
import { TableActions } from './table-actions.tsx';
import { TableFoot } from './table-foot.tsx';
import { useBest } from './use-best.ts';
import { useCursor } from './use-cursor.ts';
import { useKeys } from './use-keys.ts';
import { useLive } from './use-live.ts';
import { useRunPages } from './use-run-pages.ts';
import { type TableState, useTableState } from './use-table-state.ts';
import { useValuesOf } from './use-values-of.ts';

/** The API's largest page: what one selection can reach at once. */
const selectLimit = 1000;

type Opened =
  | { readonly what: 'cell'; readonly row: number; readonly column: Column | 'name'; readonly anchor: Element }
  | { readonly what: 'column'; readonly column: Column; readonly anchor: Element }
  | { readonly what: 'keys' };

export function RunsPage() {
  const state = useTableState();
  const { project, experiment, filter, view } = state;
  const facts = useQuery(experimentQuery(project, experiment));
  const known = useQuery(columnsQuery(project, experiment));
  const { pages, snapshot, shown, shownSnapshot, busy } = useRunPages(state);
  const connection = useLive({ project, experiment, pages, volatile: isVolatile(state) });
  const best = useBest(state, snapshot.matching);
  const selection = useSelection(`${project} ${experiment} ${view}`);
  const valuesOf = useValuesOf(shown);
  const cursor = useCursor(shown, shownSnapshot.version, shownSnapshot.count);
  const [opened, setOpened] = useState<Opened>();
  const close = useCallback(() => setOpened(undefined), []);
  const table = useRef<RunTableHandle>(null);
  const filterBar = useRef<FilterBarHandle>(null);
  const queries = useQueryClient();
  const anchorRow = useRef<number>(undefined);

  useEffect(() => {
    document.title = facts.data === undefined ? 'Cairn' : `${facts.data.name} · Cairn`;
  }, [facts.data]);

  // A server that came back: go on without being asked.
  useEffect(() => {
    if (connection === 'live' && pages.snapshot().phase === 'failed') pages.retry();
  }, [connection, pages]);

  const problem = snapshot.error instanceof ApiProblem ? snapshot.error : undefined;
  const filterProblem = problem?.field === 'filter' ? problem : undefined;

  function moveTo(row: number, cell = cursor.cell): boolean {
    if (shownSnapshot.count === 0) return false;
    const [to, at] = [clamp(row, shownSnapshot.count - 1), clamp(cell, state.columns?.length ?? 0)];
    cursor.move(to, at);
    table.current?.reveal(to, at);
    table.current?.focus();
    return true;
  }

  function openCell(row: number, cell: number, anchor: Element | null | undefined): boolean {
    const column = cell === 0 ? 'name' : state.columns?.[cell - 1];
    if (anchor == null || column === undefined || shown.row(row) === undefined) return false;
    cursor.move(row, cell);
    setOpened({ what: 'cell', row, column, anchor });
    return true;
  }

  function check(row: number, range: boolean): void {
    const run = shown.row(row);
    if (run === undefined) return;
    const from = anchorRow.current;
    if (range && from !== undefined) {
      const [first, last] = [Math.min(from, row), Math.max(from, row)];
      const ids = Array.from({ length: last - first + 1 }, (_, index) => shown.row(first + index)?.id);
      selection.add(ids.filter((id) => id !== undefined));
    } else selection.toggle(run.id);
    anchorRow.current = row;
    cursor.move(row);
  }

  async function checkAll(): Promise<void> {
    if (selection.ids.size > 0) return selection.clear();
    const found = await runSearch(project, {
      experiments: [experiment],
      ...(filter === '' ? {} : { filter }),
      order: orderText(state.sort),
      view,
      limit: selectLimit,
      columns: { metrics: [], params: [], tags: [] },
    });
    selection.set(found.items.map((run) => run.id));
    if (found.matching > found.items.length)
      showToast({
        text: `The first ${countText(selectLimit)} of ${countText(found.matching)} runs are selected: as many as one selection holds.`,
      });
  }

  function changeSelected(): boolean {
    const row = cursor.row === undefined ? undefined : shown.row(cursor.row)?.id;
    const ids = selection.ids.size > 0 ? [...selection.ids] : row === undefined ? [] : [row];
    if (ids.length === 0) return false;
    selection.clear();
    void changeRuns({
      change: view === 'active' ? 'delete' : 'restore',
      project,
      ids,
      onChanged: () => {
        void pages.invalidate();
        void queries.invalidateQueries({ queryKey: ['experiments', project] });
        void queries.invalidateQueries({ queryKey: ['experiment', project, experiment] });
      },
    });
    return true;
  }

  const at = cursor.row;
  const step = (rows: number) => () => moveTo(at === undefined ? 0 : at + rows);
  const sideways = (cells: number) => () => at !== undefined && moveTo(at, cursor.cell + cells);
  const screen = () => table.current?.screen() ?? 20;
  const tick = () => {
    if (at === undefined) return false;
    check(at, false);
    return true;
  };
  useKeys({
    '/': () => {
      filterBar.current?.focus();
      return true;
    },
    j: step(1),
    ArrowDown: step(1),
    k: step(-1),
    ArrowUp: step(-1),
    ArrowRight: sideways(1),
    ArrowLeft: sideways(-1),
    Home: sideways(Number.NEGATIVE_INFINITY),
    End: sideways(Number.POSITIVE_INFINITY),
    PageDown: () => step(screen())(),
    PageUp: () => step(-screen())(),
    g: () => moveTo(0),
    G: () => moveTo(shownSnapshot.count - 1),
    x: tick,
    ' ': tick,
    Enter: () => at !== undefined && openCell(at, cursor.cell, table.current?.cell(at, cursor.cell)),
    Delete: changeSelected,
    u: runLatestAction,
    '?': () => {
      setOpened({ what: 'keys' });
      return true;
    },
    Escape: () => {
      if (selection.ids.size > 0) selection.clear();
      else cursor.clear();
      return true;
    },
  });

  if (facts.error instanceof ApiProblem && facts.error.status === 404) {
    return (
      <ProblemView error={facts.error} what={`There is no experiment ${experiment} here`}>
        <Link {...homeUrl({})} className="button primary">
          Open the most recent one
        </Link>
      </ProblemView>
    );
  }

  const openedRun = opened?.what === 'cell' ? shown.row(opened.row) : undefined;
  return (
    <>
      <PageHead
        experiment={facts.data}
        project={project}
        connection={connection}
        onKeys={() => setOpened({ what: 'keys' })}
      />
      <div className="bar">
        <FilterBar
          ref={filterBar}
          project={project}
          experiment={experiment}
          filter={filter}
          problem={filterProblem}
          valuesOf={valuesOf}
          onApply={(next) => {
            state.setFilter(next);
            table.current?.focus();
          }}
          onLeave={() => table.current?.focus()}
        />
        <TableActions state={state} selection={selection} onChange={changeSelected} />
      </div>
      <div className="page-body">
        {snapshot.phase === 'failed' ? (
          filterProblem === undefined ? (
            <ProblemView
              error={snapshot.error}
              onRetry={() => pages.retry()}
              {...(problem?.field?.startsWith('order') === true ? { what: 'This order is not understood' } : {})}
            >
              {state.sort !== undefined && (
                <button type="button" className="button" onClick={() => state.setSort(undefined)}>
                  Newest first
                </button>
              )}
            </ProblemView>
          ) : (
            <FilterHelp onClear={() => state.setFilter('')} />
          )
        ) : state.columns === undefined ? (
          <RunsSkeleton />
        ) : shownSnapshot.phase === 'ready' && shownSnapshot.count === 0 ? (
          <EmptyTable state={state} total={shownSnapshot.total} name={facts.data?.name} />
        ) : (
          <RunTable
            ref={table}
            label={`${view === 'deleted' ? 'Deleted runs' : 'Runs'} of ${facts.data?.name ?? 'the experiment'}`}
            pages={shown}
            snapshot={shownSnapshot}
            busy={busy}
            columns={state.columns}
            known={known.data?.items}
            sort={state.sort}
            best={best}
            selection={selection}
            cursor={cursor}
            onSort={(column) => state.setSort(nextSort(state.sort, column))}
            onColumn={(column, anchor) => setOpened({ what: 'column', column, anchor })}
            onCell={openCell}
            onCheck={check}
            onCheckAll={() => void checkAll()}
          />
        )}
        {shownSnapshot.arrived > 0 && (
          <button type="button" className="arrived" onClick={() => table.current?.toTop()}>
            {shownSnapshot.arrived === 1 ? '1 new run' : `${countText(shownSnapshot.arrived)} new runs`}, go to the top
          </button>
        )}
      </div>
      <TableFoot snapshot={shownSnapshot} filtered={filter !== ''} view={view} />
      {opened?.what === 'cell' && openedRun !== undefined && (
        <CellMenu state={state} run={openedRun} column={opened.column} anchor={opened.anchor} onClose={close} />
      )}
      {opened?.what === 'column' && (
        <ColumnMenu state={state} column={opened.column} anchor={opened.anchor} onClose={close} />
      )}
      {opened?.what === 'keys' && <KeysDialog onClose={close} />}
    </>
  );
}

function EmptyTable(props: { state: TableState; total: number; name: string | undefined }): ReactNode {
  const { state, total, name } = props;
  if (state.filter !== '') {
    return (
      <div className="notice">
        <h2>No run matches</h2>
        <p>
          None of the {countText(total)} {state.view === 'deleted' ? 'deleted runs' : 'runs'} passes the filter. A
          comparison is false where the value was not logged; <code>is null</code> finds those.
        </p>
        <div className="notice-actions">
          <button type="button" className="button primary" onClick={() => state.setFilter('')}>
            Clear the filter
          </button>
        </div>
      </div>
    );
  }
  if (state.view === 'deleted') {
    return (
      <div className="notice">
        <h2>No deleted runs</h2>
        <p>Runs that are deleted wait here, and can be restored.</p>
      </div>
    );
  }
  return <FirstRun experiment={name ?? ''} />;
}

/** Whether a logged value can change which rows there are, or their order. */
function isVolatile({ filter, sort }: TableState): boolean {
  if (filter !== '') return true;
  return sort !== undefined && sort.by !== 'name' && sort.by.scope !== 'attribute';
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
