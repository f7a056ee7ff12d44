/** j and k go from row to row of a list, Enter opens one; the foot of the page says so. */
import { useKeys } from '../runs/use-keys.ts';

/** `links`: of the rows, by a selector. */
export function useRowKeys(links = '.list-table th.name a'): void {
  useKeys({ j: () => stepLinks(links, 1), k: () => stepLinks(links, -1) });
}

/** To the next or the previous row's link; Enter opens it as any link. */
function stepLinks(selector: string, step: number): boolean {
  const links = [...document.querySelectorAll<HTMLElement>(selector)];
  if (links.length === 0) return false;
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
  return true;
}

const keys = {
  search: [['/'], 'search'],
  move: [['j', 'k'], 'move'],
  open: [['Enter'], 'open'],
} as const;

/** `search` where the page has a field for it. */
export function FootKeys({ search = true }: { search?: boolean }) {
  const shown = [...(search ? [keys.search] : []), keys.move, keys.open];
  return (
    <span className="foot-keys" aria-hidden="true">
      {shown.map(([signs, text]) => (
        <span key={text}>
          {signs.map((sign) => (
            <kbd key={sign}>{sign}</kbd>
          ))}{' '}
          {text}
        </span>
      ))}
    </span>
  );
}
