/** The runs of one experiment: what the URL asks for, kept alive, with the menus and keys that act on it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { columnsQuery, experimentQuery } from '../api/queries.ts';
import { FilterBar, type FilterBarHandle } from '../filter/filter-bar.tsx';
import { countText } from '../format/numbers.ts';
import { usePaletteActions } from '../palette/palette-state.ts';
import { useRecent } from '../palette/recent.ts';
import { copyAndTell } from '../ui/copy-button.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { compareUrl, homeUrl, runUrl, siteSearchOf } from '../urls.ts';
import { CellMenu } from './cell-menu.tsx';
import { ChartsPanel } from './charts-panel.tsx';
import { ColumnMenu } from './column-menu.tsx';
import type { Column } from './columns.ts';
import { BrokenTable, EmptyTable } from './empty-table.tsx';
import { GroupTable } from './group-table.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { PageHead } from './page-head.tsx';
import type { RunPages } from './run-pages.ts';
import { RunTable, type RunTableHandle } from './run-table.tsx';
import { RunsSkeleton } from './runs-skeleton.tsx';
import { useSelection } from './selection.ts';
import { nextSort } from './sort.ts';
import { TableActions } from './table-actions.tsx';
import { TableFoot } from './table-foot.tsx';
import { useBest } from './use-best.ts';
import { useCursor } from './use-cursor.ts';
import { useLive } from './use-live.ts';
import { useRunChanges } from './use-run-changes.ts';
import { useRunPages } from './use-run-pages.ts';
import { useTableKeys } from './use-table-keys.ts';
import { type TableState, useTableState } from './use-table-state.ts';
import { useValuesOf } from './use-values-of.ts';

/** The one menu or dialog that is open. */
type Opened =
  | {
      readonly what: 'cell';
      readonly row: number;
      readonly column: Column | 'name';
      readonly anchor: Element;
    }
  | { readonly what: 'column'; readonly column: Column; readonly anchor: Element }
  | { readonly what: 'keys' };

/** How far down each table was when it was left. */
const places = new WeakMap<RunPages, number>();

