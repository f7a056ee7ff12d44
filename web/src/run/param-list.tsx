import { useDeferredValue, useState } from 'react';
import { countText } from '../format/numbers.ts';
import { CopiedValue } from '../ui/copy-button.tsx';
import { SearchField } from '../ui/search-field.tsx';

const rowLimit = 300;
const searchFrom = 9;

export function ParamList({ params }: { params: Readonly<Record<string, string>> }) {
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim().toLowerCase());
  const all = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  const found = all.filter(
    ([key, value]) =>
      search === '' || key.toLowerCase().includes(search) || value.toLowerCase().includes(search),
  );
  return (
    <section className="side-section" aria-labelledby="params-title">
      <div className="panel-head">
        <h2 id="params-title">
          Parameters {all.length > 0 && <span className="faint">{countText(all.length)}</span>}
        </h2>
        {all.length >= searchFrom && (
          <SearchField label="Search parameters" value={typed} onChange={setTyped} />
        )}
      </div>
      {all.length === 0 && <p className="quiet">None logged.</p>}
      {all.length > 0 && found.length === 0 && <p className="quiet">None holds “{typed.trim()}”.</p>}
      <KeyValues pairs={found.slice(0, rowLimit)} />
      {found.length > rowLimit && (
        <p className="quiet">
          {countText(rowLimit)} of {countText(found.length)}, search finds the others.
        </p>
      )}
    </section>
  );
}

/** Names and values; a click on a value copies it. */
export function KeyValues({ pairs }: { pairs: readonly (readonly [string, string])[] }) {
  return (
    <dl className="pairs">
      {pairs.map(([key, value]) => (
        <div key={key}>
          <dt title={key}>{key}</dt>
          <dd>
            <CopiedValue text={value}>{value === '' ? '“”' : value}</CopiedValue>
          </dd>
        </div>
      ))}
    </dl>
  );
}
