/** The table of a long list: draws the rows in sight, asks for more when its end comes near, sorts by a click on a head. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Tag } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { Icon } from '../ui/icons.tsx';

const rowHeight = 34;
const skeletonRows = 14;
const tagsShown = 3;

/** Ascending, or with a minus descending. */
type Order<Sort extends string> = Sort | `-${Sort}`;

export interface ListColumn<Sort extends string = never> {
  readonly name: string;
  /** Class of its cells. */
  readonly kind: string;
  readonly sort?: Sort;
  /** It holds buttons: the name is heard, not seen. */
  readonly unseen?: boolean;
}

/** The rows of a list as far as they are read. */
export interface ListRows<Item> {
  readonly items: readonly Item[];
  readonly loading: boolean;
  readonly more: boolean;
  readonly onMore: () => void;
}

export function ListTable<Item, Sort extends string>(props: {
  label: string;
  className?: string;
  columns: readonly ListColumn<Sort>[];
  rows: ListRows<Item>;
  keyOf: (item: Item) => string;
  /** The cells of a row, one for each column. */
  cells: (item: Item) => ReactNode;
  /** Absent where it has one order only. */
  order?: Order<Sort>;
  onOrder?: (order: Order<Sort>) => void;
}) {
  const { columns, order = '' as Order<Sort>, onOrder } = props;
  const { items, loading, more, onMore } = props.rows;
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: reaching the end is the trigger
  useEffect(() => {
    if (more && last >= items.length - 20) onMore();
  }, [more, last, items.length]);
  const [by, descending] = [order.replace('-', ''), order.startsWith('-')];
  const before = shown[0]?.start ?? 0;
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={scroller} className="list-scroll" tabIndex={0} aria-label={props.label}>
      <table className={`list-table ${props.className ?? ''}`} aria-rowcount={more ? -1 : items.length + 1}>
        <thead>
          <tr>
            {columns.map(({ name, kind, sort, unseen }) => (
              <th
                key={name}
                scope="col"
                className={kind}
                {...(sort !== undefined && sort === by
                  ? { 'aria-sort': descending ? 'descending' : 'ascending' }
                  : {})}
              >
                {sort === undefined ? (
                  <span className={unseen ? 'visually-hidden' : undefined}>{name}</span>
                ) : (
                  <button type="button" onClick={() => onOrder?.(nextOrder(order, sort))}>
                    {name}
                    {sort === by && <Icon name={descending ? 'down' : 'up'} size={12} />}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {loading &&
            Array.from({ length: skeletonRows }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
              <tr key={index}>
                {columns.map(({ name, kind, unseen }) => (
                  <td key={name} className={kind}>
                    {!unseen && (
                      <span
                        className="bone"
                        style={{ width: kind === 'name' ? 90 + ((index * 53) % 90) : 36 }}
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          {before > 0 && <Space height={before} />}
          {shown.map(({ index }) => {
            const item = items[index];
            return (
              item !== undefined && (
                <tr key={props.keyOf(item)} aria-rowindex={index + 2}>
                  {props.cells(item)}
                </tr>
              )
            );
          })}
          {after > 0 && <Space height={after} />}
        </tbody>
      </table>
    </section>
  );
}

/** In the place of the rows that are not drawn. */
function Space({ height }: { height: number }) {
  return (
    <tr className="space">
      <td style={{ height }} />
    </tr>
  );
}

/** Times begin with the latest, names with A; a second click turns it around. */
function nextOrder<Sort extends string>(order: Order<Sort>, sort: Sort): Order<Sort> {
  const [first, second] = sort === 'name' ? ([sort, `-${sort}`] as const) : ([`-${sort}`, sort] as const);
  return order === first ? second : first;
}

/** What a row is of, as a link, and what is noted about it. */
export function NameCell({ note, children }: { note: string | null | undefined; children: ReactNode }) {
  return (
    <th scope="row" className="name">
      <div className="list-name">
        {children}
        {note && (
          <span className="list-note" title={note}>
            {note}
          </span>
        )}
      </div>
    </th>
  );
}

/** The first tags that people set themselves, and how many more there are. */
export function TagsCell({ tags }: { tags: readonly Tag[] }) {
  const own = tags.filter(({ key }) => !key.startsWith('mlflow.'));
  return (
    <td className="tags">
      <div className="list-chips">
        {own.slice(0, tagsShown).map(({ key, value }) => (
          <span key={key} className="tag-chip" title={`${key}: ${value}`}>
            {key} <b>{value}</b>
          </span>
        ))}
        {own.length > tagsShown && <span className="faint">+{countText(own.length - tagsShown)}</span>}
      </div>
    </td>
  );
}
