/** Of a list that may be very long its first items; the others are drawn when somebody asks for them. */
import { type ReactNode, useState } from 'react';
import { countText } from '../format/numbers.ts';

/** Rows that are drawn in no time. */
const usual = 200;

export function useFirst<Item>(
  items: readonly Item[],
  most = usual,
): { readonly first: readonly Item[]; readonly rest: ReactNode } {
  const [all, setAll] = useState(false);
  if (all || items.length <= most) return { first: items, rest: null };
  return {
    first: items.slice(0, most),
    rest: (
      <p className="more">
        {countText(most)} of {countText(items.length)}.{' '}
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          Show all
        </button>
      </p>
    ),
  };
}
