/** A tree of JSON. Branches open when they are looked at; long ones in steps, so that a million items cost nothing. */
import { useState } from 'react';
import { countText } from '../format/numbers.ts';
import { type Json, jsonText, scalarText } from './exact-json.ts';

const step = 100;
const textLimit = 2000;

export function JsonTree({ json, label }: { json: Json; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="json-tree" tabIndex={0} role="region" aria-label={label}>
      <Node json={json} name={undefined} depth={0} />
    </div>
  );
}

function Node({ json, name, depth }: { json: Json; name: string | undefined; depth: number }) {
  const entries = entriesOf(json);
  // Two levels open by themselves, unless they would fill the screen.
  const [open, setOpen] = useState(depth === 0 || (depth === 1 && (entries?.length ?? 0) <= 12));
  const [shown, setShown] = useState(step);
  const label = name === undefined ? null : <span className="json-key">{name}</span>;
  if (entries === undefined)
    return (
      <div className="json-line">
        {label}
        <Scalar json={json} />
      </div>
    );
  const isArray = json.kind === 'array';
  const count = `${countText(entries.length)} ${isArray ? 'items' : 'members'}`;
  if (entries.length === 0)
    return (
      <div className="json-line">
        {label}
        <span className="dim">{isArray ? '[ ]' : '{ }'}</span>
      </div>
    );
  return (
    <div className="json-branch">
      <button type="button" className="json-line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={open ? 'json-fold open' : 'json-fold'} aria-hidden="true" />
        {label}
        <span className="dim">{open ? count : summaryOf(json)}</span>
      </button>
      {open && (
        <div className="json-inside">
          {entries.slice(0, shown).map(([key, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a file does not change; its members may share a name
            <Node key={index} json={value} name={key} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <button type="button" className="link-button" onClick={() => setShown(shown + 10 * step)}>
              {countText(entries.length - shown)} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function entriesOf(json: Json): readonly (readonly [string, Json])[] | undefined {
  if (json.kind === 'object') return json.members;
  return json.kind === 'array' ? json.items.map((item, index) => [String(index), item] as const) : undefined;
}

/** A short one whole, a long one by its count. */
function summaryOf(json: Json): string {
  const parts = json.kind === 'object' ? json.members.length : json.kind === 'array' ? json.items.length : 1;
  const text = parts <= 12 ? jsonText(json) : '';
  if (text !== '' && text.length <= 80) return text;
  return json.kind === 'array' ? `[ ${countText(parts)} items ]` : `{ ${countText(parts)} members }`;
}

function Scalar({ json }: { json: Json }) {
  const text = scalarText(json)!;
  const kind = json.kind === 'word' && json.value === null ? 'null' : json.kind;
  const shown =
    text.length > textLimit ? `${text.slice(0, textLimit)}… (${countText(text.length)} characters)` : text;
  return <span className={`json-${kind}`}>{json.kind === 'text' ? `"${shown}"` : shown}</span>;
}
