/** The active cell: which row and which column the keyboard is on. It follows its run when rows move. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { RunPages } from './run-pages.ts';

export interface Cursor {
  /** Undefined when no row is active. */
  readonly row: number | undefined;
  /** 0 is the name, the columns follow. */
  readonly cell: number;
  move(row: number, cell?: number): void;
  clear(): void;
}

type Placed = { scope: string; row: number; id: string | undefined; cell: number } | undefined;

/** Where it was when the table was left, for who comes back. */
let left: Placed;

/** Forgotten when `scope` changes: another experiment, another view. */
export function useCursor(scope: string, pages: RunPages, version: number, count: number): Cursor {
  const [placed, setAt] = useState(left);
  useEffect(() => {
    left = placed;
  }, [placed]);
  const at = placed?.scope === scope ? placed : undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the rows
  const row = useMemo(() => {
    if (at === undefined || count === 0) return undefined;
    if (at.id === undefined || pages.row(at.row)?.id === at.id) return Math.min(at.row, count - 1);
    for (const { index, run } of pages.loaded()) if (run.id === at.id) return index;
    return Math.min(at.row, count - 1);
  }, [at, pages, version, count]);

  const cell = at?.cell ?? 0;
  const move = useCallback(
    (next: number, nextCell?: number) =>
      setAt((before) => {
        const id = pages.row(next)?.id;
        const target = nextCell ?? before?.cell ?? 0;
        return { scope, row: next, id, cell: target };
      }),
    [scope, pages],
  );
  const clear = useCallback(() => setAt(undefined), []);
  return useMemo(() => ({ row, cell, move, clear }), [row, cell, move, clear]);
}
