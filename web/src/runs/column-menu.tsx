/** What a column can do: show another number, say what best is, sort, move, resize, leave. */
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { aggregates, type Column, columnId, columnTitle } from './columns.ts';
import type { Goal } from './goals.ts';
import { isSortedBy, nextSort } from './sort.ts';
import type { TableState } from './use-table-state.ts';

const aggregateTexts = {
  last: 'Last value',
  min: 'Lowest value',
  max: 'Highest value',
  first: 'First value',
  mean: 'Mean of all points',
  count: 'Number of points',
} as const;

function shows(columns: readonly Column[], column: Column): boolean {
  return columns.some((each) => columnId(each) === columnId(column));
}

const goalTexts: Readonly<Record<Goal, string>> = {
  low: 'Lowest is best',
  high: 'Highest is best',
  none: 'No best value',
};

export function ColumnMenu(props: {
  state: TableState;
  column: Column;
  anchor: Element;
  onClose: () => void;
}) {
  const { column } = props;
  return (
    <Menu
      anchor={props.anchor}
      align="end"
      label={`Column ${columnTitle(column)}`}
      entries={entriesOf(props.state, column)}
      onClose={props.onClose}
    />
  );
}

function entriesOf(state: TableState, column: Column): MenuEntry[] {
  const columns = state.columns ?? [];
  const place = columns.findIndex((each) => columnId(each) === columnId(column));
  const swap = (to: number) => {
    const next = [...columns];
    next.splice(to, 0, ...next.splice(place, 1));
    state.setColumns(next);
  };
  const entries: MenuEntry[] = [{ kind: 'heading', text: columnTitle(column) }];

  if (column.scope === 'metric') {
    for (const aggregate of aggregates)
      entries.push({
        kind: 'action',
        text: aggregateTexts[aggregate],
        hint: aggregate,
        checked: aggregate === column.aggregate,
        run: () => state.replaceColumn(column, { ...column, aggregate }),
      });
    const missing = aggregates.find((aggregate) => !shows(columns, { ...column, aggregate }));
    if (missing !== undefined)
      entries.push({
        kind: 'action',
        text: 'Another column of it',
        icon: 'columns',
        run: () =>
          state.setColumns([
            ...columns.slice(0, place + 1),
            { ...column, aggregate: missing },
            ...columns.slice(place + 1),
          ]),
      });
    entries.push({ kind: 'divider' });
    for (const goal of ['low', 'high', 'none'] as const)
      entries.push({
        kind: 'action',
        text: goalTexts[goal],
        checked: goal === column.goal,
        run: () => state.replaceColumn(column, { ...column, goal }),
      });
    entries.push({ kind: 'divider' });
  }
  if (column.scope !== 'attribute' || column.key !== 'duration') {
    const current = isSortedBy(state.sort, column) ? state.sort : undefined;
    for (const descending of [false, true])
      entries.push({
        kind: 'action',
        text: descending ? 'Sort descending' : 'Sort ascending',
        icon: descending ? 'down' : 'up',
        disabled: current?.descending === descending,
        run: () => state.setSort({ by: column, descending }),
      });
    if (current !== undefined && nextSort(state.sort, column) !== current)
      entries.push({
        kind: 'action',
        text: 'Newest first again',
        icon: 'restore',
        run: () => state.setSort(undefined),
      });
    entries.push({ kind: 'divider' });
  }
  entries.push(
    { kind: 'action', text: 'Move left', icon: 'left', disabled: place <= 0, run: () => swap(place - 1) },
    {
      kind: 'action',
      text: 'Move right',
      icon: 'right',
      disabled: place < 0 || place === columns.length - 1,
      run: () => swap(place + 1),
    },
    {
      kind: 'action',
      text: 'Hide column',
      icon: 'close',
      run: () => state.setColumns(columns.filter((each) => columnId(each) !== columnId(column))),
    },
  );
  return entries;
}
