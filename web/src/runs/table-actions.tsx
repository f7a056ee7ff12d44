/** Beside the filter: what is done with the selection, which runs are shown, which columns. */
import { useState } from 'react';
import { countText } from '../format/numbers.ts';
import { Icon } from '../ui/icons.tsx';
import { ColumnPicker } from './column-picker.tsx';
import { GroupChoice } from './group-choice.tsx';
import type { Selection } from './selection.ts';
import type { TableState } from './use-table-state.ts';

export function TableActions(props: {
  state: TableState;
  selection: Selection;
  onChange: () => void;
  onCompare: () => void;
}) {
  const { state, selection } = props;
  const [anchor, setAnchor] = useState<Element>();
  const count = selection.ids.size;
  const deleted = state.view === 'deleted';
  return (
    <div className="actions">
      {count > 0 && (
        <div className="selection-actions">
          <span role="status">
            {countText(count)} <span className="wide-only">selected</span>
          </span>
          <button
            type="button"
            className="icon-button small"
            aria-label="Clear the selection"
            onClick={selection.clear}
          >
            <Icon name="close" size={14} />
          </button>
          {count > 1 && (
            <button type="button" className="button" onClick={props.onCompare}>
              Compare {countText(count)}
            </button>
          )}
          <button type="button" className={deleted ? 'button' : 'button danger'} onClick={props.onChange}>
            <Icon name={deleted ? 'restore' : 'trash'} size={14} />
            {deleted ? 'Restore' : 'Delete'}
          </button>
        </div>
      )}
      <fieldset className="segments">
        <legend className="visually-hidden">Which runs</legend>
        {(['active', 'deleted'] as const).map((view) => (
          <button
            key={view}
            type="button"
            aria-pressed={state.view === view}
            onClick={() => state.view !== view && state.setView(view)}
          >
            {view === 'active' ? 'Active' : 'Deleted'}
          </button>
        ))}
      </fieldset>
      <GroupChoice state={state} />
      <button
        type="button"
        className="button"
        aria-pressed={state.charts}
        onClick={() => state.setCharts(!state.charts)}
      >
        <Icon name="chart" size={14} />
        Charts
      </button>
      <button
        type="button"
        className="button"
        aria-haspopup="dialog"
        aria-expanded={anchor !== undefined}
        onClick={(event) => setAnchor(anchor === undefined ? event.currentTarget : undefined)}
      >
        <Icon name="columns" size={14} />
        Columns
      </button>
      {anchor !== undefined && (
        <ColumnPicker state={state} anchor={anchor} onClose={() => setAnchor(undefined)} />
      )}
    </div>
  );
}
