/** The keys of the page, on its table. */
import type { RefObject } from 'react';
import { runLatestAction } from '../ui/toasts.tsx';
import type { RunTableHandle } from './run-table.tsx';
import type { Selection } from './selection.ts';
import type { Cursor } from './use-cursor.ts';
import { useKeys } from './use-keys.ts';
import type { RunChanges } from './use-run-changes.ts';

export function useTableKeys(options: {
  table: RefObject<RunTableHandle | null>;
  cursor: Cursor;
  selection: Selection;
  changes: RunChanges;
  /** Rows, and cells of a row beside the name. */
  rows: number;
  cells: number;
  openCell: (row: number, cell: number, anchor: Element | null | undefined) => boolean;
  openRun: (row: number) => boolean;
  compare: () => boolean;
  openKeys: () => void;
  focusFilter: () => void;
}): void {
  const { table, cursor, selection, changes, rows, cells } = options;
  const at = cursor.row;

  function moveTo(row: number, cell = cursor.cell): boolean {
    if (rows === 0) return false;
    const [to, across] = [clamp(row, rows - 1), clamp(cell, cells)];
    cursor.move(to, across);
    table.current?.reveal(to, across);
    table.current?.focus();
    return true;
  }

  const step = (by: number) => () => moveTo(at === undefined ? 0 : at + by);
  const sideways = (by: number) => () => at !== undefined && moveTo(at, cursor.cell + by);
  const screen = (direction: number) => () => step(direction * (table.current?.screen() ?? 20))();
  const tick = () => {
    if (at === undefined) return false;
    changes.check(at, false);
    return true;
  };

  const menu = () =>
    at !== undefined && options.openCell(at, cursor.cell, table.current?.cell(at, cursor.cell));

  useKeys({
    '/': always(options.focusFilter),
    '?': always(options.openKeys),
    j: step(1),
    ArrowDown: step(1),
    k: step(-1),
    ArrowUp: step(-1),
    ArrowRight: sideways(1),
    ArrowLeft: sideways(-1),
    Home: sideways(Number.NEGATIVE_INFINITY),
    End: sideways(Number.POSITIVE_INFINITY),
    PageDown: screen(1),
    PageUp: screen(-1),
    g: () => moveTo(0),
    G: () => moveTo(rows - 1),
    x: tick,
    ' ': tick,
    Enter: () => at !== undefined && (cursor.cell === 0 ? options.openRun(at) : menu()),
    m: menu,
    c: options.compare,
    Delete: changes.changeSelected,
    u: runLatestAction,
    Escape: always(() => (selection.ids.size > 0 ? selection.clear() : cursor.clear())),
  });
}

function always(act: () => void): () => boolean {
  return () => {
    act();
    return true;
  };
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
