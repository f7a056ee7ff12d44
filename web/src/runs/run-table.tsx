/**
 * The table of runs: a grid that draws only the rows and columns in sight. Header and names stay in place. It owns the
 * scroll position and nothing else; what it shows and what a click does is given.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type MouseEvent,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { KnownColumn } from '../api/types.ts';
import type { SiteSearch } from '../urls.ts';
import type { Column } from './columns.ts';
import type { RowsSnapshot, RunPages } from './run-pages.ts';
import { cellId, RunRow, rowHeight, SkeletonRow } from './run-row.tsx';
import type { Selection } from './selection.ts';
import type { Sort } from './sort.ts';
import { TableHead } from './table-head.tsx';
import { numericIdsOf, useTableLayout } from './table-layout.ts';
import type { BestValues } from './use-best.ts';
import { useColumnFacts } from './use-column-facts.ts';
import type { Cursor } from './use-cursor.ts';
import { useScrollAnchor } from './use-scroll-anchor.ts';
import { useWidths } from './widths.ts';

const headHeight = 40;
/** px of the scrolled area: the header covers the first, a scroll bar may cover the last. */
const covered = headHeight + 12;
/** ms without a scroll after which somebody looks. */
const restTime = 250;

/** Where a table is scrolled to is read before its rows are written anew: afterwards it would cost a layout at once. */
const beforeRows = { passive: true, capture: true } as const;

export interface RunTableHandle {
  /** Brings a cell into sight, as little as possible. */
  reveal(row: number, cell: number): void;
  toTop(): void;
  focus(): void;
  /** The element of a cell that is in sight. */
  cell(row: number, cell: number): Element | null;
  /** Rows on one screen. */
  screen(): number;
}