export function RunsPage() {
  const state = useTableState();
  const { project, experiment, filter, view } = state;
  const facts = useQuery(experimentQuery(project, experiment));
  const known = useQuery(columnsQuery(project, experiment));
  const { pages, snapshot, shown, shownSnapshot, busy } = useRunPages(state);
  const connection = useLive({ project, experiment, pages, volatile: isVolatile(state) });
  const best = useBest(state, snapshot.matching);
  const scope = `${project} ${experiment} ${view}`;
  const selection = useSelection(scope);
  const cursor = useCursor(scope, shown, shownSnapshot.version, shownSnapshot.count);
  const changes = useRunChanges({ state, shown, pages, selection, cursor });
  const valuesOf = useValuesOf(shown);
  const table = useRef<RunTableHandle>(null);
  const filterBar = useRef<FilterBarHandle>(null);
  const [opened, setOpened] = useState<Opened>();
  const close = useCallback(() => setOpened(undefined), []);
  const site = useMemo(() => siteSearchOf({ project }), [project]);
  const navigate = useNavigate();
  const openRun = (row: number): boolean => {
    const run = shown.row(row);
    if (run === undefined) return false;
    cursor.move(row, 0);
    void navigate(runUrl(run.id, site));
    return true;
  };
  const compare = (): boolean => {
    if (selection.ids.size < 2) return false;
    void navigate(compareUrl(selection.ids, site));
    return true;
  };
  const [first, setFirst] = useState(0);
  const keepPlace = useCallback((top: number) => places.set(pages, top), [pages]);
  const openKeys = () => setOpened({ what: 'keys' });

  function openCell(row: number, cell: number, anchor: Element | null | undefined): boolean {
    const column = cell === 0 ? 'name' : state.columns?.[cell - 1];
    if (anchor == null || column === undefined || shown.row(row) === undefined) return false;
    cursor.move(row, cell);
    setOpened({ what: 'cell', row, column, anchor });
    return true;
  }

  useTableKeys({
    table,
    cursor,
    selection,
    changes,
    rows: shownSnapshot.count,
    cells: state.columns?.length ?? 0,
    openCell,
    openRun,
    compare,
    openKeys,
    focusFilter: () => filterBar.current?.focus(),
  });

  useRecent(project, facts.data && { kind: 'experiment', id: experiment, name: facts.data.name });
  usePaletteActions([
    ...(selection.ids.size > 1
      ? [
          {
            text: `Compare ${countText(selection.ids.size)} selected runs`,
            icon: 'columns',
            hint: 'c',
            run: () => void compare(),
          } as const,
        ]
      : []),
    {
      text: state.charts ? 'Hide the charts' : 'Show charts beside the table',
      icon: 'chart',
      run: () => state.setCharts(!state.charts),
    },
    { text: 'Write a filter', icon: 'search', hint: '/', run: () => filterBar.current?.focus() },
    {
      text: view === 'deleted' ? 'Show active runs' : 'Show deleted runs',
      icon: 'trash',
      run: () => state.setView(view === 'deleted' ? 'active' : 'deleted'),
    },
    {
      text: 'Copy the id of this experiment',
      icon: 'copy',
      run: () => void copyAndTell(experiment),
    },
    { text: 'Show all keys', icon: 'keyboard', hint: '?', run: openKeys },
  ]);

  useEffect(() => {
    document.title = facts.data === undefined ? 'Cairn' : `${facts.data.name} · Cairn`;
  }, [facts.data]);

  // A server that came back: go on without being asked.
  useEffect(() => {
    if (connection === 'live' && pages.snapshot().phase === 'failed') pages.retry();
  }, [connection, pages]);

  if (facts.error instanceof ApiProblem && facts.error.status === 404) {
    return (
      <ProblemView alone error={facts.error} what={`There is no experiment ${experiment} here`}>
        <Link {...homeUrl({})} className="button primary">
          Open the most recent one
        </Link>
      </ProblemView>
    );
  }

  const openedRun = opened?.what === 'cell' ? shown.row(opened.row) : undefined;
  const { error, phase } = snapshot;
  return (
    <>
      <PageHead experiment={facts.data} project={project} connection={connection} onKeys={openKeys} />
      <div className="bar">
        <FilterBar
          ref={filterBar}
          project={project}
          experiment={experiment}
          filter={filter}
          problem={error instanceof ApiProblem && error.field === 'filter' ? error : undefined}
          valuesOf={valuesOf}
          onApply={(next) => {
            state.setFilter(next);
            table.current?.focus();
          }}
          onLeave={() => table.current?.focus()}
        />
        <TableActions
          state={state}
          selection={selection}
          onChange={changes.changeSelected}
          onCompare={compare}
        />
      </div>
      <div className={state.charts ? 'page-body beside' : 'page-body'}>
        {phase === 'failed' ? (
          <BrokenTable state={state} error={error} onRetry={() => pages.retry()} />
        ) : state.columns === undefined ? (
          <RunsSkeleton />
        ) : shownSnapshot.phase === 'ready' && shownSnapshot.count === 0 ? (
          <EmptyTable state={state} total={shownSnapshot.total} name={facts.data?.name} />
        ) : state.by.length > 0 ? (
          <GroupTable state={state} />
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
            site={site}
            top={places.get(pages) ?? 0}
            onLeave={keepPlace}
            {...(state.charts ? { onRest: setFirst } : {})}
            onOpen={openRun}
            onSort={(column) => state.setSort(nextSort(state.sort, column))}
            onColumn={(column, anchor) => setOpened({ what: 'column', column, anchor })}
            onCell={openCell}
            onCheck={changes.check}
            onCheckAll={() => void changes.checkAll()}
          />
        )}
        {state.charts && state.columns !== undefined && shownSnapshot.count > 0 && (
          <ChartsPanel
            pages={shown}
            version={shownSnapshot.version}
            columns={state.columns}
            selection={selection}
            first={first}
            onClose={() => state.setCharts(false)}
          />
        )}
        {shownSnapshot.arrived > 0 && (
          <button type="button" className="arrived" onClick={() => table.current?.toTop()}>
            {shownSnapshot.arrived === 1 ? '1 new run' : `${countText(shownSnapshot.arrived)} new runs`}, go
            to the top
          </button>
        )}
      </div>
      <TableFoot snapshot={shownSnapshot} filtered={filter !== ''} view={view} />
      {opened?.what === 'cell' && openedRun !== undefined && (
        <CellMenu
          state={state}
          run={openedRun}
          column={opened.column}
          anchor={opened.anchor}
          onClose={close}
        />
      )}
      {opened?.what === 'column' && (
        <ColumnMenu state={state} column={opened.column} anchor={opened.anchor} onClose={close} />
      )}
      {opened?.what === 'keys' && <KeysDialog onClose={close} />}
    </>
  );
}

/** Whether a logged value can change which rows there are, or their order. */
function isVolatile({ filter, sort }: TableState): boolean {
  if (filter !== '') return true;
  return sort !== undefined && sort.by !== 'name' && sort.by.scope !== 'attribute';
}
