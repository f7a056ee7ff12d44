/** A page of a table: types in the head, numbers at the right with all their digits, sorted within the page on a click. */
import { type ReactNode, useMemo, useState } from 'react';
import { countText } from '../format/numbers.ts';
import { Icon } from '../ui/icons.tsx';
import { Pager } from './pager.tsx';
import { type Cell, type Column, type ColumnType, isNumeric, sortedRows, type Table } from './table.ts';

/** Columns drawn at once; a table of genes has twenty thousand. */
const columnsAtOnce = 50;
/** Characters of a cell that are drawn. */
const cellLimit = 300;

const typeWords: Readonly<Record<ColumnType, string>> = {
  whole: 'int',
  real: 'float',
  truth: 'bool',
  time: 'time',
  text: 'text',
};

export function DataGrid(props: {
  table: Table;
  /** Number of the first row in the whole table, from 0. */
  from: number;
  /** A picture that a cell points to. */
  picture?: (path: string) => ReactNode;
  label: string;
}) {
  const { table, from } = props;
  const [sort, setSort] = useState<{ column: number; descending: boolean }>();
  const [part, setPart] = useState(0);
  const order = useMemo(
    () =>
      sort === undefined || table.columns[sort.column] === undefined
        ? table.rows.map((_, index) => index)
        : sortedRows(table, sort.column, sort.descending),
    [table, sort],
  );
  const first = part * columnsAtOnce;
  const columns = table.columns.slice(first, first + columnsAtOnce);
  const next = (column: number) =>
    setSort(
      sort?.column !== column
        ? { column, descending: false }
        : sort.descending
          ? undefined
          : { column, descending: true },
    );
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="table-frame" tabIndex={0} role="region" aria-label={props.label}>
        <table className="facts-table data-grid">
          <thead>
            <tr>
              <th scope="col" className="row-number">
                <span className="visually-hidden">Row</span>
              </th>
              {columns.map((column, index) => (
                <Head
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns of a file do not move, and may share a name
                  key={index}
                  column={column}
                  sorted={
                    sort?.column === first + index ? (sort.descending ? 'descending' : 'ascending') : 'none'
                  }
                  onSort={() => next(first + index)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {order.map((row) => (
              <tr key={row}>
                <td className="row-number">{countText(from + row + 1)}</td>
                {columns.map((column, index) => (
                  <Value
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns of a file do not move
                    key={index}
                    cell={table.rows[row]![first + index] ?? null}
                    type={column.type}
                    picture={props.picture}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.columns.length > columnsAtOnce && (
        <div className="preview-foot">
          <Pager page={part} pages={Math.ceil(table.columns.length / columnsAtOnce)} onPage={setPart}>
            columns {countText(first + 1)} to {countText(first + columns.length)} of{' '}
            {countText(table.columns.length)}
          </Pager>
        </div>
      )}
    </>
  );
}

function Head(props: { column: Column; sorted: 'ascending' | 'descending' | 'none'; onSort: () => void }) {
  const { column, sorted } = props;
  const word = column.written ?? typeWords[column.type];
  return (
    <th scope="col" aria-sort={sorted} className={isNumeric(column.type) ? 'num' : ''}>
      <button
        type="button"
        title={`${column.name}\n${word}\nSort the rows of this page`}
        onClick={props.onSort}
      >
        <span className="column-name">{column.name === '' ? '(no name)' : column.name}</span>
        <small>{word}</small>
        {sorted !== 'none' && <Icon name={sorted === 'ascending' ? 'up' : 'down'} size={10} />}
      </button>
    </th>
  );
}

function Value(props: { cell: Cell; type: ColumnType; picture: ((path: string) => ReactNode) | undefined }) {
  const { cell, type, picture } = props;
  if (cell === null) return <td className="faint">null</td>;
  if (typeof cell !== 'string') return <td>{picture?.(cell.picture) ?? cell.picture}</td>;
  const numeric = isNumeric(type);
  const odd = numeric && /nan|inf/i.test(cell);
  const shown = cell.length > cellLimit ? `${cell.slice(0, cellLimit)}…` : cell;
  return (
    <td
      className={odd ? 'num odd' : numeric ? 'num' : ''}
      title={cell.length > 40 ? cell.slice(0, 4000) : undefined}
    >
      {shown}
    </td>
  );
}
