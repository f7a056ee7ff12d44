/** Runs side by side, a column for each: where they differ, the best marked; what is equal on demand. */
import { type ReactNode, useState } from 'react';
import type { Run } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { RunLink } from '../runs/run-link.tsx';
import { Icon } from '../ui/icons.tsx';
import { compareCsv, download } from './compare-csv.ts';
import type { ComparedAggregate, ComparedPart } from './differences.ts';

/** Rows of a part that are drawn. */
const rowLimit = 300;

const aggregates = [
  ['best', 'Best'],
  ['last', 'Last'],
  ['min', 'Min'],
  ['max', 'Max'],
] as const;

export function Differences(props: {
  runs: readonly Run[];
  parts: readonly ComparedPart[];
  aggregate: ComparedAggregate;
  onAggregate: (aggregate: ComparedAggregate) => void;
  onRemove: (id: string) => void;
}) {
  const { runs, parts, aggregate } = props;
  return (
    <SideBySide
      parts={parts}
      ids={runs.map(({ id }) => id)}
      heads={runs.map((run) => (
        <th key={run.id} scope="col">
          <span className="compared-run">
            <RunLink run={run}>
              {run.state === 'running' && (
                <span className="state-dot running" role="img" aria-label="running" />
              )}
            </RunLink>
            {runs.length > 1 && (
              <button
                type="button"
                className="icon-button small"
                aria-label={`Take ${run.name} out`}
                title="Take it out of the comparison"
                onClick={() => props.onRemove(run.id)}
              >
                <Icon name="close" size={12} />
              </button>
            )}
          </span>
        </th>
      ))}
      choice={
        <fieldset className="segments">
          <legend className="visually-hidden">Value of a metric</legend>
          {aggregates.map(([name, text]) => (
            <button
              key={name}
              type="button"
              aria-pressed={aggregate === name}
              title={
                name === 'best' ? 'The best value where the name says what best is, else the last' : undefined
              }
              onClick={() => props.onAggregate(name)}
            >
              {text}
            </button>
          ))}
        </fieldset>
      }
      tool={
        <button
          type="button"
          className="button small"
          onClick={() => download('comparison.csv', compareCsv(runs, parts))}
        >
          <Icon name="save" size={13} />
          CSV
        </button>
      }
    />
  );
}

/** Things side by side, a column for each of `ids`: where they differ, and on demand what is equal. */
export function SideBySide(props: {
  parts: readonly ComparedPart[];
  ids: readonly string[];
  /** A cell for each. */
  heads: ReactNode;
  /** What else is chosen of the values. */
  choice?: ReactNode;
  tool: ReactNode;
  /** Classes of the scroller and the table. */
  scroller?: string;
  table?: string;
}) {
  const { parts, ids, scroller = '', table = '' } = props;
  const [equal, setEqual] = useState(false);
  const hidden = parts.reduce((sum, { rows }) => sum + rows.filter(({ differs }) => !differs).length, 0);
  return (
    <>
      <div className="panel-head compare-tools">
        <h2>Differences</h2>
        {props.choice}
        <label className="chart-option">
          <input type="checkbox" checked={equal} onChange={(event) => setEqual(event.target.checked)} />
          Also what is equal ({countText(hidden)})
        </label>
        {props.tool}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={`compare-scroll ${scroller}`} tabIndex={0} aria-label="Differences">
        <table className={`facts-table compare-table ${table}`}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">What</span>
              </th>
              {props.heads}
            </tr>
          </thead>
          {parts.map((part) => (
            <Part key={part.name} part={part} equal={equal} ids={ids} />
          ))}
        </table>
      </section>
    </>
  );
}

/** The rows of one part, a cell for each of `ids`. */
function Part(props: { part: ComparedPart; equal: boolean; ids: readonly string[] }) {
  const { part, equal, ids } = props;
  const rows = part.rows.filter(({ differs }) => equal || differs);
  if (part.rows.length === 0) return null;
  return (
    <tbody>
      <tr className="part">
        <th scope="rowgroup">
          {part.name}
          {rows.length === 0 && <span className="faint"> all equal</span>}
          {rows.length > rowLimit && (
            <span className="faint">
              {' '}
              the first {countText(rowLimit)} of {countText(rows.length)}
            </span>
          )}
        </th>
        <td colSpan={ids.length} />
      </tr>
      {rows.slice(0, rowLimit).map((row) => (
        <tr key={row.key}>
          <th scope="row" title={row.key}>
            {row.key.replace(/^mlflow\.(source\.)?/, '')}
          </th>
          {row.values.map((value, index) => (
            <td
              key={ids[index]}
              className={`${value.number ? 'num' : ''}${value.best ? ' best' : ''}${row.differs ? '' : ' dim'}`}
              title={value.exact}
            >
              {value.text ?? (
                <span className="missing">
                  –<span className="visually-hidden">not logged</span>
                </span>
              )}
              {value.best && <span className="visually-hidden"> (best)</span>}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}
