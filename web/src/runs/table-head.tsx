/** The header row: a click sorts, the arrow beside opens what the column can do, the edge resizes. */
import { type PointerEvent, type ReactNode, useRef } from 'react';
import { realText } from '../format/numbers.ts';
import { Icon } from '../ui/icons.tsx';
import { type Column, columnId, columnSource, columnTitle, columnToken } from './columns.ts';
import type { Selection } from './selection.ts';
import { isSortedBy, type Sort } from './sort.ts';
import type { PlacedColumn, TableLayout } from './table-layout.ts';
import type { BestValues } from './use-best.ts';
import { nameId, narrowest } from './widths.ts';

export interface TableHeadProps {
  readonly layout: TableLayout;
  readonly sort: Sort | undefined;
  readonly selection: Selection;
  readonly count: number;
  readonly best: BestValues;
  readonly whole: ReadonlySet<string>;
  onSort(column: Column | 'name'): void;
  onColumn(column: Column, anchor: Element): void;
  onCheckAll(): void;
  onResize(id: string, width: number | undefined): void;
}

export function TableHead(props: TableHeadProps) {
  const { layout, sort, selection, count } = props;
  const some = selection.ids.size > 0;
  return (
    <div role="rowgroup" className="grid-head" style={{ width: layout.width }}>
      <div role="row" aria-rowindex={1} className="tr-head">
        <div role="columnheader" aria-colindex={1} className="th pin-check">
          <label className="check">
            <input
              type="checkbox"
              aria-label={some ? 'Clear the selection' : 'Select all matching runs'}
              checked={some && selection.ids.size >= count}
              ref={(box) => {
                if (box !== null) box.indeterminate = some && selection.ids.size < count;
              }}
              onChange={props.onCheckAll}
            />
          </label>
        </div>
        <div
          role="columnheader"
          aria-colindex={2}
          aria-sort={ariaSort(sort, 'name')}
          className="th pin-name"
          style={{ width: layout.nameWidth }}
        >
          <SortButton title="Run" column="name" sort={sort} onSort={props.onSort} />
          <ResizeEdge width={layout.nameWidth} onResize={(width) => props.onResize(nameId, width)} />
        </div>
        {layout.visible.map((placed) => (
          <ColumnHead key={columnId(placed.column)} placed={placed} {...props} />
        ))}
      </div>
    </div>
  );
}

function ColumnHead(props: TableHeadProps & { placed: PlacedColumn }) {
  const { sort, onSort, onColumn, onResize } = props;
  const { column, place, left, width, numeric, leads } = props.placed;
  const title = columnTitle(column);
  const under =
    column.scope === 'metric' ? column.aggregate : column.scope === 'attribute' ? '' : column.scope;
  const best = column.scope === 'metric' ? props.best.get(columnToken(column)) : undefined;
  return (
    <div
      role="columnheader"
      aria-colindex={place + 3}
      aria-sort={ariaSort(sort, column)}
      className={`th${numeric ? ' num' : ''}${leads && place > 0 ? ' leads' : ''}`}
      style={{ left, width }}
    >
      <SortButton title={title} column={column} sort={sort} onSort={onSort}>
        {under !== '' && (
          <span className="th-under">
            {best !== undefined && (
              <span className="th-best" title={`Best of all matching runs: ${best}`}>
                {realText(best, props.whole.has(column.key))}
              </span>
            )}{' '}
            {under}
          </span>
        )}
      </SortButton>
      <button
        type="button"
        className="th-menu"
        aria-haspopup="menu"
        aria-label={`Options of ${title}`}
        onClick={(event) => onColumn(column, event.currentTarget)}
      >
        {isSortedBy(sort, column) && (
          <span className="th-order">
            <SortArrow sort={sort} />
          </span>
        )}
        <Icon name="chevron" size={12} />
      </button>
      <ResizeEdge width={width} onResize={(next) => onResize(columnSource(column), next)} />
    </div>
  );
}

function SortButton(props: {
  title: string;
  column: Column | 'name';
  sort: Sort | undefined;
  onSort: (column: Column | 'name') => void;
  /** The line below the title. */
  children?: ReactNode;
}) {
  const { title, column, sort } = props;
  const sorted = isSortedBy(sort, column);
  const lines = (
    <>
      <span className="th-title">
        <span className="th-name">{title}</span>
        {sorted && column === 'name' && <SortArrow sort={sort} />}
      </span>
      {props.children}
    </>
  );
  const sortable = column === 'name' || column.scope !== 'attribute' || column.key !== 'duration';
  if (!sortable) return <span className="th-sort">{lines}</span>;
  return (
    <button
      type="button"
      className={sorted ? 'th-sort sorted' : 'th-sort'}
      title={title}
      onClick={() => props.onSort(column)}
    >
      {lines}
    </button>
  );
}

function SortArrow({ sort }: { sort: Sort | undefined }) {
  return <Icon name={sort === undefined || sort.descending ? 'down' : 'up'} size={12} />;
}

function ariaSort(sort: Sort | undefined, column: Column | 'name'): 'ascending' | 'descending' | 'none' {
  if (!isSortedBy(sort, column)) return 'none';
  return sort === undefined || sort.descending ? 'descending' : 'ascending';
}

/** Dragging sets a width, a double click goes back to the guessed one. The column's menu does the same by keyboard. */
function ResizeEdge({ width, onResize }: { width: number; onResize: (width: number | undefined) => void }) {
  const start = useRef<{ x: number; width: number }>(undefined);
  const move = (event: PointerEvent) => {
    if (start.current === undefined) return;
    onResize(Math.max(narrowest, start.current.width + event.clientX - start.current.x));
  };
  return (
    <div
      className="th-edge"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width };
        event.preventDefault();
      }}
      onPointerMove={move}
      onPointerUp={() => {
        start.current = undefined;
      }}
      onDoubleClick={() => onResize(undefined)}
    />
  );
}
