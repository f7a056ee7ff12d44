/** By what the runs of the table are grouped: one field, and a second within it. */
import { groupText, mostGroupFields, offeredFields } from './grouping.ts';
import type { TableState } from './use-table-state.ts';

const names = ['Group by', 'then by'] as const;

export function GroupChoice({ state }: { state: TableState }) {
  const { by } = state;
  const offered = offeredFields(state.columns ?? [], by);
  const choices = Math.min(mostGroupFields, by.length + 1);
  return Array.from({ length: choices }, (_, place) => {
    const chosen = by[place]?.token ?? '';
    const others = offered.filter(
      ({ token }) => token === chosen || !by.some((each) => each.token === token),
    );
    return (
      <label key={names[place]} className="chart-option group-choice">
        {place > 0 && <span className="dim">{names[place]}</span>}
        <select
          aria-label={names[place]}
          className={chosen === '' ? 'idle' : ''}
          value={chosen}
          onChange={(event) => {
            const tokens = by.map(({ token }) => token);
            if (event.target.value === '') tokens.splice(place, 1);
            else tokens[place] = event.target.value;
            state.setBy(groupText(tokens));
          }}
        >
          <option value="">{place === 0 ? 'Group…' : '…'}</option>
          {others.map(({ token, title }) => (
            <option key={token} value={token}>
              {title}
            </option>
          ))}
        </select>
      </label>
    );
  });
}
