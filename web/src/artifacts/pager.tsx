/** Ways through pages: first, back, on, last, and where one is. */
import type { ReactNode } from 'react';
import { countText } from '../format/numbers.ts';

export function Pager(props: {
  page: number;
  /** Absent where it is not known yet: then there is no last page to go to. */
  pages?: number | undefined;
  /** Is there a next one; follows from `pages` where that is known. */
  more?: boolean;
  onPage: (page: number) => void;
  children?: ReactNode;
}) {
  const { page, pages, onPage } = props;
  const more = props.more ?? (pages !== undefined && page < pages - 1);
  const button = (name: string, sign: string, to: number, off: boolean) => (
    <button
      type="button"
      className="icon-button small"
      aria-label={`${name} page`}
      title={`${name} page`}
      disabled={off}
      onClick={() => onPage(to)}
    >
      {sign}
    </button>
  );
  return (
    <nav className="pager" aria-label="Pages">
      {button('First', '«', 0, page === 0)}
      {button('Previous', '‹', page - 1, page === 0)}
      <span className="pager-place">
        {countText(page + 1)}
        {pages !== undefined && <span className="faint"> / {countText(pages)}</span>}
      </span>
      {button('Next', '›', page + 1, !more)}
      {pages !== undefined && button('Last', '»', pages - 1, !more)}
      {props.children !== undefined && <span className="dim">{props.children}</span>}
    </nav>
  );
}
