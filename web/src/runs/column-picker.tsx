/** Which columns the table shows: search on the server among all there are, tick, done. */
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { columnsQuery } from '../api/queries.ts';
import type { KnownColumn } from '../api/types.ts';
import { runsText } from '../format/numbers.ts';
import { Icon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import {
  type Attribute,
  attributes,
  type Column,
  columnSource,
  columnTitle,
  metricColumn,
} from './columns.ts';
import type { TableState } from './use-table-state.ts';

const headings = { attribute: 'Run', metric: 'Metrics', param: 'Parameters', tag: 'Tags' } as const;
const order = ['attribute', 'metric', 'param', 'tag'] as const;

interface Choice {
  readonly column: Column;
  readonly runs: number | undefined;
  readonly varies: boolean;
}

export function ColumnPicker(props: { state: TableState; anchor: Element; onClose: () => void }) {
  const { state } = props;
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const known = useQuery(columnsQuery(state.project, state.experiment, search));
  const shown = useMemo(() => new Set((state.columns ?? []).map(columnSource)), [state.columns]);
  const choices = useChoices(known.data?.items ?? [], search, state.columns ?? []);
  const list = useRef<HTMLDivElement>(null);

  function toggle(column: Column): void {
    const columns = state.columns ?? [];
    const source = columnSource(column);
    if (shown.has(source)) {
      state.setColumns(columns.filter((each) => columnSource(each) !== source));
      return;
    }
    // Beside its own kind, so that metrics stay with metrics.
    const rank = (each: Column) => order.indexOf(each.scope);
    const at = columns.findLastIndex((each) => rank(each) <= rank(column));
    state.setColumns([...columns.slice(0, at + 1), column, ...columns.slice(at + 1)]);
  }

  return (
    <Popover anchor={props.anchor} align="end" label="Columns" className="picker" onClose={props.onClose}>
      <div className="picker-search">
        <Icon name="search" size={14} />
        <input
          type="search"
          aria-label="Search metrics, parameters and tags"
          placeholder="Search metrics, parameters, tags"
          value={typed}
          // biome-ignore lint/a11y/noAutofocus: opened to be typed into
          autoFocus
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
            event.preventDefault();
            list.current?.querySelector<HTMLElement>('input')?.focus();
          }}
        />
      </div>
      <div ref={list} className="picker-list">
        {order.map((scope) => {
          const group = choices.filter((choice) => choice.column.scope === scope);
          if (group.length === 0) return null;
          return (
            <fieldset key={scope}>
              <legend>{headings[scope]}</legend>
              {group.map((choice) => (
                <label key={columnSource(choice.column)} className="picker-item">
                  <input
                    type="checkbox"
                    checked={shown.has(columnSource(choice.column))}
                    onChange={() => toggle(choice.column)}
                  />
                  <span className="picker-name" title={columnTitle(choice.column)}>
                    {columnTitle(choice.column)}
                  </span>
                  {choice.runs !== undefined && (
                    <span className="picker-detail">
                      {choice.varies ? '' : 'same in all · '}
                      {runsText(choice.runs, known.data?.runsLimit)}
                    </span>
                  )}
                </label>
              ))}
            </fieldset>
          );
        })}
        {known.isSuccess && choices.length === 0 && (
          <p className="picker-note">Nothing logged here is called “{search}”.</p>
        )}
        {known.isError && <p className="picker-note">The list did not load: {known.error.message}</p>}
        {known.data?.complete === false && (
          <p className="picker-note">There are more. Search finds them by name.</p>
        )}
      </div>
      <div className="picker-foot">
        <span className="dim">{shown.size === 1 ? '1 column' : `${shown.size} columns`}</span>
        <button
          type="button"
          className="button"
          disabled={!state.chosen}
          onClick={() => state.setColumns(undefined)}
        >
          Show what varies
        </button>
      </div>
    </Popover>
  );
}

/** What the server knows, what every run has, and what is shown though the server's page does not hold it. */
function useChoices(known: readonly KnownColumn[], search: string, shown: readonly Column[]): Choice[] {
  return useMemo(() => {
    const matches = (title: string) => title.toLowerCase().includes(search.toLowerCase());
    const choices = new Map<string, Choice>();
    const add = (choice: Choice) => {
      const id = columnSource(choice.column);
      if (!choices.has(id)) choices.set(id, choice);
    };
    for (const key of Object.keys(attributes) as Attribute[]) {
      const column: Column = { scope: 'attribute', key };
      if (matches(columnTitle(column))) add({ column, runs: undefined, varies: true });
    }
    for (const { scope, key, runs, varies } of known)
      add({ column: scope === 'metric' ? metricColumn(key) : { scope, key }, runs, varies });
    for (const column of shown)
      if (matches(columnTitle(column))) add({ column, runs: undefined, varies: true });
    return [...choices.values()];
  }, [known, search, shown]);
}
