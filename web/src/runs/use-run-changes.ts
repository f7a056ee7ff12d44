/** Ticking runs, and what is done with the ticked ones. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { runSearch } from '../api/operations.ts';
import { countedText, countText } from '../format/numbers.ts';
import { showToast } from '../ui/toasts.tsx';
import { changeRuns } from './change-runs.ts';
import type { RunPages } from './run-pages.ts';
import type { Selection } from './selection.ts';
import { orderText } from './sort.ts';
import type { Cursor } from './use-cursor.ts';
import type { TableState } from './use-table-state.ts';

/** The API's largest page: what one selection can reach at once. */
const selectLimit = 1000;

export interface RunChanges {
  /** Ticks a row, or with `range` every row from the one ticked before. */
  check(row: number, range: boolean): void;
  /** Ticks all that match, or none when some are ticked. */
  checkAll(): Promise<void>;
  /** Deletes the ticked runs, or the active one; in the view of deleted runs it restores. */
  changeSelected(): boolean;
}

export function useRunChanges(options: {
  state: TableState;
  /** What is on the screen, and what is asked for. */
  shown: RunPages;
  pages: RunPages;
  selection: Selection;
  cursor: Cursor;
}): RunChanges {
  const { state, shown, pages, selection, cursor } = options;
  const { project, experiment, filter, view } = state;
  const queries = useQueryClient();
  const last = useRef<number>(undefined);

  function check(row: number, range: boolean): void {
    const run = shown.row(row);
    if (run === undefined) return;
    const from = last.current;
    if (range && from !== undefined) {
      const [first, end] = [Math.min(from, row), Math.max(from, row)];
      const ids = Array.from({ length: end - first + 1 }, (_, index) => shown.row(first + index)?.id);
      selection.add(ids.filter((id) => id !== undefined));
    } else selection.toggle(run.id);
    last.current = row;
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
    const { items, matching = items.length } = found;
    selection.set(items.map((run) => run.id));
    if (matching > items.length)
      showToast({
        text: `The first ${countText(selectLimit)} of ${countedText(matching, found.countComplete !== false)} runs are selected: as many as one selection holds.`,
      });
  }

  function changeSelected(): boolean {
    const active = cursor.row === undefined ? undefined : shown.row(cursor.row)?.id;
    const ids = selection.ids.size > 0 ? [...selection.ids] : active === undefined ? [] : [active];
    if (ids.length === 0) return false;
    selection.clear();
    void changeRuns({
      change: view === 'active' ? 'delete' : 'restore',
      project,
      ids,
      onChanged() {
        void pages.invalidate();
        void queries.invalidateQueries({ queryKey: ['experiments', project] });
        void queries.invalidateQueries({ queryKey: ['experiment', project, experiment] });
      },
    });
    return true;
  }

  return { check, checkAll, changeSelected };
}
