/** Column widths: guessed from what stands in the column, then what somebody dragged it to (kept in this browser). */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Run } from '../api/types.ts';
import { narrowScreen } from '../layout/navigation.ts';
import { type Column, columnSource, columnTitle } from './columns.ts';

export const narrowest = 56;
const widest = 640;
export const nameId = 'run.name';

const slot = 'cairn.widths';
/** Of the mono font at table size, and of the header's: px per character, with some air. */
const perCharacter = 7.3;
const perTitleCharacter = 6.7;
const padding = 22;
/** The arrow of a column's menu. */
const menuWidth = 24;

const attributeWidths: Readonly<Record<string, number>> = {
  'run.state': 106,
  'run.started': 98,
  'run.user': 96,
  'run.duration': 92,
  'run.ended': 92,
  'run.id': 112,
};

type Widths = Readonly<Record<string, number>>;

function read(): Widths {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(slot) ?? '{}');
    return typeof stored === 'object' && stored !== null ? (stored as Widths) : {};
  } catch {
    return {};
  }
}

/** What a column takes when nobody has dragged it. */
function guessWidth(column: Column, runs: readonly Run[]): number {
  const fixed = attributeWidths[columnSource(column)];
  if (fixed !== undefined) return fixed;
  const title = columnTitle(column).length * perTitleCharacter + padding / 2 + menuWidth;
  if (column.scope === 'metric') return clamp(title, 102, 200);
  const values = runs.map(
    (run) => (column.scope === 'param' ? run.params : run.tags)[column.key]?.length ?? 0,
  );
  return clamp(Math.max(title, Math.max(0, ...values) * perCharacter + padding), 74, 220);
}

function clamp(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}

export interface ColumnWidths {
  width(column: Column): number;
  /** Of the pinned column of names. */
  readonly name: number;
  /** `undefined` goes back to the guess. */
  resize(id: string, width: number | undefined): void;
}

export function useWidths(firstRows: readonly Run[]): ColumnWidths {
  const [dragged, setDragged] = useState(read);
  // A guess is made once the first rows are there, and kept: columns must not breathe while values change.
  const guesses = useRef(new Map<string, number>());

  const resize = useCallback((id: string, width: number | undefined) => {
    setDragged((before) => {
      const { [id]: _, ...rest } = before;
      const next = width === undefined ? rest : { ...rest, [id]: clamp(width, narrowest, widest) };
      try {
        localStorage.setItem(slot, JSON.stringify(next));
      } catch {
        // Storage is blocked or full: the width lasts until the page is reloaded.
      }
      return next;
    });
  }, []);

  const width = useCallback(
    (column: Column) => {
      const id = columnSource(column);
      const known = dragged[id] ?? guesses.current.get(id);
      if (known !== undefined) return known;
      const guess = guessWidth(column, firstRows);
      if (firstRows.length > 0) guesses.current.set(id, guess);
      return guess;
    },
    [dragged, firstRows],
  );

  const name = dragged[nameId] ?? (narrowScreen() ? 132 : 196);
  return useMemo(() => ({ width, name, resize }), [width, name, resize]);
}
