/** What is told of the place under the pointer: beside the title for few lines, in a table beside the pointer for many. */
import { realText } from '../format/numbers.ts';
import type { DrawnLine } from './drawn-lines.ts';
import type { CursorValues } from './plot.tsx';

/** Rows of the table; the others are counted. */
const tableRows = 9;

export function cursorNodes(x: string, at: CursorValues, lines: readonly DrawnLine[]): (Node | string)[] {
  return [
    x,
    ...at.values.flatMap(({ value, smooth, band }, index): (Node | string)[] => {
      if (value == null) return [];
      const text = realText(value, false);
      if (lines.length === 1)
        return [
          ` · ${text}`,
          band === undefined ? '' : ` (${realText(band[0], false)} to ${realText(band[1], false)})`,
          smooth == null ? '' : ` (smoothed ${realText(smooth, false)})`,
        ];
      return [' ', swatch(lines[index]!.colour), smooth == null ? text : realText(smooth, false)];
    }),
  ];
}

/** The lines around the nearest one, from the highest value down as they lie on the screen. */
export function hoverNodes(x: string, at: CursorValues, lines: readonly DrawnLine[]): Node[] {
  const nearest = at.pointer?.nearest;
  const there = at.values
    .map(({ value, smooth }, index) => ({ value: smooth ?? value, index }))
    .filter((each): each is { value: number; index: number } => each.value != null)
    .sort((a, b) => b.value - a.value);
  const middle = Math.max(
    0,
    there.findIndex(({ index }) => index === nearest),
  );
  const first = Math.max(0, Math.min(middle - (tableRows >> 1), there.length - tableRows));
  const shown = there.slice(first, first + tableRows);
  const head = document.createElement('div');
  head.className = 'chart-hover-head';
  head.textContent = x;
  const rows = shown.map(({ value, index }) => {
    const row = document.createElement('div');
    row.className = index === nearest ? 'nearest' : '';
    const name = document.createElement('span');
    name.textContent = lines[index]!.name;
    const number = document.createElement('b');
    number.textContent = realText(value, false);
    row.append(swatch(lines[index]!.colour), name, number);
    return row;
  });
  const rest = there.length - shown.length;
  if (rest === 0) return [head, ...rows];
  const foot = document.createElement('div');
  foot.className = 'chart-hover-head';
  foot.textContent = `and ${rest} more ${rest === 1 ? 'line' : 'lines'}`;
  return [head, ...rows, foot];
}

/** On the side of the pointer that has more room. */
export function placeHover(element: HTMLElement, pointer: CursorValues['pointer']): void {
  element.hidden = pointer === undefined;
  if (pointer === undefined) return;
  const isRight = pointer.left > pointer.width / 2;
  element.style.left = isRight ? 'auto' : `${pointer.left + 70}px`;
  element.style.right = isRight ? `${pointer.width - pointer.left + 34}px` : 'auto';
}

function swatch(colour: string): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'swatch';
  mark.style.background = colour;
  return mark;
}
