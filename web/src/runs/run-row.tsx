import { memo } from 'react';
import type { Run } from '../api/types.ts';
import { Icon } from '../ui/icons.tsx';
import { runHref, type SiteSearch } from '../urls.ts';
import { CellContent } from './cells.tsx';
import { columnId, columnSource, columnToken } from './columns.ts';
import { swatchOf } from './swatch.ts';
import type { PlacedColumn, TableLayout } from './table-layout.ts';
import type { BestValues } from './use-best.ts';
import { parentTag } from './use-run-pages.ts';

export const rowHeight = 30;

export interface RowProps {
  readonly index: number;
  readonly top: number;
  readonly layout: TableLayout;
  readonly selected: boolean;
  /** Index of the active cell in this row: 0 is the name, the columns follow; undefined when the row is not active. */
  readonly activeCell: number | undefined;
}

export interface RunRowProps extends RowProps {
  readonly run: Run;
  readonly best: BestValues;
  readonly whole: ReadonlySet<string>;
  /** The columns the run was fetched with (columnSource). */
  readonly asked: ReadonlySet<string>;
  /** What a link to the run carries. */
  readonly site: SiteSearch;
  /** Came in while watching. */
  readonly fresh: boolean;
}

export function cellId(row: number, cell: number): string {
  return `cell-${row}-${cell}`;
}

/** One run. Clicks are handled by the table, which finds the cell by its data attributes. */
export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { run, index, layout, selected, activeCell } = props;
  const parent = run.tags[parentTag];
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={`tr${selected ? ' selected' : ''}${activeCell === undefined ? '' : ' active'}${props.fresh ? ' fresh' : ''}`}
      style={{ top: props.top, width: layout.width }}
      data-row={index}
    >
      <div role="gridcell" aria-colindex={1} className="td pin-check">
        <label className="check">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={selected}
            readOnly
            data-check={index}
            aria-label={`Select ${run.name}`}
          />
        </label>
      </div>
      <div
        role="rowheader"
        aria-colindex={2}
        id={cellId(index, 0)}
        className={`td pin-name${activeCell === 0 ? ' cursor' : ''}`}
        style={{ width: layout.nameWidth }}
        data-cell={0}
      >
        <span className="swatch" style={{ background: swatchOf(run.id) }} aria-hidden="true" />
        {parent !== undefined && (
          <span className="child-mark" title={`Child of run ${parent}`}>
            <Icon name="child" size={12} />
          </span>
        )}
        <a
          className="run-name"
          href={runHref(run.id, props.site)}
          tabIndex={-1}
          title={`${run.name}\n${run.id}`}
        >
          {run.name}
        </a>
      </div>
      {layout.visible.map((placed) => (
        <Cell key={columnId(placed.column)} placed={placed} {...props} />
      ))}
    </div>
  );
});

function Cell({ placed, ...props }: RunRowProps & { placed: PlacedColumn }) {
  const { column, place, left, width, numeric } = placed;
  const cell = place + 1;
  const source = columnSource(column);
  const mono = column.scope === 'param' || column.scope === 'tag';
  return (
    <div
      role="gridcell"
      aria-colindex={place + 3}
      id={cellId(props.index, cell)}
      className={`td${numeric ? ' num' : ''}${mono ? ' mono' : ''}${props.activeCell === cell ? ' cursor' : ''}`}
      style={{ left, width }}
      data-cell={cell}
    >
      <CellContent
        run={props.run}
        column={column}
        facts={{
          best: column.scope === 'metric' ? props.best.get(columnToken(column)) : undefined,
          whole: props.whole.has(column.key),
          asked: props.asked.has(source),
        }}
      />
    </div>
  );
}

/** A row whose run is not loaded yet, in the shape of one. */
export const SkeletonRow = memo(function SkeletonRow({
  index,
  top,
  layout,
}: Omit<RowProps, 'selected' | 'activeCell'>) {
  return (
    <div role="row" aria-rowindex={index + 2} className="tr loading" style={{ top, width: layout.width }}>
      <div role="gridcell" className="td pin-check">
        <span className="visually-hidden">Loading</span>
      </div>
      <div role="rowheader" className="td pin-name" style={{ width: layout.nameWidth }}>
        <span className="bone" style={{ width: `${48 + ((index * 37) % 40)}%` }} />
      </div>
      {layout.visible.map(({ column, left, width, numeric }) => (
        <div
          key={columnId(column)}
          role="gridcell"
          className={numeric ? 'td num' : 'td'}
          style={{ left, width }}
        >
          <span className="bone" style={{ width: numeric ? 44 : '60%' }} />
        </div>
      ))}
    </div>
  );
});
