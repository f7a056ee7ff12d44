/** Where every column stands, and which of them are in sight: a table of 500 columns draws the ten that show. */
import { useMemo } from 'react';
import type { KnownColumn } from '../api/types.ts';
import { type Column, columnSource } from './columns.ts';
import type { ColumnWidths } from './widths.ts';

const checkWidth = 36;

export interface PlacedColumn {
  readonly column: Column;
  /** Index among the columns. */
  readonly place: number;
  readonly left: number;
  readonly width: number;
  readonly numeric: boolean;
  /** The first of its kind: metrics, parameters, tags. */
  readonly leads: boolean;
}

export interface TableLayout {
  readonly all: readonly PlacedColumn[];
  readonly visible: readonly PlacedColumn[];
  readonly nameWidth: number;
  /** Of the check boxes and names, which do not scroll. */
  readonly pinned: number;
  /** Of the whole table. */
  readonly width: number;
}

/** `numericIds`: columns of texts that are numbers throughout. */
export function useTableLayout(options: {
  columns: readonly Column[];
  widths: ColumnWidths;
  numericIds: ReadonlySet<string>;
  viewport: { left: number; width: number };
}): TableLayout {
  const { columns, widths, numericIds, viewport } = options;
  const pinned = checkWidth + widths.name;

  const all = useMemo(() => {
    let left = pinned;
    return columns.map((column, place): PlacedColumn => {
      const width = widths.width(column);
      const placed = {
        column,
        place,
        left,
        width,
        numeric: column.scope === 'metric' || numericIds.has(columnSource(column)),
        leads: columns[place - 1]?.scope !== column.scope,
      };
      left += width;
      return placed;
    });
  }, [columns, widths, numericIds, pinned]);

  const last = all.at(-1);
  const width = last === undefined ? pinned : last.left + last.width;
  const from = all.findIndex((placed) => placed.left + placed.width > viewport.left + pinned);
  const beyond = all.findIndex((placed) => placed.left >= viewport.left + viewport.width);
  const to = beyond < 0 ? all.length : beyond;

  return useMemo(
    () => ({ all, visible: from < 0 ? [] : all.slice(from, to), nameWidth: widths.name, pinned, width }),
    [all, from, to, widths.name, pinned, width],
  );
}

export function numericIdsOf(known: readonly KnownColumn[] | undefined): ReadonlySet<string> {
  const plural = { metric: 'metrics', param: 'params', tag: 'tags' } as const;
  const numeric = (known ?? []).filter((column) => column.numeric);
  return new Set(numeric.map((column) => `${plural[column.scope]}.${column.key}`));
}
