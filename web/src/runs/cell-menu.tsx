/** What a cell offers: to narrow the table by its value, and to copy it. */
import type { Run } from '../api/types.ts';
import { literalText, withClause } from '../filter/field-text.ts';
import { FilterText } from '../filter/filter-text.tsx';
import { exactText, realOf } from '../format/numbers.ts';
import { copyAndTell } from '../ui/copy-button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { type Column, columnField, columnTitle } from './columns.ts';
import { parentTag } from './use-run-pages.ts';
import type { TableState } from './use-table-state.ts';
import { metricValue } from './values.ts';

export function CellMenu(props: {
  state: TableState;
  run: Run;
  /** `name`: the cell of the run's name. */
  column: Column | 'name';
  anchor: Element;
  onClose: () => void;
}) {
  const { state, run, column } = props;
  const clauses = column === 'name' ? nameClauses(run) : columnClauses(run, column);
  const copies = column === 'name' ? nameCopies(run) : columnCopies(run, column);
  const entries: MenuEntry[] = [
    { kind: 'heading', text: column === 'name' ? run.name : `${columnTitle(column)} of ${run.name}` },
    ...clauses.map(
      ({ clause, text }): MenuEntry => ({
        kind: 'action',
        icon: 'search',
        name: `Filter: ${text ?? clause}`,
        text: text ?? <FilterText text={clause} />,
        run: () => state.setFilter(withClause(state.filter, clause)),
      }),
    ),
    ...(clauses.length > 0 && copies.length > 0 ? [{ kind: 'divider' } as const] : []),
    ...copies.map(
      ({ text, value }): MenuEntry => ({
        kind: 'action',
        icon: 'copy',
        text,
        run: () => void copyAndTell(value),
      }),
    ),
  ];
  return <Menu anchor={props.anchor} label="Cell" entries={entries} onClose={props.onClose} />;
}

interface Clause {
  readonly clause: string;
  /** Words for it, where the clause itself would not be understood. */
  readonly text?: string;
}

interface Copy {
  readonly text: string;
  readonly value: string;
}

function nameClauses(run: Run): Clause[] {
  const parent = run.tags[parentTag];
  const clauses: Clause[] = [{ clause: `tags.\`${parentTag}\` = '${run.id}'`, text: 'Only its child runs' }];
  if (parent !== undefined)
    clauses.push({ clause: `tags.\`${parentTag}\` = '${parent}'`, text: 'Only runs of the same parent' });
  return [...equals('attributes.run_name', run.name), ...clauses];
}

function nameCopies(run: Run): Copy[] {
  return [
    { text: `Copy run id ${run.id.slice(0, 6)}…${run.id.slice(-6)}`, value: run.id },
    { text: 'Copy name', value: run.name },
  ];
}

function columnClauses(run: Run, column: Column): Clause[] {
  const field = columnField(column);
  if (field === undefined) return [];
  if (column.scope === 'attribute') {
    switch (column.key) {
      case 'state':
        return equals(field, run.state.toUpperCase());
      case 'user':
        return equals(field, run.user);
      case 'id':
        return equals(field, run.id).slice(0, 1);
      default: {
        const time = column.key === 'started' ? run.started : run.ended;
        if (time === null) return [];
        return [
          { clause: `${field} >= ${time}`, text: 'This and later' },
          { clause: `${field} <= ${time}`, text: 'This and earlier' },
        ];
      }
    }
  }
  if (column.scope === 'metric') {
    const value = metricValue(run, column);
    if (value === undefined) return missing(field);
    if (value === null || !Number.isFinite(realOf(value))) return [];
    return [{ clause: `${field} <= ${value}` }, { clause: `${field} >= ${value}` }];
  }
  const value = (column.scope === 'param' ? run.params : run.tags)[column.key];
  if (value === undefined) return missing(field);
  const number = value.trim() === '' ? Number.NaN : Number(value);
  const ranges = Number.isFinite(number) && /^[-+.\deE]+$/.test(value);
  return [
    ...equals(field, value),
    ...(ranges ? [{ clause: `${field} <= ${value}` }, { clause: `${field} >= ${value}` }] : []),
  ];
}

function equals(field: string, value: string): Clause[] {
  const literal = literalText(value);
  return literal === undefined
    ? []
    : [{ clause: `${field} = ${literal}` }, { clause: `${field} != ${literal}` }];
}

function missing(field: string): Clause[] {
  return [{ clause: `${field} IS NULL` }, { clause: `${field} IS NOT NULL` }];
}

function columnCopies(run: Run, column: Column): Copy[] {
  if (column.scope === 'metric') {
    const value = metricValue(run, column);
    return value == null ? [] : [{ text: 'Copy value', value: exactText(value) }];
  }
  if (column.scope === 'attribute') {
    const texts: Partial<Record<typeof column.key, string>> = {
      user: run.user,
      id: run.id,
      state: run.state,
      started: String(run.started),
    };
    const value = texts[column.key];
    return value === undefined ? [] : [{ text: 'Copy value', value }];
  }
  const value = (column.scope === 'param' ? run.params : run.tags)[column.key];
  return value === undefined ? [] : [{ text: 'Copy value', value }];
}