export function RunTable(props: {
  ref: RefObject<RunTableHandle | null>;
  label: string;
  pages: RunPages;
  snapshot: RowsSnapshot;
  busy: boolean;
  columns: readonly Column[];
  known: readonly KnownColumn[] | undefined;
  sort: Sort | undefined;
  best: BestValues;
  selection: Selection;
  cursor: Cursor;
  site: SiteSearch;
  /** Where it is scrolled to at first, and what hears of where it is when it leaves. */
  top: number;
  onLeave: (top: number) => void;
  /** Hears of the first row in sight, once scrolling rests. */
  onRest?: (row: number) => void;
  onOpen: (row: number) => void;
  onSort: (column: Column | 'name') => void;
  onColumn: (column: Column, anchor: Element) => void;
  onCell: (row: number, cell: number, anchor: Element) => void;
  onCheck: (row: number, range: boolean) => void;
  onCheckAll: () => void;
}) {
  const { pages, snapshot, columns, cursor, selection } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState({ left: 0, width: 1200 });
  const { firstRows, whole } = useColumnFacts(pages, snapshot.version, columns);
  const widths = useWidths(firstRows);
  const layout = useTableLayout({ columns, widths, numericIds: useNumericIds(props.known), viewport });

  const rows = useVirtualizer({
    count: snapshot.phase === 'loading' && snapshot.count === 0 ? 40 : snapshot.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  // Without the rows drawn beyond the edges: a jump would wait for the page of those above, and then for its own.
  const { startIndex: from, endIndex: to } = rows.range ?? { startIndex: first, endIndex: last };
  useEffect(() => pages.look(from, to), [pages, from, to]);

  useScrollAnchor({ scroller, pages, first, last, rowHeight });

  const scrolled = useRef(props.top);
  const leave = useRef(props.onLeave);
  leave.current = props.onLeave;
  useLayoutEffect(() => {
    const element = scroller.current!;
    element.scrollTop = scrolled.current;
    const keep = () => {
      scrolled.current = element.scrollTop;
    };
    element.addEventListener('scroll', keep, beforeRows);
    return () => {
      element.removeEventListener('scroll', keep, beforeRows);
      leave.current(scrolled.current);
    };
  }, []);

  const { onRest } = props;
  const top = Math.max(0, Math.floor((rows.scrollOffset ?? 0) / rowHeight));
  useEffect(() => {
    if (onRest === undefined) return;
    const timer = setTimeout(() => onRest(top), restTime);
    return () => clearTimeout(timer);
  }, [onRest, top]);

  // Another query starts at its top.
  const before = useRef(pages);
  useLayoutEffect(() => {
    if (before.current === pages) return;
    before.current = pages;
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [pages]);

  useLayoutEffect(() => {
    const element = scroller.current!;
    const measure = () =>
      setViewport((old) => {
        // In steps, so that a scroll of a few pixels renders nothing.
        const next = { left: Math.floor(element.scrollLeft / 60) * 60, width: element.clientWidth + 60 };
        return old.left === next.left && old.width === next.width ? old : next;
      });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, beforeRows);
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure, beforeRows);
    };
  }, []);

  useImperativeHandle(props.ref, () => ({
    reveal(row, cell) {
      const element = scroller.current;
      if (element === null) return;
      // Rows are of one height: the virtualizer's own jump looks again for frames on end, and a second jump meanwhile is lost at times.
      const [top, bottom] = [row * rowHeight, (row + 1) * rowHeight + covered - element.clientHeight];
      if (element.scrollTop > top) element.scrollTop = top;
      else if (element.scrollTop < bottom) element.scrollTop = bottom;
      const placed = cell === 0 ? undefined : layout.all[cell - 1];
      if (placed === undefined) return;
      const [left, right] = [placed.left - layout.pinned, placed.left + placed.width];
      if (left < element.scrollLeft) element.scrollLeft = left;
      else if (right > element.scrollLeft + element.clientWidth)
        element.scrollLeft = right - element.clientWidth;
    },
    toTop: () => scroller.current?.scrollTo({ top: 0 }),
    focus: () => scroller.current?.focus({ preventScroll: true }),
    cell: (row, cell) => document.getElementById(cellId(row, cell)),
    screen: () =>
      Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 600) - headHeight) / rowHeight) - 1),
  }));

  function onClick(event: MouseEvent): void {
    const target = event.target as Element;
    const row = target.closest<HTMLElement>('[data-row]')?.dataset.row;
    if (row === undefined) return;
    if (target.closest('.pin-check') !== null) {
      // A label's click is repeated on its input: act on that one only.
      if (target instanceof HTMLInputElement) props.onCheck(Number(row), event.shiftKey);
      return;
    }
    if (target.closest('a') !== null) {
      // With a key held the browser opens a tab or a window, as everywhere.
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      props.onOpen(Number(row));
      return;
    }
    const cell = target.closest<HTMLElement>('[data-cell]');
    if (cell === null || (getSelection()?.toString() ?? '') !== '') return;
    props.onCell(Number(row), Number(cell.dataset.cell), cell);
  }

  const slots = Math.max(64, items.length);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move the cursor and open cells
    <div
      ref={scroller}
      className={`grid${props.busy ? ' busy' : ''}${viewport.left === 0 ? ' at-left' : ''}`}
      role="grid"
      aria-label={props.label}
      aria-rowcount={snapshot.countComplete ? snapshot.count + 1 : -1}
      aria-colcount={columns.length + 2}
      aria-multiselectable="true"
      aria-busy={props.busy || snapshot.phase === 'loading'}
      aria-activedescendant={cursor.row === undefined ? undefined : cellId(cursor.row, cursor.cell)}
      tabIndex={0}
      onClick={onClick}
    >
      <TableHead
        layout={layout}
        sort={props.sort}
        selection={selection}
        count={snapshot.count}
        best={props.best}
        whole={whole}
        onSort={props.onSort}
        onColumn={props.onColumn}
        onCheckAll={props.onCheckAll}
        onResize={widths.resize}
      />
      <div role="rowgroup" className="grid-body" style={{ height: rows.getTotalSize(), width: layout.width }}>
        {items.map(({ index, start }) => {
          const run = pages.row(index);
          // Elements are used again for the rows that come into sight: new text is faster than new elements.
          const slot = index % slots;
          if (run === undefined) return <SkeletonRow key={slot} index={index} top={start} layout={layout} />;
          return (
            <RunRow
              key={slot}
              run={run}
              index={index}
              top={start}
              layout={layout}
              best={props.best}
              whole={whole}
              asked={pages.asked(index)}
              site={props.site}
              fresh={pages.isFresh(run.id)}
              selected={selection.ids.has(run.id)}
              activeCell={cursor.row === index ? cursor.cell : undefined}
            />
          );
        })}
      </div>
    </div>
  );
}

function useNumericIds(known: readonly KnownColumn[] | undefined): ReadonlySet<string> {
  const [held, setHeld] = useState(() => ({ known, ids: numericIdsOf(known) }));
  if (held.known === known) return held.ids;
  const ids = numericIdsOf(known);
  const same = ids.size === held.ids.size && [...ids].every((id) => held.ids.has(id));
  const next = { known, ids: same ? held.ids : ids };
  setHeld(next);
  return next.ids;
}
