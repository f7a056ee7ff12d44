import { useMemo, useRef } from 'react';
import type { Run } from '../api/types.ts';
import type { Column } from './columns.ts';
import type { RunPages } from './run-pages.ts';
import { wholeColumns } from './values.ts';

/** Rows that are enough to tell what a column holds. */
const sample = 100;

/** What the first rows say about the columns; the same objects as long as they say the same. */
export function useColumnFacts(
  pages: RunPages,
  version: number,
  columns: readonly Column[],
): { firstRows: readonly Run[]; whole: ReadonlySet<string> } {
  const held = useRef<{ first: readonly Run[]; whole: ReadonlySet<string> }>({ first: [], whole: new Set() });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the rows
  return useMemo(() => {
    const rows: Run[] = [];
    for (const { run } of pages.loaded()) if (rows.push(run) === sample) break;
    const whole = wholeColumns(rows, columns);
    const before = held.current;
    const sameRows = rows.length === before.first.length && rows.every((run, at) => run === before.first[at]);
    const sameWhole = whole.size === before.whole.size && [...whole].every((id) => before.whole.has(id));
    held.current = { first: sameRows ? before.first : rows, whole: sameWhole ? before.whole : whole };
    return { firstRows: held.current.first, whole: held.current.whole };
  }, [pages, version, columns]);
}
