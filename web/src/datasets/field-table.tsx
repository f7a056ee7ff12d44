/** The columns of a version: names, types and figures in one table. Thousands are searched, and drawn as far as one looks. */
import { useDeferredValue, useState } from 'react';
import type { ColumnStatistics, DatasetField } from '../api/datasets.ts';
import { countText } from '../format/numbers.ts';
import { Icon } from '../ui/icons.tsx';
import { figureText, toldFigures } from './dataset-words.ts';

/** Rows drawn at first, and more each time they are asked for. */
const rowsShown = 200;

export function FieldTable(props: {
  /** Null where no schema was told: then the columns are those that have figures. */
  fields: readonly DatasetField[] | null;
  columns: readonly ColumnStatistics[];
}) {
  const { columns } = props;
  const [typed, setTyped] = useState('');
  const [limit, setLimit] = useState(rowsShown);
  const wanted = useDeferredValue(typed.trim().toLowerCase());
  const statistics = new Map(columns.map((column) => [column.name, column]));
  const fields =
    props.fields ??
    columns.map(({ name }) => ({ path: name, depth: 0, type: null, nullable: null, description: null }));
  const found = wanted === '' ? fields : fields.filter(({ path }) => path.toLowerCase().includes(wanted));
  const figures = toldFigures(columns);
  const described = fields.some(({ description }) => description !== null);
  return (
    <div>
      <div className="panel-head">
        <h2 id="columns-title">
          Columns <span className="faint">{countText(fields.length)}</span>
        </h2>
        {fields.length > 15 && (
          <div className="bar-search column-search panel-tool">
            <Icon name="search" size={14} />
            <input
              type="search"
              aria-label="Search the columns by name"
              placeholder="Part of a name"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
        )}
      </div>
      {found.length === 0 ? (
        <p className="quiet">
          {fields.length === 0 ? 'Its schema has no columns.' : 'No column is called so.'}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div className="table-frame fields-frame" tabIndex={0} role="region" aria-labelledby="columns-title">
          <table className="facts-table fields-table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Type</th>
                {described && <th scope="col">What it is</th>}
                {figures.map((figure) => (
                  <th key={figure} scope="col" className="num">
                    {figure}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.slice(0, limit).map((field, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move, and may share a name
                <tr key={index}>
                  <th
                    scope="row"
                    className="mono"
                    style={{ paddingLeft: 12 + 14 * field.depth }}
                    title={field.path}
                  >
                    {field.path
                      .split('.')
                      .slice(field.depth === 0 ? 0 : -1)
                      .join('.')}
                  </th>
                  <td className="mono dim">
                    {field.type ?? ''}
                    {field.nullable === false && <span className="required"> required</span>}
                  </td>
                  {described && (
                    <td className="dim" title={field.description ?? undefined}>
                      {field.description}
                    </td>
                  )}
                  {figures.map((figure) => {
                    const value = statistics.get(field.path)?.[figure];
                    return (
                      <td
                        key={figure}
                        className="num"
                        title={value === null ? undefined : String(value ?? '')}
                      >
                        {figureText(value)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > limit && (
        <p className="more">
          The first {countText(limit)} of {countText(found.length)}.{' '}
          <button type="button" className="link-button" onClick={() => setLimit(found.length)}>
            Show all
          </button>
        </p>
      )}
    </div>
  );
}
